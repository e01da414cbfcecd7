"""Finds names by their capital letters alone: fast, and enough to compare articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from briefings.languages.dates import date_words
from briefings.model import Article
from briefings.phrases import fold

#: Names are looked for in so many characters of an article.
_COMPARED = 10_000
#: Words that may be names: neither at the beginning of a sentence nor with a lower-case Latin letter first.
_POSSIBLE = re.compile(r"(?<![.!?:\n“\"] )(?<!^)\b[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w’'-]+)*", re.MULTILINE)
_GENITIVE = re.compile(r"['’]s?$")


def capitalised_names(article: Article) -> Iterator[str]:
    """Yields the words with capitals inside the sentences of an article. Days and months are left out.

    Scripts without capitals, such as Arabic and Chinese, have no such words.
    """
    calendar = date_words(article.language).calendar
    body = "\n".join(block.span.of(article.text) for block in article.blocks if block.span.start < _COMPARED)
    for match in _POSSIBLE.finditer(body[:_COMPARED]):
        for is_name, words in groupby(match.group().split(" "), _has_capital):
            name = _GENITIVE.sub("", " ".join(words))
            if is_name and not calendar.issuperset(fold(name).split()):
                yield name


def _has_capital(word: str) -> bool:
    return word[0].isupper() or word[0].istitle()
