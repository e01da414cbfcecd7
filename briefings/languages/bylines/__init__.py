"""Words that stand beside names in bylines, one YAML file a language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefings.languages import spoken
from briefings.phrases import fold


@dataclass(frozen=True, slots=True)
class BylineWords:
    """Folded words of one language, and of English, which is everywhere.

    Attributes:
        joining: Words between two authors.
        ending: Words before the author's employer.
        by: Words before the first author.
        roles: Jobs of authors: reporter, editor.
        desks: Words that show that a name is of a newsroom: desk, team.
        labels: Words before a colon and the author: "Interview: Ann Lee".
        others: Words before people who did not write the text: "photographs", "edited".
    """

    joining: frozenset[str]
    ending: frozenset[str]
    by: frozenset[str]
    roles: frozenset[str]
    desks: frozenset[str]
    labels: frozenset[str]
    others: frozenset[str]


@cache
def byline_words(code: str | None) -> BylineWords:
    """The words for the language ``code`` (None: not known)."""
    known = [_read(language.code) for language in spoken(code)]

    def words(key: str) -> frozenset[str]:
        return frozenset(word for raw in known for word in fold(raw[key]).split())

    return BylineWords(
        words("and"), words("for"), words("by"), words("roles"), words("desks"), words("labels"), words("others")
    )


@cache
def agencies() -> frozenset[str]:
    """Folded names of news agencies."""
    lines = files(__name__).joinpath("agencies.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(fold(line) for line in lines if line)


def _read(code: str) -> dict[str, str]:
    raw = yaml.safe_load(files(__name__).joinpath(f"{code}.yaml").read_bytes())
    return {str(key): str(value) for key, value in raw.items()}
