"""Finds claims and entities, which needs a parser.

It is pure but slow to start, because it loads a model of 150 MB. The bot runs it in a long-lived worker process.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from briefings.analysis.claims import parse_article, read_claims
from briefings.analysis.claims.entities import with_references
from briefings.analysis.names import names
from briefings.analysis.parsing import is_available, model_version
from briefings.analysis.plain_claims import plain_claims
from briefings.analysis.sentences import sentences
from briefings.model import Article, Briefing, Claim, Entity, EntityKind, Mention

#: Increased with every change of rules or cue words that changes the results.
RULES = 8
_PARSED = frozenset({"en"})
#: Languages with rules that need no parser.
_PLAIN = frozenset({"it", "fr", "es", "de"})
#: No claims are found in longer articles (characters). This limit takes about two seconds.
_MOST_PARSED = 30_000


@dataclass(frozen=True, slots=True)
class Attribution:
    """The claims of an article, and its entities."""

    claims: tuple[Claim, ...]
    entities: tuple[Entity, ...]


class Lack(StrEnum):
    """Reasons why an article has no claims."""

    LANGUAGE = "language"
    PARSER = "parser"
    LENGTH = "length"
    TIME = "time"


def lacking(article: Article) -> Lack:
    """The reason why an article has no claims: its language, its length, a missing parser, or pending analysis."""
    if article.language not in _PARSED | _PLAIN:
        return Lack.LANGUAGE
    if len(article.text) > _MOST_PARSED:
        return Lack.LENGTH
    if article.language in _PLAIN:
        return Lack.TIME
    return Lack.TIME if is_available() else Lack.PARSER


def can_analyse(article: Article) -> bool:
    """Whether the claims of an article can be found here."""
    return lacking(article) is Lack.TIME


def analyse(article: Article) -> Attribution:
    """Finds the claims and entities of ``article``. Only allowed if `can_analyse` is true for it."""
    entities = tuple(names(article, sentences(article)))
    if article.language in _PLAIN:
        return Attribution(plain_claims(article, entities), entities)
    tokens = parse_article(article)
    claims, references = read_claims(article, tokens)
    return Attribution(claims, with_references(entities, references, tokens))


def attribution_of(article: Article) -> Attribution | None:
    """The claims and entities of ``article``. None if they cannot be found here or the article is too long."""
    return analyse(article) if can_analyse(article) else None


def with_attribution(briefing: Briefing) -> Briefing:
    """The briefing with its claims and entities. Unchanged if they cannot be found."""
    return attributed(briefing, attribution_of(briefing.article))


def attributed(briefing: Briefing, found: Attribution | None) -> Briefing:
    """The briefing with the claims and entities of its article. Its quantities become entities too."""
    if found is None:
        return replace(briefing, claims=None, entities=None)
    numbers = [Entity(EntityKind.NUMBER, one.span, (Mention(one.span),)) for one in briefing.quantities]
    entities = sorted((*found.entities, *numbers), key=lambda entity: entity.mentions[0].span)
    return replace(briefing, claims=found.claims, entities=tuple(entities))


def analyser() -> str:
    """The installed model and rules, such as ``en_core_web_sm 3.8.0, rules 1``."""
    return f"{model_version() or 'no model'}, rules {RULES}"
