"""Tells whether a date in a sentence is to come: "will meet on Monday", but "said on Monday that it will meet"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from briefings.analysis.terms import stopwords
from briefings.analysis.tokens import Token
from briefings.languages.dates import DateWords
from briefings.languages.roles import CueGroup, role_cues
from briefings.languages.verbs import verb_forms
from briefings.model import Span

_ENDS = frozenset(',;:()\n“”"„«»—–')
#: Behind these a participle is no verb in the past: "to be held".
_BEFORE_PARTICIPLE = frozenset({"be", "been", "being", "get"})
#: Behind these a verb tells no time by itself.
_BEFORE_INFINITIVE = frozenset({"to", "did", "not", "could", "would", "should"})
_LONGEST_PHRASE = 2
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

    The words of its clause decide; in English, the last verb before the date, or else the first one behind it.

    Args:
        found: The tokens of the sentence.
        date: The first token of the date, and the one behind its last.
    """
    first, end = _clause(found, date, words)
    is_english = language in {None, "en"}
    beside = [*range(first, date[0]), *range(date[1], end)]
    verbs = _verbs(found, beside, words) if is_english else _other_words(found, beside, language)
    if len(beside) <= _MOST_WITHOUT_VERB and not any(verbs):
        first, end = 0, len(found)
    if not is_english:
        return tells_future(text, found[first:end], language, words)
    before = list(_verbs(found, range(first, date[0]), words))
    behind = list(_verbs(found, range(date[1], end), words))
    verb = [*before[-1:], *behind, "future"][0]
    return verb == "future" or (verb == "scheduled" and "past" not in before + behind)


def _clause(found: Sequence[Token], date: tuple[int, int], words: DateWords) -> tuple[int, int]:
    """The extent of the clause around a date, in tokens."""
    first, end = date
    while first and _ENDS.isdisjoint(found[first].gap) and found[first].folded not in words.clauses:
        first -= 1
    while end < len(found) and _ENDS.isdisjoint(found[end].gap) and found[end].folded not in words.clauses:
        end += 1
    return first, end


def _other_words(found: Sequence[Token], places: Iterable[int], language: str | None) -> Iterator[str]:
    """The words at some places that can be verbs: "dijo", but not "el"."""
    stops = stopwords(language)
    return (found[place].folded for place in places if found[place].folded not in stops)


def _verbs(found: Sequence[Token], places: Iterable[int], words: DateWords) -> Iterator[str]:
    """The English verbs at some places that tell a time: "future", "scheduled" or "past"."""
    forms = verb_forms()
    past = forms.past - forms.base
    for place in places:
        if _is_coming(found, place, words):
            is_future = _is_any(found, place, words.coming - words.scheduled)
            yield "future" if is_future else "scheduled"
        elif found[place].folded in past and not (place and found[place - 1].folded in _BEFORE_PARTICIPLE):
            yield "past"


def _is_coming(found: Sequence[Token], place: int, words: DateWords) -> bool:
    """Whether the words at a place speak of what is to come: no participle before a noun ("of planned cuts")."""
    before = found[place - 1].folded if place else ""
    is_adjective = before in verb_forms().before_nouns and found[place].folded in verb_forms().past
    return (_is_any(found, place, words.coming) and not is_adjective) or _is_fixture(found, place, words)


def _is_fixture(found: Sequence[Token], place: int, words: DateWords) -> bool:
    """Whether a verb stands between a subject and a name: "Harrow play Norby", but not "the plays Hamlet and Emma"."""
    length = next((one for one in (2, 1) if tuple(t.folded for t in found[place : place + one]) in words.fixtures), 0)
    if not length or not place or place + length >= len(found):
        return False
    before, behind = found[place - 1], found[place + length]
    is_verb = before.folded not in verb_forms().before_nouns | _BEFORE_INFINITIVE and not before.is_number
    return is_verb and behind.is_capitalised and behind.gap == " " and behind.folded not in words.calendar


def _is_any(found: Sequence[Token], place: int, phrases: frozenset[tuple[str, ...]]) -> bool:
    return any(
        tuple(token.folded for token in found[place : place + length]) in phrases
        for length in range(1, _LONGEST_PHRASE + 1)
    )
