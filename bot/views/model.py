"""Views: the answers of the bot, before a platform renders them.

The text in a `View` is either the article's (`Verbatim`, made only from a span, and `ListedTitle`) or the bot's own
(`Message`). Renderers make the two look different.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.i18n import Message, own
from bot.views.buttons import Action, Control
from bot.views.choices import SeveralOf
from bot.views.files import Document, Picture
from bot.views.shortening import cut_off
from briefings.model import Span, Version

#: The most characters of the article in an answer: a phone screen without heading and buttons.
SCREEN = 700


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Words of an article, as a span of its text.

    Attributes:
        is_cut: Whether the span ends before its sentence. Renderers show an ellipsis.
        marked: The part of the span that is highlighted, if any.
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
        """The words before, in and after the marked part. Without a mark, all words are in the first."""
        whole, marked, text = self.span, self.marked, self.version.article.text
        if marked is None or not whole.covers(marked):
            return self.text, "", ""
        return text[whole.start : marked.start], marked.of(text), text[marked.end : whole.end]

    def shortened(self, characters: int) -> Verbatim:
        """Returns the words up to the last clause or word within ``characters``."""
        if len(self.span) <= characters:
            return self
        kept = cut_off(self.text, characters, self.version.article.language)
        return replace(self, span=Span(self.span.start, self.span.start + len(kept)), is_cut=True)


@dataclass(frozen=True, slots=True)
class ListedTitle:
    """The title of another story that the article's page lists. It is always whole."""

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
    """A heading: the question that the following blocks answer."""

    text: Text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: Text


@dataclass(frozen=True, slots=True)
class Bullet:
    """An item of a list."""

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


REPORTED_BY = own("reported by")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement below a heading with the speaker's name.

    Attributes:
        number: The label of the button that opens its context.
        stance: The kind of statement, such as "denies".
        target: Whom the statement is about, if its words do not name them.
        via: The outlet or document that reported it, which is named behind `REPORTED_BY`.
    """

    number: int
    stance: Message
    text: Verbatim
    is_quote: bool = False
    target: Verbatim | None = None
    via: Verbatim | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a conflict: an accusation or a denial, whose it is, and who reports it, where several do."""

    name: Message
    text: Verbatim
    speaker: Verbatim
    outlets: Message | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """An accusation and the denial of it, side by side."""

    accusation: Side
    denial: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both sides, in the order to show them."""
        return self.accusation, self.denial


@dataclass(frozen=True, slots=True)
class Reference:
    """A related story below another one, with the reason if there is one to tell."""

    title: Text
    url: str | None
    reason: Message | None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line with a label before it: the bot's, such as "Who", or the article's own heading."""

    label: Text
    text: Verbatim


@dataclass(frozen=True, slots=True)
class Story:
    """A story in a list: its number (if any), title, lines, and related stories.

    Attributes:
        details: Lines that a client may fold until somebody opens them.
        image: The address of its picture.
        is_alone: Whether the message has no other story. Then it needs neither a number nor a bullet.
    """

    number: int | None
    title: Text
    url: str | None = None
    lines: tuple[Text, ...] = ()
    references: tuple[Reference, ...] = ()
    details: tuple[Labelled, ...] = ()
    image: str | None = None
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """A command in a list of commands."""

    command: str
    help: Message


Block = Title | Heading | Paragraph | Bullet | Quote | Statement | Conflict | Story | Usage


@dataclass(frozen=True, slots=True)
class Button:
    """A button with its label."""

    label: Text
    action: Action | Control


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens a web page."""

    label: Message
    url: str


@dataclass(frozen=True, slots=True)
class View:
    """An answer.

    Attributes:
        about: The ids of the versions in it, in order. A reply to the answer is about them.
        name: Its title, for platforms where posts have one.
        is_refusal: Whether it refuses a request, which concerns nobody but the person who asks.
        is_unsure: Whether the bot found no request that it can answer. Overheard messages then get no answer.
        several: Values to choose from.
        mention: The id of the role that the message pings, or nothing.
        is_choice: Whether it asks which of its stories is meant.
        story: The version that commands without a number are about, where that is none of the list.
    """

    blocks: tuple[Block, ...]
    buttons: tuple[Button | LinkButton, ...] = ()
    about: tuple[str, ...] = ()
    document: Document | None = None
    name: Message | None = None
    story: str = ""
    is_choice: bool = False
    is_refusal: bool = False
    is_unsure: bool = False
    several: SeveralOf | None = None
    mention: str = ""
    picture: Picture | None = None

    def __hash__(self) -> int:
        """Hashes only the parts that usually differ: hashing all text would be slow."""
        return hash((self.about, self.blocks[:2], self.buttons[:1]))

    def without_document(self) -> View:
        """Returns the view without its files, as it is shown in the chat."""
        return replace(self, document=None, picture=None) if self.document or self.picture else self

    def texts(self) -> Iterator[Text]:
        """Yields all texts, including those on buttons."""
        for block in self.blocks:
            yield from _texts(block)
        for button in self.buttons:
            yield button.label


def _texts(block: Block) -> Iterator[Text]:
    match block:
        case Quote(text, speaker, outlets):
            yield from (one for one in (text, speaker, outlets) if one)
        case Statement():
            yield block.stance
            yield from (text for text in (block.target, block.text, block.via) if text)
            if block.via:
                yield REPORTED_BY
        case Conflict():
            for side in block.sides:
                yield from (one for one in (side.name, side.text, side.speaker, side.outlets) if one)
        case Story():
            yield from (block.title, *block.lines)
            for line in block.details:
                yield from (line.label, line.text)
            for reference in block.references:
                yield from (text for text in (reference.title, reference.reason) if text)
        case Usage(_, help):
            yield help
        case _:
            yield block.text
