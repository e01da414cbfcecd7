"""The lines of a pasted page, and the kind of each judged on its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

from briefings.sources.bylines import names
from briefings.sources.facts import find_fact_rows
from briefings.sources.furniture import Furniture
from briefings.sources.furniture_shapes import is_caption
from briefings.sources.wrapping import paragraphs

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
# Scripts without blanks between words. Two characters count as one word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
# A dash or star needs a blank after it: "-12 degrees" is not a list item.
_BULLET = re.compile(r"(?:[•●▪◦‣·►▶✓]\s*|[*–—+-]\s+|o\s+(?=[A-Z]))(?=\S)")
#: A pictograph, of one or more code points, as a bullet of a message in a chat: "🔹 ", "1️⃣ ".
PICTOGRAPH = re.compile(
    "(?:[\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff][\ufe0f\u200d]{0,2}){1,6}\\s*(?=\\S)"
    "|[0-9#*]\ufe0f?\u20e3\\s*(?=\\S)"
)
# A speech that begins with a dash instead of a quotation mark: "– It is cold – says Ann Lee."
_SPOKEN = re.compile(r"[–—] ?[^\W\d_].{0,400}?[^\s–—-] [–—] [^\W\d_A-Z]")
_NUMBERED = re.compile(r"(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]\s+(?=\S)")
_QUOTED = re.compile(r">+\s*(?=\S)")
_CLOSERS = "\"'”’»“‘«)]*"
_ENDS = (".", "!", "?", "…", "。", "！", "？")
_OPEN_ENDS = (",", ";", "—", "–")
# Shorter lines are tags or a menu.
_FEWEST_OF_VERSE = 3
_INNER_STOP = re.compile(r"[.!?…][\"”’»)]*\s+[\"“‘«(]*[^\W\d_]")
_PAUSE = re.compile(r"[,;:.–—] ")
_PROSE_WORDS = 9
# The end of an embedded post.
_POST_LINK = re.compile(r"(?:https://t\.co|pic\.twitter\.com)/\w+$")
_PARAGRAPH_WORDS = 60
_LONGEST_NAME = 60


class Shape(Enum):
    """The kind of a line, judged by its look."""

    PROSE = "prose"  # a sentence or several
    REMARK = "remark"  # a sentence of a few words
    SHORT = "short"  # words without a full stop: a headline, a heading, a label
    ITEM = "item"  # a bullet and what follows it
    FACT = "fact"  # a row of facts: "Kick-off: 20:45"
    QUOTE = "quote"  # marked with > as in mail
    JUNK = "junk"  # the page's furniture
    LABEL = "label"  # "Related stories", and what follows is a list of them
    POINTER = "pointer"  # "Related: another story"
    END = "end"  # "12 comments", "About the author": below it the article does not go on


#: Kinds of lines whose text does not belong to the article.
AROUND = frozenset({Shape.JUNK, Shape.POINTER, Shape.END})
_MAY_BE_FACTS = frozenset({Shape.SHORT, Shape.REMARK, Shape.JUNK})
#: What a quotation begins with.
OPENING_MARKS = tuple("\"“”„«»‘❝'")
#: The largest number of words of a heading, and of a title.
HEADING_WORDS = 16
TITLE_WORDS = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text that contains words.

    Attributes:
        text: The text without bullet or quote mark.
        words: The number of words.
        is_apart: Whether a blank line is above it.
    """

    text: str
    shape: Shape
    words: int
    is_apart: bool
    is_bulleted: bool = False

    @property
    def is_question(self) -> bool:
        """Whether it ends with a question mark."""
        return self.text.rstrip(_CLOSERS).endswith("?")


def read_lines(text: str, furniture: Furniture) -> list[Line]:
    """The non-empty lines of a normalised ``text``. Hard-wrapped lines are joined."""
    lines: list[Line] = []
    is_apart = True
    for raw in _with_plain_bullets(list(paragraphs(text.split("\n"), furniture.calendar))):
        if not raw:
            is_apart = True
            continue
        lines.append(_line(raw, is_apart, furniture))
        is_apart = False
    return _with_facts(lines, furniture)


def _with_facts(lines: Sequence[Line], furniture: Furniture) -> list[Line]:
    """The lines, with rows of facts marked. The first line is not one, because it may be the title."""
    texts = [line.text if line.shape in _MAY_BE_FACTS else "" for line in lines]
    facts = find_fact_rows(texts, furniture)
    first = next((place for place, line in enumerate(lines) if line.shape not in AROUND), 0)
    return [
        replace(line, shape=Shape.FACT) if place in facts and place > first else line
        for place, line in enumerate(lines)
    ]


def _with_plain_bullets(raw: Sequence[str]) -> Iterator[str]:
    """The lines with bullets for the pictographs before their words. A single one is removed."""
    marks = [PICTOGRAPH.match(line) for line in raw]
    filled = [place for place, line in enumerate(raw) if line]
    listed = {each for pair in pairwise(filled) if all(marks[place] for place in pair) for each in pair}
    for place, (line, mark) in enumerate(zip(raw, marks, strict=True)):
        text = line[mark.end() :] if mark else line
        yield f"• {text}" if place in listed else text


def ends_sentence(text: str) -> bool:
    """Whether ``text`` ends like a sentence, ignoring closing quotes and brackets."""
    return text.rstrip(_CLOSERS).endswith(_ENDS)


def has_inner_stop(text: str) -> bool:
    """Whether a sentence ends within ``text`` and another one follows."""
    return bool(_INNER_STOP.search(text))


def read_on(line: Line, following: Line) -> bool:
    """Whether a short line goes on in the next one, as those of verse do."""
    is_open = line.text.endswith(_OPEN_ENDS) or (following.text[0].islower() and not following.is_apart)
    is_short = line.shape is Shape.SHORT and following.shape in {Shape.SHORT, Shape.REMARK}
    return is_short and is_open and min(line.words, following.words) >= _FEWEST_OF_VERSE


def is_teaser(line: Line) -> bool:
    """Whether the line is the cut beginning of another story in a list."""
    return line.shape is Shape.PROSE and line.text.endswith(("…", "..."))


def is_numbered(text: str) -> bool:
    """Whether ``text`` begins like "1. " or "b) "."""
    return bool(_NUMBERED.match(text))


def _line(raw: str, is_apart: bool, furniture: Furniture) -> Line:
    quoted = _QUOTED.match(raw)
    bullet = None if quoted or _is_spoken(raw) else _BULLET.match(raw)
    mark = quoted or bullet
    text = raw[mark.end() :] if mark else raw
    if _is_attribution(raw):
        text, bullet = raw, None
    if _is_full_stopped_name(text):
        text = text[:-1]
    words = len(_WORD.findall(text)) + len(_UNSPACED.findall(text)) // 2
    return Line(text, _shape(text, words, quoted, bullet, furniture), words, is_apart, bool(bullet))


def _is_spoken(raw: str) -> bool:
    """Whether the line is a speech behind a dash, with its speaker behind another one."""
    spoken = _SPOKEN.match(raw)
    return spoken is not None and raw[spoken.end() - 1].islower() and ends_sentence(raw)


def _is_full_stopped_name(text: str) -> bool:
    """Whether the line is an author with the surname in capitals and a full stop: "Yann LE BIHAN."."""
    *_, surname = text[:_LONGEST_NAME].split() or [""]
    return text.endswith(".") and len(text) < _LONGEST_NAME and surname[:-1].isupper() and names(text[:-1]) == text[:-1]


def _shape(
    text: str, words: int, quoted: re.Match[str] | None, bullet: re.Match[str] | None, furniture: Furniture
) -> Shape:
    if around := _around(text, furniture):
        return around
    if quoted:
        return Shape.QUOTE
    if bullet and words < _PARAGRAPH_WORDS:
        return Shape.ITEM
    is_closed = ends_sentence(text) or text.endswith((":", ";", ","))
    if (
        (is_closed and words >= _PROSE_WORDS)
        or _POST_LINK.search(text)
        or (words >= 14 and _INNER_STOP.search(text))
        or (words >= 20 and _PAUSE.search(text))
    ):
        return Shape.PROSE
    if ends_sentence(text):
        return Shape.REMARK
    return Shape.JUNK if is_caption(text) else Shape.SHORT


def _around(text: str, furniture: Furniture) -> Shape | None:
    """The kind of a line that does not belong to the article. None if it may belong to it."""
    if furniture.pointed_at(text):
        return Shape.POINTER
    if furniture.is_related_label(text):
        return Shape.LABEL
    if furniture.is_end(text):
        return Shape.END
    return Shape.JUNK if furniture.is_junk(text) or furniture.bylines.author(text) else None


def _is_attribution(raw: str) -> bool:
    """Whether the line is a dash and a name, as below a quotation: "— Ann Lee, nurse"."""
    return raw.startswith(("—", "–")) and len(raw) < 90 and raw[1:].strip()[:1].isupper() and not ends_sentence(raw)
