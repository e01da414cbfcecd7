"""Tells which names are those of people: by a first name, a title, an age, or a surname that stands alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from briefings.languages.names import NameWords, given_names, name_words
from briefings.model import Article, Entity, EntityKind
from briefings.phrases import fold

_WORDS = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_FEWEST_LETTERS = 2
_LONGEST_TITLE = 30


def people(article: Article, entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """The people among the entities. What only looks like a name, such as "Magic Keyboard", is left out."""
    words = name_words(article.language)
    return tuple(one for one in entities if one.kind is EntityKind.PERSON and _is_person(article, one, words))


def _is_person(article: Article, entity: Entity, words: NameWords) -> bool:
    text = article.text
    name, mentions = _folded(entity.name.of(text)), [mention.span for mention in entity.mentions]
    if not name or name[-1] in words.titles or len(name[-1]) < _FEWEST_LETTERS:
        return False
    before = (_folded(text[max(0, span.start - _LONGEST_TITLE) : span.start])[-1:] for span in mentions)
    if any(not words.titles.isdisjoint(word) for word in before):
        return True
    introduction = _folded(entity.introduction.of(text)) if entity.introduction else []
    is_introduced = not words.titles.isdisjoint(introduction)
    stands_alone = any(_folded(span.of(text)) == name[-1:] for span in mentions)
    return len(name) > 1 and (name[0] in given_names() or is_introduced or stands_alone)


def _folded(name: str) -> list[str]:
    return [fold(word) for word in _WORDS.findall(name)]
