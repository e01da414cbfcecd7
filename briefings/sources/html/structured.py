"""Reads a page's statements about its article in JSON-LD (https://schema.org/Article)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape

from lxml.html import HtmlElement

from briefings.phrases import fold
from briefings.sources.text import one_line

_ARTICLE = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|Report)$")
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$")
_LONGEST_SCRIPT = 500_000
_MOST_OBJECTS = 200
_MOST_AUTHORS = 20
_LETTERS, _FEWEST_WORDS, _LEAST_SHARED = 4, 3, 0.25


@dataclass
class Structured:
    """The statements about the article in the page's order.

    Attributes:
        types: The declared types: NewsArticle, VideoObject.
        bodies: The texts of the article, whose lines are paragraphs.
        is_paid: Whether the text is declared as not free.
    """

    headlines: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    is_paid: bool = False


def read_structured(tree: HtmlElement, titles: Sequence[str]) -> Structured:
    """The statements of all JSON-LD scripts of the page about its article. Invalid scripts are ignored.

    Args:
        titles: The titles that the page has in other places. A headline with hardly a word of them is another story's.
    """
    objects = [each for script in tree.iter("script") for each in _objects(script)][:_MOST_OBJECTS]
    by_id = {str(each["@id"]): each for each in objects if "@id" in each and "name" in each}
    found = Structured()
    known = {word for title in titles for word in _long_words(title)}
    for each in objects:
        if len(known) >= _FEWEST_WORDS and _is_of_another_story(each, known):
            continue
        found.types += _texts(each.get("@type"))
        if any(_ARTICLE.search(kind) for kind in _texts(each.get("@type"))):
            _take_article(each, by_id, found)
    return found


def _is_of_another_story(statement: dict[str, object], known: set[str]) -> bool:
    words = {word for headline in _texts(statement.get("headline")) for word in _long_words(headline)}
    return len(words) >= _FEWEST_WORDS and len(words & known) < _LEAST_SHARED * len(words)


def _long_words(title: str) -> list[str]:
    """The words of more than three letters, each by its first four: "resigns" and "resigned" are the same."""
    return [word[:_LETTERS] for word in fold(title).split() if len(word) >= _LETTERS]


def _objects(script: HtmlElement) -> Iterator[dict[str, object]]:
    """The top-level objects of a script, and those in their ``@graph`` or ``mainEntity``."""
    text = script.text or ""
    if "ld+json" not in script.get("type", "").lower() or len(text) > _LONGEST_SCRIPT:
        return
    try:
        value = json.loads(_WRAPPING.sub("", text), strict=False)
    except (ValueError, RecursionError):
        return
    for top in _list(value):
        if isinstance(top, dict):
            yield top
            inner = [*_list(top.get("@graph")), *_list(top.get("mainEntity"))]
            yield from (each for each in inner if isinstance(each, dict))


def _take_article(article: dict[str, object], by_id: dict[str, dict[str, object]], found: Structured) -> None:
    found.is_paid = found.is_paid or str(article.get("isAccessibleForFree")).lower() == "false"
    found.headlines += _texts(article.get("headline"))
    found.descriptions += _texts(article.get("description"))
    found.dates += _texts(article.get("datePublished"))
    found.bodies += [text for text in _list(article.get("articleBody")) if isinstance(text, str)]
    found.images += _addresses(article.get("image"))
    found.publishers += [name for _, name in _named(article.get("publisher"), by_id)]
    for kind, name in _named(article.get("author") or article.get("creator"), by_id):
        (found.organisations if "Organization" in kind else found.persons).append(name)


def _named(value: object, by_id: dict[str, dict[str, object]]) -> Iterator[tuple[str, str]]:
    """The type and name of each person or organisation in ``value``."""
    for each in _list(value)[:_MOST_AUTHORS]:
        if isinstance(each, dict):
            said = each if "name" in each else by_id.get(str(each.get("@id")), each)
            kind = " ".join(_texts(said.get("@type")))
            yield from ((kind, name) for name in _texts(said.get("name")))
        else:
            yield from (("", name) for name in _texts(each))


def _addresses(value: object) -> list[str]:
    """The addresses of images, each given as a text or as an ImageObject."""
    return [text for each in _list(value) for text in _texts(each.get("url") if isinstance(each, dict) else each)]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _texts(value: object) -> list[str]:
    return [text for each in _list(value) if isinstance(each, str) and (text := one_line(unescape(each)))]
