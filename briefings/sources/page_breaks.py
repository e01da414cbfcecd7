"""Removes page numbers and running heads from text that was copied from a PDF, where they interrupt sentences."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from briefings.sources.wrapping import MOST_WIDTH

# "- 14 -", "Page 3 of 9", "14". Numbers of four digits may be years.
_PAGE_NUMBER = re.compile(
    r"\W{0,9}(?:(?:page|seite|pagina|página|strona|стр|p|s)\W{1,3})?(\d{1,3})"
    r"(?: ?(?:/|of|von|di|de|sur|z|из|з) ?\d{1,3})?\W{0,9}",
    re.IGNORECASE,
)
# The page number at one end of a running head: "THE REVIEW · ISSUE 88 14", "14 | The Review".
_FIRST_NUMBER = re.compile(r"(\d{1,3})\b(?=\W)")
_LAST_NUMBER = re.compile(r"(?<=\W)(\d{1,3})\Z")
_LONGEST_HEAD = 100
_FEWEST_WORDS = 2
# Empty lines above a running head.
_MOST_EMPTY = 4
_ENDS = (".", "!", "?", "…", ":", "”", '"', "»")


def without_page_breaks(text: str) -> str:
    """A normalised text without page numbers and running heads, if it has several pages."""
    lines = text.split("\n")
    numbers = set().union(*_consecutive(_page_numbers(lines)))
    numbered = set().union(*(head for head in _consecutive(_numbered_heads(lines)) if _breaks_text(lines, head)))
    heads = _repeated_beside(lines, numbers)
    marks = numbers | numbered | {place for place, line in enumerate(lines) if line in heads}
    kept, is_within_sentence = _without(lines, marks)
    return "\n".join(kept).strip("\n") if is_within_sentence or numbered else text


def _page_numbers(lines: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Lines that contain only a page number: nothing, the number, and the place."""
    for place, line in enumerate(lines):
        if len(line) < _LONGEST_HEAD and (match := _PAGE_NUMBER.fullmatch(line)):
            yield "", int(match[1]), place


def _numbered_heads(lines: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Short lines with a number at one end: the words without it, the number, and the place."""
    for place, line in enumerate(lines):
        if len(line) > _LONGEST_HEAD or line.endswith(_ENDS):
            continue
        match = _LAST_NUMBER.search(line) or _FIRST_NUMBER.match(line)
        words = line[: match.start()] + line[match.end() :] if match else ""
        if match and len(words.split()) >= _FEWEST_WORDS:
            yield words, int(match[1]), place


def _consecutive(found: Iterable[tuple[str, int, int]]) -> list[set[int]]:
    """The places of lines with the same words whose numbers count up by one, as those of pages do."""
    alike: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for words, number, place in found:
        alike[words].append((number, place))
    return [
        {
            place
            for (number, above), (following, below) in pairwise(each)
            if following == number + 1
            for place in (above, below)
        }
        for each in alike.values()
    ]


def _breaks_text(lines: Sequence[str], places: set[int]) -> bool:
    """Whether one of the lines is below a line that does not end a sentence. Headings such as "Day 1" are not.

    Lines below each other are a list.
    """
    near = (range(place - 1, max(place - 1 - _MOST_EMPTY, -1), -1) for place in places)
    above = [next((i for i in each if lines[i]), None) for each in near]
    is_list = any(place in places for place in above)
    return not is_list and any(place is not None and not lines[place].endswith(_ENDS) for place in above)


def _repeated_beside(lines: Sequence[str], numbers: set[int]) -> set[str]:
    """The short lines next to page numbers that the text has more than once: running heads."""
    filled = [place for place, line in enumerate(lines) if line]
    beside = {
        lines[one]
        for pair in pairwise(filled)
        for one, other in (pair, pair[::-1])
        if other in numbers and one not in numbers
    }
    counts: dict[str, int] = defaultdict(int)
    for place in filled:
        if lines[place] in beside:
            counts[lines[place]] += 1
    return {line for line, count in counts.items() if count > 1 and len(line) < _LONGEST_HEAD}


def _without(lines: Sequence[str], marks: set[int]) -> tuple[list[str], bool]:
    """The lines without marks, and whether one of them is within a sentence.

    The sentence continues in the next line or, if its beginning is longer than a wrapped line, in the same line.
    """
    kept: list[str] = []
    is_broken = is_within_sentence = False
    for place, line in enumerate(lines):
        if place in marks:
            is_broken = True
        elif not line or not is_broken:
            kept.append(line)
        else:
            is_broken = False
            is_within_sentence |= _continue(kept, line)
    return kept, is_within_sentence


def _continue(kept: list[str], line: str) -> bool:
    """Adds the first line behind a page break, and returns whether the sentence above runs on in it."""
    above = len(kept)
    while above and not kept[above - 1]:
        above -= 1
    runs_on = above > 0 and line[0].islower() and not kept[above - 1].endswith(_ENDS)
    if runs_on:
        del kept[above:]
        if len(kept[-1]) > MOST_WIDTH:
            line = f"{kept.pop()} {line}"
    kept.append(line)
    return runs_on
