"""Files that come with an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A file with an answer, as UTF-8 text."""

    name: str
    text: str
