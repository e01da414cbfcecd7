"""Tells whether a text is another one, changed: at the same address, or without one under the same title."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from briefings.model import Article
from briefings.phrases import fold
from briefings.similarity import Frequencies, article_profile, similarities

#: A text that comes later than this after the last one is another article, such as a column with a fixed title.
CORRECTED_WITHIN = timedelta(days=7)
#: The share of the shorter text's words that the longer one has.
_MOSTLY = 0.8
#: Articles of one event are hardly ever less similar than this, those of different events nearly always: 99 and 94 % of
#: 362 and 1,500 pairs from different outlets (Giveme5W1H's news clusters).
_ALMOST_NOTHING = 0.07
#: Texts with fewer different terms prove nothing: a page may show only its first lines, or an error.
_LEAST_TERMS = 20


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


def is_another_story(new: Article, old: Article) -> bool:
    """Returns whether an address shows quite another story now: the texts share almost nothing."""
    if new.language is None or new.language != old.language:
        return False  # a translation has other words, and a script without spaces between words has none
    one, other = article_profile(new), article_profile(old)
    if min(len(one.body), len(other.body)) < _LEAST_TERMS:
        return False
    [similarity] = similarities(one, [other], Frequencies(0, {}))
    return similarity < _ALMOST_NOTHING


def folded_title(article: Article) -> str:
    """Returns the words of an article's title, without case and punctuation."""
    return " ".join(fold(article.headline().of(article.text)).split())


def _agree(one: object, other: object) -> bool:
    return one is None or other is None or one == other
