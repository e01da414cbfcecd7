"""Reads a whole mail with its MIME headers (RFC 5322, RFC 2045) as the page or text that it contains."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape

from briefings.errors import SourceUndecodable

_HEADER = re.compile(rb"[A-Za-z][\w-]{1,40}:[^\n]{0,1000}\n(?:[ \t][^\n]{0,1000}\n){0,50}")
_MIME = re.compile(rb"^(?:MIME-Version|Content-Type): ?\S", re.IGNORECASE | re.MULTILINE)
_HEAD = 64_000
_MOST_HEADERS = 200
_FEWEST_HEADERS = 3
# Mails within mails. The parser's time grows with their depth.
_MOST_PARTS = 60


def is_mail(raw: bytes) -> bool:
    """Whether ``raw`` begins with the headers of a mail."""
    head = raw[:_HEAD]
    end = count = 0
    while count < _MOST_HEADERS and (match := _HEADER.match(head, end)):
        end, count = match.end(), count + 1
    return (
        count >= _FEWEST_HEADERS and head[end : end + 2].startswith((b"\n", b"\r\n")) and bool(_MIME.search(head[:end]))
    )


def mail_text(raw: bytes, name: str) -> str:
    """The text of a mail below its subject, or its page with the subject as title.

    Raises:
        SourceUndecodable: It contains neither, or it is not encoded as it says.
    """
    if raw.lower().count(b"boundary=") > _MOST_PARTS:
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
    if body.get_content_subtype() == "html":
        return f"<!doctype html><html><head><title>{escape(subject)}</title></head><body>{text}</body></html>"
    return f"{subject}\n\n{text}"
