"""The words of questions and of their answers, one YAML file a language, and the concepts that languages share.

A file's keys are the fields of `QuestionWords`.  `concepts.yaml`, `everyday.yaml` and `nations.yaml` have one row for
each thing that has several names: its synonyms, derivations and translations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, get_type_hints

import yaml

from briefings.languages.numbers import counting_words
from briefings.languages.stems import german_stem, stem
from briefings.phrases import compile_phrase, fold

CODES = ("en", "it", "de", "fr", "es")
_CONCEPTS = ("concepts", "everyday", "nations")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Ask:
    """One way to ask: the name of what is asked for, and the pattern of `briefings.phrases` that tells it."""

    name: str
    pattern: str


@dataclass(frozen=True, slots=True, repr=False)
class QuestionWords:
    """The words of one language in questions and answers.

    Attributes:
        spellings: Words as they are typed in chats, and their usual spelling.
        opening: What comes before a question and carries nothing: "and", "tell me".
        asks: The ways to ask, in the file's order.
        light: Words that carry nothing in a question.
        weak: Words that carry little.
        essential: Words of ``asks`` that an answer must share.
        about: Words between a speaker and what is spoken of.
        nobody: Words that say that there is none.
        until: Words before a time that bounds something.
        within: Words before a duration that tells a time: "within 28 days".
        vague: Words that are a time only with others: "from", "soon".
        ages: Words before an age that has no unit: "she was 84".
        lasting: Words before a length of time, which is no age.
        single: Words for one unit or a part of one: "a year", "half an hour".
        ordinals: Units that are also ordinal numbers: "a second chance".
        rates: Words beside a unit that is no length: "once a day", "an hour later".
        pronouns: Words that stand for somebody or something that was named before.
        without_subject: Verbs that need no subject: "ha" in "«...», ha detto". None where a verb has a pronoun.
        relatives: Words that open a clause about what was just named: "who".
        units: For each kind of measure the words of its units.
        times: Cues of a time, beside dates.
        places: Words before a place.
        place_nouns: Words for kinds of places.
        reasons: Cues of a reason, the weak ones included.
        strong_reasons: Those that hardly ever mean anything else.
        likely_reasons: Those that often tell a reason: "fearing", "dopo che".
        purposes: Words before a verb that tells a purpose: "to", "per".
        infinitives: Endings of such verbs; empty where a list of verbs is known.
        no_purpose: Words before ``purposes`` that show that no purpose follows: "wants to".
        manner: Words that begin a manner.
        undisclosed: Cues of facts that are unknown or undisclosed.
        precedents: Cues of an earlier case.
        speech: Cues of somebody's words.
        names: Cues of a name that is given.
        agents: Words before the one who acts, in the passive: "paid for by the navy".
        group: Words between a number and the group that it is a part of: "nine of these pairs".
        totals: Words behind which a bare number counts: "the death toll rose to 10".
        clock_asked: Questions that ask for the hour.
        clocks: Words that tell an hour: "noon".
        passive: Words before a verb of speech that show that its subject does not speak: "is expected".
        be: Forms of "be" without accents, before a name or a description.
        afterwards: Questions that ask for what came after something.
        addressed: Words before the one who is spoken to.
        state_asked: Questions that ask how somebody is.
        now: Words for the present.
        formerly: Words for what was before it.
        then: Words that stand for a time in the sentence before.
    """

    code: str
    spellings: dict[str, str] = field(hash=False)
    opening: tuple[str, ...]
    asks: tuple[Ask, ...]
    light: frozenset[str]
    weak: frozenset[str]
    essential: frozenset[str]
    about: frozenset[str]
    nobody: frozenset[str]
    until: frozenset[str]
    within: frozenset[str]
    vague: frozenset[str]
    ages: frozenset[str]
    lasting: frozenset[str]
    single: frozenset[str]
    ordinals: frozenset[str]
    rates: frozenset[str]
    pronouns: frozenset[str]
    relatives: frozenset[str]
    without_subject: frozenset[str]
    places: frozenset[str]
    place_nouns: frozenset[str]
    manner: frozenset[str]
    units: dict[str, frozenset[str]] = field(hash=False)
    times: re.Pattern[str]
    reasons: re.Pattern[str]
    strong_reasons: re.Pattern[str]
    likely_reasons: re.Pattern[str]
    purposes: frozenset[str]
    infinitives: frozenset[str]
    no_purpose: frozenset[str]
    undisclosed: re.Pattern[str]
    precedents: re.Pattern[str]
    speech: re.Pattern[str]
    names: re.Pattern[str]
    agents: frozenset[str]
    group: frozenset[str]
    totals: frozenset[str]
    clock_asked: re.Pattern[str]
    clocks: frozenset[str]
    passive: frozenset[str]
    be: frozenset[str]
    afterwards: re.Pattern[str]
    now: frozenset[str]
    formerly: frozenset[str]
    then: frozenset[str]
    addressed: frozenset[str]
    state_asked: re.Pattern[str]


@cache
def question_words(code: str | None) -> QuestionWords:
    """The words of questions of ``code``; English where the language has no file."""
    raw = _raw(code if code in CODES else "en")
    kinds = get_type_hints(QuestionWords)
    read: dict[str, Any] = {name: _cues(raw[name]) for name, kind in kinds.items() if kind == re.Pattern[str]}
    read |= {name: frozenset(fold(raw[name]).split()) for name, kind in kinds.items() if kind == frozenset[str]}
    return QuestionWords(
        code=code if code in CODES else "en",
        spellings={typed: fold(usual) for usual, forms in raw["spellings"].items() for typed in fold(forms).split()},
        opening=tuple(raw["opening"]),
        asks=tuple(Ask(name, pattern) for name, patterns in raw["asks"].items() for pattern in patterns),
        units={kind: frozenset(fold(units).split()) for kind, units in raw["units"].items()},
        **read,
    )


def _cues(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(compile_phrase(pattern).regex.pattern for pattern in patterns))


@cache
def concepts(code: str) -> dict[str, frozenset[str]]:
    """For each word of ``code`` the concepts that it names.

    A key is a folded word, a stem behind "~", or several folded words with "_" between them.
    """
    found: dict[str, set[str]] = {}
    rows = [row for table in _CONCEPTS for row in _raw(table).items()]
    for concept, languages in rows:
        for word in languages.get(code, "").split():
            parts = fold(word.replace("_", " ")).split()
            keys = ["_".join(parts)] if len(parts) > 1 else [parts[0], f"~{_stem(parts[0], code)}"]
            for key in keys:
                found.setdefault(key, set()).add(concept)
    return {key: frozenset(names) for key, names in found.items()}


def meaning(word: str, code: str) -> frozenset[str]:
    """The concepts that a folded word names itself or, where it names none, by its stem."""
    known, word = concepts(code), word.casefold()
    return known.get(word) or known.get(f"~{_stem(word, code)}") or known.get(f"~{root(word, code)}", frozenset())


def as_name(text: str, folded: str, light: frozenset[str]) -> str:
    """The key of a word: ``folded``, or the capitals of a name that is spelt like a small word: "US", "WHO"."""
    return text if len(text) > 1 and text.isupper() and folded in light else folded


def root(word: str, code: str) -> str:
    """The stem of a word. Of the base form for an irregular form, "broke"; the digits for a number in words."""
    known, found = _forms(code), _stem(word, code)
    return known.get(word) or known.get(found, found)


def _stem(word: str, code: str) -> str:
    return german_stem(word) if code == "de" else stem(word, code)


@cache
def _forms(code: str) -> dict[str, str]:
    """For each folded irregular form and its stem the stem of its base form; for each number in words its digits."""
    rows = [fold(row).split() for row in _raw("forms").get(code, ())]
    numbers = {word: str(value) for word, value in counting_words(code).values.items()}
    pairs = [(form, _stem(base, code)) for base, *forms in rows for form in forms]
    # "flights" and "elezioni" have the stems of "flight" and "elezione".
    return {_stem(form, code): base for form, base in pairs} | numbers | dict(pairs)


@cache
def _raw(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(files(__name__).joinpath(f"{name}.yaml").read_bytes(), _LOADER)  # noqa: S506  # a safe one, in C or not
    return found
