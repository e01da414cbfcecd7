"""Words of bylines in scripts without capital letters. `names.yaml` explains its keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefings.phrases import fold

# Longer words in a list of surnames are many surnames of one letter each.
_LONGEST_SURNAME = 2


@dataclass(frozen=True, slots=True)
class UncasedNames:
    """The shape of names in one language, the words around them in a byline, and the months.

    Attributes:
        letters: The script's letters, as the inside of a character class.
        units: The least and the greatest number of letters behind the surname, or of words if ``is_parted``.
        is_parted: Whether blanks separate the words of a name.
        surnames: The beginnings of names. Empty if ``is_parted``.
        before: Words before the names.
        colon: Words before the names, if a colon is between them.
        after: Words behind the names.
        months: The names of each of the twelve months, or nothing.
        desks: Words that no name of a person contains.
    """

    letters: str
    units: tuple[int, int]
    is_parted: bool
    has_gap: bool
    surnames: tuple[str, ...]
    before: tuple[str, ...]
    colon: tuple[str, ...]
    after: tuple[str, ...]
    months: tuple[tuple[str, ...], ...]
    desks: tuple[str, ...]


@cache
def uncased_months() -> dict[str, int]:
    """The folded names of months in these languages, with their numbers."""
    listed = (enumerate(language.months, start=1) for language in uncased_names())
    return {fold(name): month for months in listed for month, names in months for name in names}


@cache
def uncased_names() -> tuple[UncasedNames, ...]:
    """The names of every such language."""
    raw = yaml.safe_load(files(__name__).joinpath("names.yaml").read_bytes())
    return tuple(_names(entry) for entry in raw.values())


def _names(entry: dict[str, str]) -> UncasedNames:
    def words(key: str) -> tuple[str, ...]:
        return tuple(entry.get(key, "").split())

    least, most = map(int, entry["units"].split())
    surnames = (
        each
        for word in words("surnames")
        for each in ([word] if "gap" in entry or len(word) <= _LONGEST_SURNAME else word)
    )
    return UncasedNames(
        entry["letters"],
        (least, most),
        "parted" in entry,
        "gap" in entry,
        tuple(surnames),
        words("before"),
        words("colon"),
        words("after"),
        tuple(tuple(month.split("|")) for month in words("months")),
        words("desks"),
    )
