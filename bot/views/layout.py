"""Lays out a view as formatted text and rows of buttons, before a platform writes its own markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from bot.i18n import Message, Translator
from bot.views.labels import with_colon
from bot.views.model import (
    REPORTED_BY,
    Block,
    Bullet,
    Button,
    Conflict,
    Heading,
    LinkButton,
    Paragraph,
    Quote,
    Statement,
    Story,
    Text,
    Title,
    Usage,
    Verbatim,
    View,
)
from briefings.addresses import web_address

_ELLIPSIS = "…"
_MOST_LABEL = 60
#: Buttons with numbers of at most this many digits are placed in one row.
_SHORT, _MOST_SHORT = 2, 5
_BLANKS = re.compile(r"\s+")
_OUR_COMMAND = re.compile(r"/[a-z]{1,32}")
_COMMAND_HINT = re.compile(r"(?<![\w/.:])/([a-z]{1,32})\b")


@dataclass(frozen=True, slots=True)
class Run:
    """Text with one format.

    Attributes:
        italic: Whether the words are the bot's own. The article's words are upright.
        url: The target of a link.
        moment: The time that the words refer to, for platforms that show the reader's local time.
    """

    text: str
    bold: bool = False
    italic: bool = False
    url: str | None = None
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that should stay in one message: a paragraph, a story in a list, a quotation.

    Attributes:
        is_close: Whether no blank line separates it from the piece before.
        is_heading: Whether it is the title of the whole view.
        is_folded: Whether a client may show only its beginning until somebody opens it.
        begins_part: Whether a line separates it from the piece before, on platforms that have such lines.
        image: The address of the picture beside it.
    """

    runs: tuple[Run, ...]
    is_quote: bool = False
    is_close: bool = False
    is_heading: bool = False
    is_folded: bool = False
    begins_part: bool = False
    image: str | None = None

    @property
    def text(self) -> str:
        """The text without formats."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Key:
    """A button with its label and the data or the address behind it."""

    label: str
    data: str = ""
    url: str = ""


Rows = tuple[tuple[Key, ...], ...]


_InOnePiece = Title | Heading | Paragraph | Bullet | Quote | Statement | Story | Usage


class Drawing:
    """Lays out views in one language.

    Args:
        harmless: Escapes text from articles and users so that clients find no links or mentions in it.
        hint: Returns how clients show the command with an English name, such as "/chi" for "who".
    """

    def __init__(
        self, translator: Translator, harmless: Callable[[str], str] = str, hint: Callable[[str], str] = "/{}".format
    ) -> None:
        self._translator = translator
        self._harmless = harmless
        self._hint = hint

    def pieces(self, view: View) -> Iterator[Piece]:
        """Returns the text of the view, block by block.

        The bot's words are in italics only where they have to be told from the article's.
        """
        is_mixed = any(not isinstance(text, Message) for text in replace(view, buttons=()).texts())
        previous: Block | None = None
        for block in view.blocks:
            for piece in self._pieces(block, previous):
                upright = tuple(replace(run, italic=False) for run in piece.runs)
                yield piece if is_mixed else replace(piece, runs=upright)
            previous = block

    def keys(self, view: View) -> list[Key]:
        """Returns the buttons of the view."""
        return [
            self._key(button)
            for button in view.buttons
            if not isinstance(button, LinkButton) or web_link(button.url) is not None
        ]

    def _pieces(self, block: Block, previous: Block | None) -> Iterator[Piece]:
        if isinstance(block, Conflict):
            yield from self._conflict(block, is_close=isinstance(previous, Heading))
            return
        is_story, is_after_story = isinstance(block, Story), isinstance(previous, Story)
        yield Piece(
            tuple(self._runs(block)),
            is_quote=isinstance(block, Quote) or (isinstance(block, Statement) and block.is_quote),
            is_close=previous is not None and _belongs(previous, block),
            is_heading=isinstance(block, Title) or (previous is None and isinstance(block, Heading)),
            begins_part=previous is not None and (is_story or is_after_story),
            image=block.image if isinstance(block, Story) else None,
        )
        if isinstance(block, Story) and block.details:
            yield Piece(tuple(self._details(block)), is_close=True, is_folded=True)

    def _runs(self, block: _InOnePiece) -> Iterator[Run]:
        match block:
            case Title(text, url):
                yield Run(self._words(text), bold=True, url=web_link(url))
            case Heading(text):
                yield Run(self._words(text), bold=True)
            case Paragraph(text):
                yield from self._said(text)
            case Bullet(text):
                yield Run("• ")
                yield from self._said(text)
            case Statement():
                yield from self._statement(block)
            case Story():
                yield from self._story(block)
            case Usage(command, help):
                yield Run(self._hint(command))
                yield Run(f" – {self._translator.say(help)}", italic=True)
            case Quote():
                yield from self._quote(block)

    def _quote(self, quote: Quote) -> Iterator[Run]:
        yield from self._said(quote.text)
        if quote.speaker:
            yield Run("\n— ")
            yield from self._said(quote.speaker)
        if quote.outlets:
            yield Run(" · ", italic=True)
            yield from self._said(quote.outlets)

    def _statement(self, block: Statement) -> Iterator[Run]:
        yield Run(f"{block.number}. ", bold=True)
        yield from self._said(block.stance)
        if block.target:
            yield Run(" ")
            yield from self._said(block.target)
        yield Run(": ")
        yield from self._said(block.text)
        if block.via:
            yield Run("\n")
            yield from self._said(REPORTED_BY)
            yield Run(" ")
            yield from self._said(block.via)

    def _conflict(self, block: Conflict, is_close: bool) -> Iterator[Piece]:
        """Each side as a quotation below its name."""
        for side in block.sides:
            yield Piece(tuple(self._said(side.name)), is_close=is_close and side is block.accusation)
            quote = Quote(side.text, side.speaker, side.outlets)
            yield Piece(tuple(self._quote(quote)), is_quote=True, is_close=True)

    def _story(self, story: Story) -> Iterator[Run]:
        is_bold = story.is_alone or story.number is not None
        if not story.is_alone:
            yield Run(f"{story.number}. " if story.number else "• ", bold=is_bold)
        yield Run(self._words(story.title), bold=is_bold, url=web_link(story.url))
        for text in story.lines:
            yield Run("\n")
            yield from self._said(text)
        if not story.details:
            yield from self._references(story)

    def _details(self, story: Story) -> Iterator[Run]:
        for place, line in enumerate(story.details):
            if place:
                yield Run("\n")
            yield Run(with_colon(self._words(line.label), self._translator), bold=True)
            yield Run(" ")
            yield from self._said(line.text)
        yield from self._references(story)

    def _references(self, story: Story) -> Iterator[Run]:
        for reference in story.references:
            yield Run("\n→ ")
            yield Run(self._words(reference.title), url=web_link(reference.url))
            if reference.reason:
                yield Run(f" ({self._words(reference.reason)})", italic=True)

    def _said(self, text: Text) -> Iterator[Run]:
        if isinstance(text, Verbatim) and text.marked:
            yield from self._marked(text)
            return
        if not isinstance(text, Message):
            yield Run(self._words(text))
            return
        for said, moment in self._translator.parts(text, self._value):
            yield Run(self._with_hints(said), italic=True, moment=moment)

    def _marked(self, text: Verbatim) -> Iterator[Run]:
        """Returns the article's words, with the marked part in bold."""
        for words, is_marked in zip(text.parts(), (False, True, False), strict=True):
            if words:
                yield Run(self._harmless(_BLANKS.sub(" ", words)), bold=is_marked)
        if text.is_cut:
            yield Run(_ELLIPSIS)

    def _words(self, text: Text) -> str:
        if isinstance(text, Message):
            return self._with_hints(self._translator.say(text, self._value))
        words = self._harmless(" ".join(text.text.split()))
        return words + _ELLIPSIS if isinstance(text, Verbatim) and text.is_cut else words

    def _with_hints(self, said: str) -> str:
        """Returns the bot's words with its commands as clients show them. Commands in escaped values stay."""
        return _COMMAND_HINT.sub(lambda found: self._hint(found[1]), said)

    def _value(self, text: str) -> str:
        """Returns a value of a message. A whole command stays unescaped, so that clients make it a link."""
        return text if _OUR_COMMAND.fullmatch(text) else self._harmless(text)

    def _key(self, button: Button | LinkButton) -> Key:
        label = button.label
        said = self._translator.say(label) if isinstance(label, Message) else " ".join(label.text.split())
        is_cut = len(said) > _MOST_LABEL or (isinstance(label, Verbatim) and label.is_cut)
        shown = said[:_MOST_LABEL].rstrip() + _ELLIPSIS if is_cut else said
        if isinstance(button, LinkButton):
            return Key(shown, url=button.url)
        return Key(shown, data=button.action.encode())


def rows(keys: list[Key], characters: int, most: int) -> Rows:
    """Arranges keys in rows, with at most this many characters and keys in each."""
    found: list[list[Key]] = []
    for key in keys:
        used = sum(len(one.label) for one in found[-1]) if found else 0
        is_short = len(key.label) <= _SHORT and all(len(one.label) <= _SHORT for one in (found[-1] if found else ()))
        if (
            found
            and len(found[-1]) < (max(most, _MOST_SHORT) if is_short else most)
            and used + len(key.label) <= characters
        ):
            found[-1].append(key)
        else:
            found.append([key])
    return tuple(map(tuple, found))


def web_link(url: str | None) -> str | None:
    """Returns ``url`` if platforms accept it as a link: its host needs a dot."""
    found = web_address(url) if url else None
    return found if found and "." in (urlsplit(found).hostname or "").strip(".") else None


def _belongs(one: Block, other: Block) -> bool:
    """Returns whether no blank line separates two blocks."""
    if isinstance(one, Heading):
        return not isinstance(other, Heading | Story)
    return type(one) is type(other) and isinstance(one, Bullet | Usage)
