"""Failed HTTP requests: whether they never reached the platform, and their errors in words. For aiohttp."""

from __future__ import annotations

import os
from datetime import timedelta

import aiohttp

#: The pause after a platform asked for one without saying how long.
UNTOLD_WAIT = timedelta(seconds=5)
_MOST_WORDS = 200


def in_a_line(words: str, otherwise: str = "the answer came from another program, such as a proxy") -> str:
    """The words of a platform as one short line, without control characters and without the HTML page of a proxy.

    Args:
        otherwise: The result if nothing is left of the words.
    """
    # python-telegram-bot puts these words before a response that it cannot read.
    before_page = words.partition("<")[0].partition(". Parsing the server response")[0]
    line = " ".join("".join(one if one.isprintable() else " " for one in before_page).split())
    return (line if len(line) <= _MOST_WORDS else f"{line[: _MOST_WORDS - 1]}…") or otherwise


def never_arrived(error: BaseException) -> bool:
    """Whether an aiohttp error happened before a byte of the request was sent.

    This is so for names that do not resolve, refused connections, failed handshakes and the connection time-out, which
    includes the wait for a free connection in the pool
    (https://docs.aiohttp.org/en/stable/client_reference.html#client-exceptions). After any other error, such as a
    connection reset, the platform may have read the request.
    """
    return isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL)


def describe(error: BaseException) -> str:  # noqa: PLR0911  # a table of one line each
    """An error in one line for operators. It never contains a URL, because URLs may contain a token."""
    match error:
        case aiohttp.InvalidURL():
            return "the platform's address is no URL"
        case aiohttp.ClientConnectorDNSError():
            return f"the name {error.host} does not resolve"
        case aiohttp.ClientConnectorError():
            return f"no connection to {error.host}: {_reason(error.os_error)}"
        case aiohttp.ConnectionTimeoutError():
            return "no connection in time"
        case TimeoutError():
            return "no answer in time"
        case aiohttp.ServerDisconnectedError():
            return "the connection was closed before an answer came"
        case aiohttp.ClientPayloadError():
            return "the answer broke off"
        case aiohttp.ClientOSError():
            return f"the connection broke: {error.strerror or type(error).__name__}"
        case _:
            return f"the answer could not be read ({type(error).__name__})"


def _reason(error: OSError) -> str:
    # asyncio puts the address into the text of the error.
    return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or type(error).__name__
