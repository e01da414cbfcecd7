"""Questions and their answers as values."""

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
    SCORE = "score"
    AMOUNT = "amount"
    TIME = "time"
    PLACE = "place"
    REASON = "reason"
    MANNER = "manner"
    ACCUSED = "accused"
    SAID = "said"
    OPINION = "opinion"
    ADVICE = "advice"
    OPPOSED = "opposed"
    CONDITION = "condition"
    PRECEDENT = "precedent"
    YES_NO = "yes_no"
    HAPPENED = "happened"
    THING = "thing"
    WORDS = "words"


#: What a figure answers.
FIGURES = frozenset(
    {
        Asked.MONEY,
        Asked.COUNT,
        Asked.DURATION,
        Asked.LENGTH,
        Asked.AGE,
        Asked.WEIGHT,
        Asked.SPEED,
        Asked.TEMPERATURE,
        Asked.SHARE,
        Asked.SCORE,
        Asked.AMOUNT,
    }
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question that an answer should share.

    Attributes:
        word: The word as `briefings.phrases.fold` returns it.
        stem: The common part of its forms.
        concepts: Its meanings, as `briefings.languages.questions` names them.
        weight: How much it matters. Most words have 1.
    """

    word: str
    stem: str
    concepts: frozenset[str]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """A parsed question.

    Attributes:
        text: The question as it was typed.
        language: ISO 639-1 of the question. It may differ from the article's.
        asked: The kind of answer that it asks for.
        terms: The words that it is about. For a question about somebody's words they include the speaker.
        hints: Words that show the kind of answer and that an answer may share: "cost" in "how much does it cost".
        speaker: The terms for the person whose words or opinion are asked for.
    """

    text: str
    language: str
    asked: Asked
    terms: tuple[Term, ...]
    hints: tuple[Term, ...] = ()
    speaker: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence for a sentence, negative if against it, and the phrase that answers."""

    weight: float = 0.0
    phrase: Span | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that answers, or one that is needed to understand the next one.

    Attributes:
        span: The sentence.
        phrase: The part of it that answers, if it is known.
        score: How well it answers: about 0 to 1.5.
        side: For a yes-or-no question, the claim in the sentence that accuses, confirms or denies.
    """

    span: Span
    phrase: Span | None
    score: float
    side: Claim | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a question.

    Attributes:
        question: The parsed question.
        lines: One to three sentences in the order to show them. Empty if the article does not say.
        score: The score of the best sentence. Below the threshold if there are no lines.
        section: The kind of section that answers such a question as a whole. None if no kind does.
        is_general: Whether the question asks for that whole section, as "who did it?" does.
        nearest: Where there are no lines, up to three sentences that share words with the question.
    """

    question: Question
    lines: tuple[Line, ...]
    score: float
    section: SectionKind | None = None
    is_general: bool = False
    nearest: tuple[Line, ...] = ()
