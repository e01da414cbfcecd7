"""Tells whether a date in a sentence is to come: "will meet on Monday", but "said on Monday that it will meet"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from briefings.analysis.terms import stopwords
from briefings.analysis.tokens import Token
from briefings.languages.dates import DateWords
from briefings.languages.roles import CueGroup, role_cues
from briefings.languages.verbs import verb_forms
from briefings.model import Span

_ENDS = frozenset(',;:()\n“”"„«»—–')
#: Behind these a participle is no verb in the past: "to be held".
_BEFORE_PARTICIPLE = frozenset({"be", "been", "being", "get"})
#: Before these a verb in the past is unreal: "should have opened".
_UNREAL = frozenset({"would", "should", "must"})
_LONGEST_PHRASE = 2
#: The most words that are looked at on either side of a date.
_MOST_BESIDE = 40
#: A clause with no more words beside a date has no verb: "On Monday, she will speak".
_MOST_WITHOUT_VERB = 2


def tells_future(text: str, found: Sequence[Token], language: str | None, words: DateWords) -> bool:
    """Whether some words of a sentence are about the future.

    Args:
        found: Its tokens, at least one.
    """
    if any(_is_coming(found, place, words) for place in range(len(found))):
        return True
    span = Span(found[0].start, found[-1].end)
    return CueGroup.WILL in role_cues(language).groups(span.of(text))  # "giocherà"


def is_to_come(
    text: str, found: Sequence[Token], date: tuple[int, int], language: str | None, words: DateWords
) -> bool:
    """Whether a date in a sentence about the future is to come itself.

    The words of its clause decide, those that are not too far from it; in English, the last verb before the date, or
    else the first one behind it.

    Args:
        found: The tokens of the sentence.
        date: The first token of the date, and the one behind its last.
    """
    first, end = _clause(found, date, words)
    is_english = language in {None, "en"}
    beside = [*range(first, date[0]), *range(date[1], end)]
    verbs = _verbs(found, beside, words) if is_english else _other_words(found, beside, language)
    if len(beside) <= _MOST_WITHOUT_VERB and not any(verbs):
        first, end = max(0, date[0] - _MOST_BESIDE), min(len(found), date[1] + _MOST_BESIDE)
    if not is_english:
        return tells_future(text, found[first:end], language, words)
    before = list(_verbs(found, range(first, date[0]), words))
    behind = list(_verbs(found, range(date[1], end), words))
    verb = [*before[-1:], *behind, "future"][0]
    return verb == "future" or (verb == "scheduled" and "past" not in before + behind)


def _clause(found: Sequence[Token], date: tuple[int, int], words: DateWords) -> tuple[int, int]:
    """The extent of the clause around a date, in tokens."""
    first, end = date
    least, most = max(0, first - _MOST_BESIDE), min(len(found), end + _MOST_BESIDE)
    while first > least and _ENDS.isdisjoint(found[first].gap) and found[first].folded not in words.clauses:
        first -= 1
    while end < most and _ENDS.isdisjoint(found[end].gap) and found[end].folded not in words.clauses:
        end += 1
    return first, end


def _other_words(found: Sequence[Token], places: Iterable[int], language: str | None) -> Iterator[str]:
    """The words at some places that can be verbs: "dijo", but not "el"."""
    stops = stopwords(language)
    return (found[place].folded for place in places if found[place].folded not in stops)


def _verbs(found: Sequence[Token], places: Iterable[int], words: DateWords) -> Iterator[str]:
    """The English verbs at some places that tell a time: "future", "scheduled" or "past"."""
    past = _past_alone()
    for place in places:
        if _is_any(found, place, words.coming):
            if _is_coming(found, place, words):
                yield "scheduled" if _is_any(found, place, words.scheduled) else "future"
        elif found[place].folded in past and not _is_behind(found, place, _BEFORE_PARTICIPLE):
            yield "past"


@cache
def _past_alone() -> frozenset[str]:
    """The English forms that are a verb in the past and none in the present."""
    return verb_forms().past - verb_forms().base


@cache
def _prepositions() -> frozenset[str]:
    """The words that no verb follows, without those of a noun that is told: "of planned cuts", "a planned strike"."""
    return verb_forms().before_nouns - verb_forms().determiners


def _is_coming(found: Sequence[Token], place: int, words: DateWords) -> bool:
    """Whether the words at a place speak of what is to come: not "of planned cuts", not "should have left"."""
    if not _is_any(found, place, words.coming):
        return False
    past = verb_forms().past
    behind = [token.folded for token in found[place + 1 : place + 3]]
    is_unreal = found[place].folded in _UNREAL and behind[:1] == ["have"] and behind[-1] in past
    return not is_unreal and not (found[place].folded in past and _is_behind(found, place, _prepositions()))


def _is_behind(found: Sequence[Token], place: int, words: frozenset[str]) -> bool:
    return place > 0 and found[place - 1].folded in words


def _is_any(found: Sequence[Token], place: int, phrases: frozenset[tuple[str, ...]]) -> bool:
    return any(
        tuple(token.folded for token in found[place : place + length]) in phrases
        for length in range(1, _LONGEST_PHRASE + 1)
    )
