"""Recognises page furniture around an article: share bars, advertisements, credits, sign-ups.

The words are data (`briefings.languages`). Shapes that are the same in every language are in `furniture_shapes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from briefings import languages
from briefings.languages.appeals import appeals
from briefings.languages.bylines import byline_words
from briefings.languages.uncased import uncased_months
from briefings.model import SectionKind
from briefings.phrases import PhraseTable, compile_any, fold
from briefings.sources.bylines import Bylines
from briefings.sources.datelines import Calendar, is_day_first
from briefings.sources.furniture_shapes import MOST_WORDS, has_furniture_shape

#: Longer lines, in characters, are paragraphs and are not examined.
_LONGEST_CHARACTERS = 1_000
#: From this number of words on, a line with a full stop is a sentence.
_SENTENCE = 10
#: A sentence with this many points asks the reader for something. A sure phrase has two points, a hint has one.
_POINTS_OF_SENTENCE = 3
_FULL_STOPS = (".", "!", "?", "”", '"', "»")
_LABEL_CHARACTERS = 40
_TOPIC_WORDS = 3
_FEWEST_SECTIONS, _MOST_SECTIONS = 3, 12
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Furniture:
    """The furniture of pages in one language (and English, which is everywhere)."""

    whole: re.Pattern[str]
    start: re.Pattern[str]
    anywhere: PhraseTable[str]
    hints: PhraseTable[str]
    lives: PhraseTable[str]
    media: re.Pattern[str]
    sponsor: re.Pattern[str]
    related: re.Pattern[str]
    end: re.Pattern[str]
    closing: re.Pattern[str]
    tagline: PhraseTable[str]
    summary: PhraseTable[str]
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
        if self._is_menu(line):
            return True
        if self.whole.fullmatch(folded) or self.calendar.is_dateline(line) or self.is_media_label(line):
            return True
        return self.pleads(line)

    def _is_menu(self, line: str) -> bool:
        """Whether the line is a row of a site's sections: "Politics Business Science Culture"."""
        sections = line.split()
        return _FEWEST_SECTIONS <= len(sections) <= _MOST_SECTIONS and all(
            section[0].isupper() and self.whole.fullmatch(fold(section)) for section in sections
        )

    def pleads(self, line: str) -> bool:
        """Whether the line asks the reader for something: to subscribe, to click, to accept. A paragraph does not."""
        folded = fold(line[:_LONGEST_CHARACTERS])
        if folded.count(" ") >= MOST_WORDS:
            return False
        # "Get the latest" begins a sign-up line, but "Get the vote out" begins a sentence, and a privacy policy can be
        # in the news. One such word is not enough to reject a full sentence. Two are.
        is_sentence = folded.count(" ") >= _SENTENCE and line.endswith(_FULL_STOPS)
        sure = bool(self.start.match(folded)) + len(self.anywhere.matches(folded))
        if not sure and not is_sentence:
            return False
        if sure >= 1 + is_sentence:
            return True
        return 2 * sure + len(self.hints.matches(folded)) >= _POINTS_OF_SENTENCE

    def addresses_reader(self, line: str) -> bool:
        """Whether the line may address the reader: it names things that pages ask for or offer."""
        folded = fold(line)
        return bool(self.start.match(folded) or self.anywhere.matches(folded) or self.hints.matches(folded))

    def tells_of_author(self, words: str) -> bool:
        """Whether words after a name describe an author's work: "is a reporter who covers courts"."""
        return bool(self.lives.matches(fold(words)))

    def is_media_label(self, line: str) -> bool:
        """Whether the line offers something to watch or listen to: "Watch: the storm", "VIDEO 04:12"."""
        label, colon, _ = line.partition(":")
        return (
            bool(colon) and len(label) < _LABEL_CHARACTERS and bool(self.media.fullmatch(fold(_DIGITS.sub("", label))))
        )

    def is_player(self, line: str) -> bool:
        """Whether the line is the label of a player, whose caption follows: "Video", "Now playing"."""
        return len(line) < _LABEL_CHARACTERS and bool(self.media.fullmatch(fold(_DIGITS.sub("", line))))

    def is_related_label(self, line: str) -> bool:
        """Whether the line introduces a list of other stories."""
        if len(line) > _LONGEST_CHARACTERS:
            return False
        folded = fold(line)
        return folded.count(" ") < 8 and bool(self.related.fullmatch(folded))

    def is_summary_label(self, line: str) -> bool:
        """Whether the line introduces a list with the main points: "Key points", "In brief"."""
        if len(line) > _LABEL_CHARACTERS or line.endswith("?"):
            return False
        return bool(self.summary.matches(fold(line)))

    def pointed_at(self, line: str) -> str | None:
        """The headline in a line such as "Read more: Another story", or None."""
        label, colon, title = line.partition(":")
        is_pointer = colon and len(label) < _LABEL_CHARACTERS and self.is_related_label(label)
        return title.strip() or None if is_pointer and not _lists_topics(title) else None

    def is_sponsor_label(self, line: str) -> bool:
        """Whether the line introduces an advertisement: "A word from our sponsor"."""
        return len(line) < _LABEL_CHARACTERS and bool(self.sponsor.fullmatch(fold(line)))

    def is_end(self, line: str) -> bool:
        """Whether the line begins the part below an article: readers' comments, the closing of a letter."""
        if len(line) > _LONGEST_CHARACTERS:
            return False
        folded = fold(line)
        return folded.count(" ") < 12 and bool(self.end.match(folded) or self.closing.match(folded))

    def is_closing(self, line: str) -> bool:
        """Whether the line closes a letter, above its author's name: "Best regards"."""
        return len(line) < _LABEL_CHARACTERS and bool(self.closing.match(fold(line)))

    def is_tagline(self, line: str) -> bool:
        """Whether the last line of a page is the site's own motto."""
        first = next((char for char in line if char.isalnum()), "")
        return first.islower() or len(self.tagline.matches(fold(line))) >= 2

    def with_order_of_dates(self, text: str, region: str | None = None) -> Furniture:
        """The same, with the order of day and month in dates with slashes as the page's other dates show it.

        Args:
            region: The country of the page's language, which tells the order if no date does.
        """
        order = is_day_first(text, region if self.calendar.is_day_first is None else None)
        if order is None or order is self.calendar.is_day_first:
            return self
        calendar = replace(self.calendar, is_day_first=order)
        return replace(self, calendar=calendar, bylines=replace(self.bylines, calendar=calendar))


@cache
def furniture(code: str | None) -> Furniture:
    """The furniture of pages in the language ``code``. None for an unknown language."""
    known = list(languages.around(code))
    asked = appeals(code)
    words = byline_words(code)

    def patterns(place: str) -> re.Pattern[str]:
        return compile_any(tuple(row for tongue in known for row in tongue.furniture.get(place, ())))

    months = {name: month for tongue in reversed(known) for name, month in tongue.months.items()} | uncased_months()
    weekdays = frozenset().union(*(tongue.weekdays for tongue in known))
    calendar = Calendar(months, weekdays | months.keys(), is_day_first=None if code in {None, "en"} else True)
    return Furniture(
        whole=patterns("whole"),
        start=patterns("start"),
        anywhere=PhraseTable(
            {tongue.code: tongue.furniture.get("anywhere", ()) for tongue in known}
            | {f"{tongue} asks": each.asks for tongue, each in asked.items()}
        ),
        hints=PhraseTable({tongue: each.hints for tongue, each in asked.items()}),
        lives=PhraseTable({tongue: each.lives for tongue, each in asked.items()}),
        media=compile_any(tuple(row for each in asked.values() for row in each.media)),
        sponsor=compile_any(tuple(row for each in asked.values() for row in each.sponsor)),
        related=patterns("related"),
        end=patterns("end"),
        closing=patterns("closing"),
        tagline=PhraseTable({tongue.code: tongue.furniture.get("tagline", ()) for tongue in known}),
        summary=PhraseTable({tongue.code: tongue.headings.get(SectionKind.SUMMARY, ()) for tongue in known}),
        calendar=calendar,
        bylines=Bylines(patterns("byline"), words.roles, words.desks, words.labels, calendar),
    )


def _lists_topics(title: str) -> bool:
    """Whether a title is a list of topics: "Olive Oil, Farming"."""
    topics = title.split(",")
    return len(topics) > 1 and all(len(topic.split()) <= _TOPIC_WORDS for topic in topics)
