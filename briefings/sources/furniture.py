"""Tells what a page puts around an article: share bars, advertisements, credits, sign-ups.

The words are data (`briefings.languages`); shapes that no language changes are in `furniture_shapes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from briefings import languages
from briefings.languages.bylines import byline_words
from briefings.phrases import PhraseTable, compile_any, fold
from briefings.sources.bylines import Bylines
from briefings.sources.datelines import Calendar
from briefings.sources.furniture_shapes import MOST_WORDS, has_furniture_shape

#: A line of more characters is a paragraph and need not be looked at.
_LONGEST_CHARACTERS = 1_000
#: From here on a line with a full stop is a sentence of its own.
_SENTENCE = 10
_FULL_STOPS = (".", "!", "?", "”", '"', "»")


@dataclass(frozen=True, slots=True)
class Furniture:
    """The furniture of pages in one language (and English, which is everywhere)."""

    whole: re.Pattern[str]
    start: re.Pattern[str]
    anywhere: PhraseTable[str]
    related: re.Pattern[str]
    end: re.Pattern[str]
    tagline: PhraseTable[str]
    calendar: Calendar
    bylines: Bylines

    def is_junk(self, line: str) -> bool:
        """Whether the line belongs to the page and not to the article."""
        if len(line) > _LONGEST_CHARACTERS:
            return not any(map(str.isalnum, line))
        folded = fold(line)
        words = folded.count(" ") + 1
        if not folded or has_furniture_shape(line, words):
            return True
        if words > MOST_WORDS:
            return False
        if self.whole.fullmatch(folded) or self.calendar.is_dateline(line):
            return True
        return self.pleads(line)

    def pleads(self, line: str) -> bool:
        """Whether the line asks its reader for something: to subscribe, to click, to accept."""
        folded = fold(line)
        # "Get the latest" opens a sign-up and "Get the vote out" a sentence; a privacy policy can be
        # in the news. One such word does not condemn a full sentence, two do.
        is_sentence = folded.count(" ") >= _SENTENCE and line.endswith(_FULL_STOPS)
        return bool(self.start.match(folded)) + len(self.anywhere.matches(folded)) >= 1 + is_sentence

    def is_related_label(self, line: str) -> bool:
        """Whether the line stands above a list of other stories."""
        if len(line) > _LONGEST_CHARACTERS:
            return False
        folded = fold(line)
        return folded.count(" ") < 8 and bool(self.related.fullmatch(folded))

    def pointed_at(self, line: str) -> str | None:
        """The headline in a line such as "Read more: Another story", or None."""
        label, colon, title = line.partition(":")
        return title.strip() or None if colon and len(label) < 40 and self.is_related_label(label) else None

    def is_end(self, line: str) -> bool:
        """Whether the line opens what stands below an article, as its readers' comments."""
        if len(line) > _LONGEST_CHARACTERS:
            return False
        folded = fold(line)
        return folded.count(" ") < 12 and bool(self.end.match(folded))

    def is_tagline(self, line: str) -> bool:
        """Whether the line, the last of a page, is the site's own motto."""
        first = next((char for char in line if char.isalnum()), "")
        return first.islower() or len(self.tagline.matches(fold(line))) >= 2


@cache
def furniture(code: str | None) -> Furniture:
    """The furniture of pages in the language ``code`` (None: not known)."""
    known = list(languages.spoken(code))

    def patterns(place: str) -> re.Pattern[str]:
        return compile_any(tuple(row for tongue in known for row in tongue.furniture.get(place, ())))

    months = {name: month for tongue in reversed(known) for name, month in tongue.months.items()}
    weekdays = frozenset().union(*(tongue.weekdays for tongue in known))
    calendar = Calendar(months, weekdays | months.keys())
    return Furniture(
        whole=patterns("whole"),
        start=patterns("start"),
        anywhere=PhraseTable({tongue.code: tongue.furniture["anywhere"] for tongue in known}),
        related=patterns("related"),
        end=patterns("end"),
        tagline=PhraseTable({tongue.code: tongue.furniture["tagline"] for tongue in known}),
        calendar=calendar,
        bylines=Bylines(patterns("byline"), byline_words(code).roles, calendar),
    )
