"""Determines the stance of a claim: that of its cue, changed by negation and by blame or denial in the content."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from briefings.analysis.claims import grammar
from briefings.analysis.claims.cues import Reading
from briefings.analysis.claims.targets import culprit
from briefings.analysis.parsing import Token
from briefings.languages.claims import CueWords
from briefings.model import Stance

#: The stance of a negated cue: "did not confirm" doubts, "did not deny" only says.
NEGATED = {
    Stance.CONFIRMS: Stance.DOUBTS,
    Stance.DENIES: Stance.CLAIMS,
    Stance.DOUBTS: Stance.CLAIMS,
}
_POINTING = frozenset({"that", "this", "it", "these", "those", "they", "all", "everything"})


def stance_of(tokens: Sequence[Token], reading: Reading, said: Collection[int], words: CueWords) -> Stance:
    """Returns the stance of a reading whose content has the tokens ``said``."""
    frame = reading.frame
    if reading.is_negated:
        return Stance.DOUBTS if frame.name == "Opinion" else NEGATED.get(frame.stance, frame.stance)
    if frame.name == "Communicate_categorization":
        lemmas = {tokens[number].lemma for number in reading.content}
        if lemmas & words.falsehood:
            return Stance.DENIES
        return Stance.ACCUSES if lemmas & words.blame else frame.stance
    if frame.stance is not Stance.CLAIMS:
        return frame.stance
    return _stance_of_words(tokens, reading, said, words)


def _stance_of_words(tokens: Sequence[Token], reading: Reading, said: Collection[int], words: CueWords) -> Stance:
    """Returns the stance of a plain statement, by what it says."""
    if culprit(tokens, reading, words) is not None:
        return Stance.ACCUSES
    is_denial = calls_false(tokens, said, words) or rules_out_guilt(tokens, said, words)
    return Stance.DENIES if is_denial else Stance.CLAIMS


def calls_false(tokens: Sequence[Token], said: Collection[int], words: CueWords) -> bool:
    """Whether the words say that something is not so: "that is a lie", "the claims are untrue", "it is not true"."""
    for number in said:
        if tokens[number].lemma != "be":
            continue
        predicates = grammar.children(tokens, number, "attr", "acomp")
        subjects = grammar.children(tokens, number, "nsubj", "csubj")
        found = {predicate.lemma for predicate in predicates}
        is_negated = grammar.is_negated(tokens, number)
        if any(_is_statement(subject, words) for subject in subjects) and found & (
            words.truth if is_negated else words.falsehood | words.errors
        ):
            return True
        if any(subject.lower in _POINTING for subject in subjects) and found & (
            words.truth if is_negated else words.falsehood
        ):
            return True
    return False


def rules_out_guilt(tokens: Sequence[Token], said: Collection[int], words: CueWords) -> bool:
    """Whether the words say that somebody did not do it: "had nothing to do with it", "was not involved"."""
    for number in said:
        token, head = tokens[number], tokens[tokens[number].head]
        if token.lower == "nothing" and [one.lower for one in tokens[number + 1 : number + 4]] == ["to", "do", "with"]:
            return True
        if token.lower == "no" and head.lemma in words.involvement and tokens[head.head].lemma in words.taking_part:
            return True
        if token.lemma in words.guilt and any(grammar.is_negated(tokens, verb) for verb in (number, token.head)):
            return True
    return False


def _is_statement(subject: Token, words: CueWords) -> bool:
    """Whether a subject is a statement or thought: "the claim", "thinking that they did it"."""
    return subject.lemma in words.speech_nouns or (subject.dep == "csubj" and subject.lemma in words.verbs)
