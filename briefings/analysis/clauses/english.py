"""The main clause of an English sentence, found by the forms of its verbs."""

from __future__ import annotations

from collections.abc import Sequence

from briefings.analysis.clauses.model import Clause
from briefings.analysis.tokens import Token
from briefings.languages.verbs import VerbForms, verb_forms
from briefings.model import Span

_SURE, _LIKELY, _POSSIBLE = 3, 2, 1
_MOST_PREDICATE = 14
_MOST_GROUP = 4


def english_clause(text: str, found: Sequence[Token]) -> Clause | None:
    """The main clause of a sentence's tokens. None if it has no verb."""
    place = _verb(found, verb_forms())
    if place is None:
        return None
    subject = Span(found[0].start, found[place - 1].end)
    predicate = Span(found[place].start, predicate_end(text, found, place))
    return Clause(subject, predicate, _is_passive(found, place, verb_forms()))


def _verb(found: Sequence[Token], forms: VerbForms) -> int | None:
    """The position of the main verb."""
    best, strength, skipped = None, 0, 0
    place = 1
    while place < len(found):
        token = found[place]
        if best is not None and token.folded in forms.ends:
            break
        if token.folded in forms.relative and best is None:
            skipped = 1
        elif (sure := _strength(found, place, forms)) > strength:
            if skipped:
                skipped = 0
                place = _after_group(found, place, forms)
                continue
            best, strength = place, sure
        if strength == _SURE:
            break
        place += 1
    return best


def _after_group(found: Sequence[Token], place: int, forms: VerbForms) -> int:
    while place < len(found) and (found[place].folded in forms.auxiliaries or _strength(found, place, forms)):
        place += 1
    return place


def _strength(found: Sequence[Token], place: int, forms: VerbForms) -> int:
    """A score for a word as a finite verb."""
    word, before = found[place].folded, found[place - 1].folded
    if (
        before in forms.before_nouns
        or before.isdigit()
        or (found[place].gap.strip(" ") and "," not in found[place].gap)
    ):
        return 0
    if word in forms.auxiliaries:
        return _SURE
    if word in forms.past or word in forms.present:
        return _LIKELY if word in forms.nouns else _SURE
    if word in forms.base and (before.endswith("s") or before in forms.plurals):
        return _POSSIBLE if word in forms.nouns else _LIKELY
    if word in forms.base and place + 1 < len(found) and found[place + 1].folded in forms.determiners:
        return _POSSIBLE
    return 0


def _is_passive(found: Sequence[Token], place: int, forms: VerbForms) -> bool:
    """Whether the verb group at ``place`` is passive: "was hit", "hit by"."""
    group = [token.folded for token in found[place : place + _MOST_GROUP]]
    if group[0] in forms.auxiliaries:
        is_passive = group[0] in forms.be or not forms.be.isdisjoint(group)
        return is_passive and not forms.past.isdisjoint(set(group[1:]) - forms.be)
    return (
        group[0] in forms.past and group[0] not in forms.base and (len(group) == 1 or group[1] in forms.after_passive)
    )


def predicate_end(text: str, found: Sequence[Token], place: int) -> int:
    """The end of the predicate that begins at ``place``."""
    forms = verb_forms()
    end = place + 1
    while end < len(found) and end - place < _MOST_PREDICATE:
        token = found[end]
        if token.gap.strip(" -'’\"“”‘/&%$£€.") or ". " in token.gap:
            break
        if token.folded in forms.ends and (end - place > 1 or _is_passive(found[:end], place, forms)):
            break
        end += 1
    return _with_closing_quote(text, found, place, end)


def _with_closing_quote(text: str, found: Sequence[Token], place: int, end: int) -> int:
    stop = found[end - 1].end
    inner = text[found[place].start : stop]
    if text[stop : stop + 1] in {"”", '"', "’", "'", "»"} and any(mark in inner for mark in '“"‘«'):
        return stop + 1
    return stop
