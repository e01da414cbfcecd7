"""Collects the mentions of each entity, by name, pronoun and description, and the words that introduce it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from briefings.analysis.claims import grammar
from briefings.analysis.claims.references import References
from briefings.analysis.parsing import Token
from briefings.languages.claims import cue_words
from briefings.model import Entity, EntityKind, Mention, MentionForm, Span

_PEOPLE = frozenset({EntityKind.PERSON})
_ORGANISATIONS = frozenset({EntityKind.ORGANISATION})
_THINGS = frozenset({EntityKind.PLACE, EntityKind.OTHER})
#: Shorter words, in letters, are titles such as "Mr" and "Dr" and not introductions.
_LONGEST_ADDRESS = 3


@dataclass(frozen=True, slots=True)
class _Other:
    """A pronoun or description, the name that it refers to, and the kinds of entity that fit."""

    name: Span
    mention: Mention
    kinds: frozenset[EntityKind]


def with_references(named: Sequence[Entity], references: References, tokens: Sequence[Token]) -> tuple[Entity, ...]:
    """The named entities with the pronouns and descriptions that refer to them, in order of their first mentions."""
    others = list(_other_mentions(references, tokens))
    introductions = dict(_introductions(references, tokens))
    found = [_complete(entity, others, introductions) for entity in named]
    return tuple(sorted(found, key=lambda entity: entity.mentions[0].span))


def _complete(entity: Entity, others: Sequence[_Other], introductions: Mapping[Span, Span]) -> Entity:
    names = [mention.span for mention in entity.mentions]
    added = [other.mention for other in others if entity.kind in other.kinds and _is_one_of(other.name, names)]
    mentions = {mention.span: mention for mention in [*added, *entity.mentions]}
    introduction = entity.introduction or next(
        (said for name, said in sorted(introductions.items()) if _is_one_of(name, names)), None
    )
    return replace(entity, mentions=tuple(mentions[span] for span in sorted(mentions)), introduction=introduction)


def _is_one_of(name: Span, mentioned: Sequence[Span]) -> bool:
    """Whether a name overlaps a mention of an entity. Parser and rules may differ by a title or an article."""
    return any(name.covers(span) or span.covers(name) for span in mentioned)


def _other_mentions(references: References, tokens: Sequence[Token]) -> Iterator[_Other]:
    """Yields resolved pronouns and descriptions. "It" is left out: too many are resolved wrongly."""
    words = cue_words("en")
    for number, name in references.resolved.items():
        token = tokens[number]
        if token.pos == "NOUN":
            mention = Mention(grammar.noun_phrase(tokens, number), MentionForm.DESCRIPTION)
            if token.lemma in words.group_nouns:
                yield _Other(name, mention, _ORGANISATIONS)
            elif tokens[references.token_at(name.end - 1)].lemma == token.lemma:  # "the bridge" of "Key Bridge"
                yield _Other(name, mention, _THINGS)
            else:
                yield _Other(name, mention, _PEOPLE)
        elif words.pronouns.get(token.lower) == "person":
            yield _Other(name, Mention(Span(token.start, token.end), MentionForm.PRONOUN), _PEOPLE)


def _introductions(references: References, tokens: Sequence[Token]) -> Iterator[tuple[Span, Span]]:
    """Each name with the words that first introduce it: "the owner, Karl Voss", "Rovers manager Ian Colby"."""
    for group in references.groups:
        for name in group.names:
            if group.kind is EntityKind.NUMBER:
                break
            said = _before(tokens, name.first, name.last) or _beside(tokens, name.last)
            if said is not None and len(said) > _LONGEST_ADDRESS:
                yield Span(tokens[name.first].start, tokens[name.last].end), said
                break


def _before(tokens: Sequence[Token], first: int, last: int) -> Span | None:
    """Returns the nouns directly before a name, or the noun that it is an apposition to."""
    head = tokens[tokens[last].head]
    if tokens[last].dep == "appos" and head.pos == "NOUN" and head.index < first:
        end = head.index
        return Span(tokens[tokens[end].left].start, tokens[end].end)
    start = min((child for child in tokens[last].children if child < first), default=first)
    nouns = [number for number in range(start, first) if tokens[number].pos == "NOUN"]
    if not nouns or nouns[-1] != first - 1:
        return None
    return Span(tokens[start].start, tokens[first - 1].end)


def _beside(tokens: Sequence[Token], last: int) -> Span | None:
    """Returns the apposition after a name: "Karl Voss, the owner"."""
    for child in grammar.children(tokens, last, "appos"):
        if child.pos == "NOUN" and child.index > last:
            return grammar.noun_phrase(tokens, child.index)
    return None
