"""Parses response headers: when to come back, how long a response stays fresh, its media type, its links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import islice

#: The longest wait that a server can ask for.
LONGEST_WAIT = timedelta(days=1)
_MAX_AGE = re.compile(r"\bmax-age=(\d{1,9})\b")
_LONGEST_VALIDATOR = 500
_LINK = re.compile(r"""<([^<>]*)>((?:[^,"<]|"[^"]*")*)""")
_PARAMETER = re.compile(r""";\s*([\w*-]+)\s*=\s*(?:"([^"]*)"|([^\s;,"]*))""")
#: So many links of a response are read.
_MOST_LINKS = 50


@dataclass(frozen=True, slots=True)
class Validators:
    """The validators of a document, with which a later request asks whether it has changed.

    See https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests.
    """

    etag: str | None = None
    last_modified: str | None = None

    def as_headers(self) -> dict[str, str]:
        """The headers of a conditional request."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


@dataclass(frozen=True, slots=True)
class HeaderLink:
    """A link in a response's headers, see https://www.rfc-editor.org/rfc/rfc8288.

    Attributes:
        href: The address as it is written, which can be relative.
        relations: What the target is to the response, in lower case, such as ``canonical``.
        media: Its media type in lower case, or an empty text.
    """

    href: str
    relations: frozenset[str]
    media: str = ""
    title: str = ""


def read_links(lines: Iterable[str]) -> tuple[HeaderLink, ...]:
    """The links of a response's ``Link`` headers, up to a limit."""
    return tuple(islice((link for line in lines for link in _links_in(line)), _MOST_LINKS))


def _links_in(line: str) -> Iterator[HeaderLink]:
    for href, rest in _LINK.findall(line):
        said = {name.lower(): quoted or plain for name, quoted, plain in reversed(_PARAMETER.findall(rest))}
        relations = frozenset(said.get("rel", "").lower().split())
        address = href.strip().replace("&amp;", "&")
        yield HeaderLink(address, relations, said.get("type", "").lower(), said.get("title", ""))


def read_validators(headers: Mapping[str, str]) -> Validators:
    """The validators of a response. Overlong ones are left out."""

    def value(name: str) -> str | None:
        found = headers.get(name, "").strip()
        return found if found and len(found) <= _LONGEST_VALIDATOR and found.isprintable() else None

    return Validators(value("ETag"), value("Last-Modified"))


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The wait that the server asks for, at most `LONGEST_WAIT`. The header has seconds or a date."""
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
    """The time that the response stays fresh, from its ``Cache-Control``."""
    found = _MAX_AGE.search(headers.get("Cache-Control", ""))
    return min(timedelta(seconds=int(found[1])), LONGEST_WAIT) if found else None


def media_type(headers: Mapping[str, str]) -> str:
    """The media type without parameters, in lower case. Empty if there is none."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def charset(headers: Mapping[str, str]) -> str | None:
    """The charset in the content type."""
    for parameter in headers.get("Content-Type", "").split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower()[:40] or None
    return None
