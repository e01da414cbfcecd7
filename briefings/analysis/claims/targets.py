"""Finds the target of a claim: the one who is accused, denied, asked or warned."""

from __future__ import annotations

from collections.abc import Sequence

from briefings.analysis.claims import grammar
from briefings.analysis.claims.cues import Reading
from briefings.analysis.claims.references import References
from briefings.analysis.parsing import Token
from briefings.languages.claims import CueWords
from briefings.model import Span, Stance

_ABOUT_SOMEBODY = frozenset({Stance.ACCUSES, Stance.DENIES, Stance.DEMANDS, Stance.WARNS, Stance.DOUBTS})
_TO = frozenset({"to", "about"})
_ACTORS = frozenset({"PERSON", "ORG", "GPE", "NORP"})


def target_span(
    tokens: Sequence[Token], reading: Reading, stance: Stance, references: References, words: CueWords
) -> Span | None:
    """Returns the span of the target, or None if there is none."""
    speaker = references.best_name(reading.source) if reading.source is not None else None
    number = reading.target
    if stance is Stance.ACCUSES and (found := culprit(tokens, reading, words)) is not None:
        number = found
    if number is not None:
        span = _words_of(tokens, number, reading, references)
        if span is not None and not _overlaps(span, speaker):
            return span
    if stance not in _ABOUT_SOMEBODY or (stance is Stance.DENIES and reading.frame.stance is not Stance.DENIES):
        return None
    if stance is Stance.DEMANDS and (asked := _asked(tokens, reading)) is not None:
        return grammar.noun_phrase(tokens, asked)
    return _first_actor(tokens, reading, speaker, references)


def culprit(tokens: Sequence[Token], reading: Reading, words: CueWords) -> int | None:
    """Returns whom the content blames: "organised by rebels", "blamed on rebels", "rebels are behind it"."""
    if reading.frame.name == "Communicate_categorization":
        return _named_in_complement(tokens, reading)
    if reading.frame.stance is not Stance.CLAIMS:
        return None
    for number in sorted(reading.content):
        token = tokens[number]
        if grammar.is_negated(tokens, number) or grammar.is_negated(tokens, token.head):
            continue
        found: int | None = None
        if token.tag == "VBN" and token.lemma in words.deeds:
            found = grammar.agent(tokens, number)
        elif token.tag == "VBN" and token.lemma in words.blamed_on:
            found = _after(tokens, number, words.blamed_on[token.lemma])
        elif (
            token.lower in words.responsible and tokens[token.head].lemma == "be" and not _is_duty(tokens, token, words)
        ):
            found = grammar.subject(tokens, token.head)
        elif token.pos == "VERB" and _does_wrong(tokens, token, words):
            found = next((child.index for child in grammar.children(tokens, number, "nsubj")), None)
        if found is not None and found in reading.content and _can_be_blamed(tokens, found):
            return found
    return None


def _is_duty(tokens: Sequence[Token], adjective: Token, words: CueWords) -> bool:
    """Whether somebody is responsible for what is no harm: "for the harbour"."""
    nouns = [
        noun
        for preposition in grammar.children(tokens, adjective.index, "prep")
        if preposition.lower == "for"
        for noun in grammar.children(tokens, preposition.index, "pobj")
    ]
    return adjective.lower == "responsible" and any(
        noun.pos in {"NOUN", "PROPN"} and noun.lemma not in words.harms | words.blame for noun in nouns
    )


def _does_wrong(tokens: Sequence[Token], verb: Token, words: CueWords) -> bool:
    """Whether an active verb says that its subject did wrong. Where somebody lies, as in "lay ashore", is no wrong."""
    children = [tokens[child] for child in verb.children]
    forms = {verb.lemma, *(f"{verb.lemma} {child.lower}" for child in children if child.dep == "prt")}
    if words.wrongs.isdisjoint(forms) or grammar.is_passive(tokens, verb.index):
        return False
    is_elsewhere = any(child.dep in {"advmod", "prep", "npadvmod"} and child.lower not in _TO for child in children)
    return not (verb.lemma in words.resting and is_elsewhere)


def _can_be_blamed(tokens: Sequence[Token], noun: int) -> bool:
    return tokens[noun].pos in {"NOUN", "PROPN"} or tokens[noun].lower in {"he", "she", "they"}


def _after(tokens: Sequence[Token], verb: int, preposition: str) -> int | None:
    for child in grammar.children(tokens, verb, "prep"):
        if child.lower == preposition:
            for noun in grammar.children(tokens, child.index, "pobj"):
                return noun.index
    return None


def _named_in_complement(tokens: Sequence[Token], reading: Reading) -> int | None:
    """Returns the actor in a description: "Norwegian" in "called it a Norwegian attack"."""
    if reading.target is None:
        return None
    end = tokens[reading.target].right
    return next(
        (number for number in sorted(reading.content) if number > end and tokens[number].entity in _ACTORS), None
    )


def _words_of(tokens: Sequence[Token], number: int, reading: Reading, references: References) -> Span | None:
    token = tokens[number]
    if token.tag == "PRP$" and token.dep == "poss":
        return None
    if token.pos == "PRON":
        found = references.best_name(number)
        return (
            None
            if found.end - found.start <= len(token.text) and token.lower not in {"each", "other", "one"}
            else found
        )
    if token.dep in {"amod", "compound"}:
        return Span(token.start, token.end)
    if token.dep == "poss":
        return Span(tokens[token.left].start, token.end)
    return grammar.noun_phrase(tokens, number, without=reading.frame.content)


def _asked(tokens: Sequence[Token], reading: Reading) -> int | None:
    """Returns who is asked to act: the museum in "demanded that the museum return it"."""
    for clause in grammar.children(tokens, reading.word, "ccomp"):
        for subject in grammar.children(tokens, clause.index, "nsubj"):
            if subject.pos in {"NOUN", "PROPN"}:
                return subject.index
    return None


def _first_actor(
    tokens: Sequence[Token], reading: Reading, speaker: Span | None, references: References
) -> Span | None:
    """Returns the first actor in the content, except the speaker. An actor after "against" comes first."""
    found: list[Span] = []
    for number in sorted(reading.content):
        token = tokens[number]
        if token.entity not in _ACTORS or (
            not token.begins_entity and number - 1 in reading.content and tokens[number - 1].entity == token.entity
        ):
            continue
        end = number
        while end + 1 < len(tokens) and tokens[end + 1].entity == token.entity and not tokens[end + 1].begins_entity:
            end += 1
        span = Span(token.start, tokens[end].end)
        if _overlaps(span, speaker) or references.best_name(end) == speaker:
            continue
        if number and tokens[tokens[end].head].lower == "against":
            return span
        found.append(span)
    return found[0] if found else None


def _overlaps(one: Span, other: Span | None) -> bool:
    return other is not None and one.start < other.end and other.start < one.end
