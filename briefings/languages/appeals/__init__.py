"""Phrases with which pages ask their readers for something, such as money or an address: one YAML file a language.

Every row is a pattern of `briefings.phrases`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefings.languages import spoken


@dataclass(frozen=True, slots=True)
class Appeals:
    """The patterns of one language.

    Attributes:
        asks: Phrases that occur only outside articles.
        hints: Phrases that occur outside articles, and sometimes in them.
        lives: Phrases that describe an author below the article.
        media: Labels of videos and recordings, before a colon or a duration.
        sponsor: Labels above an advertisement in the text.
    """

    asks: tuple[str, ...]
    hints: tuple[str, ...]
    lives: tuple[str, ...]
    media: tuple[str, ...]
    sponsor: tuple[str, ...]


@cache
def appeals(code: str | None) -> dict[str, Appeals]:
    """The patterns for the language ``code`` (None: not known), and for English, by language."""
    return {language.code: _read(language.code) for language in spoken(code)}


def _read(code: str) -> Appeals:
    raw = yaml.safe_load(files(__name__).joinpath(f"{code}.yaml").read_bytes())
    return Appeals(*(tuple(raw[key]) for key in ("asks", "hints", "lives", "media", "sponsor")))
