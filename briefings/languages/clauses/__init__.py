"""The words that divide a sentence into subject and predicate, one YAML file a language, which explains its own keys.

English has a list of all its verb forms instead (`briefings.languages.verbs`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SMALL = (
    "be",
    "passive",
    "movers",
    "intransitive",
    "ambiguous",
    "before_nouns",
    "pronouns",
    "no_subject",
    "relative",
    "ends",
)
#: The letters of the ending that an infinitive is listed by.
_ENDING = 3


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """The words of one language, in lower case and with their accents.

    Attributes:
        finite: Verb forms with a tense, auxiliaries included.
        auxiliaries: Those that are hardly ever anything else.
        participles: "approvato".
        be: Auxiliaries that make a passive with most participles.
        passive: Words that make a passive with every participle.
        movers: Participles that make no passive with ``be``: "è arrivato".
        intransitive: Verb forms whose subject may follow: "crolla il campanile".
        ambiguous: Verb forms that are nouns or adjectives more often.
        before_nouns: Words that no verb follows.
        pronouns: Small words between subject and verb.
        no_subject: First words that show that no subject follows.
        relative: Words that open a clause about a noun.
        ends: Words that end the noun behind a participle.
    """

    finite: frozenset[str]
    auxiliaries: frozenset[str]
    participles: frozenset[str]
    be: frozenset[str]
    passive: frozenset[str]
    movers: frozenset[str]
    intransitive: frozenset[str]
    ambiguous: frozenset[str]
    before_nouns: frozenset[str]
    pronouns: frozenset[str]
    no_subject: frozenset[str]
    relative: frozenset[str]
    ends: frozenset[str]


@cache
def clause_words(code: str | None) -> ClauseWords | None:
    """The words of the language ``code``. None if it has no file."""
    path = files(__name__).joinpath(f"{code}.yaml")
    if not path.is_file():
        return None
    raw = yaml.load(path.read_bytes(), _LOADER)  # noqa: S506  # a safe loader
    finite, participles = set(raw["auxiliaries"].split()), set[str]()
    for verb in raw["verbs"].split():
        endings = raw["endings"][verb[-_ENDING:]]
        finite.update(verb[:-_ENDING] + ending for ending in endings["tense"].split())
        participles.update(verb[:-_ENDING] + ending for ending in endings["participle"].split())
    for line in raw["irregular"]:
        with_tense, _, participle = line.partition("|")
        finite.update(with_tense.split())
        participles.update(participle.split())
    return ClauseWords(
        finite=frozenset(finite),
        auxiliaries=frozenset(raw["auxiliaries"].split()),
        participles=frozenset(participles),
        **{key: frozenset(raw[key].split()) for key in _SMALL},
    )
