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
_GAIN = {
    Shape.REMARK: 1.0,
    Shape.SHORT: -6.0,
    Shape.ITEM: -1.0,
    Shape.QUOTE: 8.0,
    Shape.JUNK: -5.0,
    Shape.LABEL: -12.0,
    Shape.POINTER: -6.0,
}
# Below the end of an article that has this much, nothing is searched: readers' comments may be longer.
_ENOUGH = 60.0
_QUOTES = frozenset({("“", "”"), ("«", "»"), ("„", "“"), ('"', '"'), ("„", "”")})
_SAME_OPENING = 70
_DROPPED = frozenset({Shape.JUNK, Shape.END, Shape.POINTER})
_SENTENCE_ITEM_GAIN = 3.0
_MORE_JUNK_GAIN = -2.0
# A box of other stories costs what its label costs, however many it holds.
_OF_A_BOX = frozenset({Shape.SHORT, Shape.ITEM, Shape.REMARK, Shape.LABEL})
_PROSE_GAIN_LIMIT = 40
_HEADING_WORDS = 16
_CAPTION_WORDS = 9
_DECK_WORDS = 8
_HEADINGS_IN_A_ROW = 2
_TITLE_WORDS = 30
_FEWEST_HEADLINE_WORDS = 3
# Three words below an article may be its topic: "South East Asia".
_FEWEST_UNLABELLED_WORDS = 4


def parse_plain(text: str, name: str = "text") -> Article:
    """The article in ``text``.

    Raises:
        ArticleNotFound: No line of it is prose; ``name`` is the source's.
    """
    text = normalise(text)
    language = languages.detect(text)
    known = furniture(language)
    lines = read_lines(text, known)
    if not any(line.shape is not Shape.JUNK for line in lines):
        raise ArticleNotFound(name)
    start, end = _stretch(lines)
    title_at = _title_at(lines, start, end)
    first = start if title_at is None else max(start, title_at + 1)
    standfirst_at = None if title_at is None else _standfirst_at(lines, title_at, end, known)
    if standfirst_at is not None:
        first = max(first, standfirst_at + 1)
    if title_at is not None:
        while first < end and (lines[first].shape is Shape.JUNK or _is_of_head(lines[first], known)):
            first += 1
    body, boxed = _body(lines[first:end], lines[title_at].text if title_at is not None else None, known)
    head = lines[: first + 1]
    return assemble(
        name,
        body,
        language=language,
        title=None if title_at is None else lines[title_at].text,
        standfirst=None if standfirst_at is None else lines[standfirst_at].text,
        byline=_author(head if title_at is None else lines[title_at + 1 : first + 1], known) or _author(head, known),
        published=next(filter(None, (known.day(line.text) for line in head if line.shape is Shape.JUNK)), None),
        related=[*_trailing(lines[end:], known), *boxed],
    )


def _stretch(lines: Sequence[Line]) -> tuple[int, int]:
    """The run of lines with the greatest sum of gains, as a half-open range."""
    best = (0.0, 0, 0)
    total, start = 0.0, 0
    is_boxed = False
    for place, line in enumerate(lines):
        if line.shape is Shape.END:
            if total >= _ENOUGH:
                break
            total = 0.0
            continue
        if total <= 0:
            total, start = 0.0, place
        previous = lines[place - 1].shape if place else None
        total += 0.0 if is_boxed and line.shape in _OF_A_BOX else _gain(line, previous)
        is_boxed = line.shape is Shape.LABEL or (is_boxed and line.shape in _OF_A_BOX)
        if total > best[0]:
            best = (total, start, place + 1)
    return (best[1], best[2]) if best[2] else (0, len(lines))


def _gain(line: Line, previous: Shape | None) -> float:
    if line.shape is Shape.PROSE:
        return float(min(line.words, _PROSE_GAIN_LIMIT))
    if line.shape is Shape.ITEM and ends_sentence(line.text):
        return _SENTENCE_ITEM_GAIN
    if line.shape is Shape.JUNK and previous is Shape.JUNK:
        return _MORE_JUNK_GAIN
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
    return (
        is_shorter
        and following.shape is Shape.PROSE
        and following.is_apart
        and not _is_repeated(line, lines[place + 1 :])
    )


def _title_score(lines: Sequence[Line], place: int, prose: int, body: set[str]) -> float:
    line = lines[place]
    words = [word for word in fold(line.text).split() if len(word) > 3]
    shared = sum(word in body for word in words) / max(len(words), 4)
    nearness = 0.5 / (1 + 0.15 * (prose - place))
    repeated = sum(other.text == line.text for other in lines[:prose]) > 1
    return 2 * shared + min(line.words, 8) / 8 + nearness + 0.5 * repeated - 0.5 * (line.shape is Shape.REMARK)


def _standfirst_at(lines: Sequence[Line], title_at: int, end: int, known: Furniture) -> int | None:
    """The place of the standfirst: under the title, and set apart from the story's beginning.

    It is apart if furniture (a byline, a date, a share bar) or a name divides the two, if it ends
    without a full stop, or if it asks the questions that headings below ask again.
    """
    places = [i for i in range(title_at + 1, end) if lines[i].shape not in {*_DROPPED, Shape.LABEL}]
    following = next((i for i in places[1:] if lines[i].shape is Shape.PROSE), None)
    if following is None or places[0] >= following:
        return None
    place = places[0]
    line = lines[place]
    if line.words < 5 or line.is_bulleted or line.text == lines[title_at].text:
        return None
    if line.shape is not Shape.PROSE and (place != title_at + 1 or not _may_be_deck(line, known)):
        return None
    between = lines[place + 1 : following]
    if any(other.words <= _HEADING_WORDS and other.is_question for other in between):
        return None
    is_divided = bool(between) and place == title_at + 1
    is_open = not ends_sentence(line.text) and not line.text.endswith(":")
    asks = "?" in line.text and any(
        other.is_question and other.words <= _HEADING_WORDS for other in lines[following:end]
    )
    return place if is_divided or is_open or asks else None


def _may_be_deck(line: Line, known: Furniture) -> bool:
    """Whether a line without a full stop may be a standfirst: not names, no date, no place in a list."""
    is_bare = not is_numbered(line.text) and known.names(line.text.partition(",")[0]) is None
    return is_bare and line.words >= _DECK_WORDS and known.day(line.text) is None


def _is_of_head(line: Line, known: Furniture) -> bool:
    """Whether a line before the first paragraph is a caption or an author's name."""
    if line.shape is not Shape.SHORT or line.is_question:
        return False
    is_name = known.names(line.text.partition(",")[0]) or known.credited(line.text)
    return line.words >= _CAPTION_WORDS or is_name is not None


def _author(head: Sequence[Line], known: Furniture) -> str | None:
    """The author named between title and body: after a "by", or as a line that is only names."""
    for line in head:
        if name := known.author(line.text):
            return name
    for line, following in pairwise(head):
        name, comma, _ = line.text.partition(",")
        if line.shape is Shape.SHORT and (comma or following.shape is Shape.JUNK) and (author := known.names(name)):
            return author
    return next((name for line in head if (name := known.credited(line.text))), None)


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
        if line.shape is Shape.SHORT and run == 1 and _is_wedged(lines, place):
            place += 1
            continue
        if pieces and line.shape is Shape.SHORT and _is_attribution(line, pieces[-1], known):
            pieces[-1] = Piece(BlockKind.QUOTE, f"{pieces[-1].text}\n{line.text}")
            run = 1
        elif line.shape in {Shape.SHORT, Shape.ITEM}:
            pieces += _short_run(lines[place : place + run], lines[place + run :], pieces)
        else:
            pieces.append(Piece(_prose_kind(line, lines[place + 1 :]), line.text))
        place += run
    return pieces, boxed


def _is_repeated(line: Line, rest: Sequence[Line]) -> bool:
    """Whether the same paragraph, perhaps shortened here, stands below once more."""
    opening = line.text[:_SAME_OPENING]
    return line.shape is Shape.PROSE and any(other.text.startswith(opening) for other in rest)


def _is_wedged(lines: Sequence[Line], place: int) -> bool:
    """Whether the line stands between two pieces of furniture, as the name of a newsletter does."""
    line = lines[place]
    if line.is_question or is_numbered(line.text) or not 0 < place < len(lines) - 1:
        return False
    return all(lines[i].shape is Shape.JUNK for i in (place - 1, place + 1))


def _is_attribution(line: Line, before: Piece, known: Furniture) -> bool:
    """Whether the line names the speaker of the words above it: "— Ann Lee", "Ann Lee, nurse"."""
    is_quote = before.kind is BlockKind.QUOTE or _is_quoted(before.text)
    if line.words > 10 or not (is_quote or (before.kind is BlockKind.PARAGRAPH and not line.is_apart)):
        return False
    name, comma, role = line.text.partition(", ")
    if known.names(name) and (role[:1].islower() or (is_quote and comma)):
        return True
    return is_quote and line.text.startswith(("—", "–"))


def _is_quoted(text: str) -> bool:
    """Whether the whole paragraph is one quotation."""
    return (
        len(text) > 2 and (text[0], text[-1]) in _QUOTES and not any(mark in text[1:-1] for mark in (text[0], text[-1]))
    )


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
    if line.shape is Shape.QUOTE or _is_quoted(line.text):
        return BlockKind.QUOTE
    if (
        line.is_question
        and line.words <= _HEADING_WORDS
        and following is not None
        and following.shape is not Shape.SHORT
    ):
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
        return [*pointed, *(item for line in lines[labels[0] + 1 :] if (item := _as_headline(line)))]
    runs: list[list[Headline]] = [[]]
    for line in lines:
        if line.words >= _FEWEST_UNLABELLED_WORDS and (item := _as_headline(line)):
            runs[-1].append(item)
        elif line.shape in {Shape.JUNK, Shape.END}:
            runs.append([])
    longest = max(runs, key=len)
    return [*pointed, *(longest if len(longest) > 1 else [])]


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
