"""The log of the HTTP servers."""

from __future__ import annotations

import logging

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError


class _WithoutBrokenRequests(logging.Filter):
    """Leaves out requests that are no HTTP. Anybody can send them, and their errors quote cookies and addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Returns whether the line is written."""
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, HttpProcessingError | RequestPayloadError)


#: Where aiohttp writes what goes wrong in a server.
SERVER_LOG = logging.getLogger("nutgraf.http")
SERVER_LOG.addFilter(_WithoutBrokenRequests())
