"""Openings of a sentence that leans on the one before it, one YAML file a language.

The single words are `Language.leaning`; a file adds what takes more than one word, as patterns of `briefings.phrases`:

=============  ==================================================================
``opening``    openings of several words: "for instance"
``unless``     openings that a leaning word has by chance: "it is not clear", "this week"
``speaker``    a speaker named by a pronoun, in a sentence that opens with a quotation
``prelude``    what can stand before the subject and a comma: "as claimed by the BBC, these contained messages"
``subjects``   pronouns that can be the subject behind it
``speaking``   first-person words, which answers in an interview have
``referring``  words in such an answer that may stand for what the question names
``replies``    openings of such an answer that say little without the question
=============  ==================================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefings import languages
from briefings.phrases import PhraseTable, compile_any, fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEFAULT = "en"
_QUOTE_MARKS = '“"«„‘»'
_OPENING_CHARACTERS = 60
#: Shorter answers are no sentences: "My hands."
_FEWEST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Leaning:
    """The words of sentences that depend on the sentence before, or on the question that they answer."""

    words: frozenset[str]
    opening: re.Pattern[str]
    unless: re.Pattern[str]
    speaker: PhraseTable[str]
    prelude: re.Pattern[str]
    subjects: frozenset[str]
    speaking: frozenset[str]
    referring: frozenset[str]
    replies: frozenset[str]

    def leans(self, sentence: str) -> bool:
        """Returns whether the sentence can only be understood after the one before it."""
        folded = fold(sentence[:_OPENING_CHARACTERS])
        is_quoted = sentence[:1] in _QUOTE_MARKS
        if is_quoted and self.speaker.matches(fold(sentence)):
            return True
        if self.unless.match(folded):
            return False
        if folded.split(" ", 1)[0] in self.words or self.opening.match(folded):
            return True
        _, comma, rest = sentence[:_OPENING_CHARACTERS].partition(", ")
        return bool(comma) and self.prelude.match(folded) is not None and fold(rest).split(" ", 1)[0] in self.subjects

    def leans_on_question(self, answer: str) -> bool:
        """Returns whether a sentence of an interview's answer can only be understood after the question."""
        words = fold(answer).split()
        is_fragment = len(words) < _FEWEST_WORDS
        return is_fragment or words[0] in self.replies or not self.referring.isdisjoint(words)


@cache
def leaning(code: str | None) -> Leaning:
    """Returns the openings of the language ``code``, or those of English."""
    path = files(__name__).joinpath(f"{code or _DEFAULT}.yaml")
    if not path.is_file():
        return leaning(_DEFAULT)
    raw = yaml.load(path.read_bytes(), _LOADER)  # noqa: S506  # a safe one, in C or not
    return Leaning(
        words=languages.load(code or _DEFAULT).leaning,
        opening=compile_any(tuple(raw["opening"])),
        unless=compile_any(tuple(raw["unless"])),
        speaker=PhraseTable({"speaker": raw["speaker"]}),
        prelude=compile_any(tuple(raw.get("prelude", ()))),
        subjects=frozenset(fold(raw.get("subjects", "")).split()),
        speaking=frozenset(fold(raw.get("speaking", "")).split()),
        referring=frozenset(fold(raw.get("referring", "")).split()),
        replies=frozenset(fold(raw.get("replies", "")).split()),
    )
