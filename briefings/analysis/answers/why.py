"""Answers "why?"."""

from __future__ import annotations

from briefings.analysis.answers.cued import cued
from briefings.analysis.answers.reading import Reading
from briefings.languages.reasons import reason_cues
from briefings.model import Answer


def why(reading: Reading) -> list[Answer]:
    """The reasons that the article gives, the surest first."""
    return cued(reading, reason_cues(reading.article.language))
