"""Markdown for Discord. Words of an article never become markup, mentions or links.

https://docs.discord.com/developers/reference#message-formatting
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote, urlsplit, urlunsplit

from bot.views.layout import Piece, Run

#: Maximum characters of a message, with a small reserve.
MOST_CHARACTERS = 3900

#: Clients show these characters literally after a backslash. An escaped colon prevents links, and an escaped ``<``
#: or ``@`` prevents mentions, timestamps and emojis.
_MARKUP = re.compile(r"[\\`*_~|\[\]<@]|:(?=//)")
_LINE_START = re.compile(r"^([^\S\n]*)(\d*)([-+=#>.)])", re.MULTILINE)
#: Longer addresses would leave no room for text.
_MOST_URL = 1000
#: Text that clients do not show as a link label, or cut off.
_UNLINKABLE = re.compile(r"[\[\]]|://")


def escaped(text: str) -> str:
    """Escapes ``text`` so that Markdown shows it literally."""
    return _LINE_START.sub(r"\1\2\\\3", _MARKUP.sub(r"\\\g<0>", text))


def link(url: str) -> str:
    """Encodes an address so that it cannot end the link around it."""
    parts = urlsplit(url)
    path = quote(parts.path, safe="/%:@!$&'+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'+,;=?~-._")
    return urlunsplit((parts.scheme, parts.netloc, path, query, quote(parts.fragment, safe="/%:@!$&'+,;=?~-._")))


def written(run: Run) -> str:
    """A run as Markdown. Marks must touch the words."""
    if run.moment:  # the time in the text's own time zone, then the relative time, which is right in every zone
        said = written(replace(run, moment=None))
        return f"{said} (<t:{int(run.moment.timestamp())}:R>)"
    words = run.text.strip()
    if not words:
        return run.text
    before = run.text[: len(run.text) - len(run.text.lstrip())]
    after = run.text[len(run.text.rstrip()) :]
    marked = escaped(words)
    url = link(run.url) if run.url else ""
    if url and len(url) <= _MOST_URL:
        marked = f"[{marked}]({url})" if not _UNLINKABLE.search(words) else f"{marked} [↗]({url})"
    marks = "**" * run.bold + "*" * run.italic
    return f"{before}{marks}{marked}{marks[::-1]}{after}"


def line_by_line(piece: Piece) -> str:
    """A piece as Markdown. In a quotation each line is marked."""
    text = "".join(_joined(piece.runs))
    return "\n".join(f"> {line}" for line in text.split("\n")) if piece.is_quote else text


def _joined(runs: tuple[Run, ...]) -> Iterator[str]:
    """The runs as Markdown, with an invisible character between adjacent marks."""
    before = ""
    for run in runs:
        marked = written(run)
        if before.endswith("*") and marked.startswith("*"):
            yield "\u200b"
        yield marked
        before = marked


def messages(pieces: list[Piece]) -> list[str]:
    """Joins the pieces into as few texts as possible. Only a piece that is too long is split."""
    found: list[str] = []
    for piece in (part for one in pieces for part in _parted(one)):
        text = line_by_line(piece)
        gap = "\n" if piece.is_close else "\n\n"
        if found and length(found[-1]) + length(text) + len(gap) <= MOST_CHARACTERS:
            found[-1] += gap + text
        else:
            found.append(text)
    return found


def length(text: str) -> int:
    """The length of a text in UTF-16 units. Discord never counts more than that."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _parted(piece: Piece) -> Iterator[Piece]:
    """Splits a piece if it is too long."""
    if length(line_by_line(piece)) <= MOST_CHARACTERS:
        yield piece
        return
    part: list[Run] = []
    for run in (short for one in piece.runs for short in _short(one)):
        if part and length(line_by_line(replace(piece, runs=(*part, run)))) > MOST_CHARACTERS:
            yield replace(piece, runs=tuple(part))
            part = []
        part.append(run)
    yield replace(piece, runs=tuple(part))


def _short(run: Run) -> Iterator[Run]:
    """Splits a run so that each part is short enough, even if all of it is escaped."""
    most = MOST_CHARACTERS // 4
    rest = run.text
    while len(rest) > most:
        space = rest.rfind(" ", 0, most)
        end = space + 1 if space > 0 else most
        yield replace(run, text=rest[:end])
        rest = rest[end:]
    yield replace(run, text=rest)
