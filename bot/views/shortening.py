"""Shortens sentences that are too long."""

from __future__ import annotations

from briefings.analysis.terms import stopwords
from briefings.phrases import fold

#: A sentence is cut behind a clause where so much of the room is used.
_LEAST_KEPT = 0.6
_MARKS = " ,;:–—-"
_ENDS_OF_CLAUSES = (", ", "; ", " – ", " — ", " (")


def cut_off(text: str, characters: int, language: str | None) -> str:
    """Returns the words up to the last clause within ``characters`` or, if that is too little, up to the last word.

    That word is none that leads on to the next one, such as "in" or "without".
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
