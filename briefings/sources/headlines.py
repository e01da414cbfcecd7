"""The headlines of other stories: below a pasted article, in boxes inside it, behind "Read more"."""

from __future__ import annotations

from collections.abc import Sequence

from briefings.model import Headline
from briefings.sources.assemble import headline
from briefings.sources.furniture import Furniture
from briefings.sources.lines import HEADING_WORDS, TITLE_WORDS, Line, Shape

_FEWEST_WORDS = 3
# Three words below an article may be its topic: "South East Asia".
_FEWEST_UNLABELLED_WORDS = 4


def boxed_headlines(lines: Sequence[Line], place: int) -> tuple[list[Headline], int]:
    """The headlines of a box of other stories, and where the article goes on."""
    end = place
    while end < len(lines) and lines[end].shape is not Shape.PROSE:
        end += 1
    inner = list(lines[place:end])
    if len(inner) > 1 and end < len(lines) and _is_heading_below_box(inner):
        end -= 1
        inner.pop()
    return [found for line in inner if (found := _as_headline(line))], end


def _is_heading_below_box(inner: Sequence[Line]) -> bool:
    last, above = inner[-1], inner[-2]
    if last.shape is Shape.JUNK or last.words > HEADING_WORDS:
        return False
    stands_out = last.is_bulleted != above.is_bulleted or (last.is_apart and not above.is_apart)
    return stands_out or (last.is_question and not any(line.is_question for line in inner[:-1]))


def trailing_headlines(lines: Sequence[Line], known: Furniture) -> list[Headline]:
    """The headlines below the article: those under a label, or else a run of at least two."""
    if lines and known.is_tagline(lines[-1].text):
        lines = lines[:-1]
    pointed = [item for line in lines for item in pointed_headlines(line, known)]
    labels = [i for i, line in enumerate(lines) if line.shape is Shape.LABEL]
    if labels:
        return [*pointed, *(item for line in lines[labels[0] + 1 :] if (item := _as_headline(line)))]
    runs: list[list[Headline]] = [[]]
    for line in lines:
        if line.words >= _FEWEST_UNLABELLED_WORDS and (item := _as_headline(line)):
            runs[-1].append(item)
        elif line.shape in {Shape.JUNK, Shape.END}:
            runs.append([])
    longest = max(runs, key=len)
    return [*pointed, *(longest if len(longest) > 1 else [])]


def pointed_headlines(line: Line, known: Furniture) -> list[Headline]:
    """The headline behind "Read more:", if the line points at one."""
    title = known.pointed_at(line.text) if line.shape is Shape.POINTER else None
    found = headline(title) if title else None
    return [found] if found else []


def _as_headline(line: Line) -> Headline | None:
    first = next((char for char in line.text if char.isalnum()), "a")
    is_one = (
        line.shape in {Shape.SHORT, Shape.ITEM, Shape.REMARK}
        and _FEWEST_WORDS <= line.words <= TITLE_WORDS
        and not first.islower()
    )
    return headline(line.text) if is_one else None
