"""Headings below which an article tells the event itself."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

from briefings.phrases import compile_phrase, fold

_DEFAULT = "en"


def tells_event(heading: str, language: str | None) -> bool:
    """Whether a heading such as "What happened?" announces the event. "What the union demands" does not."""
    known = _patterns()
    return bool(known.get(language or _DEFAULT, known[_DEFAULT]).search(fold(heading)))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    raw = yaml.safe_load(files(__name__).joinpath("events.yaml").read_bytes())
    return {
        code: re.compile("|".join(compile_phrase(pattern).regex.pattern for pattern in rows))
        for code, rows in raw.items()
    }
