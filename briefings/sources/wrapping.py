"""Joins lines of text that was wrapped, at a column as in mail or at any word. Each paragraph becomes one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from briefings.sources.datelines import Calendar
from briefings.sources.divided import divides_words, one_line
from briefings.sources.facts import has_label
from briefings.sources.pasted_mail import without_mail_marks

# The width of wrapped text, the smallest number of breaks, and the share of them in the expected place.
_LEAST_WIDTH, MOST_WIDTH = 45, 130
_FEWEST_WRAPS = 3
_SLACK = 2
_LEAST_FULL = 0.8
_MOST_ENDED = 0.4
_LEAST_RUNNING = 0.7
_LEAST_CUT = 0.25
#: A line shorter than this share of the width was ended by its author.
_SHORT = 0.7
_CLOSERS = "\"'”’»)]*"
_ENDS = (".", "!", "?", "…", "。", "！", "？")
_STARTS_ITEM = re.compile(r"(?:[•●▪◦‣·►▶✓]\s*|[*–—+-]\s+|(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]\s+|>+\s*)(?=\S)")


def paragraphs(raw: Sequence[str], calendar: Calendar) -> Iterator[str]:
    """The lines of a text with wrapped lines joined and without mail headers. An empty line separates its parts.

    A text is wrapped if hardly any line had room for the first word of the next, and few lines end a sentence. It is
    also wrapped if many lines end within a sentence, wherever that is.
    """
    groups = without_mail_marks(raw, calendar)
    pairs = [] if _has_whole_paragraphs(groups) else [pair for group in groups for pair in pairwise(group)]
    is_ragged = _is_ragged(pairs)
    width = max((len(line) for pair in pairs for line in pair), default=0)
    broken = _breaks(pairs, width)
    pairs = [(line, following) for line, following in pairs if len(line) >= _SHORT * width]
    full = sum(_is_full(line, following, width) for line, following in pairs)
    is_running = sum(_ends_sentence(line) for line, _ in pairs) < _MOST_ENDED * len(pairs)
    is_wrapped = (
        is_running
        and len(pairs) >= max(_FEWEST_WRAPS, _LEAST_RUNNING * broken)
        and _LEAST_WIDTH <= width <= MOST_WIDTH
        and full > _LEAST_FULL * len(pairs)
    )
    may_divide = divides_words([line for group in groups for line in group])
    for group in groups:
        yield ""
        yield from _joined(group, width, may_divide=may_divide) if is_wrapped or is_ragged else group


def _has_whole_paragraphs(groups: Sequence[Sequence[str]]) -> bool:
    """Whether most of the text is in paragraphs of one line that is longer than wrapped ones: no program wrapped it."""
    whole = sum(len(group[0]) for group in groups if len(group) == 1 and len(group[0]) > MOST_WIDTH)
    return whole * 2 > sum(len(line) for group in groups for line in group)


def _is_ragged(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether most line ends without a full stop are within sentences, and the lines are too long for a list."""
    cut = [max(map(len, pair)) for pair in pairs if _is_within_sentence(*pair)]
    open_ends = sum(not _ends_sentence(line) for line, _ in pairs)
    is_most = len(cut) >= max(_FEWEST_WRAPS, _LEAST_RUNNING * open_ends, _LEAST_CUT * len(pairs))
    return is_most and sum(cut) >= _LEAST_WIDTH * len(cut)


def _is_within_sentence(line: str, following: str) -> bool:
    return following[0].islower() and not _ends_sentence(line)


def _breaks(pairs: Sequence[tuple[str, str]], width: int) -> int:
    """The number of line ends, without those of the title and author above the text and of whole paragraphs."""
    is_long = [len(line) >= _SHORT * width for line, _ in pairs]
    first = is_long.index(True) if True in is_long else 0
    text = zip(pairs[first:], is_long[first:], strict=True)
    return sum(long or not _ends_sentence(line) for (line, _), long in text)


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether a line had no room for the first word of the next, or ends with a part of it."""
    return (line[-1:] == "-" and following[:1].islower()) or len(line) + 1 + len(
        following.split(" ", 1)[0]
    ) > width - _SLACK


def _joined(group: list[str], width: int, *, may_divide: bool) -> Iterator[str]:
    paragraph: list[str] = []
    is_listed = len(group) > 1 and all(map(has_label, group))
    for line, following in zip(group, [*group[1:], ""], strict=True):
        if paragraph and (_STARTS_ITEM.match(line) or is_listed):
            yield one_line(paragraph, may_divide=may_divide)
            paragraph = []
        paragraph.append(line)
        is_cut = len(line) < _SHORT * width or _ends_sentence(line)
        is_over = is_cut and not _is_full(line, following, width)
        if following and is_over and not _is_within_sentence(line, following):
            yield one_line(paragraph, may_divide=may_divide)
            paragraph = []
    yield one_line(paragraph, may_divide=may_divide)


def _ends_sentence(line: str) -> bool:
    return line.rstrip(_CLOSERS).endswith(_ENDS)
