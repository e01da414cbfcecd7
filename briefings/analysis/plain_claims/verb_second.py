"""Reads sentences whose verb comes second, as in German: one phrase stands before the verb, the others behind it.

Cases tell who speaks and who is accused: "Den Minister" is no subject, "der Partei" behind "wirft" is no object of
another case. A sentence that can be read both ways is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefings.analysis.plain_claims.model import Reading, Sentence
from briefings.analysis.tokens import Token
from briefings.languages.plain_claims import SecondFrame, SecondWords
from briefings.model import Span, Stance

_BREAKS = re.compile(r"[,;:.!?«»“”„\"()–—]")
#: The number of words between a determiner and its noun, and of the words of a clause that are read.
_ADJECTIVES, _LONGEST = 2, 30


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a sentence, cut at its verb and before its participle or particle.

    Attributes:
        front: The words before the verb.
        rest: The words between the verb and the participle or particle.
        end: The end of the clause, with the participle or particle.
        behind: The start of the text behind the clause, after its comma.
    """

    front: Sequence[Token]
    verb: Token
    rest: Sequence[Token]
    end: int
    behind: int
    frame: SecondFrame


def verb_second_readings(sentence: Sentence, words: SecondWords) -> Iterator[Reading]:
    """The readings of all clauses outside quotations, in text order."""
    for clause in _clauses(sentence, words):
        if words.small["negation"].isdisjoint(token.folded for token in (*clause.front, *clause.rest)):
            reading = _READERS[clause.frame.stance](sentence, clause, words)
            if reading:
                yield reading


def _clauses(sentence: Sentence, words: SecondWords) -> Iterator[Clause]:
    found = sentence.without_quotations().words
    for place, token in enumerate(found):
        if token.is_capitalised:
            continue
        first, end = place, place + 1
        while first and place - first < _LONGEST and not _ends_clause(found, first, words):
            first -= 1
        while end < len(found) and end - place < _LONGEST and not _ends_clause(found, end, words):
            end += 1
        frame = words.frame(token.text, found[end - 1].text)
        if frame:
            is_cut = token.text in words.small["have"] or bool(frame.particle)
            behind = found[end].start if end < len(found) else sentence.span.end
            yield Clause(found[first:place], token, found[place + 1 : end - is_cut], found[end - 1].end, behind, frame)


def _accusation(sentence: Sentence, clause: Clause, words: SecondWords) -> Reading | None:
    rest, case = clause.rest, words.small[clause.frame.case]
    link = next((n for n, token in enumerate(rest) if token.folded in words.small["for"]), len(rest))
    has_deed = sentence.text[: clause.behind].rstrip().endswith(",")
    if "for" in clause.frame.content:
        has_deed = 0 < link < len(rest)
    if not has_deed:
        return None
    named = rest[:link]
    source, target = None, None
    if _is_phrase(named, case) and _is_subject(sentence, clause.front, words):
        source, target = clause.front, named
    elif len(clause.front) == 1 or not _is_noun_phrase(clause.front, words):
        source, target = _parted(named, case, words)
    if not source or not target:
        return None
    content = Span(rest[link].start, clause.end) if link < len(rest) else Span(clause.behind, _end(sentence))
    return Reading(_span([clause.verb]), Stance.ACCUSES, (content,), _span(source), _span(target))


def _parted(
    named: Sequence[Token], case: frozenset[str], words: SecondWords
) -> tuple[Sequence[Token], Sequence[Token]]:
    """The subject and the object behind a verb, where only one determiner can begin the object."""
    subject = words.small["nominative"]
    starts = [n for n, token in enumerate(named) if n and token.folded in case]
    sure = [n for n in starts if named[n].folded not in subject] or starts
    if len(sure) == 1 and _is_phrase(named[: sure[0]], subject) and _is_phrase(named[sure[0] :], case):
        return named[: sure[0]], named[sure[0] :]
    return (), ()


def _denial(sentence: Sentence, clause: Clause, words: SecondWords) -> Reading | None:
    front, rest = clause.front, clause.rest
    cue = _span([clause.verb])
    place = _charge(rest, words)
    if place is None and _charge(front, words) == 0:  # "Das bestritt der Sprecher."
        source = rest if _is_phrase(rest, words.small["nominative"]) else ()
        name = _apposition(sentence, rest[-1], clause.behind) if source else None
        return Reading(cue, Stance.DENIES, (_span(front),), _span(source, name)) if source else None
    if place:
        is_adverb = rest[0].folded in words.small["prepositions"]
        source = front if is_adverb else rest[:place]
        if not is_adverb and not _is_phrase(source, words.small["nominative"]):
            return None
        if is_adverb and not _is_subject(sentence, front, words):
            return None
        return Reading(cue, Stance.DENIES, (_span(rest[place:]),), _span(source))
    if not _is_subject(sentence, front, words) or (clause.frame.particle and place is None):
        return None
    return _denied(sentence, clause, words)


def _denied(sentence: Sentence, clause: Clause, words: SecondWords) -> Reading | None:
    """What a subject before the verb denies: an object, a clause, or nothing that is named."""
    rest, cue = clause.rest, _span([clause.verb])
    is_other = not words.small["other_sense"].isdisjoint(token.folded for token in rest)
    begins = sentence.text[clause.behind : _end(sentence)].split()[:1]
    if not rest:
        is_clause = sentence.text[: clause.behind].rstrip().endswith(",") and begins != []
        content = Span(clause.behind, _end(sentence)) if is_clause else cue
    elif is_other or rest[0].folded not in words.small["accusative"] | words.small["this"]:
        return None
    else:
        content = _span(rest[:1] if rest[0].folded in words.small["this"] and not _is_noun_next(rest) else rest)
    return Reading(cue, Stance.DENIES, (content,), _span(clause.front))


def _charge(found: Sequence[Token], words: SecondWords) -> int | None:
    """The number of the first word of an accusation or "that" among ``found``. None without one."""
    for place, token in enumerate(found):
        if token.folded in words.small["this"] and not _is_noun_next(found[place:]):
            return place
        if token.folded in words.small["charges"]:
            starts = range(max(0, place - _ADJECTIVES - 1), place)
            return next((n for n in starts if found[n].folded in words.small["accusative"]), place)
    return None


def _is_noun_next(found: Sequence[Token]) -> bool:
    """Whether a noun follows the first word, as in "das Spiel"."""
    return len(found) > 1 and found[1].is_capitalised


def _statement(sentence: Sentence, clause: Clause, words: SecondWords) -> Reading | None:
    cue, before = _span([clause.verb]), None
    for quote in sentence.quotes:
        gap = sentence.text[quote.span.end : clause.verb.start] if quote.span.end <= clause.verb.start else "."
        if not gap.strip(" ,"):
            before = quote.span
        elif quote.span.start >= cue.end and sentence.text[: quote.span.start].rstrip().endswith(":"):
            source = _speaker(sentence, clause, words)
            is_next = clause.behind >= quote.span.end or clause.behind == sentence.span.end
            return Reading(cue, clause.frame.stance, (quote.span,), source, quote=True) if source and is_next else None
    if before:
        source = _named_behind(sentence, clause, words)
        is_pronoun = bool(clause.rest) and clause.rest[0].folded in words.small["pronouns"]
        return Reading(cue, clause.frame.stance, (before,), source, quote=True) if source or is_pronoun else None
    following = [token for token in sentence.words if token.start >= clause.behind]
    if len(following) < 2 or following[0].folded not in words.small["that"]:
        return None
    source = _speaker(sentence, clause, words)
    content = Span(following[1].start, _end(sentence))
    return Reading(cue, clause.frame.stance, (content,), source) if source else None


def _speaker(sentence: Sentence, clause: Clause, words: SecondWords) -> Span | None:
    """The subject before the verb, or behind it where something else stands before it."""
    behind = _named_behind(sentence, clause, words)
    if behind:
        return behind
    return _span(clause.front) if _is_subject(sentence, clause.front, words) else None


def _named_behind(sentence: Sentence, clause: Clause, words: SecondWords) -> Span | None:
    """The noun phrase directly behind the verb, with the name behind its comma."""
    rest = clause.rest
    end = next((n for n, token in enumerate(rest) if token.folded in words.small["prepositions"]), len(rest))
    while end > 1 and not rest[end - 1].is_capitalised and any(token.is_capitalised for token in rest[:end]):
        end -= 1  # "erklärt Bo dazu", "Bo wie folgt"
    if not _is_phrase(rest[:end], words.small["nominative"]):
        return None
    name = _apposition(sentence, rest[-1], clause.behind) if end == len(rest) else None
    return _span(rest[:end], name)


def _apposition(sentence: Sentence, last: Token, behind: int) -> Span | None:
    """The name behind a description: "der Leiter, Max Daller"."""
    if sentence.text[last.end : behind].strip() != ",":
        return None
    name: list[Token] = []
    for token in sentence.words:
        if token.start >= behind and token.is_capitalised and (not name or not token.gap.strip()):
            name.append(token)
        elif name or token.start >= behind:
            break
    return _span(name) if name else None


def _is_subject(sentence: Sentence, front: Sequence[Token], words: SecondWords) -> bool:
    """Whether the words before a verb are its subject. A single word must be a name elsewhere in the article too."""
    if len(front) != 1:
        return _is_noun_phrase(front, words)
    return front[0].is_capitalised and re.search(rf"(?<=[\w,] ){re.escape(front[0].text)}\b", sentence.text) is not None


def _is_noun_phrase(found: Sequence[Token], words: SecondWords) -> bool:
    """Whether words at the beginning of a clause, where any word may be a capital one, can be its subject."""
    return _is_phrase(found, words.small["nominative"]) and found[0].folded not in words.small["prepositions"]


def _is_phrase(found: Sequence[Token], determiners: frozenset[str]) -> bool:
    """Whether the words are one noun phrase: a determiner of the right case, or a name without any."""
    if not found:
        return False
    first, *others = found
    if first.folded in determiners:
        return bool(others) and others[0].folded not in determiners and any(token.is_capitalised for token in others)
    is_followed = bool(others) and others[0].folded in determiners and others[0].text.islower()
    return first.is_capitalised and not is_followed


def _span(found: Sequence[Token], more: Span | None = None) -> Span:
    return Span(found[0].start, more.end if more else found[-1].end)


def _end(sentence: Sentence) -> int:
    return sentence.span.start + len(sentence.span.of(sentence.text).rstrip(" .!?;,"))


def _ends_clause(found: Sequence[Token], place: int, words: SecondWords) -> bool:
    """Whether a clause ends before the word at ``place``."""
    conjunctions = words.small["conjunctions"]
    beside = {found[place].folded, found[place - 1].folded}
    return _BREAKS.search(found[place].gap) is not None or not conjunctions.isdisjoint(beside)


_READERS = {
    Stance.ACCUSES: _accusation,
    Stance.DENIES: _denial,
    Stance.CLAIMS: _statement,
    Stance.WARNS: _statement,
    Stance.PREDICTS: _statement,
}
