"""The dateline of a news report: the place, day and agency before its first sentence."""

from __future__ import annotations

import re

from briefings.model import Article, BlockKind, Span

# "(ANSA) - ROMA, 3 MAG - ", "ZARIN, Sept 12 (Wire) - ", "BUFFALO, N.Y. — ", "Berlin (dpa) - ", "DELHI: ".
_AGENCY_FIRST = re.compile(r"\([^()\n]{2,20}\) ?[-–—] ?")
_DASH = re.compile(r" --? | ?[–—] |—")
_COLON = ": "
# Spanish agencies set a full stop before the dash: "Madrid, 3 may (EFE).- ".
_MARK = re.compile(rf"{_DASH.pattern}|{_COLON}|\.- ?")
_AGENCY = re.compile(r" ?(?:\([^()]{2,20}\)|/[^/()]{2,12}/)\Z")
_DAY = re.compile(r"(?:[^\W\d_]{3,10}\.? )?\d{1,2}\.?(?: [^\W\d_]{3,10}\.?)?(?: \d{4})?")
_PLACE = re.compile(r"[^\W\d_][^\d(),/–—-]*[^\W\d_]")
#: A longer name in capitals is no agency's.
_LONGEST_AGENCY = 5
_LONGEST, _MOST_PARTS, _LONGEST_PART = 100, 4, 30
#: Longer words of a place begin with a capital: "Rio de Janeiro".
_LONGEST_PARTICLE = 3
#: A sentence behind a place that is not in capitals has so many words.
_FEWEST_WORDS = 6


def dateline(article: Article) -> Span | None:
    """Returns the dateline at the start of the first paragraph, with the mark behind it, if there is one."""
    first, *others = [block.span for block in article.blocks if block.kind is BlockKind.PARAGRAPH] or [Span(0, 0)]
    text = first.of(article.text)
    agency = _AGENCY_FIRST.match(text)
    start = agency.end() if agency else 0
    mark = _MARK.search(text, start, _LONGEST)
    if mark is None or not _begins_sentence(text[mark.end() :]):
        return None
    head = text[start : mark.start()]
    if mark.group() == _COLON:
        is_dateline = head.isupper() and not any(_names_speaker(span.of(article.text)) for span in others)
    else:
        is_dateline = _is_sure(head) or _stands_alone(head, text[mark.end() :])
    return Span(first.start, first.start + mark.end()) if is_dateline and _is_dateline(head) else None


def dateline_place(article: Article) -> Span | None:
    """Returns the place that the dateline names for sure.

    An agency alone ("AFP – ") is none, and without an agency or a day the words may be a label ("Analysis – ").
    """
    found = dateline(article)
    if found is None:
        return None
    agency = _AGENCY_FIRST.match(article.text, found.start, found.end)
    start = agency.end() if agency else found.start
    mark = _MARK.search(article.text, start, found.end)
    match = _PLACE.match(article.text, start, mark.start() if mark else found.end)
    if match is None or mark is None:
        return None
    is_alone = match.end() == mark.start()
    is_label = is_alone and (mark.group() == _COLON or len(match[0]) <= _LONGEST_AGENCY or not match[0].isupper())
    return None if is_label else Span(match.start(), match.end())


def _begins_sentence(text: str) -> bool:
    first = text[:1]
    return bool(first) and not first.isspace() and not first.islower()


def _names_speaker(text: str) -> bool:
    """Whether a paragraph begins as in a transcript: "ORLA VENN: We said no."."""
    name, colon, _ = text[:_LONGEST].partition(_COLON)
    return bool(colon) and name.isupper()


def _parts(head: str) -> tuple[list[str], list[str]]:
    """The places and the days of a dateline, without the agency."""
    agency = _AGENCY.search(head)
    parts = [part.strip() for part in head[: agency.start() if agency else None].split(",")]
    days = [part for part in parts if _DAY.fullmatch(part)]
    return [part for part in parts if part not in days], days


def _is_sure(head: str) -> bool:
    """Whether the words have an agency, or a place with a day, or a place in capitals."""
    places, days = _parts(head)
    return _AGENCY.search(head) is not None or bool(days and places) or head.split(",", maxsplit=1)[0].isupper()


def _stands_alone(head: str, rest: str) -> bool:
    """Whether no second dash follows in the sentence, which would make an aside of the words between."""
    sentence = rest.partition(". ")[0]
    return "," not in head and len(sentence.split()) >= _FEWEST_WORDS and not _DASH.search(sentence)


def _is_dateline(head: str) -> bool:
    """Whether the words can be places and days."""
    places, days = _parts(head)
    return len(places) + len(days) <= _MOST_PARTS and all(map(_is_place, places))


def _is_place(part: str) -> bool:
    """Whether all words but particles begin with a capital."""
    words = part.split()
    is_capital = all(word[0].isupper() or len(word) <= _LONGEST_PARTICLE for word in words)
    return is_capital and part[:1].isupper() and len(part) <= _LONGEST_PART
