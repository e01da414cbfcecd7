"""HTML for Telegram, with lengths counted as Telegram counts them. Words of an article never become commands.

https://core.telegram.org/bots/api#html-style
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape

#: Limits of a message: UTF-16 units without markup, and entities. Telegram drops further entities.
MOST_UNITS, MOST_ENTITIES = 4096, 100

#: An invisible character. Clients find no mention, command or link that contains it.
_JOINER = "\u2060"
_MENTION = re.compile(r"@(?=\w)")
_COMMAND = re.compile(r"(?<![\w/])/(?=\w)")
_SCHEME = re.compile(r"(?<!\w)((?!https?:)\w[\w+.-]*:)(?=//)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Run:
    """Words with one format.

    Attributes:
        tags: HTML tags with their attributes, the outermost first.
        url: The address that the words link to.
    """

    text: str
    tags: tuple[str, ...] = ()
    url: str | None = None

    @property
    def html(self) -> str:
        """The words with their tags."""
        opening = "".join(f"<{tag}>" for tag in self.tags)
        closing = "".join(f"</{tag.split()[0]}>" for tag in reversed(self.tags))
        words = escape(self.text, quote=False)
        if self.url:
            words = f'<a href="{escape(self.url)}">{words}</a>'
        return f"{opening}{words}{closing}"

    @property
    def entities(self) -> int:
        """The largest number of entities that Telegram may count."""
        return len(self.tags) + (1 if self.url else 0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a message that is kept together if possible: a paragraph, a story of a list, a quotation.

    Attributes:
        quote: ``blockquote``, ``blockquote expandable`` or empty.
        gap: The text between the previous piece and this one.
    """

    runs: tuple[Run, ...]
    quote: str = ""
    gap: str = "\n\n"

    @property
    def text(self) -> str:
        """The words without tags."""
        return "".join(run.text for run in self.runs)

    @property
    def html(self) -> str:
        """The words with their tags."""
        inside = "".join(run.html for run in self.runs)
        return f"<{self.quote}>{inside}</blockquote>" if self.quote else inside

    @property
    def entities(self) -> int:
        """The largest number of entities that Telegram may count."""
        return sum(run.entities for run in self.runs) + (1 if self.quote else 0)


@dataclass(frozen=True, slots=True)
class Text:
    """The text of one message.

    Attributes:
        plain: The text without markup, in case Telegram refuses the markup.
    """

    html: str
    plain: str


def neutral(text: str) -> str:
    """``text`` changed so that clients find only web links in it: no mentions, commands or other links."""
    text = _MENTION.sub(f"@{_JOINER}", text)
    text = _COMMAND.sub(f"/{_JOINER}", text)
    return _SCHEME.sub(rf"\1{_JOINER}", text)


def units(text: str) -> int:
    """The length of a text in UTF-16 units, as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def messages(pieces: list[Piece]) -> list[Text]:
    """Joins the pieces into as few messages as possible. Only a piece that is too long is split."""
    groups: list[list[Piece]] = [[]]
    room, entities = MOST_UNITS, MOST_ENTITIES
    for piece in (part for one in pieces for part in _parted(one)):
        needed = units(piece.text) + len(piece.gap)
        if groups[-1] and (needed > room or piece.entities > entities):
            groups.append([])
            room, entities = MOST_UNITS, MOST_ENTITIES
        groups[-1].append(piece)
        room, entities = room - needed, entities - piece.entities
    return [_joined(group) for group in groups if group]


def _joined(group: list[Piece]) -> Text:
    gaps = ["", *(piece.gap for piece in group[1:])]
    return Text(
        "".join(gap + piece.html for gap, piece in zip(gaps, group, strict=True)),
        "".join(gap + piece.text for gap, piece in zip(gaps, group, strict=True)),
    )


def _parted(piece: Piece) -> list[Piece]:
    """Splits a piece if it is too long."""
    if units(piece.text) <= MOST_UNITS and piece.entities <= MOST_ENTITIES:
        return [piece]
    parts: list[list[Run]] = [[]]
    room, entities = MOST_UNITS - len(piece.gap), MOST_ENTITIES - 1
    for run in piece.runs:
        rest = run
        while rest.text:
            head = _fitting(rest.text, room) if rest.entities <= entities else ""
            if head:
                parts[-1].append(replace(rest, text=head))
                room, entities = room - units(head), entities - rest.entities
                rest = replace(rest, text=rest.text[len(head) :])
            if rest.text:
                parts.append([])
                room, entities = MOST_UNITS - len(piece.gap), MOST_ENTITIES - 1
    return [replace(piece, runs=tuple(part)) for part in parts if part]


def _fitting(text: str, room: int) -> str:
    """The beginning of ``text``, at most ``room`` units long, up to the end of a word if possible."""
    if units(text) <= room:
        return text
    end, used = 0, 0
    while end < len(text) and used + units(text[end]) <= room:
        used += units(text[end])
        end += 1
    space = text.rfind(" ", 0, end)
    return text[: space + 1] if space > 0 else text[:end]
