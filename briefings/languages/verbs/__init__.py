"""The forms of verbs, for the languages whose headlines are read by their verb; today English alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefings.phrases import fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_VOWELS = "aeiou"
_LISTS = (
    "nouns",
    "before_nouns",
    "relative",
    "plurals",
    "ends",
    "questions",
    "be",
    "assaults",
    "after_passive",
    "determiners",
)


@dataclass(frozen=True, slots=True)
class VerbForms:
    """Folded forms of verbs.

    Attributes:
        base: "meet".
        present: "meets".
        past: "met", "killed".
        gerunds: "meeting".
        auxiliaries: "has", "will".
        nouns: Forms that are nouns more often.
        before_nouns: Words that no verb follows.
        relative: Words that open a clause about a noun.
        plurals: Words that the base form of a verb may follow.
        ends: Words that a predicate ends before.
        questions: Words that open a question.
        be: The forms of "be".
        determiners: Words that tell a verb before them from a noun.
        assaults: Nouns behind the name of who attacks: "raid" in "a Taliban raid".
        after_passive: Words that tell a participle from a verb in the past.
    """

    base: frozenset[str]
    present: frozenset[str]
    past: frozenset[str]
    gerunds: frozenset[str]
    auxiliaries: frozenset[str]
    nouns: frozenset[str]
    before_nouns: frozenset[str]
    relative: frozenset[str]
    plurals: frozenset[str]
    ends: frozenset[str]
    questions: frozenset[str]
    be: frozenset[str]
    assaults: frozenset[str]
    after_passive: frozenset[str]
    determiners: frozenset[str]


@cache
def verb_forms() -> VerbForms:
    """The forms of English verbs."""
    raw = yaml.load(files(__name__).joinpath("en.yaml").read_bytes(), _LOADER)  # noqa: S506  # a safe loader
    regular = raw["regular"].split()
    irregular = [row.split() for row in raw["irregular"]]
    base = frozenset([*regular, *(row[0] for row in irregular)])
    return VerbForms(
        base=base,
        present=frozenset(map(_present, base)),
        past=frozenset([*map(_past, regular), *(form for row in irregular for form in row[1:])]),
        gerunds=frozenset(map(_gerund, base)),
        auxiliaries=frozenset(fold(raw["auxiliaries"]).split()),
        **{topic: frozenset(raw[topic].split()) for topic in _LISTS},
    )


def _present(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if _ends_in_y(verb) else f"{verb}s"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if _ends_in_y(verb) else f"{_doubled(verb)}ed"


def _gerund(verb: str) -> str:
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe")):
        return f"{verb[:-1]}ing"
    return f"{_doubled(verb)}ing"


def _ends_in_y(verb: str) -> bool:
    return verb.endswith("y") and verb[-2] not in _VOWELS


def _doubled(verb: str) -> str:
    """With its last letter twice where English writes it so: "stop", "ban"."""
    one_vowel = sum(letter in _VOWELS for letter in verb) == 1
    ends_so = len(verb) > 2 and verb[-1] not in f"{_VOWELS}wxy" and verb[-2] in _VOWELS and verb[-3] not in _VOWELS
    stressed = verb in {
        "commit",
        "admit",
        "permit",
        "submit",
        "refer",
        "defer",
        "prefer",
        "occur",
        "regret",
        "expel",
        "repel",
        "cancel",
        "travel",
        "label",
        "model",
        "control",
        "transfer",
        "signal",
        "kidnap",
        "rival",
    }
    return verb + verb[-1] if (one_vowel and ends_so) or stressed else verb
