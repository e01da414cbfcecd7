"""The dateline of a news report: the place, day and agency before its first sentence."""

from __future__ import annotations

import re

from briefings.model import Article, BlockKind, Span

# "(ANSA) - ROMA, 3 MAG - ", "ZARIN, Sept 12 (Wire) - ", "BUFFALO, N.Y. — ", "Berlin (dpa) - ".
_AGENCY_FIRST = re.compile(r"\([^()\n]{2,20}\) ?[-–—] ?")
_DASH = re.compile(r" --? | ?[–—] |—")
_AGENCY = re.compile(r" ?(?:\([^()]{2,20}\)|/[^/()]{2,12}/)\Z")
_DAY = re.compile(r"(?:[^\W\d_]{3,10}\.? )?\d{1,2}\.?(?: [^\W\d_]{3,10}\.?)?(?: \d{4})?")
_PLACE = re.compile(r"[^\W\d_][^\d(),/–—-]*[^\W\d_]")
#: Behind a name that is as short stands more than a dash, or it may be an agency's.
_LONGEST_AGENCY, _ALONE = 5, 4
_LONGEST, _MOST_PARTS, _LONGEST_PART = 100, 4, 30
#: Longer words of a place begin with a capital: "Rio de Janeiro".
_LONGEST_PARTICLE = 3


def dateline(article: Article) -> Span | None:
    """Returns the dateline at the start of the first paragraph, with the dash behind it, if there is one."""
    first = next((block.span for block in article.blocks if block.kind is BlockKind.PARAGRAPH), None)
    if first is None:
        return None
    text = first.of(article.text)[:_LONGEST]
    agency = _AGENCY_FIRST.match(text)
    start = agency.end() if agency else 0
    dash = _DASH.search(text, start)
    if dash is None or not _begins_sentence(text[dash.end() :]) or not _is_dateline(text[start : dash.start()]):
        return None
    return Span(first.start, first.start + dash.end())


def dateline_place(article: Article) -> Span | None:
    """Returns the place that the dateline names. An agency alone, such as "AFP – ", is none."""
    found = dateline(article)
    if found is None:
        return None
    agency = _AGENCY_FIRST.match(article.text, found.start, found.end)
    match = _PLACE.match(article.text, agency.end() if agency else found.start, found.end)
    if match is None or (len(match[0]) <= _LONGEST_AGENCY and match.end() + _ALONE > found.end):
        return None
    return Span(match.start(), match.end())


def _begins_sentence(text: str) -> bool:
    first = text[:1]
    return bool(first) and not first.isspace() and not first.islower()


def _is_dateline(head: str) -> bool:
    """Whether the words are a place in capitals, or a place with a day or an agency."""
    agency = _AGENCY.search(head)
    parts = [part.strip() for part in head[: agency.start() if agency else None].split(",")]
    days = [part for part in parts if _DAY.fullmatch(part)]
    places = [part for part in parts if part not in days]
    is_sure = agency is not None or (bool(days) and bool(places)) or parts[0].isupper()
    return is_sure and len(parts) <= _MOST_PARTS and all(map(_is_place, places))


def _is_place(part: str) -> bool:
    """Whether all words but particles begin with a capital."""
    words = part.split()
    is_capital = all(word[0].isupper() or len(word) <= _LONGEST_PARTICLE for word in words)
    return is_capital and part[:1].isupper() and len(part) <= _LONGEST_PART
