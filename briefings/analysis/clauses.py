"""Splits an English headline or sentence into subject and predicate.

Other languages have no list of verb forms yet. Their clauses have no subject.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefings.analysis.tokens import Token, tokens
from briefings.languages.verbs import VerbForms, verb_forms
from briefings.model import Span

_PARTS = re.compile(r"(?::|;|\s[-–—|]|\.\.\.|…|\?|!)(?=\s|$)")
_SURE, _LIKELY, _POSSIBLE = 3, 2, 1
_MOST_PREDICATE = 14
_MOST_GROUP = 4


@dataclass(frozen=True, slots=True)
class Clause:
    """A subject and a predicate.

    Attributes:
        subject: The subject. None if the words have no verb.
        predicate: The verb and the words after it. Without a verb: all words.
        is_passive: Whether the verb is passive.
    """

    subject: Span | None
    predicate: Span
    is_passive: bool = False


def headline_clause(text: str, headline: Span, language: str | None) -> Clause:
    """The clause of a headline. If a colon or dash divides it: of the first part with a verb."""
    asked = verb_forms().questions
    parts = _parts(text, headline)
    if not parts:
        return Clause(None, headline)
    telling = [part for part in parts if tokens(text, part)[0].folded not in asked] if len(parts) > 1 else parts
    clauses = [clause(text, part, language) for part in telling or parts]
    for found in clauses:
        if found.subject is not None:
            return found
    return max(clauses, key=lambda found: len(found.predicate))


def clause(text: str, span: Span, language: str | None) -> Clause:
    """The main clause of a sentence."""
    found = tokens(text, span)
    place = _verb(found, verb_forms()) if language in {None, "en"} else None
    if not found:
        return Clause(None, span)
    if place is None:
        return Clause(None, Span(found[0].start, _end(text, found, 0)))
    subject = Span(found[0].start, found[place - 1].end)
    return Clause(subject, Span(found[place].start, _end(text, found, place)), _is_passive(found, place, verb_forms()))


def _parts(text: str, headline: Span) -> list[Span]:
    parts, start = [], headline.start
    for match in _PARTS.finditer(text, headline.start, headline.end):
        parts.append(Span(start, match.start()))
        start = match.end()
    parts.append(Span(start, headline.end))
    return [part for part in parts if tokens(text, part)]


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


def _end(text: str, found: Sequence[Token], place: int) -> int:
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
