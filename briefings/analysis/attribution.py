"""The analysis that needs a parser: claims and entities of one article.

It is pure but slow to start: it loads a model of 150 MB. The bot calls it in a worker process that lives long.
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

#: Rises with every change of the rules or cue words that changes what is found.
RULES = 6
_PARSED = frozenset({"en"})
#: Languages with rules that need no parser.
_PLAIN = frozenset({"it"})
#: No claims are found in longer articles (characters). This limit takes about two seconds.
_MOST_PARSED = 30_000


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what in an article, and whom it names."""

    claims: tuple[Claim, ...]
    entities: tuple[Entity, ...]


class Lack(StrEnum):
    """Why an article has no claims."""

    LANGUAGE = "language"
    PARSER = "parser"
    LENGTH = "length"
    TIME = "time"


def lacking(article: Article) -> Lack:
    """Why an article has no claims: its language has no rules, it is too long, the parser is missing, or only time."""
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
    """Finds the claims and entities of ``article``, for which `can_analyse` must hold."""
    entities = tuple(names(article, sentences(article)))
    if article.language in _PLAIN:
        return Attribution(plain_claims(article, entities), entities)
    tokens = parse_article(article)
    claims, references = read_claims(article, tokens)
    return Attribution(claims, with_references(entities, references, tokens))


def attribution_of(article: Article) -> Attribution | None:
    """The claims and entities of ``article``; None where they cannot be found, or the article is too long."""
    return analyse(article) if can_analyse(article) else None


def with_attribution(briefing: Briefing) -> Briefing:
    """The briefing with its claims and entities, or as it is where they cannot be found."""
    return attributed(briefing, attribution_of(briefing.article))


def attributed(briefing: Briefing, found: Attribution | None) -> Briefing:
    """The briefing with what was found in its article; its numbers are entities, too."""
    if found is None:
        return replace(briefing, claims=None, entities=None)
    numbers = [Entity(EntityKind.NUMBER, one.span, (Mention(one.span),)) for one in briefing.quantities]
    entities = sorted((*found.entities, *numbers), key=lambda entity: entity.mentions[0].span)
    return replace(briefing, claims=found.claims, entities=tuple(entities))


def analyser() -> str:
    """The model and the rules that this installation has, such as ``en_core_web_sm 3.8.0, rules 1``."""
    return f"{model_version() or 'no model'}, rules {RULES}"
