"""Words and marks that decide where sentences end, one YAML file for each language.

A file's keys are the fields of `SentenceMarks`. Abbreviations are written without their last dot. One in lower case
stands for its capitalised form as well; one with a capital stands for itself alone ("no" and "No", but only "Gen").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefings import languages
from briefings.phrases import fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: For a text in a language that has no file.
_DEFAULT = "en"
#: A name of a month or weekday that is no longer may be an abbreviation.
_SHORT_NAME = 4


@dataclass(frozen=True, slots=True)
class SentenceMarks:
    """The abbreviations, ordinals and quotation marks of one language.

    Attributes:
        never: Abbreviations that no sentence ends with: titles, "e.g".
        either: Abbreviations after which a sentence goes on, unless the next word is one that opens sentences: "Inc".
        measures: Abbreviations that end a phrase. A sentence ends if a capital follows: "p.m", "etc".
        units: Measures that end a sentence if a number stands before them and a capital follows: "km".
        after_comma: As ``either``, but a word of its own unless a comma stands before the name it follows: "Mass".
        before_number: Abbreviations only if a number follows: "No", "art", "Sept".
        before_ordinal: Folded words before an ordinal that is written with a dot; none if the language has no such
            ordinals.
        before_letter: Folded words after which a single letter is a name, as in "plan B".
        letters: Single letters that are words.
        endings: Ends of words that are abbreviations like ``either``: "str" of "Goethestr".
        names: Names that end with "!" or "?".
        after_time: Words that follow a time of day: time zones.
        said: Folded verbs that follow a quotation.
        openers: Folded words that open sentences and seldom follow an abbreviation.
        months: Folded names of months.
        calendar: Folded names of months and weekdays.
        quotes: Pairs of quotation marks, opening and closing.
    """

    never: frozenset[str]
    either: frozenset[str]
    units: frozenset[str]
    after_comma: frozenset[str]
    measures: frozenset[str]
    before_number: frozenset[str]
    before_ordinal: frozenset[str]
    before_letter: frozenset[str]
    letters: frozenset[str]
    endings: tuple[str, ...]
    names: frozenset[str]
    after_time: frozenset[str]
    said: frozenset[str]
    openers: frozenset[str]
    months: frozenset[str]
    calendar: frozenset[str]
    quotes: tuple[str, ...]


@cache
def sentence_marks(code: str | None) -> SentenceMarks:
    """Returns the marks of the language ``code``, or those of English."""
    path = files(__name__).joinpath(f"{code or _DEFAULT}.yaml")
    if not path.is_file():
        return sentence_marks(_DEFAULT)
    raw = yaml.load(path.read_bytes(), _LOADER)  # noqa: S506  # a safe one, in C or not
    tongue = languages.load(code or _DEFAULT)
    calendar = tongue.weekdays | tongue.months.keys()

    def words(name: str) -> frozenset[str]:
        return frozenset(raw.get(name, "").split())

    def folded(name: str) -> frozenset[str]:
        return frozenset(fold(raw.get(name, "")).split())

    return SentenceMarks(
        never=words("never"),
        either=words("either"),
        units=words("units"),
        after_comma=words("after_comma"),
        measures=words("measures"),
        before_number=words("before_number") | {name for name in calendar if len(name) <= _SHORT_NAME},
        before_ordinal=folded("before_ordinal"),
        before_letter=folded("before_letter"),
        letters=words("letters"),
        endings=tuple(raw.get("endings", "").split()),
        names=words("names"),
        after_time=words("after_time"),
        said=folded("said"),
        openers=folded("openers") | tongue.stopwords | tongue.leaning,
        months=frozenset(tongue.months),
        calendar=calendar,
        quotes=tuple(raw["quotes"].split()),
    )
