"""Recognises pages that are not articles: paywalls, consent requests, errors, live tickers, videos, lists of stories.

Declarations of the page count first. Phrases only count on pages with little text, because a long article may be about
cookies.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from briefings.errors import PageKind
from briefings.languages.page_kinds import page_phrases
from briefings.model import Article
from briefings.phrases import fold
from briefings.sources.html.metadata import Head

#: Shorter texts, in characters, may be a beginning, a notice or a caption.
_SHORT = 1_500
_CAPTION = 800
_NOTICE = 300
_MOST_READ = 20_000
_LEAST_CONSENT = 2
_MOST_LINKS = 5_000
#: A front page has at least so many links that look like headlines, and no article text that is longer than theirs.
_FRONT_PAGE_LINKS, _HEADLINE_WORDS = 25, 5
_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Report)$")
#: A status of HTTP, with or without its name. "500 jobs saved" is none.
_STATUS = re.compile(
    r"\s{0,9}(?:(?:error|http|errore|fehler|erreur)\s{0,3})?[45]\d\d"
    r"(?:\s{1,3}(?:error|not found|forbidden|unauthorized|gone|bad \w{1,9}|(?:internal )?server error"
    r"|service \w{1,11}(?: unavailable)?|gateway time-?out|too many requests))?\s{0,9}",
    re.IGNORECASE,
)
#: The parts of a title: "Gazette | Page not found", "Sorry: this page does not exist".
_TITLE_PARTS = re.compile(r"\s[|·–—-]\s|[:,.!?]\s")
_UNSEEN = frozenset(["script", "style", "noscript", "template"])


@dataclass(frozen=True)
class _Page:
    tree: HtmlElement
    head: Head
    text: str
    url: str

    @cached_property
    def words(self) -> str:
        """The folded words that the page shows, up to a limit in characters."""
        return f" {fold(_visible(self.tree))} "

    @property
    def is_short(self) -> bool:
        return len(self.text) < _SHORT

    @property
    def is_declared_article(self) -> bool:
        return any(_ARTICLE_TYPE.search(kind) for kind in self.head.structured.types)


def find_page_kind(tree: HtmlElement, head: Head, article: Article | None, url: str) -> PageKind | None:
    """The kind of a page that is not an article. None if it is one.

    Args:
        article: The article that was read from it, if any.
        url: The address of the page.
    """
    page = _Page(tree, head, article.text if article else "", url)
    return next((kind for kind, is_it in _CHECKS if is_it(page)), None)


def _is_live(page: _Page) -> bool:
    return "LiveBlogPosting" in page.head.structured.types


def _is_error(page: _Page) -> bool:
    if not page.is_short or page.is_declared_article:
        return False
    if len(page.text) < _NOTICE and " javascript " in page.words:  # it asks to be opened in another browser
        return True
    parts = _TITLE_PARTS.split(page.head.title or "")
    return any(_STATUS.fullmatch(part) is not None or _names_error(part) for part in parts)


def _names_error(part: str) -> bool:
    """Whether a part of a title says little but that the page is an error: "Hunter not found in the woods" does not."""
    words = f" {fold(part)} "
    return any(
        f" {phrase} " in words and len(words.split()) <= len(phrase.split()) + (2 if phrase.count(" ") >= 2 else 1)
        for phrase in page_phrases().error
    )


def _asks_for_consent(page: _Page) -> bool:
    if not page.is_short:
        return False
    parts = urlsplit(page.url)
    is_address = (parts.hostname or "").split(".")[0] in {"consent", "cmp"} or parts.path.startswith("/consent")
    said = sum(f" {phrase} " in page.words for phrase in page_phrases().consent)
    # An article's own words count against this: many pages ask for consent below a short article.
    return is_address or (said >= _LEAST_CONSENT and not page.is_declared_article and len(page.text) < _CAPTION)


def _is_paid(page: _Page) -> bool:
    is_said = len(page.text) < _CAPTION and _has_any(page.words, page_phrases().paywall)
    return page.is_short and (page.head.structured.is_paid or is_said)


def _is_video(page: _Page) -> bool:
    declared = " ".join(page.head.said("og:type"))
    is_named = declared.startswith("video") or "VideoObject" in page.head.structured.types
    return is_named and not page.is_declared_article and len(page.text) < _CAPTION


def _is_index(page: _Page) -> bool:
    """Whether most of a page's words are headlines of other stories, and it is a front page or declared as a list."""
    is_front = urlsplit(page.head.url or page.url).path in {"", "/"} or "website" in page.head.said("og:type")
    if page.is_declared_article or not is_front:
        return False
    links = [len(link.text_content().split()) for link in islice(page.tree.iter("a"), _MOST_LINKS)]
    headlines = [words for words in links if words >= _HEADLINE_WORDS]
    return len(headlines) >= _FRONT_PAGE_LINKS and sum(headlines) > len(page.text.split())


_CHECKS: tuple[tuple[PageKind, Callable[[_Page], bool]], ...] = (
    (PageKind.LIVE, _is_live),
    (PageKind.ERROR, _is_error),
    (PageKind.CONSENT, _asks_for_consent),
    (PageKind.PAYWALL, _is_paid),
    (PageKind.VIDEO, _is_video),
    (PageKind.INDEX, _is_index),
)


def _visible(tree: HtmlElement) -> str:
    parts: list[str] = []
    length = 0
    for element in tree.iter():
        for part in ("" if element.tag in _UNSEEN else element.text or "", element.tail or ""):
            parts.append(part)
            length += len(part)
        if length > _MOST_READ:
            break
    return " ".join(parts)[:_MOST_READ]


def _has_any(words: str, phrases: tuple[str, ...]) -> bool:
    return any(f" {phrase} " in words for phrase in phrases)
