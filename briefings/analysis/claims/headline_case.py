"""Converts a headline in title case ("Minister Denies Claims") to sentence case, which the parser was trained on."""

from __future__ import annotations

import re

from briefings.model import Article

_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS = 4
#: A headline is in title case if this share of its long words is capitalised.
_SHARE = 0.8
_LONG = 4


def in_sentence_case(article: Article) -> str:
    """The article's text, of the same length. Title words are in lower case if the body writes them so."""
    if article.title is None:
        return article.text
    title = article.title.of(article.text)
    words = [match.group() for match in _WORD.finditer(title)]
    long = [word for word in words if len(word) >= _LONG]
    if len(words) < _FEWEST_WORDS or not long or sum(word[0].isupper() for word in long) < _SHARE * len(long):
        return article.text
    body = set(_WORD.findall(article.text[article.title.end :]))
    first = next(_WORD.finditer(title)).end()

    def small(match: re.Match[str]) -> str:
        word = match.group()
        lower = word.lower()
        return lower if lower in body and len(lower) == len(word) and not word.isupper() else word

    cased = title[:first] + _WORD.sub(small, title[first:])
    return article.text[: article.title.start] + cased + article.text[article.title.end :]
