"""Findings in an article: sections, claims, entities, answers and events. Each is made of spans of its text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from briefings.model.article import Block, Span


class SectionKind(StrEnum):
    """The questions that a part of an article can answer."""

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


@dataclass(frozen=True, slots=True)
class Section:
    """The part of an article that answers one question.

    Attributes:
        headings: The headings of the section: several if two ask the same question, none if the section was
            gathered from single sentences.
        score: 1 for a section with its own heading, otherwise the confidence, in (0, 1).
        blocks: Everything in the section except its headings.
        key: The key sentences: in the order of the text, or the most certain first if they were gathered.
        expected: Only for consequences: the sentences about what is expected or feared.
    """

    kind: SectionKind
    headings: tuple[Span, ...]
    score: float
    blocks: tuple[Block, ...]
    key: tuple[Span, ...]
    expected: tuple[Span, ...] = ()


class Stance(StrEnum):
    """How a speaker relates to what is said."""

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
    """A statement that the article attributes to somebody.

    Attributes:
        source: The words beside the cue that name the speaker, such as ``he`` or ``the minister``.
        speaker: The fullest name that the article has for the speaker. It can be the same as `source`.
        cue: The words that report the speech, such as ``accused`` or ``according to``.
        content: What is said: several spans if the cue or the speaker interrupts it.
        sentence: The sentence in which the claim begins.
        target: The person or organisation that is accused, denied, asked or warned.
        via: The outlet or document that the article cites for the claim.
        quote: Whether the content is a direct quotation.
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
    """The kind of an entity."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    NUMBER = "number"
    OTHER = "other"


class MentionForm(StrEnum):
    """The form of a mention: a name, a description ("the president") or a pronoun."""

    NAME = "name"
    DESCRIPTION = "description"
    PRONOUN = "pronoun"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in the text that refers to an entity."""

    span: Span
    form: MentionForm = MentionForm.NAME


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organisation, place or number, with all its mentions.

    Attributes:
        name: The fullest name in the article.
        mentions: In the order of the text.
        introduction: The words that introduce it, such as ``the presidential adviser``.
    """

    kind: EntityKind
    name: Span
    mentions: tuple[Mention, ...]
    introduction: Span | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or time as the article writes it, and the days that it refers to.

    Attributes:
        first: The first of these days, or None if it is unknown.
        last: The last of these days. It equals ``first`` for a single day and differs for "last week".
    """

    span: Span
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts or measures: "about 8,000 jobs".

    Attributes:
        value: The number, or None if the words give none, as in "dozens of people".
    """

    span: Span
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened or will happen at a time that the article names.

    Attributes:
        moment: The date or time. Its days are unknown only if the article has no date of publication.
        sentence: The sentence that reports the event.
    """

    moment: Moment
    sentence: Span


@dataclass(frozen=True, slots=True)
class Answer:
    """A phrase that answers a question.

    Attributes:
        score: The confidence, in (0, 1).
        days: For a time: the first and the last day it refers to, if they are known.
    """

    span: Span
    score: float
    days: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to the six questions of a news story, best first. Empty: the article does not say."""

    who: tuple[Answer, ...] = ()
    what: tuple[Answer, ...] = ()
    when: tuple[Answer, ...] = ()
    where: tuple[Answer, ...] = ()
    why: tuple[Answer, ...] = ()
    how: tuple[Answer, ...] = ()
