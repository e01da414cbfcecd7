"""Turns an article into a draft: the version and the search terms that the library stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from briefings.analysis import brief
from briefings.analysis.attribution import analyser, attributed, attribution_of
from briefings.analysis.terms import terms
from briefings.changes import compare
from briefings.matching import title_terms
from briefings.model import Article, Version, version_id
from briefings.scope import EVERYBODY, Scope
from briefings.similarity import name_terms
from briefings.sources import read_article
from briefings.story_store import Draft


def report_key(article: Article, scope: Scope) -> str:
    """Returns the key of the article's report: its owner with its address, or with a hash of its text."""
    return address_key(article.url, scope) if article.url else f"{scope.owner}|{version_id(article)}"


def address_key(url: str, scope: Scope) -> str:
    """Returns the key of the report at an address: its owner with the address."""
    return f"{scope.owner}|{_canonical(url)}"


def _canonical(url: str) -> str:
    """Returns the address without the parts that do not change the page: fragment, campaign tags, case of the host."""
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].startswith("utm_")]
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"), urlencode(query), ""))


def new_draft(article: Article, received: datetime, scope: Scope, before: Version | None) -> Draft:
    """Returns the draft of an article.

    Args:
        before: The current version of the same report, if the library has one.
    """
    number = before.number + 1 if before else 1
    changes = compare(before.article, article) if before else None
    briefing = brief(article)
    return Draft(
        report_key(article, scope),
        scope,
        Version(version_id(article, scope.owner, number), briefing, received, number, changes),
        before.id if before else None,
        scope.owner == EVERYBODY,
        tuple(dict.fromkeys(title_terms(article))),
        terms(article.text, article.language),
        name_terms(article),
    )


def draft_of_file(raw: bytes, name: str, received: datetime, scope: Scope, *, finds_claims: bool) -> Draft:
    """Returns the draft of the article in a file, as the first version of its report.

    Raises:
        SourceError: The file has no article.
    """
    draft = new_draft(read_article(raw, name), received, scope, None)
    if not finds_claims:
        return draft
    briefing = attributed(draft.version.briefing, attribution_of(draft.version.article))
    return replace(draft, version=replace(draft.version, briefing=briefing), analysed_by=analyser())
