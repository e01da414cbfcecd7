"""Finds lengths of time without a number: "a year", "half an hour"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from briefings.analysis.dates import moments
from briefings.analysis.questions.index import Index, Indexed
from briefings.analysis.tokens import Token
from briefings.languages.dates import DateWords, date_words
from briefings.model import Span

#: The most words of a phrase such as "il y a", and the classes of such phrases among the words of dates.
_LONGEST, _AGO = 3, frozenset("gG")


def single_units(sentence: Indexed, index: Index, numbers: Sequence[Span]) -> Iterator[Span]:
    """The lengths of one unit or a part of one, but no rates and no times: "once a day", "a year ago".

    Args:
        numbers: The spans of the sentence's quantities, such as "ten euros". A rate follows one.
    """
    article, found, words = index.article, sentence.words.tokens, date_words(index.language)
    units = index.known.units["duration"] - index.known.ordinals
    days = moments(article.text, sentence.compared, index.language, article.published)
    taken = [*(day.span for day in days), *numbers]
    first = None
    for number, (before, token) in enumerate(pairwise(found)):
        if before.folded not in index.known.single:
            first = None
            continue
        first = number if first is None else first
        begin = found[first].start
        beside = {one.folded for one in (*found[max(first - 1, 0) : first], *found[number + 2 : number + 3])}
        is_rate = bool(beside & index.known.rates) or any(0 < begin - one.end <= 1 for one in taken)
        is_taken = any(one.start < token.end <= one.end for one in taken)
        is_other = is_rate or is_taken or _is_ago(found, first, number + 2, words)
        if token.folded in units and not is_other:
            yield Span(begin, token.end)


def _is_ago(found: Sequence[Token], start: int, end: int, words: DateWords) -> bool:
    """Whether a phrase such as "ago" or "il y a" stands beside tokens number ``start`` to ``end``."""
    folded = [token.folded for token in found[max(start - _LONGEST, 0) : end + 1]]
    inside = start - max(start - _LONGEST, 0)
    before = (tuple(folded[place:inside]) for place in range(inside))
    behind = tuple(folded[inside + end - start :])
    return any(words.phrases.get(phrase, ("",))[0] in _AGO for phrase in (*before, behind))
