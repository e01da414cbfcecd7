"""Questions that are about all stories and not about one, one YAML file a language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from briefings.phrases import fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CODES = ("en", "it", "de", "fr", "es")


@dataclass(frozen=True, slots=True)
class WideWords:
    """Folded words of all languages, the longest first.

    Attributes:
        news: What a question for news begins with; the subject follows.
        since: What a question about some days ends with, and how many days those are.
    """

    news: tuple[str, ...]
    since: tuple[tuple[str, int], ...]


@cache
def wide_words() -> WideWords:
    """The words of all languages that have a file."""
    read = [_read(code) for code in _CODES]
    news = {fold(words) for raw in read for words in raw["news"]}
    since = {fold(words): days for raw in read for words, days in raw["since"].items()}
    return WideWords(
        tuple(sorted(news, key=lambda words: -len(words))),
        tuple(sorted(since.items(), key=lambda item: -len(item[0]))),
    )


def _read(code: str) -> dict[str, Any]:
    raw: dict[str, Any] = yaml.load(files(__name__).joinpath(f"{code}.yaml").read_bytes(), _LOADER)  # noqa: S506  # a safe loader
    return raw
