"""Reads a whole mail with its MIME headers (RFC 5322, RFC 2045) as the page or text that it contains."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html import escape

from briefings.errors import SourceUndecodable
from briefings.sources.kinds import SourceKind, tell_kind
from briefings.sources.pasted_mail import author_of_mail
from briefings.sources.text import one_line

# A line of a header. One that begins with a blank continues the line above it.
_HEADER_LINE = re.compile(rb"(?:[A-Za-z][\w-]{1,40}:|[ \t])[^\n]{0,998}\n")
_MIME = re.compile(rb"^(?:MIME-Version|Content-Type): ?\S", re.IGNORECASE | re.MULTILINE)
_HEAD = 64_000
_MOST_HEADER_LINES = 1_000
_FEWEST_HEADERS = 3
_LONGEST_HEADER = 300
# Mails within mails. The parser's time grows with their depth.
_MOST_PARTS = 60
# Lines that may begin a part. The parser reads the headers of each.
_MOST_BOUNDARIES = 2_000


def is_mail(raw: bytes) -> bool:
    """Whether ``raw`` begins with the headers of a mail."""
    head = raw[:_HEAD]
    end = lines = count = 0
    while lines < _MOST_HEADER_LINES and (match := _HEADER_LINE.match(head, end)):
        count += not match.group().startswith((b" ", b"\t"))
        end, lines = match.end(), lines + 1
    return (
        count >= _FEWEST_HEADERS and head[end : end + 2].startswith((b"\n", b"\r\n")) and bool(_MIME.search(head[:end]))
    )


def mail_text(raw: bytes, name: str) -> str:
    """The text of a mail below its subject, sender and date, or its page with them in its head.

    Raises:
        SourceUndecodable: It contains neither, or it is not encoded as it says.
    """
    nested = raw.lower().count(b"boundary=")
    if nested > _MOST_PARTS or (nested and raw.count(b"\n--") > _MOST_BOUNDARIES):
        raise SourceUndecodable(name)
    try:
        mail = message_from_bytes(raw, EmailMessage, policy=policy.default)
        body = mail.get_body(("plain", "html"))
        text = "" if body is None else str(body.get_content())
        subject = str(mail.get("subject", ""))
    except (LookupError, ValueError, RecursionError) as error:
        raise SourceUndecodable(name) from error
    if body is None or not text.strip():
        raise SourceUndecodable(name)
    above = _headers(mail, subject)
    if body.get_content_subtype() == "html":
        return _page(text, subject, (above or "").split("\n"), str(mail.get("date", "")))
    return f"{above if above and tell_kind(text, name) is SourceKind.PLAIN else subject}\n\n{text}"


def _page(body: str, subject: str, header: Sequence[str], sent: str) -> str:
    """The page of a mail, whose head names its subject, its author and its day."""
    author = author_of_mail(header)
    head = f"<title>{escape(subject)}</title>"
    head += f'<meta name="author" content="{escape(author)}">' if author else ""
    with suppress(ValueError, OverflowError):
        day = parsedate_to_datetime(sent).date()
        head += f'<meta property="article:published_time" content="{day}">'
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def _headers(mail: EmailMessage, subject: str) -> str | None:
    """The sender, date and subject as lines that `pasted_mail` reads. None if one is missing or malformed."""
    raw = {key.lower(): str(value) for key, value in mail.raw_items()}
    sender, sent = raw.get("from", ""), raw.get("date", "")
    if not (sender and sent and subject) or len(sender) > _LONGEST_HEADER or len(sent) > _LONGEST_HEADER:
        return None
    try:
        decoded = str(make_header(decode_header(sender)))
    except (LookupError, ValueError, HeaderParseError):
        return None
    return "\n".join(one_line(header) for header in (f"From: {decoded}", f"Date: {sent}", f"Subject: {subject}"))
