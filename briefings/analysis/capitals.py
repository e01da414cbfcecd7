"""Finds names by their capital letters alone: fast, and enough to compare articles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefings.languages.dates import date_words
from briefings.model import Article
from briefings.phrases import fold

#: Names are looked for in so many characters of an article.
_COMPARED = 10_000
_NAME = re.compile(r"(?<![.!?:\n“\"] )(?<!^)\b[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w’'-]+)*", re.MULTILINE)
_GENITIVE = re.compile(r"['’]s?$")


def capitalised_names(article: Article) -> Iterator[str]:
    """Yields the words with capitals inside the sentences of an article. Days and months are left out."""
    calendar = date_words(article.language).calendar
    body = "\n".join(block.span.of(article.text) for block in article.blocks if block.span.start < _COMPARED)
    for match in _NAME.finditer(body[:_COMPARED]):
        name = _GENITIVE.sub("", match.group())
        if not calendar.issuperset(fold(name).split()):
            yield name
