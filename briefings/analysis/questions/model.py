"""What a question asks, and what answers it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from briefings.model import Claim, SectionKind, Span


class Asked(StrEnum):
    """What a question asks for; ``WORDS`` are words that ask for nothing."""

    WHO_IS = "who_is"
    PERSON = "person"
    NAME = "name"
    MONEY = "money"
    COUNT = "count"
    DURATION = "duration"
    LENGTH = "length"
    AGE = "age"
    DISTANCE = "distance"
    WEIGHT = "weight"
    SPEED = "speed"
    TEMPERATURE = "temperature"
    SHARE = "share"
    AMOUNT = "amount"
    TIME = "time"
    PLACE = "place"
    REASON = "reason"
    MANNER = "manner"
    SAID = "said"
    OPINION = "opinion"
    ADVICE = "advice"
    YES_NO = "yes_no"
    HAPPENED = "happened"
    THING = "thing"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question that an answer should share.

    Attributes:
        word: As `briefings.phrases.fold` leaves it.
        stem: What its forms have in common.
        concepts: What it means, as `briefings.languages.questions` names it.
        weight: How much it matters, 1 for most words.
    """

    word: str
    stem: str
    concepts: frozenset[str]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was understood.

    Attributes:
        text: What the person typed.
        language: ISO 639-1 of the question, which need not be the article's.
        asked: What it asks for.
        terms: What it is about; for a question about somebody's words also who says them.
        hints: Words that tell what is asked for and that an answer may share: "cost" in "how much does it cost".
        speaker: The terms that tell whose words or opinion are asked for.
    """

    text: str
    language: str
    asked: Asked
    terms: tuple[Term, ...]
    hints: tuple[Term, ...] = ()
    speaker: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that answers, or that the next one leans on.

    Attributes:
        span: The sentence.
        phrase: The part of it that answers, where one can be told.
        score: How well it answers: about 0 to 1.5.
        side: Of a question to be answered by yes or no: the claim of the sentence that accuses, confirms or denies.
    """

    span: Span
    phrase: Span | None
    score: float
    side: Claim | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What answers a question.

    Attributes:
        question: The question as it was understood.
        lines: One to three sentences in the order to show them; none where the article does not say.
        score: The best sentence's; below the threshold where there are no lines.
        section: The kind of section that answers such a question as a whole; None where no kind does.
        is_general: Whether it asks for all of that section, as "who did it?" does.
    """

    question: Question
    lines: tuple[Line, ...]
    score: float
    section: SectionKind | None = None
    is_general: bool = False
