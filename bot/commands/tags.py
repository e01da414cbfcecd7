"""Reads tags as users write them: ``#politics #local_news``, or ``politics, local news``."""

from __future__ import annotations

import re

_MARKED = re.compile(r"#([^\s#,]+)")


def tags_in(words: str) -> frozenset[str]:
    """Returns the tags in ``words``. In a tag with a mark, ``_`` stands for a space."""
    if "#" in words:
        return frozenset(tag.replace("_", " ") for tag in _MARKED.findall(words))
    return frozenset(tag for part in words.split(",") if (tag := " ".join(part.split())))
