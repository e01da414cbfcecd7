"""Shortens sentences that are too long."""

from __future__ import annotations

#: A sentence is cut behind a clause where so much of the room is used.
_LEAST_KEPT = 0.6
_ENDS_OF_CLAUSES = (", ", "; ", " – ", " — ", " (")


def cut_off(text: str, characters: int) -> str:
    """Returns the words up to the last clause within ``characters`` or, if that is too little, up to the last word."""
    head = text[: characters + 1]
    clause = max(head.rfind(mark) for mark in _ENDS_OF_CLAUSES)
    end = clause if clause >= _LEAST_KEPT * characters else head.rfind(" ") if " " in head else characters
    return head[:end].rstrip(" ,;:–—-")
