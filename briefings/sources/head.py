"""Reads the head of a pasted article: title, standfirst, author and date."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from briefings.languages.names import given_names
from briefings.phrases import fold
from briefings.sources.bylines import names
from briefings.sources.furniture import Furniture
from briefings.sources.lines import AROUND, HEADING_WORDS, TITLE_WORDS, Line, Shape, ends_sentence, is_numbered

_CAPTION_WORDS = 9
_DECK_WORDS = 5
_KICKER_WORDS = 3
_SENTENCE_TITLE_WORDS = 18
_SIGNED_BELOW = 3
# The largest distance of a title above the author or date, and the score for it.
_ABOVE_SIGNATURE = 4
_FAR_ABOVE_SIGNATURE = 12
_MOST_DECK_WORDS = 45
_SIGNED_GAIN = 1.0
# An entry of a live page begins with its time.
_ENTRY = re.compile(r"\d{1,2}[:.h]\d{2}\b")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an article, and the place where the body begins."""

    title: str | None
    standfirst: str | None
    author: str | None
    day: date | None
    body_at: int


def read_head(lines: Sequence[Line], start: int, end: int, known: Furniture) -> Head:
    """The head of the article in ``lines[start:end]``. Its title may be above ``start``."""
    title_at = _title_at(lines, start, end, known)
    body_at = start if title_at is None else max(start, title_at + 1)
    standfirst_at = None if title_at is None else _standfirst_at(lines, title_at, end, known)
    if standfirst_at is not None:
        body_at = max(body_at, standfirst_at + 1)
    if title_at is not None:
        while body_at < end and (lines[body_at].shape is Shape.JUNK or _is_of_head(lines[body_at], known)):
            if _stands_above_list(lines, body_at):
                break
            body_at += 1
    above = lines[: body_at + 1]
    below_title = above if title_at is None else lines[title_at + 1 : body_at + 1]
    # Some pages show the author and the date below the first paragraph.
    signed = [line for line in lines[body_at + 1 : body_at + 1 + _SIGNED_BELOW] if line.shape is Shape.JUNK]
    dated = [line for line in [*above, *signed] if line.shape is Shape.JUNK]
    return Head(
        title=None if title_at is None else lines[title_at].text,
        standfirst=None if standfirst_at is None else lines[standfirst_at].text,
        author=_author(below_title, known) or _author(above, known) or _author(signed, known),
        day=next(filter(None, (known.calendar.day(line.text) for line in dated)), None),
        body_at=body_at,
    )


def _title_at(lines: Sequence[Line], start: int, end: int, known: Furniture) -> int | None:
    """The place of the title. It is above the first prose and shares words with the text."""
    signed = _places_above_signature(lines[:end], known)
    prose = next(
        (i for i in range(start, end) if lines[i].shape is Shape.PROSE and not _is_long_title(i, lines, signed)), end
    )
    body = set(fold(" ".join(line.text for line in lines[prose:end])).split())
    candidates = [
        i
        for i in range(prose)
        if _may_be_title(lines[i]) or _is_long_title(i, lines, signed) or _is_labelled_title(i, lines, signed)
    ]
    if not candidates and prose + 1 < end and _is_sentence_title(lines, prose):
        return prose
    counts = Counter(line.text for line in lines[:prose])

    def score(place: int) -> tuple[float, int]:
        line = lines[place]
        score = _title_score(line, prose - place, counts[line.text] > 1, body)
        return score + _SIGNED_GAIN * (place in signed), -place

    best = max(candidates, key=score, default=None)
    # Of two consecutive lines the upper one is the title and the lower one its standfirst, unless the
    # upper one is so short that it must be a topic.
    is_below = best is not None and best - 1 in candidates and (best - 1 in signed or best not in signed)
    if best is not None and is_below and lines[best - 1].words > _KICKER_WORDS:
        return best - 1
    return best


def _places_above_signature(lines: Sequence[Line], known: Furniture) -> set[int]:
    """The places of lines that are followed by the author or date within a few lines, as titles are."""
    found: set[int] = set()
    for place, line in enumerate(lines):
        if line.shape is Shape.JUNK and _signs(line.text, known):
            above = [i for i in range(max(0, place - _FAR_ABOVE_SIGNATURE), place) if lines[i].shape is not Shape.JUNK]
            found.update(_short_ones(lines, above[-_ABOVE_SIGNATURE:]))
    return found


def _short_ones(lines: Sequence[Line], places: Sequence[int]) -> Iterator[int]:
    """The places, from the last upwards, while their lines are not longer than a standfirst."""
    for place in reversed(places):
        if lines[place].words > _MOST_DECK_WORDS:
            return
        yield place


def _is_long_title(place: int, lines: Sequence[Line], signed: set[int]) -> bool:
    """Whether a line that looks like a sentence is a title: short enough, and followed by an author or date."""
    line = lines[place]
    return line.shape is Shape.PROSE and line.words <= TITLE_WORDS and place in signed and not line.is_bulleted


def _is_labelled_title(place: int, lines: Sequence[Line], signed: set[int]) -> bool:
    """Whether a line that seems to point to another story is a title: "The Latest: man held" above an author."""
    return lines[place].shape is Shape.POINTER and place in signed


def _may_be_title(line: Line) -> bool:
    is_short = line.shape in {Shape.SHORT, Shape.REMARK} and 1 < line.words <= TITLE_WORDS
    return is_short and not line.is_bulleted and not _ENTRY.match(line.text) and not line.text.endswith(":")


def _is_sentence_title(lines: Sequence[Line], place: int) -> bool:
    """Whether a first line that is a whole sentence is still a title."""
    line, following = lines[place], lines[place + 1]
    is_shorter = line.words <= _SENTENCE_TITLE_WORDS and line.words < following.words
    is_unique = all(other.text != line.text for other in lines[place + 1 :])
    return is_shorter and following.shape is Shape.PROSE and following.is_apart and is_unique


def _title_score(line: Line, distance: int, is_repeated: bool, body: set[str]) -> float:
    """A score for a line as the title: shared words with the body, some length, near the body, shown twice."""
    words = [word for word in fold(line.text).split() if len(word) > 3]
    shared = sum(word in body for word in words) / max(len(words), 4)
    nearness = 0.5 / (1 + 0.15 * distance)
    return 2 * shared + min(line.words, 8) / 8 + nearness + 0.5 * is_repeated - 0.5 * (line.shape is Shape.REMARK)


def _standfirst_at(lines: Sequence[Line], title_at: int, end: int, known: Furniture) -> int | None:
    """The place of the standfirst: below the title, and separate from the beginning of the story.

    It is separate if furniture (a byline, a date, a share bar) or a name is between the two, if it has no full stop at
    its end, or if it asks questions that headings below ask again.
    """
    places = [i for i in range(title_at + 1, end) if lines[i].shape not in {*AROUND, Shape.LABEL}]
    following = next((i for i in places[1:] if lines[i].shape is Shape.PROSE), None)
    if following is None or places[0] >= following:
        return None
    place = places[0]
    line = lines[place]
    if line.words < 5 or line.is_bulleted or line.text == lines[title_at].text:
        return None
    if line.shape is not Shape.PROSE and (place != title_at + 1 or not _may_be_deck(line, known)):
        return None
    between = lines[place + 1 : following]
    is_signed = bool(between) and between[0].shape is Shape.JUNK and _signs(between[0].text, known)
    if not is_signed and any(not _is_around_head(other, known) for other in between):
        return None
    is_divided = bool(between) and place == title_at + 1
    is_open = not ends_sentence(line.text) and not line.text.endswith(":")
    asks = "?" in line.text and any(
        other.is_question and other.words <= HEADING_WORDS for other in lines[following:end]
    )
    return place if is_divided or is_open or asks else None


def _signs(text: str, known: Furniture) -> bool:
    """Whether a line names the author or the date."""
    return known.bylines.author(text) is not None or known.calendar.is_dateline(text)


def _is_around_head(line: Line, known: Furniture) -> bool:
    """Whether a line may be between a standfirst and the body: furniture, a name, a caption."""
    return line.shape in AROUND or _is_of_head(line, known)


def _may_be_deck(line: Line, known: Furniture) -> bool:
    """Whether a line without a full stop may be a standfirst: not names, not a date, not part of a list."""
    is_bare = not is_numbered(line.text) and names(line.text.partition(",")[0]) is None
    return is_bare and line.words >= _DECK_WORDS and known.calendar.day(line.text) is None


def _is_of_head(line: Line, known: Furniture) -> bool:
    """Whether a line before the first paragraph is a caption or an author's name."""
    if line.shape is not Shape.SHORT or line.is_question:
        return False
    is_name = names(line.text.partition(",")[0]) or known.bylines.credited(line.text)
    return line.words >= _CAPTION_WORDS or is_name is not None


def _stands_above_list(lines: Sequence[Line], place: int) -> bool:
    """Whether a short line is followed by a list, as "Key points" is."""
    return (
        lines[place].shape is Shape.SHORT
        and lines[place + 1 : place + 2] != []
        and lines[place + 1].shape is Shape.ITEM
    )


def _author(head: Sequence[Line], known: Furniture) -> str | None:
    """The author named between title and body: after "by", or on a line with only names."""
    for line in head:
        if name := known.bylines.author(line.text):
            return name
    for line in head:
        if line.shape is Shape.SHORT and (author := names(line.text)) and fold(author.split()[0]) in given_names():
            return author
    for line, following in pairwise(head):
        name, comma, _ = line.text.partition(",")
        is_signed = comma or following.shape in AROUND or known.bylines.is_role(following.text)
        if line.shape is Shape.SHORT and is_signed and (author := names(name)):
            return author
    return next((name for line in head if (name := known.bylines.credited(line.text))), None)
