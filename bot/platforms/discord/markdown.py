"""Markdown for Discord. Words of an article never become markup, mentions or links.

https://docs.discord.com/developers/reference#message-formatting
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit, urlunsplit

from bot.commands.table import BY_NAME
from bot.views.layout import Piece, Run

#: Maximum characters of a message, with a small reserve.
MOST_CHARACTERS = 3900

#: Clients show these characters literally after a backslash. An escaped colon prevents links, and an escaped ``<``
#: or ``@`` prevents mentions, timestamps and emojis.
_MARKUP = re.compile(r"[\\`*_~|\[\]<@]|:(?=//)")
_LINE_START = re.compile(r"^([^\S\n]*)(\d*)([-+=#>.)])", re.MULTILINE)
_BLANKS = re.compile(r"\s+")
#: Longer addresses would leave no room for text.
_MOST_URL = 1000
#: Text that clients do not show as a link label, or cut off.
_UNLINKABLE = re.compile(r"[\[\]]|://")


#: Around the name of a command in a draft (`bot.platforms.discord.hints`), and the room that its link needs.
COMMAND_START, COMMAND_END, _LINK_ROOM = "\ue011", "\ue012", 40
#: Instead of a slash in the words of articles and users, in which nothing is a command.
_THEIR_SLASH = "\ue010"
_OURS = re.compile("[\ue010-\ue012]")
_COMMAND = re.compile(r"(?<![\w/])/([a-z]{1,32})(?![\w/])")


def foreign(text: str) -> str:
    """Marks the slashes in words that are not the bot's own."""
    return _OURS.sub("", text).replace("/", _THEIR_SLASH)


def plain(text: str) -> str:
    """Returns a text of a view as it is shown."""
    return text.replace(_THEIR_SLASH, "/")


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
    marked = "".join(_commands_marked(words))
    url = link(run.url) if run.url else ""
    if url and len(url) <= _MOST_URL:
        marked = f"[{marked}]({url})" if not _UNLINKABLE.search(plain(words)) else f"{marked} [↗]({url})"
    marks = "**" * run.bold + "*" * run.italic
    return f"{before}{marks}{marked}{marks[::-1]}{after}"


def _commands_marked(words: str) -> Iterator[str]:
    """The escaped words, with marks around the names of the bot's commands."""
    for place, part in enumerate(_COMMAND.split(words)):
        if place % 2 == 0:
            yield escaped(plain(part)) if part else ""
        else:
            yield f"{COMMAND_START}{part}{COMMAND_END}" if part in BY_NAME else f"/{part}"


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


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message. A line separates it from the part before.

    Attributes:
        text: Markdown.
        picture: The address of a picture beside it, or nothing.
    """

    text: str
    picture: str = ""


def messages(pieces: list[Piece], most_components: int) -> list[list[Part]]:
    """Joins the pieces into as few messages as possible. Only a piece that is too long is split.

    Args:
        most_components: How many components the parts of a message may have.
    """
    found: list[list[Part]] = []
    for piece in (part for one in pieces for part in _parted(one)):
        part, gap = (
            Part(heading_line(piece) if piece.is_heading else line_by_line(piece), piece.image or ""),
            "\n" if piece.is_close else "\n\n",
        )
        last = found[-1] if found else []
        begins = piece.begins_part or not last
        size = sum(length(one.text) + 2 for one in last) + length(part.text)
        components = sum(map(_components, [*last, part])) if begins else 0
        if not last or size > MOST_CHARACTERS or components > most_components:
            found.append([part])
        elif begins:
            last.append(part)
        else:
            last[-1] = replace(last[-1], text=last[-1].text + gap + part.text)
    return found


def _components(part: Part) -> int:
    """The number of components of a part: a line and a text. A picture adds itself and a section around both."""
    return 4 if part.picture else 2


def heading_line(piece: Piece) -> str:
    """A piece as a heading: https://docs.discord.com/developers/reference#message-formatting."""
    plain = (replace(run, text=_BLANKS.sub(" ", run.text), bold=False) for run in piece.runs)
    return f"### {''.join(_joined(tuple(plain)))}"


def length(text: str) -> int:
    """The length of a text in UTF-16 units, with room for links. Discord never counts more than that."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 + _LINK_ROOM * text.count(COMMAND_START)


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
