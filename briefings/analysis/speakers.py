"""Groups claims by speaker, and finds the speakers that some words name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefings.model import Article, Briefing, Claim, Span
from briefings.phrases import fold

_DETERMINERS = frozenset({"the", "a", "an", "il", "lo", "la", "i", "gli", "le", "un", "una", "uno", "l"})
_SMALL = frozenset({"of", "for", "and", "on", "in", "the", "di", "del", "della", "dei", "per", "e", "il", "la"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker with all claims that the article attributes to them.

    Attributes:
        name: The best name in the article. None if the article does not say who speaks.
        claims: The claims in text order, at least one.
    """

    name: Span | None
    claims: tuple[Claim, ...]


def speakers(article: Article, claims: Sequence[Claim]) -> list[Speaker]:
    """The speakers of ``claims``, in the order of their first words."""
    found: dict[tuple[str, ...], list[Claim]] = {}
    for claim in claims:
        key = _words(claim.speaker.of(article.text)) if claim.speaker else ()
        found.setdefault(key, []).append(claim)
    return [Speaker(group[0].speaker, tuple(group)) for group in found.values()]


def named_speakers(briefing: Briefing, wanted: str) -> list[Speaker]:
    """The speakers that words name by a part of their name, their title or role, or an acronym."""
    asked = set(_words(wanted))
    if not asked:
        return []
    text = briefing.article.text
    return [
        speaker
        for speaker in speakers(briefing.article, briefing.claims or ())
        if speaker.name and any(asked <= set(form) for form in _forms(briefing, speaker, text))
    ]


def _forms(briefing: Briefing, speaker: Speaker, text: str) -> Iterator[tuple[str, ...]]:
    """The names of a speaker in the article as folded words, and the acronym of each."""
    spans = {span for claim in speaker.claims for span in (claim.speaker, claim.source) if span}
    for entity in briefing.entities or ():
        mentioned = [mention.span for mention in entity.mentions]
        if any(span.covers(mention) for span in spans for mention in mentioned):
            spans.update(mentioned)
            spans.update([entity.introduction] if entity.introduction else [])
    together: list[str] = []
    for span in spans:
        words = _words(span.of(text))
        together += words
        yield words
        yield (_acronym(words),)
        yield (_acronym([word for word in words if word not in _SMALL]),)
    yield tuple(together)


def _acronym(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in fold(text).split() if word not in _DETERMINERS)
