"""Finds lines between paragraphs that are not part of the article: sign-up boxes, pull quotes, repeats, biographies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from briefings.phrases import fold
from briefings.sources.bylines import names
from briefings.sources.furniture import Furniture
from briefings.sources.furniture_shapes import is_credit
from briefings.sources.lines import AROUND, OPENING_MARKS, Line, Shape, ends_sentence, is_numbered

_CUT = re.compile(r"(?:…|\.\.\.).{0,8}$")
_SAME_OPENING = 70
_MOST_ALIKE = 20
# Limits of a pull quote: its words (fewer in quotation marks above its speaker) and its distance from the sentence
# that it repeats.
_FEWEST_PULLED, _FEWEST_PULLED_SPOKEN, _MOST_PULLED = 6, 4, 40
# A shorter line in quotation marks that a text repeats is a heading.
_FEWEST_PULLED_ALONE = 7
_NEAR = 25
_LONGEST_SEARCHED = 5_000
_SPEAKER_WORDS = 10
# Limits of a box that asks for an address: its lines, and the words of each.
_BOX_LINES = range(2, 8)
_BOX_WORDS = 25
# What stands between a caption and the photographer's name, and the lines of all three.
_CREDIT_LABEL = re.compile(r"(?:(?:photo|image|picture) )?cr[eé]dit[eo]?s? ?(?:\.{3}|…|:)|Bildnachweis:", re.IGNORECASE)
_FEWEST_OF_CAPTION = 4
_CAPTION_LINES, _LABEL_AND_NAME, _CAPTION_WORDS = range(2, 6), 2, 15
_LIFE_WORDS = 70
_HEADLINES = frozenset({Shape.SHORT, Shape.ITEM, Shape.REMARK})
_TEASER_WORDS = 35
_NAME_WORDS = (4, 3, 2)


def without_sign_up_boxes(lines: Sequence[Line], known: Furniture) -> list[Line]:
    """The lines, with those of sign-up boxes marked as furniture.

    A box is separated by blank lines, below the beginning of the article, and asks for the reader's address. One of a
    sponsor begins with a label that says so.
    """
    kept: list[Line] = []
    has_begun = False
    for group in _groups(lines):
        may_be = has_begun and len(group) in _BOX_LINES and all(line.words <= _BOX_WORDS for line in group)
        is_box = may_be and (
            known.is_sponsor_label(_first_words(group))
            or (
                all(_may_be_of_box(line, known) for line in group)
                and any(line.shape is Shape.JUNK and known.pleads(line.text) for line in group)
            )
        )
        kept += [replace(line, shape=Shape.JUNK) for line in group] if is_box else group
        has_begun = has_begun or any(line.shape is Shape.PROSE for line in group)
    return kept


def without_captions(lines: Sequence[Line]) -> list[Line]:
    """The lines, with captions as furniture.

    A label such as "Credit..." divides them from the photographer, or the picture has them as its own text too, below
    the beginning of the article.
    """
    kept: list[Line] = []
    for group in _groups(lines):
        is_caption = bool(kept) and _is_credited(group)
        kept += [replace(line, shape=Shape.JUNK) for line in group] if is_caption else group
    has_begun = False
    for place, (line, following) in enumerate(pairwise(kept)):
        is_twice = line.text == following.text and line.words >= _FEWEST_PULLED
        is_refrain = any(near.shape is Shape.SHORT for near in [*kept[place - 1 : place], *kept[place + 2 : place + 3]])
        if has_begun and is_twice and line.shape is Shape.SHORT and not is_refrain:
            kept[place : place + 2] = [replace(each, shape=Shape.JUNK) for each in (line, following)]
        if following.shape is Shape.JUNK and _is_repeated_with_credit(line, following):
            kept[place] = replace(line, shape=Shape.JUNK)
        has_begun = has_begun or line.shape is Shape.PROSE
    return kept


def _is_repeated_with_credit(line: Line, following: Line) -> bool:
    """Whether a caption stands again in the next line, with the photographer behind it."""
    return line.words >= _FEWEST_OF_CAPTION and following.text.startswith(line.text) and is_credit(following.text)


def _is_credited(group: Sequence[Line]) -> bool:
    """Whether adjacent lines are only a caption, its label and the photographer. Paragraphs are no caption.

    A short sentence, or one below a single word such as "Image", tells what is seen.
    """
    label = next((place for place, line in enumerate(group) if _CREDIT_LABEL.fullmatch(line.text)), 0)
    has_ended = len(group) - label <= _LABEL_AND_NAME and group[-1].shape is not Shape.PROSE
    is_long = any(line.shape is Shape.PROSE and line.words > _CAPTION_WORDS for line in group)
    has_paragraphs = label > 1 and group[0].words > 1 and is_long
    return len(group) in _CAPTION_LINES and bool(label) and has_ended and not has_paragraphs


def without_teasers(lines: Sequence[Line]) -> list[Line]:
    """The lines with the first sentences of other stories as furniture.

    Below a label such as "Related stories" they directly follow a headline, in a text whose paragraphs are all parted
    by empty lines. A box whose first headlines have none ends at the next empty line.
    """
    kept: list[Line] = []
    is_boxed = has_headline = is_parted = is_dense = False
    for line in lines:
        is_prose = line.shape is Shape.PROSE
        above = kept[-1].shape if kept else None
        is_below = is_boxed and is_parted and not is_dense and not line.is_apart and above in _HEADLINES
        is_teaser = is_prose and is_below and line.words <= _TEASER_WORDS
        is_over = is_prose or (has_headline and line.is_apart)
        is_boxed = line.shape is Shape.LABEL or is_teaser or (is_boxed and not is_over)
        has_headline = is_boxed and not is_teaser and (has_headline or line.shape in _HEADLINES)
        is_parted = is_parted or (is_prose and line.is_apart and bool(kept))
        is_dense = is_dense or (is_prose and not line.is_apart and above is Shape.PROSE)
        kept.append(replace(line, shape=Shape.JUNK) if is_teaser else line)
    return kept


def _first_words(group: Sequence[Line]) -> str:
    """The first line that is no rule: "----"."""
    return next((line.text for line in group if any(map(str.isalpha, line.text))), "")


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if line.is_apart and group:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _may_be_of_box(line: Line, known: Furniture) -> bool:
    if line.shape is Shape.JUNK:
        return True
    if line.shape not in {Shape.SHORT, Shape.REMARK, Shape.PROSE} or line.words > _BOX_WORDS or line.is_question:
        return False
    return not ends_sentence(line.text) or known.addresses_reader(line.text)


def asides(lines: Sequence[Line], author: str | None, known: Furniture) -> set[int]:
    """The places of lines that are not part of the article although they look like it."""
    found = _repeated(lines)
    found |= _pull_quotes(lines, found)
    found |= {place for place in range(len(lines)) if _is_wedged(lines, place)}
    return found | _lives(lines, author, known)


def _repeated(lines: Sequence[Line]) -> set[int]:
    """The places of paragraphs that are repeated in full. The last full one is kept."""
    found: set[int] = set()
    below: dict[str, list[tuple[str, int]]] = {}
    for place in range(len(lines) - 1, -1, -1):
        if lines[place].shape is not Shape.PROSE:
            continue
        text = lines[place].text
        kept = _CUT.sub("", text).rstrip()
        alike = below.setdefault(kept[:_SAME_OPENING], [])
        found.update(other for short, other in alike if short != lines[other].text and text.startswith(short))
        if any(lines[other].text.startswith(kept) for _, other in alike if other not in found):
            found.add(place)
        elif len(alike) < _MOST_ALIKE:
            alike.append((kept, place))
    return found


def _pull_quotes(lines: Sequence[Line], repeated: set[int]) -> set[int]:
    """The places of short lines whose words occur in a nearby paragraph, and of the speakers below them."""
    found: set[int] = set()
    prose = {
        place: f" {fold(line.text[:_LONGEST_SEARCHED])} "
        for place, line in enumerate(lines)
        if line.shape is Shape.PROSE and place not in repeated
    }
    for place, line in enumerate(lines):
        words = fold(line.text)
        is_spoken = place + 1 < len(lines) and _names_speaker(lines[place + 1])
        if place in repeated or not _may_be_pulled(line, words, is_spoken=is_spoken):
            continue
        near = range(max(0, place - _NEAR), min(len(lines), place + _NEAR))
        if any(f" {words} " in prose[other] for other in near if other != place and other in prose):
            found.add(place)
            if is_spoken:
                found.add(place + 1)
    return found


def _may_be_pulled(line: Line, words: str, *, is_spoken: bool) -> bool:
    is_quoted = line.text.startswith(OPENING_MARKS)
    in_marks = _FEWEST_PULLED_SPOKEN if is_spoken or ends_sentence(line.text) else _FEWEST_PULLED_ALONE
    fewest = in_marks if is_quoted else _FEWEST_PULLED
    is_kind = line.shape in {Shape.SHORT, Shape.REMARK, Shape.QUOTE} or (line.shape is Shape.PROSE and is_quoted)
    return is_kind and not line.is_question and fewest <= words.count(" ") + 1 <= _MOST_PULLED


def _names_speaker(line: Line) -> bool:
    name = line.text.partition(",")[0].lstrip("-–— ")
    return line.shape is Shape.SHORT and line.words <= _SPEAKER_WORDS and names(name) is not None


def _is_wedged(lines: Sequence[Line], place: int) -> bool:
    """Whether the line is between two pieces of furniture, as the name of a newsletter is."""
    line = lines[place]
    if line.shape is not Shape.SHORT or line.is_question or is_numbered(line.text) or not 0 < place < len(lines) - 1:
        return False
    return all(lines[i].shape is Shape.JUNK for i in (place - 1, place + 1))


def _lives(lines: Sequence[Line], author: str | None, known: Furniture) -> set[int]:
    """The places of final lines that describe the author, or a person whom the article does not mention."""
    found: set[int] = set()
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        if line.shape in AROUND:
            continue
        if line.shape not in {Shape.PROSE, Shape.REMARK} or line.words > _LIFE_WORDS:
            break
        name = author_told_of(line.text, known)
        if name is None:
            break
        is_author = author is not None and fold(name) in fold(author)
        if not is_author and any(name.split()[-1] in other.text for other in lines[:place]):
            break
        found.add(place)
    return found


def author_told_of(text: str, known: Furniture) -> str | None:
    """The name at the start of a line that describes an author: "Ann Lee is a reporter who covers courts"."""
    name = _named_first(text)
    return name if name is not None and known.tells_of_author(text[len(name) :]) else None


def _named_first(text: str) -> str | None:
    """The person's name at the start of a line, two to four words long."""
    words = text.split(maxsplit=_NAME_WORDS[0])
    for count in _NAME_WORDS:
        name = " ".join(words[:count])
        if names(name) == name and all(word[0].isupper() for word in words[:count]):
            return name
    return None
