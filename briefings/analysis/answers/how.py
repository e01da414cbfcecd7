"""Answers "how?"."""

from __future__ import annotations

from briefings.analysis.answers.cued import cued
from briefings.analysis.answers.reading import Reading
from briefings.languages.reasons import manner_cues
from briefings.model import Answer


def how(reading: Reading) -> list[Answer]:
    """The ways in which it happened, the surest first."""
    return cued(reading, manner_cues(reading.article.language))
