"""Finds the standfirst of a page: the visible deck, or the description in the metadata."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from lxml.html import HtmlElement

from briefings.model import BlockKind
from briefings.phrases import fold
from briefings.sources.assemble import Piece
from briefings.sources.furniture import Furniture
from briefings.sources.html.blocks import PageBlock, Role
from briefings.sources.html.metadata import Head
from briefings.sources.html.titles import same_words
from briefings.sources.lines import ends_sentence

_DECK = re.compile(
    r"stand-?first|sub-?(?:title|head|line)|\bdec?k\b|[-_]dek\b|[-_]deck\b|strap-?line|article-?(?:lead|summary|intro)"
    r"|article__(?:lead|summary|intro)|sottotitolo|sommario|chapo|entradilla|bajada|vorspann|^summary\b|^lead\b|^lid$|description$"
    r"|\b(?:excerpt|preface|epigraph|subtitulo|ingress|abstract)\b|(?:^|[-_])intro[-_]{0,2}(?:text)?$",
    re.IGNORECASE,
)
_FEWEST_WORDS, _MOST_WORDS = 5, 90
_CUT = re.compile(r"(?:\s{0,9}(?:\.{3}|…|\[…\]|\[\.{3}\]|»)){1,9}$")
_MARKUP = re.compile(r"<\w[^<>]*>|[{}]")
_SHARED = 0.4
# Words of at least this length with the same beginning are forms of one word.
_STEM = 5
_LEVELS = 3
_LONG_TEXT = 1000
_NO_DECK = re.compile(
    r"caption|credit|figure|image|photo|author|byline|columnist|contributor|profile|\bbio\b|paywall|subscri|newsletter|promo|elated"
    r"|cookie|comment|disclaimer|shar(?:e|ing)|social|teaser|\btags?\b|video|audio|player|\bnote",
    re.IGNORECASE,
)
_DIVIDING = re.compile(r"caption|figure|author|by-?line|\bdate|timestamp|publish", re.IGNORECASE)
# "NEW YORK (Reuters) - Oil prices fell": the beginning of a report.
_DATELINE = re.compile(
    r"[A-Z][A-Z .,'’-]{1,40}(?:\([^()]{1,30}\) ?)?(?:[-–—]|: )|[^()]{0,40}\((?:CNN|AP|AFP|Reuters|dpa)\)"
)
_MOST_DIVIDING = 40
_LONGEST_DAY = 60
_FEWEST_ALIKE = 2
_FEWEST_SET_APART = 8
_PLACE_WORDS = 3
_NAMING = ("class", "id", "data-testid", "itemprop")


@dataclass(frozen=True, slots=True)
class TopOfPage:
    """Where a standfirst is looked for.

    Attributes:
        above: The blocks from the title to the first paragraphs of the text.
        text: The blocks of the text.
    """

    above: Sequence[PageBlock]
    text: Sequence[PageBlock]


def find_standfirst(
    head: Head, page: TopOfPage, pieces: Sequence[Piece], title: str | None, known: Furniture
) -> str | None:
    """The standfirst. None if the page has none.

    Args:
        pieces: The text.
    """
    said = _description(head)
    for block in page.above:
        if _is_deck(block, said, known) and fold(block.text) != fold(title or ""):
            return block.text
    shown = _set_apart(page, known) or _line_above_byline(page.above, title, known)
    if shown and not same_words(shown.text, title or "") and not _is_of_page(shown, pieces, title):
        return shown.text
    if said is None or _is_title(said, title or ""):
        return None
    first = next((piece for piece in pieces if piece.kind is BlockKind.PARAGRAPH), None)
    if first and _repeats(said, first.text):
        return None if _DATELINE.match(first.text) else first.text
    opening = fold(_CUT.sub("", said))
    is_inside = any(opening[:60] in fold(piece.text) for piece in islice(pieces, 40))
    if is_inside or _CUT.search(said) or known.is_tagline(said) or not _is_about(said, pieces, title):
        return None
    return said if _FEWEST_WORDS <= len(said.split()) <= _MOST_WORDS else None


def _set_apart(page: TopOfPage, known: Furniture) -> PageBlock | None:
    """The first paragraph below the title, if the page parts it from the text in two of three ways.

    It has a style of its own, it stands in an element of its own, or the byline, the day or a caption stands below it.
    """
    paragraphs = [block for block in page.text if block.role is Role.PARAGRAPH]
    styles, parents = (Counter(map(tell, paragraphs)) for tell in (_style, _parent))
    if max(styles.values(), default=0) < _FEWEST_ALIKE:
        return None
    style, parent = styles.most_common(1)[0][0], parents.most_common(1)[0][0]
    for block, following in pairwise(page.above):
        if _may_be_set_apart(block, known):
            parted = [_style(block) != style, _parent(block) is not parent, _divides(following, known)]
            return block if sum(parted) > 1 and len(block.text.split()) <= _MOST_WORDS else None
    return None


def _line_above_byline(above: Sequence[PageBlock], title: str | None, known: Furniture) -> PageBlock | None:
    """The heading, or the line without an end, between the title and the author or the day."""
    for before, block, following in zip(above, above[1:], above[2:], strict=False):
        if same_words(before.text, title or "") and _is_deck_line(block, following, known):
            return block
    return None


def _is_deck_line(block: PageBlock, following: PageBlock, known: Furniture) -> bool:
    is_long = _FEWEST_WORDS <= len(block.text.split()) <= _MOST_WORDS
    if not is_long or known.is_junk(block.text) or known.bylines.author(block.text):
        return False
    if block.role is Role.HEADING:
        return _divides(following, known)
    is_day = len(following.text) <= _LONGEST_DAY and known.calendar.names_day(following.text)
    return block.role is Role.PARAGRAPH and is_day and not any(map(_NO_DECK.search, _names(block)))


def _may_be_set_apart(block: PageBlock, known: Furniture) -> bool:
    is_sentence = block.role is Role.PARAGRAPH and ends_sentence(block.text)
    if not is_sentence or len(block.text.split()) < _FEWEST_SET_APART or known.is_junk(block.text):
        return False
    is_of_page = known.addresses_reader(block.text) or known.bylines.opening.match(fold(block.text))
    begins_report = _DATELINE.match(block.text) or _CUT.search(block.text)
    return not (is_of_page or begins_report or any(map(_NO_DECK.search, _names(block))))


def _divides(block: PageBlock, known: Furniture) -> bool:
    """Whether a block stands between a standfirst and the text: the author, the day, a caption."""
    is_short = len(block.text.split()) <= _MOST_DIVIDING
    is_dividing = block.role is Role.ASIDE or known.is_junk(block.text) or known.bylines.author(block.text) is not None
    return (is_short and is_dividing) or any(map(_DIVIDING.search, _names(block)))


def _parent(block: PageBlock) -> HtmlElement | None:
    return block.element.getparent()


def _style(block: PageBlock) -> tuple[object, ...]:
    """What a style sheet tells a block by."""
    parent = block.element.getparent()
    return (block.element.tag, block.element.get("class"), None if parent is None else parent.get("class"))


def _names(block: PageBlock) -> Iterator[str]:
    """The names that the page's author gave to a block and to what is around it."""
    around = [block.element, *islice(block.element.iterancestors(), _LEVELS - 1)]
    return (name for each in around for key in _NAMING for name in each.get(key, "").split())


def _description(head: Head) -> str | None:
    """The description that most places give. If one is cut, the full one."""
    said = [*head.said("description", "og:description", "twitter:description"), *head.structured.descriptions[:1]]
    named = [text for text in said if not _MARKUP.search(text)]
    counts = Counter(map(fold, named))
    best = max(named, key=lambda text: counts[fold(text)], default=None)
    if best is None or not _CUT.search(best):
        return best
    opening = fold(_CUT.sub("", best))
    return next((text for text in named if fold(text).startswith(opening) and not _CUT.search(text)), best)


def _is_deck(block: PageBlock, said: str | None, known: Furniture) -> bool:
    text = block.text
    if not _FEWEST_WORDS <= len(text.split()) <= _MOST_WORDS or known.is_junk(text) or known.bylines.author(text):
        return False
    if _DATELINE.match(text):
        return False
    if said and _is_said(text, said):
        return True
    names = list(_names(block))
    is_named = any(map(_DECK.search, names)) and not any(map(_NO_DECK.search, names))
    return block.role in {Role.HEADING, Role.PARAGRAPH} and is_named


def _is_said(text: str, said: str) -> bool:
    """Whether a block is the description, perhaps behind the place that it comes from: "Berlin. The tower ..."."""
    one, other = fold(text), fold(said)
    return one == other or (one.endswith(f" {other}") and one.count(" ") - other.count(" ") <= _PLACE_WORDS)


def _is_title(said: str, title: str) -> bool:
    """Whether the description is the title, alone or with the name of a section before or behind it."""
    one, other = fold(said), fold(title)
    is_within = bool(other) and (one.startswith(f"{other} ") or one.endswith(f" {other}"))
    return one == other or (is_within and one.count(" ") - other.count(" ") <= _PLACE_WORDS)


def _repeats(said: str, text: str) -> bool:
    """Whether the description is the paragraph, whole or cut at its end."""
    one, other = fold(said), fold(text)
    return one == other or (bool(_CUT.search(said)) and other.startswith(fold(_CUT.sub("", said))))


def _is_about(said: str, pieces: Iterable[Piece], title: str | None) -> bool:
    """Whether a description is about this article and not the site: the text contains its longer words."""
    text = {word[:_STEM] for word in fold(" ".join([title or "", *(piece.text for piece in pieces)])).split()}
    words = [word[:_STEM] for word in fold(said).split() if len(word) >= _STEM]
    return bool(words) and sum(word in text for word in words) >= _SHARED * len(words)


def _is_of_page(block: PageBlock, pieces: Iterable[Piece], title: str | None) -> bool:
    """Whether a paragraph addresses all readers of the site: a long text and it share hardly any word."""
    others = [piece for piece in pieces if piece.text != block.text]
    is_long = sum(len(piece.text) for piece in others) >= _LONG_TEXT
    return is_long and not _is_about(block.text, others, title)
