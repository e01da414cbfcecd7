"""Groups the named entities of a parsed text. Short forms and acronyms join the full name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from briefings.analysis.parsing import Token
from briefings.model import EntityKind

_KINDS = {
    "PERSON": EntityKind.PERSON,
    "ORG": EntityKind.ORGANISATION,
    "GPE": EntityKind.PLACE,
    "LOC": EntityKind.PLACE,
    "FAC": EntityKind.PLACE,
    "CARDINAL": EntityKind.NUMBER,
    "MONEY": EntityKind.NUMBER,
    "PERCENT": EntityKind.NUMBER,
    "QUANTITY": EntityKind.NUMBER,
}
_LEFT_OUT = frozenset({"the", "a", "an", "'s", "’s", "’", "'"})
_SMALL = frozenset({"of", "for", "the", "and", "on", "in"})


@dataclass(slots=True)
class Name:
    """One mention by name.

    Attributes:
        first: The number of its first word.
        last: The number of its last word.
        key: Its words in lower case, without article, genitive, titles and post-nominal letters.
    """

    first: int
    last: int
    kind: EntityKind
    key: tuple[str, ...]


@dataclass(slots=True)
class Group:
    """All mentions of one person, organisation, place or number.

    Attributes:
        gender: ``he`` or ``she`` if the text shows it.
    """

    names: list[Name] = field(default_factory=list)
    gender: str = ""

    @property
    def kind(self) -> EntityKind:
        """The most frequent kind of its mentions."""
        return Counter(name.kind for name in self.names).most_common(1)[0][0]

    @property
    def fullest(self) -> Name:
        """The longest mention, and the first of several."""
        return max(self.names, key=lambda name: (len(name.key), -name.first))


def name_groups(tokens: Sequence[Token], titles: Collection[str], post_nominals: Collection[str]) -> list[Group]:
    """Returns the groups of all names, in the order of their first mentions.

    Args:
        titles: Words before a person's name: "Mrs".
        post_nominals: Letters after a person's name: "KC".
    """
    found = list(_names(tokens))
    for name in found:
        if name.kind is EntityKind.PERSON:
            name.key = _bare(name.key, titles, post_nominals)
    by_key: dict[tuple[str, ...], Group] = {}
    for name in sorted(found, key=lambda name: -len(name.key)):
        group = by_key.get(name.key) or _longer(name, by_key)
        if group is None:
            group = Group()
        group.names.append(name)
        by_key.setdefault(name.key, group)
        _add_short_forms(name, group, by_key)
    groups = list({id(group): group for group in by_key.values() if group.names}.values())
    for group in groups:
        group.names.sort(key=lambda name: name.first)
    return sorted(groups, key=lambda group: group.names[0].first)


def _names(tokens: Sequence[Token]) -> Iterator[Name]:
    place = 0
    while place < len(tokens):
        token = tokens[place]
        end = place + 1
        if token.entity in _KINDS:
            while end < len(tokens) and tokens[end].entity == token.entity and not tokens[end].begins_entity:
                end += 1
            if name := _name(tokens, place, end - 1, _KINDS[token.entity]):
                yield name
        place = end


def _name(tokens: Sequence[Token], first: int, last: int, kind: EntityKind) -> Name | None:
    while first <= last and (tokens[first].lower in _LEFT_OUT or not tokens[first].text[0].isalnum()):
        first += 1
    while first <= last and (tokens[last].lower in _LEFT_OUT or not tokens[last].text[-1].isalnum()):
        last -= 1
    if first > last or (
        kind is not EntityKind.NUMBER and not any(token.text[0].isupper() for token in tokens[first : last + 1])
    ):
        return None
    return Name(first, last, kind, tuple(token.lower for token in tokens[first : last + 1]))


def _bare(key: tuple[str, ...], titles: Collection[str], post_nominals: Collection[str]) -> tuple[str, ...]:
    """Returns the words of a person's name without titles and post-nominals. At least one word is left."""
    first, last = 0, len(key)
    while first + 1 < last and key[first].rstrip(".") in titles:
        first += 1
    while first + 1 < last and key[last - 1].rstrip(".") in post_nominals:
        last -= 1
    return key[first:last]


def _longer(name: Name, by_key: dict[tuple[str, ...], Group]) -> Group | None:
    """Returns the group of a longer name that has this short form or acronym."""
    if name.kind is EntityKind.NUMBER:
        return None
    return by_key.get(("…", *name.key))


def _add_short_forms(name: Name, group: Group, by_key: dict[tuple[str, ...], Group]) -> None:
    if len(name.key) < 2:
        return
    match name.kind:
        case EntityKind.PERSON:
            by_key.setdefault(("…", name.key[-1]), group)
            by_key.setdefault(("…", *name.key[-2:]), group)
        case EntityKind.ORGANISATION:
            by_key.setdefault(("…", "".join(word[0] for word in name.key if word not in _SMALL)), group)
            by_key.setdefault(("…", "".join(word[0] for word in name.key)), group)
        case EntityKind.PLACE | EntityKind.NUMBER | EntityKind.OTHER:
            pass
