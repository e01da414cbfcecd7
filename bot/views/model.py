"""What the bot answers, before any platform draws it.

The text in a `View` is either the article's (`Verbatim`, which only a span makes, and `ListedTitle`)
or the bot's own (`Message`), and a renderer makes the two look different.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from bot.i18n import Message, Translator
from bot.views.buttons import Action, Control
from briefings.model import Span, Version

#: Characters of the article that an answer shows at the most: a phone's screen less heading and
#: buttons.
SCREEN = 700


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Words of an article, as a span of its text.

    Attributes:
        is_cut: Whether the span ends before its sentence does; a renderer shows that.
        marked: The part of the span that stands out, where one does.
    """

    version: Version
    span: Span
    is_cut: bool = False
    marked: Span | None = None

    @property
    def text(self) -> str:
        """The words."""
        return self.span.of(self.version.article.text)

    def parts(self) -> tuple[str, str, str]:
        """The words before the marked ones, these, and those behind; with nothing marked all are the first."""
        whole, marked, text = self.span, self.marked, self.version.article.text
        if marked is None or not whole.covers(marked):
            return self.text, "", ""
        return text[whole.start : marked.start], marked.of(text), text[marked.end : whole.end]

    def shortened(self, characters: int) -> Verbatim:
        """The same words up to the last whole one within ``characters``."""
        if len(self.span) <= characters:
            return self
        head = self.version.article.text[self.span.start : self.span.start + characters + 1]
        end = head.rfind(" ") if " " in head else characters
        kept = head[:end].rstrip(" ,;:–—-")
        return replace(self, span=Span(self.span.start, self.span.start + len(kept)), is_cut=True)


@dataclass(frozen=True, slots=True)
class ListedTitle:
    """The title of another story as an article's page lists it: always whole."""

    version: Version
    place: int

    @property
    def text(self) -> str:
        """The title."""
        return self.version.article.related[self.place].title


Text = Verbatim | ListedTitle | Message


@dataclass(frozen=True, slots=True)
class Title:
    """The story that the view is about, linked to its source."""

    text: Text
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """What follows answers this."""

    text: Text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: Text


@dataclass(frozen=True, slots=True)
class Bullet:
    """One of several points."""

    text: Text


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words, and whose they are where the article says it beside them.

    Attributes:
        outlets: Who reports them, where several do.
    """

    text: Verbatim
    speaker: Verbatim | None = None
    outlets: Message | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says, below a heading with their name.

    Attributes:
        number: What the button says that opens its context.
        stance: What the speaker does by saying it: "denies".
        target: Whom it is about, where its words do not say so.
        via: The outlet that they said it to.
    """

    number: int
    stance: Message
    text: Verbatim
    is_quote: bool = False
    target: Verbatim | None = None
    via: Verbatim | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A related story below another one, and why it is named there."""

    title: Text
    url: str | None
    reason: Message


@dataclass(frozen=True, slots=True)
class Story:
    """A story in a list: its number (None: it has none), title, lines about it, related ones."""

    number: int | None
    title: Text
    url: str | None = None
    lines: tuple[Text, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """A command in a list of commands."""

    command: str
    help: Message


Block = Title | Heading | Paragraph | Bullet | Quote | Statement | Story | Usage


@dataclass(frozen=True, slots=True)
class Button:
    """A button with its label."""

    label: Text
    action: Action | Control


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens a page."""

    label: Message
    url: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file that comes with an answer: UTF-8 text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """An answer.

    Attributes:
        about: The ids of the versions that it tells of, in their order; a reply to it is about them.
    """

    blocks: tuple[Block, ...]
    buttons: tuple[Button | LinkButton, ...] = ()
    about: tuple[str, ...] = ()
    document: Document | None = None

    def __hash__(self) -> int:
        """By what differs between most views: all that one says would take long."""
        return hash((self.about, self.blocks[:2], self.buttons[:1]))

    def without_document(self) -> View:
        """What is seen of it in the chat."""
        return replace(self, document=None) if self.document else self

    def texts(self) -> Iterator[Text]:
        """All that it says, buttons included."""
        for block in self.blocks:
            yield from _texts(block)
        for button in self.buttons:
            yield button.label


Rendered_co = TypeVar("Rendered_co", covariant=True)


class Renderer(Protocol[Rendered_co]):
    """Draws views for one platform; pure."""

    def render(self, view: View, translator: Translator) -> Rendered_co:
        """The view in the platform's own terms."""


def _texts(block: Block) -> Iterator[Text]:
    match block:
        case Quote(text, speaker, outlets):
            yield from (one for one in (text, speaker, outlets) if one)
        case Statement():
            yield block.stance
            yield from (text for text in (block.target, block.text, block.via) if text)
        case Story(_, title, _, lines, references):
            yield title
            yield from lines
            for reference in references:
                yield reference.title
                yield reference.reason
        case Usage(_, help):
            yield help
        case _:
            yield block.text
