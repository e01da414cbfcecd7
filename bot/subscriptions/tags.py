"""Reads tags as users write them: ``#politics #local_news``, or ``politics, local news``."""

from __future__ import annotations

import re

_MARKED = re.compile(r"#([^\s#,]+)")


def tags_in(words: str) -> frozenset[str]:
    """Returns the tags in ``words``. In a tag with a mark, ``_`` stands for a space."""
    return frozenset(listed_tags(words))


def listed_tags(words: str) -> list[str]:
    """Returns the tags in ``words``, in their order."""
    if "#" in words:
        return [tag.replace("_", " ") for tag in _MARKED.findall(words)]
    return [tag for part in words.split(",") if (tag := " ".join(part.split()))]


def marked(tag: str) -> str:
    """Returns a tag as it can be typed among others: ``#local_news``."""
    return f"#{tag.replace(' ', '_')}"
