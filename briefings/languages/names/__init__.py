"""Words that classify names, one YAML file for each language, and lists of places and given names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefings import languages
from briefings.phrases import fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class NameWords:
    """The words of one language that classify names. All are folded.

    Attributes:
        titles: Words before a person's name: "Mr", "president".
        organisations: Words in the name of an organisation.
        places: Words in the name of a place: "river", "street".
        events: Words in the name of something that is neither: "war", "cup".
        demonyms: Adjectives that are written with a capital.
        before_place: Prepositions before a place.
        held_in: Words for what one has "in" a company: "a stake in X".
        deeds: Nouns behind the name of the one who does something: "killed in X raid".
        inside: Small words inside an organisation's name.
        articles: Definite articles.
        speech: Verbs that a person or an organisation is the subject of.
        not_names: Words with a capital that are no names.
        known_places: Names of countries, regions and cities.
        countries: Names of countries and continents.
        capitalised_nouns: Whether every noun is written with a capital.
        clause_verbs: Verbs of a clause that follows a name and a comma without "that".
    """

    titles: frozenset[str]
    organisations: frozenset[str]
    places: frozenset[str]
    events: frozenset[str]
    demonyms: frozenset[str]
    before_place: frozenset[str]
    held_in: frozenset[str]
    deeds: frozenset[str]
    inside: frozenset[str]
    articles: frozenset[str]
    speech: frozenset[str]
    not_names: frozenset[str]
    known_places: frozenset[str]
    countries: frozenset[str]
    capitalised_nouns: bool
    clause_verbs: frozenset[str] = frozenset()


@cache
def name_words(code: str | None) -> NameWords:
    """Returns the words of ``code``, or those of English if it has no file."""
    name = code if code in languages.codes() else "en"
    raw = yaml.load(files(__name__).joinpath(f"{name}.yaml").read_bytes(), _LOADER)  # noqa: S506  # a safe loader
    is_capitalised = raw.pop("capitalised_nouns", False)
    countries = _listed(f"countries_{name}.txt")
    return NameWords(
        **{topic: frozenset(fold(words).split()) for topic, words in raw.items()},
        known_places=_listed(f"places_{name}.txt") | countries,
        countries=countries,
        capitalised_nouns=is_capitalised,
    )


@cache
def given_names() -> frozenset[str]:
    """First names of people in many languages, folded."""
    return _listed("given.txt")


@cache
def leading_surnames() -> frozenset[str]:
    """Surnames of East Asia that stand before the first name, folded: "xi"."""
    return _listed("leading_surnames.txt")


def _listed(name: str) -> frozenset[str]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return frozenset(" ".join(entry.split()) for entry in text.split(","))
