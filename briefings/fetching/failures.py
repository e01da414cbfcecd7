"""Converts aiohttp's errors to this package's errors."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp

from briefings.errors import (
    AddressInvalid,
    AddressNotPublic,
    CertificateInvalid,
    FetchTimeout,
    HostUnknown,
    ResponseInvalid,
    ServerUnreachable,
)
from briefings.fetching.address import NotPublic


@contextmanager
def translated_failures(url: str, seconds: float) -> Iterator[None]:
    """Converts aiohttp errors inside the block to a `FetchError` for ``url``."""
    try:
        yield
    except TimeoutError as error:  # before the others: some of aiohttp's timeouts are connection errors too
        raise FetchTimeout(url, seconds) from error
    except aiohttp.ClientConnectorDNSError as error:
        raise HostUnknown(url) from error
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError) as error:
        raise CertificateInvalid(url, _tls_detail(error)) from error
    except aiohttp.ClientConnectorError as error:
        raise (AddressNotPublic if isinstance(error.os_error, NotPublic) else ServerUnreachable)(url) from error
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
        raise AddressInvalid(url) from error
    except (aiohttp.ClientPayloadError, aiohttp.ClientResponseError) as error:
        raise ResponseInvalid(url) from error
    except (aiohttp.ClientConnectionError, ConnectionError) as error:
        raise ServerUnreachable(url) from error
    except (aiohttp.ClientError, ValueError, asyncio.IncompleteReadError) as error:
        raise ResponseInvalid(url) from error


def _tls_detail(error: aiohttp.ClientError) -> str:
    cause = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    return str(getattr(cause, "verify_message", None) or getattr(cause, "reason", None) or "handshake failed")
