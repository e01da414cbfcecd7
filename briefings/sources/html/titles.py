"""Finds the title of a page by comparing all places that name one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from briefings.phrases import fold
from briefings.sources.html.metadata import Head

_SEPARATOR = re.compile(r"\s{0,9}[|•·]\s{0,9}|\s{1,9}(?:[-–—:/~]|--|::|\|\||»|«)\s{1,9}|:\s{1,9}")
_COPIES = ("twitter:title", "parsely-title", "sailthru.title", "dc.title", "title")
_LONGEST = 400
# A title that is the beginning of another one, and at least this long, was cut.
_FEWEST_OF_CUT = 40
_SITE_WORDS = 4
# The weight of the page's own heading, and of one that shares no word with the titles in the page's head.
_SHOWN, _SHOWN_ALONE = 2.2, 1.5
# ``<title>`` is often worded for search engines.
_IN_HEAD = 0.6
_PLAIN_MARKS = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})
_STEM, _FEWEST_LETTERS = 5, 4


def find_title(head: Head, headings: Sequence[str], sites: Iterable[str], body: str) -> str | None:
    """The title that most places agree on, as most of them write it. The page's own heading counts most.

    Args:
        headings: The page's ``<h1>``, the one directly above the text first.
        sites: Names of the site, which are removed.
        body: The article's text. Its words are not names of the site.
    """
    names = {name_key(site) for site in sites} - {""}
    words = set(fold(body).split())
    headings = [heading for heading in headings if not _is_logo(heading, head, words)]
    votes = [(text, weight) for text, weight in _votes(head, headings) if name_key(text) not in names]
    keys = {fold(text) for text, _ in votes}
    weights: dict[str, float] = {}
    forms: dict[str, Counter[str]] = {}
    spelled: dict[str, str] = {}
    for text, weight in votes:
        is_shown = bool(headings) and text == headings[0] and sum(fold(other) == fold(text) for other, _ in votes) > 1
        title = _without_affixes(text, set() if is_shown else keys, names, words)
        key = fold(title)
        # Lines of a heading may be glued: "New roadBridge closes".
        key = spelled.setdefault(key.replace(" ", ""), key)
        weights[key] = weights.get(key, 0.0) + weight
        forms.setdefault(key, Counter())[title] += 0 if title.isupper() else 1
    shown = fold(next(iter(headings), ""))
    for key, weight in list(weights.items()):
        # A page's own heading is not cut.
        if key == shown:
            continue
        fuller = [other for other in weights if other != key and other.startswith(key)]
        if fuller and len(key) >= _FEWEST_OF_CUT:
            weights[fuller[0]] += weight
    best = max(weights, key=lambda key: weights[key], default=None)
    if best is None:
        return None
    form = max(forms[best], key=lambda form: (forms[best][form], " :" not in form, len(form)))
    return _with_topic(_as_shown(form, next(iter(headings), "")), head, names)


def _is_logo(heading: str, head: Head, words: set[str]) -> bool:
    """Whether a heading shares no word with the text or the titles of the page's head, as a site's name does."""
    stated = stated_titles(head)
    return bool(stated) and words.union(*(fold(title).split() for title in stated)).isdisjoint(fold(heading).split())


def _with_topic(title: str, head: Head, names: set[str]) -> str:
    """The title with the topic before it, if OpenGraph and JSON-LD both have it: "Kenya: Lions in the city"."""
    shared, stated = next(iter(head.said("og:title")), ""), next(iter(head.structured.headlines), "")
    if fold(shared) != fold(stated) or not fold(shared).endswith(f" {fold(title)}"):
        return title
    topic = fold(shared).removesuffix(f" {fold(title)}")
    return title if name_key(topic) in names else shared


def stated_titles(head: Head) -> list[str]:
    """The titles in the head of the page."""
    return [*head.said("og:title")[:1], *head.structured.headlines[:1], *([head.title] if head.title else [])]


def _votes(head: Head, headings: Sequence[str]) -> Iterator[tuple[str, float]]:
    """The titles with their weights. Sources that copy each other have little weight."""
    first, *others = dict.fromkeys(headings) or [""]
    named = [
        (first, _SHOWN if _is_confirmed(first, head) else _SHOWN_ALONE),
        *((heading, 0.4) for heading in others),
        *((title, 1.0) for title in head.said("og:title")[:1]),
        *((title, 1.0) for title in head.structured.headlines[:1]),
        *((title, _IN_HEAD) for title in [head.title] if title),
        *((title, 0.4) for title in head.said(*_COPIES)[:1]),
    ]
    yield from ((title[:_LONGEST], weight) for title, weight in named if fold(title))


def _is_confirmed(heading: str, head: Head) -> bool:
    """Whether a heading shares a word with the titles that the page states, as other wordings of one title do."""
    stated = [*head.said("og:title")[:1], *head.structured.headlines[:1]] or stated_titles(head)
    return not _stems(heading).isdisjoint(set().union(*map(_stems, stated)))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in fold(text).split() if len(word) >= _FEWEST_LETTERS or not word.isascii()}


def _as_shown(title: str, heading: str) -> str:
    """The heading if it is the title with other quotation marks, dashes or dots, or else the title."""
    return heading if title.translate(_PLAIN_MARKS) == heading.translate(_PLAIN_MARKS) else title


def _without_affixes(text: str, others: set[str], names: set[str], words: set[str]) -> str:
    """``text`` without the name of the site or section before or after it.

    A part is removed if the rest equals another title, or if the part is a name of the site.
    """
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(text)]
    for start, end in cuts:
        for rest in (text[end:], text[:start]):
            if rest and fold(rest) in others:
                return _without_affixes(rest, others - {fold(text)}, names, words)
    for start, end in reversed(cuts):
        if name_key(text[end:]) in names or _may_be_site(text[start:end], text[end:], text[:start], words):
            return text[:start] if name_key(text[:start]) not in names else text
    for start, end in cuts:
        if name_key(text[:start]) in names:
            return text[end:]
    return text


def _may_be_site(separator: str, name: str, rest: str, words: set[str]) -> bool:
    """Whether the last part is a name of a site that the page does not mention elsewhere."""
    folded = fold(name).split()
    is_short = 0 < len(folded) <= _SITE_WORDS < len(rest.split()) and name[:1].isupper()
    return is_short and ":" not in separator and words.isdisjoint(folded)


def same_words(one: str, other: str) -> bool:
    """Whether two lines have the same words, ignoring case and punctuation."""
    return one == other or (len(one) < _LONGEST * 2 and fold(one) == fold(other))


def title_parts(title: str) -> list[str]:
    """The parts before and after each separator of a page's title."""
    cuts = list(_SEPARATOR.finditer(title[:_LONGEST]))
    return [part for cut in cuts for part in (title[: cut.start()], title[cut.end() :]) if part]


def title_ends(title: str) -> list[str]:
    """The parts before the first and after the last separator of a page's title."""
    parts = _SEPARATOR.split(title[:_LONGEST])
    return [part for part in (parts[-1], parts[0]) if part] if len(parts) > 1 else []


def name_key(name: str) -> str:
    """The letters of a name, so that "TC Newsnet" equals "tcnewsnet"."""
    return fold(name).replace(" ", "").removeprefix("the")
