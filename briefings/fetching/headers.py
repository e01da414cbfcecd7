"""What the headers of a response say: when to come back, how long it stays fresh, what kind it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: What a server asks for is believed up to this.
LONGEST_WAIT = timedelta(days=1)
_MAX_AGE = re.compile(r"\bmax-age=(\d{1,9})\b")
_LONGEST_VALIDATOR = 500


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server told of a version of a document, to ask later whether there is a newer one.

    See https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests.
    """

    etag: str | None = None
    last_modified: str | None = None

    def as_headers(self) -> dict[str, str]:
        """The headers of a conditional request."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


def read_validators(headers: Mapping[str, str]) -> Validators:
    """The validators of a response; what is too long to be one is left out."""

    def value(name: str) -> str | None:
        found = headers.get(name, "").strip()
        return found if found and len(found) <= _LONGEST_VALIDATOR and found.isprintable() else None

    return Validators(value("ETag"), value("Last-Modified"))


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the server asks to wait: seconds, or until a date; at most `LONGEST_WAIT`."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:9]), LONGEST_WAIT.total_seconds()))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta()), LONGEST_WAIT)


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """How long the response stays fresh, by its ``Cache-Control``."""
    found = _MAX_AGE.search(headers.get("Cache-Control", ""))
    return min(timedelta(seconds=int(found[1])), LONGEST_WAIT) if found else None


def media_type(headers: Mapping[str, str]) -> str:
    """The media type without its parameters, in lower case; empty if there is none."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def charset(headers: Mapping[str, str]) -> str | None:
    """The charset that the content type names."""
    for parameter in headers.get("Content-Type", "").split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower()[:40] or None
    return None
