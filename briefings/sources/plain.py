"""Plain text, as a person pastes it from a web page, to an `Article`.

The article is the stretch of lines that holds most prose for least furniture. Above it stand title
and standfirst, below it the headlines of other stories; inside it short lines are headings if prose
follows them, and furniture goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from briefings import languages
from briefings.errors import ArticleNotFound
from briefings.model import Article, BlockKind, Headline
from briefings.phrases import fold
from briefings.sources.assemble import Piece, assemble, headline
from briefings.sources.furniture import Furniture, furniture
from briefings.sources.lines import Line, Shape, ends_sentence, is_numbered, read_lines
from briefings.sources.text import normalise

# What a line adds to the stretch that it stands in.  Tuned on every second page of a public set of
# pasted pages (scrapinghub/article-extraction-benchmark); the others were held back.
_GAIN = {Shape.REMARK: 1.0, Shape.SHORT: -4.0, Shape.ITEM: -1.0, Shape.QUOTE: 8.0, Shape.JUNK: -8.0, Shape.LABEL: -25.0, Shape.POINTER: -6.0}
# Below the end of an article that has this much, nothing is searched: readers' comments may be longer.
_ENOUGH = 60.0
_SAME_OPENING = 70
_DROPPED = frozenset({Shape.JUNK, Shape.END, Shape.POINTER})
_PROSE_GAIN_LIMIT = 40
_HEADING_WORDS = 16
_HEADINGS_IN_A_ROW = 2
_TITLE_WORDS = 30
_FEWEST_HEADLINE_WORDS = 3


def parse_plain(text: str, name: str = "text") -> Article:
    """The article in ``text``.

    Raises:
        ArticleNotFound: No line of it is prose; ``name`` is the source's.
    """
    text = normalise(text)
    known = furniture(languages.detect(text))
    lines = read_lines(text, known)
    if not any(line.shape is not Shape.JUNK for line in lines):
        raise ArticleNotFound(name)
    start, end = _stretch(lines)
    title_at = _title_at(lines, start, end)
    first = start if title_at is None else max(start, title_at + 1)
    standfirst_at = None if title_at is None else _standfirst_at(lines, title_at, first, end)
    if standfirst_at is not None:
        first = max(first, standfirst_at + 1)
    body, boxed = _body(lines[first:end], lines[title_at].text if title_at is not None else None, known)
    head = [line.text for line in lines[: first + 1]]
    return assemble(
        name,
        body,
        title=None if title_at is None else lines[title_at].text,
        standfirst=None if standfirst_at is None else lines[standfirst_at].text,
        byline=next(filter(None, map(known.author, head)), None),
        published=next(filter(None, (known.day(line) for line in head if known.is_junk(line))), None),
        related=[*_trailing(lines[end:], known), *boxed],
    )


def _stretch(lines: Sequence[Line]) -> tuple[int, int]:
    """The run of lines with the greatest sum of gains, as a half-open range."""
    best = (0.0, 0, 0)
    total, start = 0.0, 0
    for place, line in enumerate(lines):
        if line.shape is Shape.END:
            if total >= _ENOUGH:
                break
            total = 0.0
            continue
        if total <= 0:
            total, start = 0.0, place
        total += _gain(line)
        if total > best[0]:
            best = (total, start, place + 1)
    return (best[1], best[2]) if best[2] else (0, len(lines))


def _gain(line: Line) -> float:
    if line.shape is Shape.PROSE:
        return float(min(line.words, _PROSE_GAIN_LIMIT))
    return _GAIN[line.shape]


def _title_at(lines: Sequence[Line], start: int, end: int) -> int | None:
    """The place of the title: above the first prose, and in the words of what follows."""
    prose = next((i for i in range(start, end) if lines[i].shape is Shape.PROSE), end)
    body = set(fold(" ".join(line.text for line in lines[prose:end])).split())
    candidates = [i for i in range(prose) if _may_be_title(lines[i])]
    if not candidates and prose + 1 < end and _is_sentence_title(lines, prose):
        return prose
    return max(candidates, key=lambda i: (_title_score(lines, i, prose, body), -i), default=None)


def _may_be_title(line: Line) -> bool:
    return line.shape in {Shape.SHORT, Shape.REMARK} and not line.is_bulleted and 1 < line.words <= _TITLE_WORDS


def _is_sentence_title(lines: Sequence[Line], place: int) -> bool:
    """Whether a first line that is a whole sentence is a title none the less."""
    line, following = lines[place], lines[place + 1]
    is_shorter = line.words <= 18 and line.words < following.words
    return is_shorter and following.shape is Shape.PROSE and following.is_apart and not _is_repeated(line, lines[place + 1 :])


def _title_score(lines: Sequence[Line], place: int, prose: int, body: set[str]) -> float:
    line = lines[place]
    words = [word for word in fold(line.text).split() if len(word) > 3]
    shared = sum(word in body for word in words) / max(len(words), 4)
    nearness = 1 / (1 + 0.15 * (prose - place))
    repeated = sum(other.text == line.text for other in lines[:prose]) > 1
    return 2 * shared + min(line.words, 8) / 8 + nearness + 0.5 * repeated - 0.5 * (line.shape is Shape.REMARK)


def _standfirst_at(lines: Sequence[Line], title_at: int, first: int, end: int) -> int | None:
    """The place of the standfirst: under the title, and set apart from the story's beginning.

    It is apart if furniture (a byline, a date, a share bar) divides the two, if it ends without a
    full stop, or if it asks the questions that headings below ask again.
    """
    places = [i for i in range(title_at + 1, end) if lines[i].shape not in {*_DROPPED, Shape.LABEL}]
    if len(places) < 2:
        return None
    place, following = places[0], places[1]
    line = lines[place]
    if line.words < 5 or line.is_bulleted or lines[following].shape is not Shape.PROSE:
        return None
    if line.text == lines[title_at].text:
        return None
    is_divided = following > place + 1 and place == title_at + 1
    is_open = not ends_sentence(line.text) and not line.text.endswith(":")
    asks = "?" in line.text and any(other.is_question and other.words <= _HEADING_WORDS for other in lines[following:end])
    return place if is_divided or is_open or asks else None


def _body(lines: Sequence[Line], title: str | None, known: Furniture) -> tuple[list[Piece], list[Headline]]:
    """The pieces of the article, and the headlines of the boxes that stood among them."""
    pieces: list[Piece] = []
    boxed: list[Headline] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        run = _run(lines, place)
        if line.shape is Shape.POINTER:
            boxed += _pointed(line, known)
        if line.text == title or line.shape in _DROPPED or _is_repeated(line, lines[place + 1 :]):
            place += 1
            continue
        if line.shape is Shape.LABEL:
            box, place = _box(lines, place + 1)
            boxed += box
            continue
        if line.shape in {Shape.SHORT, Shape.ITEM}:
            pieces += _short_run(lines[place : place + run], lines[place + run :], pieces)
        else:
            pieces.append(Piece(_prose_kind(line, lines[place + 1 :]), line.text))
        place += run
    return pieces, boxed


def _is_repeated(line: Line, rest: Sequence[Line]) -> bool:
    """Whether the same paragraph, perhaps shortened here, stands below once more."""
    opening = line.text[:_SAME_OPENING]
    return line.shape is Shape.PROSE and any(other.text.startswith(opening) for other in rest)


def _run(lines: Sequence[Line], place: int) -> int:
    """How many lines from ``place`` on have the same shape, without a change of bullets."""
    end = place + 1
    while end < len(lines) and lines[end].shape is lines[place].shape:
        end += 1
    return end - place if lines[place].shape in {Shape.SHORT, Shape.ITEM} else 1


def _short_run(run: Sequence[Line], rest: Sequence[Line], before: Sequence[Piece]) -> list[Piece]:
    """What lines without a full stop are: list items, headings, or nothing of the article's."""
    if run[0].shape is Shape.ITEM or (len(run) > 1 and all(is_numbered(line.text) for line in run)):
        return [Piece(BlockKind.LIST_ITEM, line.text) for line in run] if before else []
    following = next((line for line in rest if line.shape not in _DROPPED), None)
    if len(run) > _HEADINGS_IN_A_ROW and before and before[-1].text.endswith(":"):
        return [Piece(BlockKind.LIST_ITEM, line.text) for line in run]
    if following is None or following.shape is Shape.LABEL:
        return []
    run = run[-1:] if len(run) > _HEADINGS_IN_A_ROW else run
    return [Piece(_short_kind(line, following), line.text) for line in run if line.words <= _HEADING_WORDS]


def _short_kind(line: Line, following: Line) -> BlockKind:
    introduces_list = line.text.endswith(":") and following.shape is Shape.ITEM and line.words > 5
    return BlockKind.PARAGRAPH if introduces_list else BlockKind.HEADING


def _prose_kind(line: Line, rest: Sequence[Line]) -> BlockKind:
    following = next((other for other in rest if other.shape not in _DROPPED), None)
    if line.shape is Shape.QUOTE:
        return BlockKind.QUOTE
    if line.is_question and line.words <= _HEADING_WORDS and following is not None and following.shape is not Shape.SHORT:
        return BlockKind.HEADING
    return BlockKind.LIST_ITEM if line.is_bulleted else BlockKind.PARAGRAPH


def _box(lines: Sequence[Line], place: int) -> tuple[list[Headline], int]:
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
    if last.shape is Shape.JUNK or last.words > _HEADING_WORDS:
        return False
    stands_out = last.is_bulleted != above.is_bulleted or (last.is_apart and not above.is_apart)
    return stands_out or (last.is_question and not any(line.is_question for line in inner[:-1]))


def _trailing(lines: Sequence[Line], known: Furniture) -> list[Headline]:
    """The headlines below the article: those under a label, or else a run of at least two."""
    if lines and known.is_tagline(lines[-1].text):
        lines = lines[:-1]
    pointed = [item for line in lines for item in _pointed(line, known)]
    labels = [i for i, line in enumerate(lines) if line.shape is Shape.LABEL]
    if labels:
        lines = lines[labels[0] + 1 :]
    found = [item for line in lines if (item := _as_headline(line))]
    return [*pointed, *(found if labels or len(found) > 1 else [])]


def _pointed(line: Line, known: Furniture) -> list[Headline]:
    title = known.pointed_at(line.text) if line.shape is Shape.POINTER else None
    found = headline(title) if title else None
    return [found] if found else []


def _as_headline(line: Line) -> Headline | None:
    first = next((char for char in line.text if char.isalnum()), "a")
    is_one = (
        line.shape in {Shape.SHORT, Shape.ITEM, Shape.REMARK}
        and _FEWEST_HEADLINE_WORDS <= line.words <= _TITLE_WORDS
        and not first.islower()
    )
    return headline(line.text) if is_one else None
