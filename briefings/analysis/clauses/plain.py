"""The main clause of a sentence, found by auxiliaries and listed verbs: for languages without a list of all verbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from briefings.analysis.clauses.english import predicate_end
from briefings.analysis.clauses.model import Clause
from briefings.analysis.tokens import Token
from briefings.languages.clauses import ClauseWords, clause_words
from briefings.model import Span

_MOST_READ, _MOST_SUBJECT = 40, 14
#: The words of a verb group, and of a noun behind a verb.
_GROUP, _MOST_NOUN = 4, 6
#: Marks that end the main clause.
_STOPS = frozenset(':;«“„"()?!')
_REFLEXIVE = "si"


@dataclass(frozen=True, slots=True)
class _Found:
    """The subject from word ``first`` to before ``behind``, and the first word of the predicate."""

    first: int
    behind: int
    predicate: int
    is_passive: bool


def plain_clause(text: str, found: Sequence[Token], language: str | None, *, is_headline: bool) -> Clause | None:
    """The main clause of a sentence's tokens. None if it has no verb with a subject, or the language has no words.

    Args:
        is_headline: Whether a participle may be the verb: "Cabina bloccata nel vuoto".
    """
    words = clause_words(language)
    if words is None:
        return None
    reading = _Reading(found, words)
    split = reading.behind_verb() or reading.before_verb(is_headline=is_headline)
    if split is None:
        return None
    predicate = Span(found[split.predicate].start, predicate_end(text, found, split.predicate))
    return Clause(Span(found[split.first].start, found[split.behind - 1].end), predicate, split.is_passive)


class _Reading:
    """The words of a sentence up to the first mark that ends its main clause, and its main verb."""

    def __init__(self, found: Sequence[Token], words: ClauseWords) -> None:
        stop = next((n for n, token in enumerate(found) if n and not _STOPS.isdisjoint(token.gap)), len(found))
        self._found = found
        self._words = words
        self._read = [token.text.casefold() for token in found[: min(stop, _MOST_READ)]]
        self._commas = [place for place in range(1, len(self._read)) if "," in found[place].gap]
        self._verb = self._main_verb()

    def before_verb(self, *, is_headline: bool) -> _Found | None:
        """The subject before the verb, or in a headline before a participle: "Cabina bloccata"."""
        place = self._verb
        if place is None and is_headline:
            place = self._participle()
        if place is None:
            return None
        end = place
        while end and self._read[end - 1] in self._words.pronouns and self._found[end].gap == " ":
            end -= 1
        first = self._start(end)
        if first is None or not first < end <= first + _MOST_SUBJECT:
            return None
        return _Found(first, end, place, self._verb is None or self._is_passive(place))

    def behind_verb(self) -> _Found | None:
        """The subject behind a verb that opens a clause: "arrestato un uomo", "crolla il campanile"."""
        for start in (0, *self._commas):
            place, words = start, self._words
            while self._word(place) in words.be | words.passive and place - start < _GROUP:
                place += 1
            if self._verb is not None and self._verb not in range(start, place + 1):
                continue
            is_passive = self._word(place) in words.participles - words.movers
            end = self._noun_end(place + 1)
            if (is_passive or self._word(place) in words.intransitive) and end > place + 1:
                return _Found(place + 1, end, start, is_passive)
        return None

    def _word(self, place: int) -> str:
        return self._read[place] if place < len(self._read) else ""

    def _main_verb(self) -> int | None:
        """The place of the first verb that stands in no relative clause."""
        is_inside, weak = False, None
        for place, word in enumerate(self._read):
            if word in self._words.relative and place:
                is_inside = True
            elif word in self._words.finite and not self._is_noun(place):
                if is_inside:
                    is_inside = False
                elif word not in self._words.ambiguous:
                    return place
                elif weak is None:
                    weak = place
        return weak

    def _is_noun(self, place: int) -> bool:
        """Whether a word is a noun behind an article. An article may also be a pronoun: "lo accusa"."""
        word, before = self._read[place], self._read[place - 1] if place else ""
        if word in self._words.auxiliaries or before not in self._words.before_nouns:
            return False
        return before not in self._words.pronouns or word in self._words.ambiguous

    def _participle(self) -> int | None:
        """The place of the first participle behind a noun."""
        read, words = self._read, self._words
        places = range(1, len(read))
        return next((n for n in places if read[n] in words.participles and read[n - 1] not in words.before_nouns), None)

    def _start(self, end: int) -> int | None:
        """The first word of the subject that ends before ``end``: behind a single comma, or the first of all."""
        if end in self._commas:
            if len(self._commas) == 1 or self._commas.index(end) == 0:
                return None
            start = 0
        else:
            before = [place for place in self._commas if place < end]
            start = before[0] if len(before) == 1 else 0
        return start if self._read and self._word(start) not in self._words.no_subject else None

    def _is_passive(self, verb: int) -> bool:
        group, words = self._read[verb : verb + _GROUP], self._words
        acted = [word for word in group[1:] if word in words.participles]
        if not acted or self._word(verb - 1) == _REFLEXIVE:
            return False
        return not words.passive.isdisjoint(group) or (group[0] in words.be and acted[0] not in words.movers)

    def _noun_end(self, first: int) -> int:
        end = first
        while end - first < _MOST_NOUN and self._word(end) and self._word(end) not in self._words.ends:
            if end > first and self._found[end].gap.strip(" '’"):
                break
            end += 1
        return end
