"""Shortens sentences that are too long."""

from __future__ import annotations

from briefings.analysis.terms import stopwords
from briefings.phrases import fold

#: The text is cut after a clause only if this share of the characters is kept.
_LEAST_KEPT = 0.6
_MARKS = " ,;:–—-"
_ENDS_OF_CLAUSES = (", ", "; ", " – ", " — ", " (")


def cut_off(text: str, characters: int, language: str | None) -> str:
    """Returns the text up to its last clause within ``characters`` or, if that is too short, up to its last word.

    A word that needs another after it, such as "in" or "without", is not left at the end.
    """
    least = _LEAST_KEPT * characters
    head = text[: characters + 1]
    clause = max(head.rfind(mark) for mark in _ENDS_OF_CLAUSES)
    if clause >= least:
        return head[:clause].rstrip(_MARKS)
    kept = head[: head.rfind(" ") if " " in head else characters].rstrip(_MARKS)
    while kept.rfind(" ") >= least and fold(kept.rpartition(" ")[2]) in stopwords(language):
        kept = kept.rpartition(" ")[0].rstrip(_MARKS)
    return kept
