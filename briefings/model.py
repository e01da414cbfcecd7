"""The values that everything else is made of.  All are frozen.

Offsets count Unicode code points of `Article.text`, as Python's own slices do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256


class SectionKind(StrEnum):
    """The questions of the trade that a part of an article answers."""

    SUMMARY = "summary"
    WHAT = "what"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    WHY = "why"
    HOW = "how"
    CONSEQUENCES = "consequences"
    BACKGROUND = "background"
    REACTIONS = "reactions"
    NEXT = "next"
    UNKNOWNS = "unknowns"
    ADVICE = "advice"
    OTHER = "other"


class BlockKind(StrEnum):
    """What a piece of an article is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    QUOTE = "quote"
    LIST_ITEM = "list_item"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The code points ``[start, end)`` of a text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}, {self.end}")

    def of(self, text: str) -> str:
        """The text that the span covers."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies inside this span."""
        return self.start <= other.start and other.end <= self.end

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, quote or list item."""

    kind: BlockKind
    span: Span


@dataclass(frozen=True, slots=True)
class Headline:
    """A related story as the page lists it: its title and, where the page has one, its link."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    r"""One article, parsed once at the door.

    Attributes:
        text: Everything of the article that may be shown: title, standfirst and blocks, NFC,
            newlines as ``\n``, without control or bidi-override characters.
        blocks: In the order of the text; they do not overlap.
        language: ISO 639-1, or None where it cannot be told.
        url: Canonical address, http or https.
        related: The page's own list of related stories, in its order.
    """

    text: str
    title: Span | None
    standfirst: Span | None
    blocks: tuple[Block, ...]
    byline: str | None = None
    published: date | None = None
    url: str | None = None
    site: str | None = None
    language: str | None = None
    related: tuple[Headline, ...] = ()

    def headline(self) -> Span:
        """The title or, without one, the first line of the text."""
        if self.title is not None:
            return self.title
        return Span(0, len(self.text.split("\n", 1)[0]))


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or a time as the article writes it, and the days that it means.

    Attributes:
        first: The first of these days; None where it cannot be told.
        last: The last of them: the same for a day, another one for "last week".
    """

    span: Span
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many or how much, with what is counted: "about 8,000 jobs".

    Attributes:
        value: The number; None where it is none, as in "dozens of people".
    """

    span: Span
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The part of an article that answers one question.

    Attributes:
        headings: Spans of the headings that open it, several where two ask the same; none where
            the section was gathered from sentences.
        score: 1 for a section under its own heading, else how sure the cues are, in (0, 1).
        blocks: Everything that belongs to it, without its headings.
        key: Its key sentences: in the order of the text, or the surest first where it was gathered.
        expected: In a section of consequences: those sentences that tell what is expected or feared.
    """

    kind: SectionKind
    headings: tuple[Span, ...]
    score: float
    blocks: tuple[Block, ...]
    key: tuple[Span, ...]
    expected: tuple[Span, ...] = ()


class Stance(StrEnum):
    """What a speaker does by saying something."""

    CLAIMS = "claims"
    ACCUSES = "accuses"
    DENIES = "denies"
    CONFIRMS = "confirms"
    DEMANDS = "demands"
    WARNS = "warns"
    PREDICTS = "predicts"
    DOUBTS = "doubts"


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that the article reports in somebody else's name.

    Attributes:
        source: The words beside the cue that say who speaks, such as ``he`` or ``the minister``.
        speaker: Where the article names that speaker best; the same as `source` where that is the best.
        cue: The words that report the speech, such as ``accused`` or ``according to``.
        content: What is said: several spans where the cue or the speaker stands between its parts.
        target: Who is accused, denied, asked or warned.
        via: The outlet or document through which the article knows it.
        quote: Whether the content is quoted word for word.
        sentence: The sentence that the claim begins in.
    """

    source: Span | None
    speaker: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    sentence: Span
    stance: Stance = Stance.CLAIMS
    target: Span | None = None
    via: Span | None = None
    quote: bool = False


class EntityKind(StrEnum):
    """What an entity is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    NUMBER = "number"
    OTHER = "other"


class MentionForm(StrEnum):
    """How a mention refers to its entity: by name, by description ("the president") or by pronoun."""

    NAME = "name"
    DESCRIPTION = "description"
    PRONOUN = "pronoun"


@dataclass(frozen=True, slots=True)
class Mention:
    """One place of the text that refers to an entity."""

    span: Span
    form: MentionForm = MentionForm.NAME


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organisation, place or number, with everything that refers to it.

    Attributes:
        name: Its fullest name in the article.
        mentions: In the order of the text.
        introduction: The words that the article introduces it by, such as ``the presidential adviser``.
    """

    kind: EntityKind
    name: Span
    mentions: tuple[Mention, ...]
    introduction: Span | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A phrase that answers a question.

    Attributes:
        score: How sure it is, in (0, 1).
        days: The first and the last day that a time means, where that can be told.
    """

    span: Span
    score: float
    days: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, or will, on days that are known.

    Attributes:
        moment: When; its days are known.
        sentence: The words that tell it.
    """

    moment: Moment
    sentence: Span


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to the six questions of the trade, best first; empty where the article does not say."""

    who: tuple[Answer, ...] = ()
    what: tuple[Answer, ...] = ()
    when: tuple[Answer, ...] = ()
    where: tuple[Answer, ...] = ()
    why: tuple[Answer, ...] = ()
    how: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Briefing:
    """What an article says, question by question.

    Attributes:
        summary: Its key sentences, best first.
        sections: Those that the article makes itself; in an article whose headings answer no
            question, also those gathered from its sentences.
        gathered: For questions that no section answers: what single sentences say about them. In an article
            without headings these are sentences that ``sections`` show as well.
        claims: Who says what, in the order of the text; None where the article was not analysed.
        entities: In the order of their first mentions; None where the article was not analysed.
        answers: Short answers; None in a briefing that an older version of the program stored.
        timeline: What happened when, in the order of the days.
        people: Those that the article names, in the order of their first mentions.
        quantities: How many and how much, in the order of the text.
    """

    article: Article
    summary: tuple[Span, ...]
    sections: tuple[Section, ...]
    gathered: tuple[Section, ...] = ()
    claims: tuple[Claim, ...] | None = None
    entities: tuple[Entity, ...] | None = None
    answers: Answers | None = None
    timeline: tuple[Event, ...] = ()
    people: tuple[Entity, ...] = ()
    quantities: tuple[Quantity, ...] = ()

    def section(self, kind: SectionKind) -> Section | None:
        """The section that answers ``kind``, the article's own before a gathered one."""
        for section in (*self.sections, *self.gathered):
            if section.kind is kind:
                return section
        return None


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two versions of one report, sentence by sentence.

    Attributes:
        added: Spans of the new text that the old one does not have.
        removed: Spans of the old text that the new one does not have.
    """

    added: tuple[Span, ...]
    removed: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One state of one report, with what was found in it; it never changes.

    Attributes:
        id: Twelve hexadecimal digits.
        received: When it came in, with its time zone.
        number: From 1: which of its report's versions it is.
        changes: What is new since the version before; None for the first one.
    """

    id: str
    briefing: Briefing
    received: datetime
    number: int = 1
    changes: Changes | None = None

    def __hash__(self) -> int:
        """By its id: all that it holds would take long."""
        return hash(self.id)

    @property
    def article(self) -> Article:
        """The article that the briefing is of."""
        return self.briefing.article


def version_id(article: Article, owner: str = "", number: int = 1) -> str:
    """The id of the version that ``article`` is, for one owner's eyes or for all.

    The same text is another version for each owner, so that nobody's id leads to somebody else's, and another one when
    a report returns to what it said before.
    """
    which = f"{owner}\n{number}\n" if owner or number > 1 else ""
    return sha256(f"{which}{article.url or ''}\n{article.text}".encode()).hexdigest()[:12]
