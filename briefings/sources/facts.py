"""Finds rows of facts, which have no sentences: "Kick-off: 20:45", "Norby 3-1 Velland", "Labour 31%"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from briefings.sources.furniture import Furniture
from briefings.sources.furniture_shapes import has_temperature

_LONGEST = 90
_LABEL_WORDS, _LABEL_CHARACTERS = 2, 30
_VALUE_WORDS, _VALUE_WORDS_WITH_FIGURE = 3, 9
_ROW_WORDS = 5
# A row of several figures has at most so many words for each: "Lee 14, Ek 88; Brandt 40".
_MOST_WORDS_OF_FIGURE = 3
# The number of an entry in a list is no figure of a row.
_NUMBERING = re.compile(r"\A\d{1,2}[.)] ")
_SCORE = re.compile(r"(?<!\S)\d{1,3} ?[-–:] ?\d{1,3}(?!\S)")
# "Ann Lee as Nora": an actor and the role, in the languages that are read.
_CAST = re.compile(
    r"(?:[^\W\d_a-z][\w.'’-]{1,30} ){2,4}(?:as|als|comme|come|como|jako|как|як) (?:\w{1,3} )?[^\W\d_a-z][^\d:,;]{1,40}"
)
_CAST_WORDS = 9
_SENTENCE_END = re.compile(r"[.!?…。！？]\Z")
_CLOCK_END = re.compile(r"\d ?[ap]\.m\.\Z")
# The telephone or mail address of a press office.
_CONTACT = re.compile(r"\+\d|\w@\w")
# So many rows below each other are a list of facts. A single one may be a headline or a heading.
_FEWEST_ROWS = 2
# A figure stands at the beginning of a row or among so many last words.
_LAST_WORDS = 2


def find_fact_rows(texts: Sequence[str], known: Furniture) -> set[int]:
    """The places of the lines that are rows of facts, below or above another row."""
    found: set[int] = set()
    rows = groupby(range(len(texts)), lambda place: _is_row(texts[place], known))
    for is_row, group in rows:
        run = list(group)
        sure = [place for place in run if _is_sure(texts[place])]
        if is_row and len(sure) >= _FEWEST_ROWS and not all(known.is_junk(texts[place]) for place in run):
            found.update(run)
    return found


def _is_sure(text: str) -> bool:
    return is_labelled(text) or _has_figure(text) or _names_role(text)


def _names_role(text: str) -> bool:
    """Whether a line names an actor and the role: "Ann Lee as Nora", "Bo Ek as the Stranger"."""
    return len(text.split()) <= _CAST_WORDS and not _ends(text) and _CAST.fullmatch(text) is not None


def has_label(text: str) -> bool:
    """Whether a line begins with a short label and a colon: "Where: the old harbour"."""
    label, colon, value = text.partition(": ")
    is_short = 0 < len(label.split()) <= _LABEL_WORDS and len(label) <= _LABEL_CHARACTERS
    return bool(colon and value) and is_short and label[0].isalnum() and not label[0].islower()


def is_labelled(text: str) -> bool:
    """Whether a line is a short label and a few words or a figure, which is no telephone of a press office."""
    value = text.partition(": ")[2]
    most = _VALUE_WORDS_WITH_FIGURE if any(map(str.isdigit, value)) else _VALUE_WORDS
    return has_label(text) and len(value.split()) <= most and not _CONTACT.search(value) and not _ends(text)


def _is_row(text: str, known: Furniture) -> bool:
    if len(text) > _LONGEST or _ends(text) or not (has_label(text) or _has_figure(text) or _names_role(text)):
        return False
    if known.bylines.author(text) or known.is_media_label(text):
        return False
    if known.pointed_at(text) or known.is_related_label(text) or known.is_end(text):
        return False
    if known.is_junk(text):
        return is_labelled(text) and _states_time_or_weather(text, known)
    return _has_figure(text) or not _CONTACT.search(text)


def _states_time_or_weather(text: str, known: Furniture) -> bool:
    """Whether a row states a day, a time or a temperature that is not that of the page: "When: 12 May, 7 p.m."."""
    label, _, value = text.partition(": ")
    is_of_page = known.calendar.is_of_date(label)
    return not is_of_page and (known.calendar.is_dateline(value) or has_temperature(value))


def _has_figure(text: str) -> bool:
    """Whether a figure is where rows of a table have it: at the beginning, among the last words, or as a score."""
    words = _NUMBERING.sub("", text).split()
    figures = sum(any(map(str.isdigit, word)) for word in words)
    if figures > 1 and figures * _MOST_WORDS_OF_FIGURE >= len(words):
        return True
    if not 1 < len(words) <= _ROW_WORDS:
        return False
    ends = [words[0], *words[-_LAST_WORDS:]]
    return any(any(map(str.isdigit, word)) for word in ends) or bool(_SCORE.search(text))


def _ends(text: str) -> bool:
    return bool(_SENTENCE_END.search(text)) and not _CLOCK_END.search(text)
