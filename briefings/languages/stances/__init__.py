"""Words with which people ask for claims of one stance: "who accuses", "denials"; one YAML file a language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from briefings.model import Stance
from briefings.phrases import fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Languages that have a file.
_CODES = ("en", "it")


@cache
def stance_words() -> Mapping[str, Stance]:
    """The stance that each word asks for, in all languages together; the words are folded."""
    return {word: stance for code in _CODES for stance, words in _read(code).items() for word in words}


@cache
def asking_words() -> frozenset[str]:
    """Words that stand beside these and ask for nothing by themselves, such as "who"; they are folded."""
    return frozenset(word for code in _CODES for word in fold(_raw(code)["asking"]).split())


def _read(code: str) -> dict[Stance, list[str]]:
    return {Stance(name): fold(words).split() for name, words in _raw(code).items() if name != "asking"}


@cache
def _raw(code: str) -> dict[str, str]:
    found: dict[str, str] = yaml.load(files(__name__).joinpath(f"{code}.yaml").read_bytes(), _LOADER)  # noqa: S506
    return found
