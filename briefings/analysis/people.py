"""Tells which names are those of people: by a first name, a title, an age, or a surname that stands alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from briefings.languages.names import NameWords, given_names, leading_surnames, name_words
from briefings.languages.verbs import verb_forms
from briefings.model import Article, Entity, EntityKind
from briefings.phrases import fold

_WORDS = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_FEWEST_LETTERS = 2
_LONGEST_TITLE = 30
#: What follows a name: an age, and words up to the next comma that can tell an office, not all in capitals.
_AGE = re.compile(r", \d{1,2}[,;]|, \d{1,2} (?:ans|anni|años|anos|jahre)\b|,? \(\d{1,2}\)", re.IGNORECASE)
_APPOSITION = re.compile(r", ((?=[^,.;]* [a-z])[^,.;:()“”\"\n]{3,80})[,.;]")
#: The first names that are known are written in these letters.
_LATIN = re.compile(r"[a-z]")


def people(article: Article, entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """The people among the entities. What only looks like a name, such as "Magic Keyboard", is left out."""
    words = name_words(article.language)
    return tuple(one for one in entities if one.kind is EntityKind.PERSON and _is_person(article, one, words))


def _is_person(article: Article, entity: Entity, words: NameWords) -> bool:
    text = article.text
    name = _folded(entity.name.of(text))
    if not name or len(name[-1]) < _FEWEST_LETTERS:
        return False
    # "Stephen King" and "Jean-Luc Marsh", but "Chief Justice" and "Premier League"
    first = name[0].split()[0]
    has_first_name = len(name) > 1 and (first in given_names() or name[0] in leading_surnames())
    if not has_first_name and (name[-1] in words.titles or not words.organisations.isdisjoint(name)):
        return False
    return has_first_name or _is_told_of_a_person(text, entity, words) or _looks_like_a_person(text, entity, name)


def _is_told_of_a_person(text: str, entity: Entity, words: NameWords) -> bool:
    """Whether a title or an age stands beside the name."""
    spans = [mention.span for mention in entity.mentions]
    before = (_folded(text[max(0, span.start - _LONGEST_TITLE) : span.start])[-1:] for span in spans)
    is_whole = len(_folded(entity.name.of(text))) > 1
    appositions = (_APPOSITION.match(text, span.end) for span in spans if is_whole)
    behind = [told for match in appositions if match and not _is_predicate(told := _folded(match[1]), words)]
    introduction = _folded(entity.introduction.of(text)) if is_whole and entity.introduction else []
    if any(not words.titles.isdisjoint(told) for told in (*before, *behind, introduction)):
        return True
    return any(_AGE.match(text, span.end) for span in spans)


def _is_predicate(told: list[str], words: NameWords) -> bool:
    """Whether words between commas go on with the clause: "has turned down the coach"."""
    return told[0] in words.clause_verbs or told[0] in verb_forms().auxiliaries


def _looks_like_a_person(text: str, entity: Entity, name: list[str]) -> bool:
    """Whether several words are used like a name, its last one alone, too, or have letters whose names are unknown."""
    stands_alone = any(_folded(mention.span.of(text)) == name[-1:] for mention in entity.mentions)
    return len(name) > 1 and (stands_alone or not _LATIN.match(name[0]))


def _folded(name: str) -> list[str]:
    return [fold(word) for word in _WORDS.findall(name)]
