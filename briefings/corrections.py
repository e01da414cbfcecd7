"""Tells whether a text without an address is an earlier one of the same owner, corrected."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from briefings.model import Article
from briefings.phrases import fold
from briefings.similarity import article_profile

#: A text that comes later than this after the last one is another article, such as a column with a fixed title.
CORRECTED_WITHIN = timedelta(days=7)
#: The share of the shorter text's words that the longer one has.
_MOSTLY = 0.8


def is_correction(new: Article, old: Article) -> bool:
    """Returns whether both are one article.

    They have the same title and mostly the same words. What they say about their outlet and their day agrees.
    """
    if old.url is not None or new.url is not None or folded_title(new) != folded_title(old):
        return False
    if not (_agree(new.site, old.site) and _agree(new.published, old.published)):
        return False
    words, known = Counter(article_profile(new).body), Counter(article_profile(old).body)
    fewer = min(words.total(), known.total())
    return (words & known).total() >= _MOSTLY * fewer > 0


def folded_title(article: Article) -> str:
    """Returns the words of an article's title, without case and punctuation."""
    return " ".join(fold(article.headline().of(article.text)).split())


def _agree(one: object, other: object) -> bool:
    return one is None or other is None or one == other
