"""The words that stand before a reason or a manner, one YAML file a language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

import yaml

from briefings import languages
from briefings.phrases import fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WEIGHTS = {"sure": 0.7, "likely": 0.4, "weak": 0.25}

#: Folded words and how sure it is that a reason follows, in (0, 1).
Cues = dict[tuple[str, ...], float]


@cache
def reason_cues(code: str | None) -> Cues:
    """The words before a reason."""
    return _cues(code, "why")


@cache
def manner_cues(code: str | None) -> Cues:
    """The words before a manner."""
    return _cues(code, "how")


@cache
def blaming_verbs(code: str | None) -> frozenset[str]:
    """Verbs that put a reason behind a later "on", which English alone has."""
    return frozenset(_read(code)["why"].get("blaming", ()))


def _cues(code: str | None, topic: str) -> Cues:
    raw = _read(code)
    return {
        tuple(fold(" ".join(words)).split()): _WEIGHTS[strength]
        for strength in _WEIGHTS
        for phrase in raw[topic][strength]
        for words in product(*(part.split("|") for part in phrase.split()))
    }


def _read(code: str | None) -> dict[str, Any]:
    name = code if code in languages.codes() else "en"
    raw: dict[str, Any] = yaml.load(files(__name__).joinpath(f"{name}.yaml").read_bytes(), _LOADER)  # noqa: S506  # a safe loader
    return raw
