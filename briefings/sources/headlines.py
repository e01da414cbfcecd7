"""Finds headlines of other stories: below a pasted article, in boxes inside it, after "Read more"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from briefings.model import Headline
from briefings.sources.asides import author_told_of
from briefings.sources.assemble import headline
from briefings.sources.bylines import is_person, names
from briefings.sources.furniture import Furniture
from briefings.sources.lines import HEADING_WORDS, TITLE_WORDS, Line, Shape, is_teaser

_FEWEST_WORDS = 3
_JOINED = re.compile(r", | and | und | e | et | y | и | і | & ")
_NAME_WORDS = range(2, 4)
# The outlet after a headline, if several headlines end with the same one.
_OUTLET = re.compile(r" [-–—|·] [A-Z][^-–—|·]{1,40}$")
_TELEPHONE = re.compile(r"(?:\+|\(0|\b0)\d[\d()/ .-]{5,}\d")
# Fewer words below an article may be its topic: "South East Asia".
_FEWEST_UNLABELLED_WORDS = 4


def boxed_headlines(lines: Sequence[Line], place: int, known: Furniture) -> tuple[list[Headline], int]:
    """The headlines of a box of other stories, and the place where the article continues."""
    end = place
    while end < len(lines) and (lines[end].shape is not Shape.PROSE or is_teaser(lines[end])):
        end += 1
    inner = list(lines[place:end])
    if len(inner) > 1 and end < len(lines) and _is_heading_below_box(inner, lines[end]):
        end -= 1
        inner.pop()
    return _headlines(inner, known), end


def _is_heading_below_box(inner: Sequence[Line], text: Line) -> bool:
    """Whether the last line of a box is the heading of the ``text`` below it."""
    last, above = inner[-1], inner[-2]
    if last.shape is Shape.JUNK or last.words > HEADING_WORDS:
        return False
    stands_out = last.is_bulleted != above.is_bulleted or (last.is_apart and not above.is_apart)
    is_parted = text.is_apart and not last.is_apart
    return stands_out or (last.is_question and not is_parted and not any(line.is_question for line in inner[:-1]))


def trailing_headlines(lines: Sequence[Line], known: Furniture) -> list[Headline]:
    """The headlines below the article: those below a label, or else a run of at least two.

    Whom to telephone, and the lines above and between the numbers, are none.
    """
    if lines and known.is_tagline(lines[-1].text):
        lines = lines[:-1]
    pointed = [item for line in lines for item in pointed_headlines(line, known)]
    labels = [i for i, line in enumerate(lines) if line.shape is Shape.LABEL]
    if labels:
        return [*pointed, *_headlines(_listed(lines[labels[0] + 1 :]), known)]
    runs: list[list[Line]] = [[]]
    for line in lines:
        if _TELEPHONE.search(line.text):
            runs[-1].clear()
        elif line.words >= _FEWEST_UNLABELLED_WORDS and _is_headline(line):
            runs[-1].append(line)
        elif line.shape in {Shape.JUNK, Shape.END}:
            runs.append([])
    longest = max(runs, key=len)
    return [*pointed, *(_headlines(longest, known) if len(longest) > 1 else [])]


def _listed(lines: Sequence[Line]) -> list[Line]:
    """The lines below labels, without readers' comments. A count of comments belongs to the headline above it."""
    kept: list[Line] = []
    is_listed = True
    for line in lines:
        is_end = line.shape is Shape.END and not any(map(str.isdigit, line.text))
        is_listed = line.shape is Shape.LABEL or (is_listed and not is_end)
        if is_listed:
            kept.append(line)
    return kept


def pointed_headlines(line: Line, known: Furniture) -> list[Headline]:
    """The headline after "Read more:", if the line has one."""
    title = known.pointed_at(line.text) if line.shape is Shape.POINTER else None
    found = headline(title) if title and not known.is_junk(title) else None
    return [found] if found else []


def _headlines(lines: Sequence[Line], known: Furniture) -> list[Headline]:
    """The stories that lines name, without the date, section and outlet that pages attach to them."""
    texts = [line.text for line in lines if _is_headline(line) and not _names_author(line.text, known)]
    texts = [text for text in texts if not text.endswith(".")] or texts
    bare = [_without_section(text, known) for text in texts]
    endings = [match.group() if (match := _OUTLET.search(text)) else "" for text in bare]
    outlets = {ending for ending, count in Counter(endings).items() if count > 1}
    cut = (text.removesuffix(ending if ending in outlets else "") for text, ending in zip(bare, endings, strict=True))
    return [found for text in cut if len(text.split()) >= _FEWEST_WORDS and (found := headline(text))]


def _names_author(text: str, known: Furniture) -> bool:
    """Whether a line in a list of stories names the author of one: "Ann Lee", "Bo Ek and Cy Day"."""
    if author_told_of(text, known):
        return True
    parts = _JOINED.split(text)
    is_joined = len(parts) > 1 and all(names(part) == part and len(part.split()) in _NAME_WORDS for part in parts)
    return is_joined or is_person(text)


def _is_headline(line: Line) -> bool:
    first = next((char for char in line.text if char.isalnum()), "a")
    return (
        line.shape in {Shape.SHORT, Shape.ITEM, Shape.REMARK}
        and _FEWEST_WORDS <= line.words <= TITLE_WORDS
        and not first.islower()
    )


def _without_section(text: str, known: Furniture) -> str:
    """A headline without its date or time and, if it had one, without its section: "World Rain sets records"."""
    bare = known.calendar.without_date(text)
    section, blank, title = bare.partition(" ")
    is_glued = bare != text and blank and title[0].isupper() and known.is_junk(section)
    return title if is_glued else bare
