"""Removes everything before the first element of an XML document, and refuses documents that declare entities.

No parser sees a DOCTYPE, so none can be made to expand entities or to read other files.
"""

from __future__ import annotations

import re

from briefings.errors import FeedInvalid, FeedUnsafe

_DOCTYPE = "<!doctype"
_ENTITY = "<!entity"
_SUBSET_END = re.compile(r"\]\s*>")
_ROOT = re.compile(r"<[A-Za-z_]")
_DECLARATION = "<?xml "
#: Some servers write warnings of their own before a document.
_LONGEST_WARNINGS = 20_000


def without_prolog(text: str, name: str) -> str:
    """The document from its first element on.

    Raises:
        FeedUnsafe: It declares entities.
        FeedInvalid: It has no element.
    """
    place = text.find("<", max(0, text.find(_DECLARATION, 0, _LONGEST_WARNINGS)))
    while place >= 0 and not _ROOT.match(text, place):
        end = _end(text, place, name)
        place = text.find("<", end) if end > 0 else -1
    if place < 0:
        raise FeedInvalid(name)
    return text[place:]


def _end(text: str, place: int, name: str) -> int:
    """The end of the comment, instruction or DOCTYPE that begins at ``place``. 0 if it does not end."""
    if text.startswith("<!--", place):
        return text.find("-->", place + 4) + 3 if text.find("-->", place + 4) >= 0 else 0
    if text[place : place + len(_DOCTYPE)].lower() == _DOCTYPE:
        return _doctype_end(text, place, name)
    if text[place : place + len(_ENTITY)].lower() == _ENTITY:
        raise FeedUnsafe(name)
    return text.find(">", place) + 1


def _doctype_end(text: str, place: int, name: str) -> int:
    """The end of a DOCTYPE.

    Raises:
        FeedUnsafe: It declares entities.
    """
    closing = text.find(">", place)
    bracket = text.find("[", place, closing if closing >= 0 else len(text))
    if bracket < 0:
        return closing + 1
    found = _SUBSET_END.search(text, bracket)
    end = found.end() if found else len(text)
    if _ENTITY in text[place:end].lower():
        raise FeedUnsafe(name)
    return end if found else 0
