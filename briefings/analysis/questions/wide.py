"""Parses questions about all stories: "what is new about X?", "what did X say this week?"."""

from __future__ import annotations

from dataclasses import dataclass

from briefings.analysis.questions.model import Asked
from briefings.analysis.questions.parse import parse
from briefings.languages.wide import wide_words
from briefings.phrases import fold

_LONGEST = 300
#: "News" means stories of this many days.
_NEWS = 14


@dataclass(frozen=True, slots=True)
class Wide:
    """A question about all stories.

    Attributes:
        subject: The words that name its subject.
        days: How many days it looks back.
        question: The question for each story. Empty if any line about the subject is an answer.
    """

    subject: str
    days: int
    question: str = ""


def wide(text: str) -> Wide | None:
    """The parsed question about all stories. None if the question is about one story."""
    folded = fold(text[:_LONGEST])
    words = wide_words()
    for opening in words.news:
        subject = folded.removeprefix(f"{opening} ")
        if subject != folded:
            return Wide(_without_end(subject), _NEWS)
    days = next((days for ending, days in words.since if folded.endswith(f" {ending}")), 0)
    rest = _without_end(folded)
    asked = parse(rest + "?")
    if days and asked.asked in {Asked.SAID, Asked.OPINION} and asked.speaker:
        return Wide(" ".join(term.word for term in asked.speaker), days, rest + "?")
    return None


def _without_end(folded: str) -> str:
    """The words without a final phrase such as "this week"."""
    endings = (ending for ending, _ in wide_words().since if folded.endswith(f" {ending}"))
    return folded.removesuffix(next(endings, "")).strip()
