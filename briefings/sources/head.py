"""Reads the head of a pasted article: title, standfirst, author and date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import dropwhile, pairwise

from briefings.sources.bylines import is_person, names
from briefings.sources.facts import is_labelled
from briefings.sources.furniture import Furniture
from briefings.sources.lines import AROUND, HEADING_WORDS, Line, Shape, ends_sentence, is_numbered
from briefings.sources.title_lines import find_title_line, signs, stands_above_title
from briefings.sources.uncased_bylines import stated_authors

_CAPTION_WORDS = 9
_DECK_WORDS = 5
_LABEL_WORDS = 2
# The lines of a name, a place and a day.
_DATED_NAME = 3
# An author or a date stands at most so many lines below the title, or below the first paragraph.
_SIGNED_BELOW, _SIGNED_BELOW_TEXT = 3, 8
# An author stands at most so many lines above the title. Names further above are those of a menu.
_NAMED_ABOVE = 8


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an article, and the place where the body begins.

    Attributes:
        facts: Rows of facts between the title and the body, to which they belong.
    """

    title: str | None
    standfirst: str | None
    author: str | None
    day: date | None
    facts: tuple[Line, ...]
    body_at: int


def read_head(lines: Sequence[Line], start: int, end: int, known: Furniture) -> Head:
    """The head of the article in ``lines[start:end]``. Its title may be above ``start``."""
    title_at = find_title_line(lines, start, end, known)
    body_at = start if title_at is None else max(start, title_at + 1)
    standfirst_at = None if title_at is None else _standfirst_at(lines, title_at, start, end, known)
    if standfirst_at is None and title_at and stands_above_title(lines[title_at - 1], lines[title_at]):
        standfirst_at = title_at - 1
    if standfirst_at is not None:
        body_at = max(body_at, standfirst_at + 1)
    if title_at is not None:
        while body_at < end and (lines[body_at].shape is Shape.JUNK or _is_of_head(lines[body_at], known)):
            if _stands_above_list(lines, body_at):
                break
            body_at += 1
    above = lines[: body_at + 1]
    text_at = next((i for i in range(body_at, end) if lines[i].shape is Shape.PROSE), body_at)
    above_title = above if title_at is None else lines[:title_at]
    below_title = above if title_at is None else lines[title_at + 1 : text_at + 1]
    named = [below_title, *_below_repeats(lines, title_at), above_title[-_NAMED_ABOVE:]]
    # Some pages show the author and the date below the first paragraph.
    signed_end = max(body_at + 1 + _SIGNED_BELOW, min(end, body_at + 1 + _SIGNED_BELOW_TEXT))
    signed = [line for line in lines[body_at + 1 : signed_end] if line.shape is Shape.JUNK]
    # The day above the title is often that of the reader.
    dated = [line for line in [*below_title, *_dates(signed, known), *above] if line.shape is Shape.JUNK]
    return Head(
        title=None if title_at is None else lines[title_at].text,
        standfirst=None if standfirst_at is None else lines[standfirst_at].text,
        author=next(filter(None, (_author(some, known) for some in [*named, signed])), None),
        day=_day(dated, known) or _dateline_day(lines[text_at:end], known),
        facts=() if title_at is None else tuple(_facts(lines[title_at + 1 : body_at])),
        body_at=body_at,
    )


def _dates(signed: Sequence[Line], known: Furniture) -> list[Line]:
    """The lines below the first paragraph that name the author or the date: no captions and no embedded posts."""
    return [line for line in signed if signs(line.text, known) and "(@" not in line.text]


def _below_repeats(lines: Sequence[Line], title_at: int | None) -> list[Sequence[Line]]:
    """The lines below the same title further above, such as that of a page which repeats it below its pictures."""
    above = [] if title_at is None else [i for i in range(title_at) if lines[i].text == lines[title_at].text]
    return [lines[place + 1 : place + 1 + _SIGNED_BELOW] for place in above]


def _day(dated: Sequence[Line], known: Furniture) -> date | None:
    return next(filter(None, (known.calendar.day(line.text) for line in dated)), None)


def _dateline_day(body: Sequence[Line], known: Furniture) -> date | None:
    """The day with which the first paragraph begins."""
    return known.calendar.dateline_day(body[0].text) if body else None


def _standfirst_at(lines: Sequence[Line], title_at: int, start: int, end: int, known: Furniture) -> int | None:
    """The place of the standfirst: below the title, and separate from the beginning of the story.

    It is separate if furniture (a byline, a date, a share bar) or a name is between the two, if it has no full stop at
    its end, or if it asks questions that headings below ask again.
    """
    places = [i for i in range(title_at + 1, end) if lines[i].shape not in {*AROUND, Shape.LABEL}]
    following = next((i for i in places[1:] if i == start or lines[i].shape is Shape.PROSE), None)
    if following is None or places[0] >= following:
        return None
    place = places[0]
    line = lines[place]
    if line.words < 5 or line.is_bulleted or _is_fact(line) or line.text == lines[title_at].text:
        return None
    is_below_title = all(not any(map(str.isalpha, other.text)) for other in lines[title_at + 1 : place])
    if line.shape is not Shape.PROSE and not (is_below_title and _may_be_deck(line, known)):
        return None
    between = lines[place + 1 : following]
    is_signed = _begins_signed(between, known)
    if not is_signed and any(not _is_around_head(other, known) for other in between):
        return None
    above = lines[title_at + 1 : place]
    is_divided = bool(between) and (not above or _is_above_author(above, between, known))
    is_open = not ends_sentence(line.text) and not line.text.endswith(":")
    asks = "?" in line.text and any(
        other.is_question and other.words <= HEADING_WORDS for other in lines[following:end]
    )
    return place if is_divided or is_open or asks else None


def _begins_signed(between: Sequence[Line], known: Furniture) -> bool:
    """Whether the author or the date is named first, or below a name of the site, a label or furniture."""
    between = list(dropwhile(lambda line: _is_of_bar(line) and not _is_signature(line, known), between))
    places = [0, 1] if between and between[0].shape is Shape.SHORT and between[0].words <= _LABEL_WORDS else [0]
    if _is_dated_name(between, known):
        return True
    return any(_is_signature(between[place], known) for place in places if place < len(between))


def _is_of_bar(line: Line) -> bool:
    """Whether a line may be of a share bar: furniture, or a word such as "CommentsShare"."""
    return line.shape is Shape.JUNK or (line.shape is Shape.SHORT and line.words == 1)


def _is_dated_name(lines: Sequence[Line], known: Furniture) -> bool:
    """Whether a name begins the lines, with a place and the day below it."""
    if len(lines) < _DATED_NAME or lines[0].shape is not Shape.SHORT or lines[1].shape is not Shape.SHORT:
        return False
    is_place = lines[1].words <= _LABEL_WORDS and known.calendar.names_day(lines[2].text)
    is_name = names(lines[0].text) is not None and all(word[0].isupper() for word in lines[0].text.split())
    return is_place and lines[2].shape is Shape.JUNK and is_name


def _is_signature(line: Line, known: Furniture) -> bool:
    """Whether a line names the author or the date, with a word for it or by a name alone."""
    if line.shape is Shape.SHORT:
        return is_person(line.text)
    return line.shape is Shape.JUNK and signs(line.text, known)


def _is_above_author(above: Sequence[Line], below: Sequence[Line], known: Furniture) -> bool:
    """Whether the author is named directly below a place, and above it is only furniture that names none."""
    named = known.bylines.author(below[0].text)
    return named is not None and not any(
        line.shape is not Shape.JUNK or known.bylines.author(line.text) for line in above
    )


def _is_around_head(line: Line, known: Furniture) -> bool:
    """Whether a line may be between a standfirst and the body: furniture, a name, a caption."""
    return line.shape in AROUND or _is_of_head(line, known)


def _facts(lines: Sequence[Line]) -> Iterator[Line]:
    return (replace(line, shape=Shape.FACT) for line in lines if _is_fact(line))


def _is_fact(line: Line) -> bool:
    """Whether a line below the title states a fact. It may be a single one, since it is not the title."""
    return line.shape is Shape.FACT or (line.shape is Shape.SHORT and is_labelled(line.text))


def _may_be_deck(line: Line, known: Furniture) -> bool:
    """Whether a line without a full stop may be a standfirst: not names, not a date, not part of a list."""
    is_bare = not is_numbered(line.text) and names(line.text.partition(",")[0]) is None
    return is_bare and line.words >= _DECK_WORDS and not known.calendar.names_day(line.text)


def _is_of_head(line: Line, known: Furniture) -> bool:
    """Whether a line before the first paragraph is a caption or an author's name or job."""
    if line.shape is not Shape.SHORT or line.is_question:
        return False
    is_name = names(line.text.partition(",")[0]) or known.bylines.credited(line.text)
    return line.words >= _CAPTION_WORDS or is_name is not None or known.bylines.is_role(line.text)


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
        if line.shape is Shape.SHORT and is_person(line.text):
            return names(line.text)
    for place, (line, following) in enumerate(pairwise(head)):
        name, comma, _ = line.text.partition(",")
        is_dated = _is_dated_name(head[place : place + _DATED_NAME], known)
        is_signed = comma or following.shape in AROUND or known.bylines.is_role(following.text) or is_dated
        if line.shape is Shape.SHORT and is_signed and (author := names(name)):
            return author
    for line, following in pairwise(head):
        is_dated = known.calendar.is_dateline(following.text)
        if line.shape is Shape.SHORT and is_dated and (authors := stated_authors(line.text)):
            return ", ".join(authors)
    credits_ = (known.bylines.credited(line.text) for line in head if not line.is_bulleted)
    return next(filter(None, credits_), None)
