"""Answers to who, what, when, where, why and how, as short phrases of the article.

There is one module for each question. It returns the answers, best first, or none if the article does not say.
"""

from __future__ import annotations

from briefings.analysis.answers.how import how
from briefings.analysis.answers.reading import Reading, read
from briefings.analysis.answers.what import what
from briefings.analysis.answers.when import when
from briefings.analysis.answers.where import where
from briefings.analysis.answers.who import who
from briefings.analysis.answers.why import why
from briefings.model import Answers

__all__ = ["Reading", "find_answers", "read"]


def find_answers(reading: Reading) -> Answers:
    """The answers that the article gives."""
    return Answers(
        who=tuple(who(reading)),
        what=tuple(what(reading)),
        when=tuple(when(reading)),
        where=tuple(where(reading)),
        why=tuple(why(reading)),
        how=tuple(how(reading)),
    )
