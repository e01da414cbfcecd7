"""The words that stand before a reason or a manner, one YAML file a language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import product

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


def _cues(code: str | None, topic: str) -> Cues:
    name = code if code in languages.codes() else "en"
    raw = yaml.load(files(__name__).joinpath(f"{name}.yaml").read_bytes(), _LOADER)  # noqa: S506  # a safe loader
    return {
        tuple(fold(" ".join(words)).split()): _WEIGHTS[strength]
        for strength, phrases in raw[topic].items()
        for phrase in phrases
        for words in product(*(part.split("|") for part in phrase.split()))
    }
