"""Finds the standfirst of a page: the visible deck, or the description in the metadata."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from briefings.model import BlockKind
from briefings.phrases import fold
from briefings.sources.assemble import Piece
from briefings.sources.furniture import Furniture
from briefings.sources.html.blocks import PageBlock, Role
from briefings.sources.html.metadata import Head

_DECK = re.compile(
    r"stand-?first|sub-?(?:title|head|line)|\bdec?k\b|[-_]dek\b|[-_]deck\b|strap-?line|article-?(?:lead|summary|intro)"
    r"|article__(?:lead|summary|intro)|sottotitolo|chapo|entradilla|bajada|vorspann|^summary\b|^lead\b|description$",
    re.IGNORECASE,
)
_FEWEST_WORDS, _MOST_WORDS = 5, 90
_CUT = re.compile(r"(?:\s{0,9}(?:\.{3}|…|\[…\]|\[\.{3}\]|»)){1,9}$")
_MARKUP = re.compile(r"<\w[^<>]*>|[{}]")
_SHARED = 0.4
# Words of at least this length with the same beginning are forms of one word.
_STEM = 5
_LEVELS = 3
_NAMING = ("class", "id", "data-testid", "itemprop")


def find_standfirst(
    head: Head, above: Sequence[PageBlock], pieces: Sequence[Piece], title: str | None, known: Furniture
) -> str | None:
    """The standfirst. None if the page has none.

    Args:
        above: The blocks from the title to the first paragraphs of the text.
        pieces: The text.
    """
    said = _description(head)
    for block in above:
        if _is_deck(block, said, known) and fold(block.text) != fold(title or ""):
            return block.text
    if said is None or fold(said) == fold(title or ""):
        return None
    first = next((piece for piece in pieces if piece.kind is BlockKind.PARAGRAPH), None)
    if first and _repeats(said, first.text):
        return first.text
    opening = fold(_CUT.sub("", said))
    is_inside = any(opening[:60] in fold(piece.text) for piece in islice(pieces, 40))
    if is_inside or _CUT.search(said) or known.is_tagline(said) or not _is_about(said, pieces, title):
        return None
    return said if _FEWEST_WORDS <= len(said.split()) <= _MOST_WORDS else None


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
    if said and fold(text) == fold(said):
        return True
    around = [block.element, *islice(block.element.iterancestors(), _LEVELS - 1)]
    names = (name for each in around for key in _NAMING for name in each.get(key, "").split())
    return block.role in {Role.HEADING, Role.PARAGRAPH} and any(map(_DECK.search, names))


def _repeats(said: str, text: str) -> bool:
    """Whether the description is the paragraph, whole or cut at its end."""
    one, other = fold(said), fold(text)
    return one == other or (bool(_CUT.search(said)) and other.startswith(fold(_CUT.sub("", said))))


def _is_about(said: str, pieces: Iterable[Piece], title: str | None) -> bool:
    """Whether a description is about this article and not the site: the text contains its longer words."""
    text = {word[:_STEM] for word in fold(" ".join([title or "", *(piece.text for piece in pieces)])).split()}
    words = [word[:_STEM] for word in fold(said).split() if len(word) >= _STEM]
    return bool(words) and sum(word in text for word in words) >= _SHARED * len(words)
