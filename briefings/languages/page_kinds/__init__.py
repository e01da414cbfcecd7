"""Phrases of pages that are not articles, one YAML file for each language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefings import languages
from briefings.phrases import fold


@dataclass(frozen=True, slots=True)
class PagePhrases:
    """Folded phrases of all languages: the language of a page without an article is hard to tell.

    Attributes:
        error: In the title of an error page.
        consent: On a page that asks for consent before it shows anything.
        paywall: Where the text of an article ends for those who have not paid.
    """

    error: tuple[str, ...]
    consent: tuple[str, ...]
    paywall: tuple[str, ...]


@cache
def page_phrases() -> PagePhrases:
    """The phrases of all languages."""
    known = [_read(code) for code in languages.codes()]

    def phrases(key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fold(phrase) for raw in known for phrase in raw[key]))

    return PagePhrases(phrases("error"), phrases("consent"), phrases("paywall"))


def _read(code: str) -> dict[str, list[str]]:
    raw: dict[str, list[str]] = yaml.safe_load(files(__name__).joinpath(f"{code}.yaml").read_bytes())
    return raw
