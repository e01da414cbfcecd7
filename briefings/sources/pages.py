"""Reads the article of a fetched page and sets its permanent address."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from briefings.addresses import web_address
from briefings.errors import ArticleNotFound, PageIsNoArticle, PageMovedOn, SourceUnsupported
from briefings.model import Article
from briefings.sources import PDF_SIGNATURE, read_article, read_text
from briefings.sources.decode import decode
from briefings.sources.html.loading import load_page
from briefings.sources.html.metadata import read_head
from briefings.sources.html.page_kinds import find_page_kind
from briefings.sources.html.refresh import LONGEST_WAIT, refresh_target
from briefings.sources.kinds import SourceKind, tell_kind
from briefings.sources.links import is_same_site, without_trackers

#: A page that sends its readers on has a shorter text, such as "This page has moved". A longer one is an article.
_SHORTEST_ARTICLE = 300
_OTHER_MEDIA = ("image/", "video/", "audio/", "font/", "application/zip")


def read_page(
    raw: bytes, url: str, media: str = "", charset: str | None = None, canonical: str | None = None
) -> Article:
    """The article of the page that was fetched from ``url``.

    Args:
        media: The media type that the server declares.
        charset: The encoding that the server declares.
        canonical: The canonical address that the server declares, as it is written. What the page says comes first.

    Raises:
        PageMovedOn: The page only sends its readers on to another address.
        PageIsNoArticle: The page is of another kind.
        SourceError: A subclass says why else no article was found.
    """
    if media.startswith(_OTHER_MEDIA):
        raise SourceUnsupported(url, media)
    if raw.startswith(PDF_SIGNATURE):
        return _at(read_article(raw, url), url, canonical)
    text = decode(raw, url, charset)
    if tell_kind(text, url) is not SourceKind.HTML:
        return _at(read_text(text, url), url, canonical)
    try:
        article = read_text(text, url)
    except ArticleNotFound:
        _refuse_redirect(text, url)
        _refuse_other_kinds(text, url, None)
        raise
    _refuse_redirect(text, url, LONGEST_WAIT if len(article.text) < _SHORTEST_ARTICLE else 0)
    _refuse_other_kinds(text, url, article)
    return _at(article, url, canonical)


def _refuse_redirect(html: str, url: str, longest_wait: int = LONGEST_WAIT) -> None:
    """Refuses a page that sends its readers on. Nobody can read a page that does so at once.

    Raises:
        PageMovedOn: It is one.
    """
    if "refresh" in html.lower() and (target := refresh_target(load_page(html, url), url, longest_wait)):
        raise PageMovedOn(url, target)


def _refuse_other_kinds(html: str, url: str, article: Article | None) -> None:
    tree = load_page(html, url)
    if kind := find_page_kind(tree, read_head(tree, url), article, url):
        raise PageIsNoArticle(url, kind)


def _at(article: Article, url: str, canonical: str | None) -> Article:
    """The article with its address: the canonical address if it is on the same site, or else ``url``.

    Otherwise a page could pass itself off as another site's, and its text as a new version of that site's story. Some
    sites declare their front page as the canonical address of all their pages.
    """
    declared = article.url or (web_address(canonical, url) if canonical else None)
    is_its = declared and is_same_site(declared, url) and (_is_front(url) or not _is_front(declared))
    named = declared if declared and is_its else url
    return replace(article, url=web_address(without_trackers(named)))


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query
