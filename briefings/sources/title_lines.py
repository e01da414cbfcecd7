"""The line that is the title of a pasted article, chosen among the short lines above its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from briefings.phrases import fold
from briefings.sources.bylines import is_person
from briefings.sources.datelines import is_clock
from briefings.sources.furniture import Furniture
from briefings.sources.lines import OPENING_MARKS, TITLE_WORDS, Line, Shape, read_on

_KICKER_WORDS = 3
_LONG_WORD = 4
_SENTENCE_TITLE_WORDS = 18
# How far above the author or the day a title stands, and what that is worth.
_ABOVE_SIGNATURE = 4
_FAR_ABOVE_SIGNATURE = 12
_MOST_DECK_WORDS = 45
_SIGNED_GAIN = 1.0
_NEXT_GAIN = 0.3
_SENTENCE_LOSS = 0.2
# A line this much worse than the one below it is not the title above a standfirst.
_MUCH_WORSE = 1.2
_LITTLE_WORSE = 0.6
_ABOVE_STANDFIRST = 2.2
# A line of so few words above one that has twice as many, but not more than most titles, may be its topic.
_LONG_TOPIC_WORDS, _MOST_TITLE_WORDS = 4, 12
# A title that stands within a longer line has so many words.
_FEWEST_GLUED = 3
# The name of an outlet does not begin with a small letter, as the rest of a title may: "Bridge closes – and opens".
_GLUED_BEHIND = re.compile(r" [-–—|·•] (?![a-zß-ÿ])")
_NO_TITLES = frozenset({Shape.JUNK, Shape.ITEM, Shape.FACT, Shape.END})
_DASHES = ("—", "–")
# What a label ends with, and a step of a trail.
_NO_TITLE_ENDS = (":", "›", ">")
# An entry of a live page, which begins with its time.
_ENTRY = re.compile(r"\d{1,2}[:.h]\d{2}\b")


def find_title_line(lines: Sequence[Line], start: int, end: int, known: Furniture) -> int | None:
    """The place of the title. It is above the first prose and shares words with the text.

    Args:
        start: Where the text begins; the title may be above it.
        end: Where the text ends.
    """
    signed = _places_above_signature(lines[:end], known)
    prose = _prose_at(lines, start, end, signed, known)
    body = set(fold(" ".join(line.text for line in lines[prose:end])).split())
    candidates = [
        i
        for i in range(prose)
        if (_may_be_title(lines[i]) or _is_long_title(i, lines, signed) or _is_labelled_title(i, lines, signed))
        and not _is_signature(lines[i], known)
        and not _is_quotation(lines, i)
    ]
    # A title that the paste divides into lines reads on, too.
    candidates = [i for i in candidates if not _is_verse(lines, i)] or candidates
    counts = Counter(line.text for line in lines[:prose])
    scores = {
        place: _title_score(lines[place], prose - place, counts[lines[place].text] > 1, body)
        + _SIGNED_GAIN * (place in signed)
        + _NEXT_GAIN * any(known.bylines.author(below.text) for below in lines[place + 1 : place + 2])
        for place in candidates
    }
    if not candidates and prose + 1 < end and _is_sentence_title(lines, prose):
        return prose
    scores = _without_statements(_without_captions(scores, lines, signed, known), lines, signed)
    best = max(scores, key=lambda place: (scores[place], -place), default=None)
    if best is None:
        return None
    if _is_above_standfirst(best - 1, lines, scores, signed):
        best -= 1
    elif _is_above_label(best - 2, lines, scores, signed):
        best -= 2
    elif best + 1 in scores and best + 2 < end and _stands_below_standfirst(lines[best : best + 3], known):
        best += 1
    return _alone(best, list(scores), lines)


def _prose_at(lines: Sequence[Line], start: int, end: int, signed: Collection[int], known: Furniture) -> int:
    """The place where the text begins: its first paragraph, or the label of a list of main points above it."""
    prose = (i for i in range(start, end) if lines[i].shape is Shape.PROSE and not _is_long_title(i, lines, signed))
    first = next(prose, end)
    return start if start < first and known.is_summary_label(lines[start].text) else first


def _without_statements(scores: dict[int, float], lines: Sequence[Line], signed: Collection[int]) -> dict[int, float]:
    """The scores without those of whole sentences, if a short line above the author is nearly as good."""
    shorter = [
        score
        for place, score in scores.items()
        if place in signed and lines[place].words > _KICKER_WORDS and _may_be_title(lines[place])
    ]
    if shorter and max(shorter) + _MUCH_WORSE > max(scores.values()):
        return {place: score for place, score in scores.items() if not _is_statement(lines[place])}
    return scores


def _without_captions(
    scores: dict[int, float], lines: Sequence[Line], signed: Collection[int], known: Furniture
) -> dict[int, float]:
    """The scores without those of lines below the author: captions of players, and labels such as "Leer en español"."""
    author = next((i for i in range(len(lines)) if known.bylines.author(lines[i].text)), len(lines))
    above = [lines[place].words for place in scores if place in signed and place < author]
    if not above:
        return scores
    is_label = {place for place in scores if lines[place].words <= _KICKER_WORDS < max(above)}
    return {
        place: score
        for place, score in scores.items()
        if place < author or not (place in is_label or known.is_player(lines[place - 1].text))
    }


def _is_quotation(lines: Sequence[Line], place: int) -> bool:
    """Whether a line is a quotation above its speaker, or the speaker: "— Ann Lee on Monday"."""
    quoted_at = place - 1 if lines[place].text.startswith(_DASHES) else place
    pair = lines[max(quoted_at, 0) : quoted_at + 2]
    return len(pair) > 1 and pair[0].text.startswith(OPENING_MARKS) and pair[1].text.startswith(_DASHES)


def _is_above_standfirst(place: int, lines: Sequence[Line], scores: dict[int, float], signed: Collection[int]) -> bool:
    """Whether a line is the title above the best line, which is then its standfirst.

    Of two lines in a row the upper one is the title, unless it is so short that it is a topic, or so long that it is
    itself the standfirst, or much worse. A quotation is no topic.
    """
    if place not in scores or _is_topic(lines[place]):
        return False
    if place not in signed and place + 1 in signed and not _is_statement(lines[place + 1]):
        return False
    if stands_above_title(lines[place], lines[place + 1]):
        return False
    if lines[place].text.startswith(OPENING_MARKS):
        return True
    return scores[place] > scores[place + 1] - _loss_allowed(lines[place], lines[place + 1])


def _loss_allowed(line: Line, below: Line) -> float:
    """The largest loss of score from a line to the title above it: larger above a standfirst, smaller for a topic."""
    if line.words <= _LONG_TOPIC_WORDS and 2 * line.words <= below.words <= _MOST_TITLE_WORDS:
        return _LITTLE_WORSE
    is_standfirst = below.words > max(line.words, _MOST_TITLE_WORDS) or _is_statement(below)
    return _ABOVE_STANDFIRST if is_standfirst and line.words <= _MOST_TITLE_WORDS else _MUCH_WORSE


def _is_above_label(place: int, lines: Sequence[Line], scores: dict[int, float], signed: Collection[int]) -> bool:
    """Whether a line is a title nearly as good as the best line, two lines below, and only a label parts them."""
    if place not in signed or place not in scores or place + 1 not in scores or _is_topic(lines[place]):
        return False
    return lines[place + 1].words <= _KICKER_WORDS and scores[place] > scores[place + 2] - _LITTLE_WORSE


def _is_topic(line: Line) -> bool:
    """Whether a line has too few words for a title, or too few long ones: "Crash on the A 17"."""
    words = line.text.split()
    is_thin = len(words) > _KICKER_WORDS and sum(len(word) >= _LONG_WORD for word in words) <= 1
    return line.words <= _KICKER_WORDS or (is_thin and not line.is_question)


def _stands_below_standfirst(three: Sequence[Line], known: Furniture) -> bool:
    """Whether the second of three lines is a title: the first is its standfirst, the third names the author."""
    return stands_above_title(three[0], three[1]) and known.bylines.author(three[2].text) is not None


def stands_above_title(line: Line, title: Line) -> bool:
    """Whether a line directly above the title is its standfirst: it has more than twice as many words."""
    is_line = line.shape in {Shape.SHORT, Shape.REMARK} and not line.is_bulleted
    return is_line and line.words > 2 * title.words and title.words > _KICKER_WORDS and line.words <= _MOST_DECK_WORDS


def _alone(best: int, candidates: Sequence[int], lines: Sequence[Line]) -> int:
    """The place of the title in full and without what is glued to it, where the page shows it so too.

    "Home News Bridge closes early", "Bridge closes early - The Post" and "Bridge closes…" are such lines.
    """
    title = lines[best].text
    cut = title.rstrip(".…").rstrip() if title.endswith(("…", "...")) else title
    for place in candidates:
        other = lines[place]
        if cut != title and len(other.text) > len(title) and other.text.startswith(cut):
            return place
        is_end = title.endswith(other.text) or _GLUED_BEHIND.match(title.removeprefix(other.text))
        if is_end and len(other.text) < len(title) and other.words >= _FEWEST_GLUED:
            return place
    return best


def _places_above_signature(lines: Sequence[Line], known: Furniture) -> set[int]:
    """The places of lines that are followed by the author or date within a few lines, as titles are."""
    found: set[int] = set()
    for place, line in enumerate(lines):
        if line.shape is Shape.JUNK and signs(line.text, known):
            near = range(max(0, place - _FAR_ABOVE_SIGNATURE), place)
            above = [i for i in near if lines[i].shape not in _NO_TITLES and not _is_of_signature(lines[i], known)]
            found.update(_short_ones(lines, above[-_ABOVE_SIGNATURE:]))
    return found


def _is_of_signature(line: Line, known: Furniture) -> bool:
    """Whether a line is a word on its own, names the author or is the author's job."""
    return line.words == 1 or _is_signature(line, known) or known.bylines.is_role(line.text)


def _is_signature(line: Line, known: Furniture) -> bool:
    """Whether a short line names the author: a person's name, or "By Ann Lee on 3 May"."""
    if line.shape is not Shape.SHORT:
        return False
    if is_person(line.text):
        return True
    return bool(known.bylines.opening.match(fold(line.text))) and known.calendar.day(line.text) is not None


def _short_ones(lines: Sequence[Line], places: Sequence[int]) -> Iterator[int]:
    """The places, from the last upwards, while their lines are not longer than a standfirst."""
    for place in reversed(places):
        if lines[place].words > _MOST_DECK_WORDS:
            return
        yield place


def _is_long_title(place: int, lines: Sequence[Line], signed: Collection[int]) -> bool:
    """Whether a line that looks like a sentence is a title: short enough, and followed by an author or date."""
    line = lines[place]
    return line.shape is Shape.PROSE and line.words <= TITLE_WORDS and place in signed and not line.is_bulleted


def _is_labelled_title(place: int, lines: Sequence[Line], signed: Collection[int]) -> bool:
    """Whether a line that seems to point to another story is a title: "The Latest: man held" above an author."""
    return lines[place].shape is Shape.POINTER and place in signed


def _is_statement(line: Line) -> bool:
    """Whether a line is a sentence with a full stop, which titles seldom have."""
    return line.shape is Shape.PROSE and not (line.is_question or line.text.endswith("!"))


def _is_verse(lines: Sequence[Line], place: int) -> bool:
    """Whether a line is one of three that read on."""
    near = [lines[first : first + 3] for first in range(max(0, place - 2), place + 1)]
    return any(len(three) > 2 and read_on(three[0], three[1]) and read_on(three[1], three[2]) for three in near)


def _may_be_title(line: Line) -> bool:
    is_short = line.shape in {Shape.SHORT, Shape.REMARK} and 1 < line.words <= TITLE_WORDS
    return is_short and not line.is_bulleted and not _ENTRY.match(line.text) and not line.text.endswith(_NO_TITLE_ENDS)


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
    return (
        2 * shared
        + min(line.words, 8) / 8
        + nearness
        + 0.5 * is_repeated
        - 0.5 * (line.shape is Shape.REMARK and not line.is_question)
        - _SENTENCE_LOSS * (line.shape is Shape.PROSE)
    )


def signs(text: str, known: Furniture) -> bool:
    """Whether a line names the author or the date.

    The time of day alone begins an entry of a live page, and a number alone that of a list.
    """
    is_dated = known.calendar.is_dateline(text) and not is_clock(text) and not text.isdecimal()
    return is_dated or known.bylines.author(text) is not None
