"""Finds authors in scripts without capital letters: "作者：王小明", "김하나 기자", "بقلم: سلمى حداد"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from briefings.languages.uncased import UncasedNames, uncased_names

#: Longer lines, in characters, are text.
_LONGEST = 70
_MOST_NAMES = 5
_ENDS = ("。", ".", "!", "?", "؟", "！", "？")
_PARTS = re.compile(r"[\s、，,;；·/／|&]+")
# A Chinese name is not followed by them. A Japanese one may be written with them.
_KANA = "\u3041-\u3096\u30a1-\u30f6"
_WORD_PARTS = re.compile(r"[،,;؛·/|&\n]| و(?=\S{2,20} \S)")


@dataclass(frozen=True, slots=True)
class _Script:
    """The compiled patterns of one language. Each of ``bylines`` has a group ``names``."""

    words: UncasedNames
    name: re.Pattern[str]
    bylines: tuple[re.Pattern[str], ...]

    def names(self, text: str) -> list[str]:
        """The names that a text consists of. Empty if anything else is in it."""
        if self.words.has_gap and self._is_name(text.strip()):
            return [text.strip()]
        parts = [part.strip() for part in (_WORD_PARTS if self.words.is_parted else _PARTS).split(text.strip())]
        parts = list(filter(None, parts))
        return parts if 0 < len(parts) <= _MOST_NAMES and all(map(self._is_name, parts)) else []

    def _is_name(self, part: str) -> bool:
        held = part.split() if self.words.is_parted else part
        return bool(self.name.fullmatch(part)) and not any(desk in held for desk in self.words.desks)


def uncased_authors(line: str) -> list[str]:
    """The authors that a short line names beside a word for it."""
    if len(line) > _LONGEST or line.isascii() or line.endswith(_ENDS):
        return []
    for script in _scripts():
        for byline in script.bylines:
            for match in byline.finditer(line):
                if names := script.names(match["names"]):
                    return names
    return []


def stated_authors(stated: str) -> list[str]:
    """The authors in what a page's head states as its author, with a word for it or without."""
    if stated.isascii() or len(stated) > _LONGEST:
        return []
    found = uncased_authors(stated)
    return found or next((names for script in _scripts() if (names := script.names(stated))), [])


@cache
def _scripts() -> tuple[_Script, ...]:
    return tuple(map(_script, uncased_names()))


def _script(words: UncasedNames) -> _Script:
    letter = f"[{words.letters}]"
    least, most = words.units
    if words.is_parted:
        name = f"{letter}{{2,12}}(?: {letter}{{2,12}}){{{least - 1},{most - 1}}}"
    else:
        gap = "[ \u3000]?" if words.has_gap else ""
        name = f"(?:{_any(words.surnames)}){gap}{letter}{{{least},{most}}}"
    names = rf"(?P<names>{name}(?:[\s、，،,·/／]{{1,3}}{name}){{0,{_MOST_NAMES - 1}}})"
    return _Script(words, re.compile(name), tuple(map(re.compile, _bylines(words, names, f"[{words.letters}{_KANA}]"))))


def _bylines(words: UncasedNames, names: str, letter: str) -> Iterator[str]:
    """Patterns for names behind a word and a colon, behind a word alone, and before a word."""
    before = _any(words.before)
    yield rf"(?:{_any((*words.before, *words.colon))})\s?[:：／/|=＝–—-]\s?{names}(?!{letter})"
    yield rf"(?:^|[^\w])\w{{0,6}}(?:{before})\s{names}(?!{letter})"
    if not words.is_parted:
        yield rf"^(?:{before}){names}(?!{letter})"
    if words.after:
        yield rf"(?<!{letter}){names}\s?(?:{_any(words.after)})(?!{letter})"


def _any(words: Sequence[str]) -> str:
    return "|".join(map(re.escape, words))
