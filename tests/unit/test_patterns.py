"""Every regular expression of the program takes linear time."""

from __future__ import annotations

import dataclasses
import pkgutil
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import pytest

import bot
import briefings
from briefings import languages
from briefings.phrases import compile_phrase
from briefings.sources.furniture import furniture
from tests.worst_cases import superlinear

# Expressions that this project once used, each too slow for some input.
_SLOW = {
    "crumbs": r"(?:[^>»›/|]{1,30}\s[>»›]\s*)+[^>»›]{1,80}|(?:[^|]{1,24}\s\|\s){2,}[^|]{1,24}",
    "link": r"(?<!!)\[[^\]\n]+\]\((?:https?:|/|#|mailto:)[^)\n]*\)",
    "bold": r"(?<!\w)(?:\*\*|__)\S[^\n]*?\S(?:\*\*|__)(?!\w)",
    "footnote": r"\[\^[^\]\n]+\]",
    "mail address": r"\S+@\S+\.\S+",
    "site": r"[\w-]+\.(?:com|org|net)\b",
    "cut": r"\s*(?:…|\.\.\.).{0,8}$",
    "credit": r"\b(?i:credits?|photo)\s?: ?(?:[A-Z][\w.'’-]*[ /,|&]*|and ){1,8}$",
    "token": r"\d{3,}:[\w-]{30,}",
    "line start": r"(?m)^(\s*)(\d*)([-+=#>.)])",
    "moment": "\ue000([^\ue002]*)\ue002",
    "gap": r"(?:^|(?<= ))(?:how)((?: [^ ]+)*?)(?: (?:spread))(?= |$)",
}


def _in(value: object, name: str) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The expressions in a value of a module, however deep in tuples, mappings and dataclasses."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, tuple | list | frozenset | set):
        for place, item in enumerate(value):
            yield from _in(item, f"{name}[{place}]")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _in(item, f"{name}[{key}]")
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _in(getattr(value, field.name), f"{name}.{field.name}")


def _of_modules() -> dict[str, re.Pattern[Any]]:
    names = [
        module.name
        for package in (briefings, bot)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not module.name.startswith("bot.storage.database.migrations.") and not module.name.endswith("__main__")
    ]
    return {
        name: found
        for module in names
        for attribute, value in vars(import_module(module)).items()
        if getattr(value, "__module__", module) == module or not callable(value)
        for name, found in _in(value, f"{module}.{attribute}")
    }


def _of_languages() -> dict[str, re.Pattern[Any]]:
    """The lists of furniture, and every phrase with a gap; the others hold nothing that repeats but words."""
    found = {name: each for code in languages.codes() for name, each in _in(furniture(code), code)}
    for code in languages.codes():
        language = languages.load(code)
        rows = [
            row
            for table in (language.headings, language.questions, language.cues)
            for rows in table.values()
            for row in rows
        ]
        found |= {f"{code}: {row}": compile_phrase(row).regex for row in rows if "..." in row}
    return found


_PATTERNS = _of_modules() | _of_languages()


@pytest.mark.parametrize("name", _SLOW)
def test_a_slow_expression_is_found(name: str) -> None:
    assert superlinear(re.compile(_SLOW[name]))


@pytest.mark.parametrize("name", _PATTERNS)
def test_an_expression_is_linear(name: str) -> None:
    assert superlinear(_PATTERNS[name]) is None, _PATTERNS[name].pattern


def test_expressions_of_every_module_are_tested() -> None:
    assert {
        "briefings.sources.furniture_shapes._CREDIT",
        "briefings.sources.kinds._MARKDOWN_MARKS[0]",
        "en.whole",
    } <= set(_PATTERNS)
    assert {"bot.runtime.logging._DISCORD", "bot.commands.typed._LINK"} <= set(_PATTERNS)
