"""Finds who signed a letter: the name below "Best regards"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from briefings import languages
from briefings.phrases import fold
from briefings.sources.bylines import names
from briefings.sources.furniture import Furniture
from briefings.sources.lines import Line, Shape


def closing_name(below: Sequence[Line], language: str | None, known: Furniture) -> str | None:
    """The name below the closing of a letter, without a word such as "your": "Ihr Konrad Feld" is "Konrad Feld".

    Args:
        below: The lines below the article.
    """
    for closing, line in pairwise(below):
        if line.shape is Shape.SHORT and known.is_closing(closing.text):
            return names(_without_possessive(line.text, language))
    return None


def _without_possessive(text: str, language: str | None) -> str:
    first, _, rest = text.partition(" ")
    is_common = any(fold(first) in each.stopwords for each in languages.around(language))
    return rest if is_common else text
