"""Finds noun phrases and verb groups in a sentence without a parser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from briefings.analysis.tokens import Token
from briefings.languages.plain_claims import PlainFrame, PlainWords
from briefings.model import Span

_LONGEST = 14
_BREAKS = frozenset(',;:.!?«»“”„"()–—')


@dataclass(frozen=True, slots=True)
class VerbGroup:
    """A verb with its auxiliaries and negation.

    Attributes:
        first: The number of its first word.
        last: The number of its last word.
    """

    first: int
    last: int
    frame: PlainFrame
    is_passive: bool
    is_negated: bool


def verb_group(found: Sequence[Token], place: int, words: PlainWords) -> VerbGroup | None:
    """The verb group of the word at ``place``. None if it is not a verb of speech."""
    small, verb = words.small, found[place].text.casefold()
    first, auxiliaries = place, []
    while first and not _breaks(found[first].gap) and _helps(found[first - 1], words):
        first -= 1
        auxiliaries.append(found[first].folded)
    is_negated = bool(small["negation"] & set(auxiliaries))
    has = any(word in small["have"] for word in auxiliaries)
    is_passive = not small["been"].isdisjoint(auxiliaries) or (not has and not small["be"].isdisjoint(auxiliaries))
    if verb in words.participles and (has or is_passive):
        return VerbGroup(first, place, words.participles[verb], is_passive, is_negated)
    if verb not in words.tense or has or is_passive:
        return None
    before = found[place - 1].folded if place and not _breaks(found[place].gap) else ""
    if before in small["articles"] | small["prepositions"]:  # "the accusation"
        return None
    return VerbGroup(first, place, words.tense[verb], False, is_negated)


def _helps(token: Token, words: PlainWords) -> bool:
    """Whether a word can stand inside a verb group. Folded, "e" is both "and" and, with its accent, "is"."""
    small = words.small
    is_and = token.text.casefold() in small["and"]
    return (
        not is_and and token.folded in small["have"] | small["be"] | small["been"] | small["negation"] | small["inside"]
    )


def phrase_after(found: Sequence[Token], place: int, words: PlainWords) -> Span | None:
    """The noun phrase that begins at ``place``. Punctuation and certain words end it."""
    if place >= len(found) or found[place].folded in words.small["ends"]:
        return None
    end = place
    while (
        end + 1 < len(found)
        and end - place < _LONGEST
        and not _breaks(found[end + 1].gap)
        and found[end + 1].folded not in words.small["ends"]
    ):
        end += 1
    if end == place and found[place].folded in words.small["articles"]:  # "said on (the) Thursday"
        return None
    return Span(found[place].start, found[end].end)


def next_phrase(found: Sequence[Token], place: int, words: PlainWords) -> Span | None:
    """The first noun phrase from ``place`` on, in the same part of the sentence, without a preposition before it."""
    end = place + 1
    while end < len(found) and not _breaks(found[end].gap) and found[end].folded not in words.small["conjunctions"]:
        end += 1
    start = _noun_start(found, place, min(end, len(found)), words)
    return None if start is None else _with_name(found, phrase_after(found, start, words), words)


def _with_name(found: Sequence[Token], phrase: Span | None, words: PlainWords) -> Span | None:
    """A description with the name behind its comma: "said the mayor, Ada Neri"."""
    if phrase is None:
        return None
    inside = [token for token in found if phrase.covers(Span(token.start, token.end))]
    place = found.index(inside[-1]) + 1
    if any(token.is_capitalised for token in inside) or place >= len(found) or found[place].gap.strip() != ",":
        return phrase
    name = phrase_after(found, place, words) if found[place].is_capitalised else None
    return Span(phrase.start, name.end) if name else phrase


def subject_before(found: Sequence[Token], place: int, words: PlainWords) -> Span | None:
    """The noun phrase before a verb group that begins at ``place``.

    An apposition between commas before the verb belongs to it. A word such as "però" or a relative clause does not.
    """
    if found[place].gap.strip() != ",":
        start = _noun_start(found, _part_start(found, place, words), place, words)
        return None if start is None else Span(found[start].start, found[place - 1].end)
    inner = _part_start(found, place - 1, words)
    if inner and found[inner - 1].folded in words.small["that"] | words.small["who"] and "," in found[inner - 1].gap:
        inner -= 1
    outer = _part_start(found, inner - 1, words) if inner and found[inner].gap.strip() == "," else inner
    start = _noun_start(found, outer, max(inner, 1), words)
    if start is None or outer == inner:
        return None
    is_apposition = found[inner].is_capitalised or found[inner].folded in words.small["articles"]
    return Span(found[start].start, found[place - 1 if is_apposition else inner - 1].end)


def _part_start(found: Sequence[Token], place: int, words: PlainWords) -> int:
    """The number of the first word of the part of the sentence that ends at ``place``."""
    while place > 0 and not _breaks(found[place].gap) and found[place - 1].folded not in words.small["conjunctions"]:
        place -= 1
    return max(place, 0)


def _noun_start(found: Sequence[Token], first: int, end: int, words: PlainWords) -> int | None:
    """The first word of a noun phrase without a preposition before it."""
    small = words.small
    for here in range(first, end):
        before = found[here - 1].folded if here > first else ""
        begins = found[here].folded in small["articles"] or found[here].is_capitalised
        if begins and found[here].folded not in small["prepositions"] and before not in small["prepositions"]:
            return here
    return None


def _breaks(gap: str) -> bool:
    return any(mark in gap for mark in _BREAKS)
