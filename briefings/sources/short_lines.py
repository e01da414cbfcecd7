"""Tells headings of a pasted article from captions, credits, speeches, rows and labels that look like them.

Sections are shown under their headings, so a false one is worse than a missing one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import pairwise

from briefings.languages.names import given_names
from briefings.phrases import fold
from briefings.sources.bylines import names
from briefings.sources.lines import Line, Shape, is_numbered

# From these numbers of words on, a line is long, and one in capitals is the headline of another story.
_LONG, _LONG_CAPITALS = 13, 8
# So many lines with the same doubt are headings of a list: of products, of persons.
_FEWEST_ALIKE = 3
_SPEAKER_WORDS = 4
_FEWEST_SPEECHES = 2
_BRACKETS = "([›"
_PARTICLE = 3
# The label of a question or an answer: "Q: When?", "A: On Friday".
_LETTER = re.compile(r"[^\W\d_]: ")
# "9,310 Views", "View all (4)", "Swimming cats (3:04)", "Heritage d. Titusville 53-9". "The Flood (2019)" has a year.
_COUNT = re.compile(
    r"\A(?:[\d.,]+[KkMm]? [^\W\d_]+|.*\((?!(?:19|20)\d\d\))\d{1,4}(?::\d\d)?\)|.*[^\W\d_] \d{1,3}[-–:]\d{1,3})"
)


class _Doubt(Enum):
    """What a caption or the headline of another story looks like, and a heading seldom."""

    LONG = auto()
    PLACE = auto()  # "OSLO, NORWAY"
    PERSON = auto()  # "Ann Lee at the quay"


class ShortLines:
    """The short lines of an article, judged by how they look, by the lines around them and by their company."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._said = Counter(line.text for line in lines)
        self._spoken = _dialogue(lines)
        self._asking = {line.text[0] for line in lines if line.is_question and _LETTER.match(line.text)}
        shorts = (line for line in lines if line.shape is Shape.SHORT)
        self._doubts = Counter(doubt for line in shorts for doubt in _doubts_of(line))

    def may_head(self, place: int) -> bool:
        """Whether the line at ``place`` may be a heading."""
        line = self._lines[place]
        is_answer = _LETTER.match(line.text) is not None and line.text[0] not in self._asking
        if place in self._spoken or self._said[line.text] > 1 or is_answer:
            return False
        if is_numbered(line.text):
            return True
        if self.stands_above_furniture(place) or self._is_beside_heading(place):
            return False
        is_doubtful = any(self._doubts[doubt] < _FEWEST_ALIKE for doubt in _doubts_of(line))
        is_shouted = line.words >= _LONG_CAPITALS and line.text.isupper() and not line.is_question
        return not (is_doubtful or is_shouted or _is_continued(line.text) or _COUNT.fullmatch(line.text))

    def introduces(self, place: int) -> bool:
        """Whether the line at ``place`` ends with a colon and leads to the paragraph below it."""
        below = self._lines[place + 1 : place + 2]
        return self._lines[place].text.endswith(":") and not (below and below[0].shape is Shape.ITEM)

    def stands_above_furniture(self, place: int, *, touching: bool = False) -> bool:
        """Whether the line is above furniture, as the caption of a credit is, and the name of an account.

        Args:
            touching: Whether it counts only without an empty line in between, and above words: "★★★" is part of a text.
        """
        below = self._lines[place + 1 : place + 2]
        if not below or below[0].shape is not Shape.JUNK:
            return False
        return not touching or (not below[0].is_apart and any(map(str.isalpha, below[0].text)))

    def _is_beside_heading(self, place: int) -> bool:
        """Whether a line beside a short one is less of a heading: it has no number, or is of a picture.

        A line about a person above another short line is a caption, and the owner of a picture stands below one.
        """
        line = self._lines[place]
        above = [other for other in self._lines[max(place - 1, 0) : place] if other.shape is Shape.SHORT]
        below = [other for other in self._lines[place + 1 : place + 2] if other.shape is Shape.SHORT]
        if any(is_numbered(other.text) for other in (*above, *below)):
            return True
        if below and names_person(line.text) and not names_person(below[0].text):
            return True
        return any(_credits(line, other) for other in above) or any(_credits(other, line) for other in below)


def _doubts_of(line: Line) -> Iterator[_Doubt]:
    if line.is_question:
        return
    if line.words >= _LONG:
        yield _Doubt.LONG
    if line.text.isupper() and ", " in line.text:
        yield _Doubt.PLACE
    if _begins_with_person(line.text) and ":" not in line.text:
        yield _Doubt.PERSON


def names_person(text: str) -> bool:
    """Whether a common first name and a surname stand in the line."""
    words = re.findall(r"[^\W\d_]+", text)
    return any(one[0].isupper() and fold(one) in given_names() and other[0].isupper() for one, other in pairwise(words))


def _begins_with_person(text: str) -> bool:
    first, _, rest = text.partition(" ")
    return rest[:1].isupper() and fold(first) in given_names()


def _dialogue(lines: Sequence[Line]) -> set[int]:
    """The places of the speeches of a dialogue, each with its speaker: "CHAIR: When?", "CLERK: On Friday."."""
    speakers = [_speaker(line.text) for line in lines]
    count = Counter(name for name in speakers if name)
    found: set[int] = set()
    for place, (one, other) in enumerate(pairwise(speakers)):
        if one and other and one != other and max(count[one], count[other]) >= _FEWEST_SPEECHES:
            found |= {place, place + 1}
    return found


def _speaker(text: str) -> str | None:
    """The speaker before a colon. A single letter, as in "Q: Who pays?", names none."""
    name, colon, said = text.partition(": ")
    is_name = bool(colon and said) and len(name.split()) <= _SPEAKER_WORDS and name[:1].isupper() and len(name) > 1
    return name if is_name else None


def _credits(line: Line, above: Line) -> bool:
    """Whether a line directly below a caption names the owner of the picture: "University of Wenmouth"."""
    lower = sum(word.islower() and len(word) >= _PARTICLE for word in above.text.split())
    return lower > 1 and not line.is_apart and names(line.text) == line.text


def _is_continued(text: str) -> bool:
    """Whether a line is the rest of another one or a remark in brackets. "iPhone" begins with a small letter."""
    is_bracketed = text[0] in _BRACKETS or (text[0] == "»" and text[-1] != "«")
    return is_bracketed or (text[0].islower() and not text[1:2].isupper())
