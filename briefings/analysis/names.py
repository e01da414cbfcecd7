"""Finds people, organisations and places by the shape of their names and the words around them.

If a parser has read the article, its entities are better. These rules need only the text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from briefings.analysis.runs import Run, runs
from briefings.analysis.sentences import Sentence
from briefings.languages.names import NameWords, given_names, name_words
from briefings.model import Article, BlockKind, Entity, EntityKind, Mention, Span
from briefings.phrases import fold

Key = tuple[str, ...]

#: The words between a name and a comma that introduce it: "the spokesman of the president".
_INTRODUCTION = re.compile(r", ((?:the|an?|il|la|lo|un|una|der|die|le|el|una?) [^,.;:()“”\"]{3,80})(?=[,.;])")
_AGE = re.compile(r", \d{1,2},| \(\d{1,2}\)")
_MOST_PERSON_WORDS = 4
#: Shorter words, in letters, are titles such as "Mr" and "Mrs" and not introductions.
_LONGEST_ADDRESS = 3
#: A longer form is only used as the full name if it makes up at least one in this many mentions.
_RARE = 8


@dataclass(slots=True)
class _Group:
    """All mentions of one name."""

    found: list[Run] = field(default_factory=list)
    votes: Counter[EntityKind] = field(default_factory=Counter)


def names(article: Article, found: Sequence[Sentence]) -> list[Entity]:
    """The named entities of ``article``, in the order of their first mentions.

    Args:
        found: The article's sentences.
    """
    passages = _passages(article, found)
    candidates = runs(article.text, passages, article.title, article.language)
    words = name_words(article.language)
    groups = _groups(article.text, candidates, words)
    entities = [_entity(article, group) for group in groups]
    return sorted(entities, key=lambda entity: entity.mentions[0].span)


def _passages(article: Article, found: Sequence[Sentence]) -> list[Span]:
    headings = [block.span for block in article.blocks if block.kind is BlockKind.HEADING]
    standfirst = [article.standfirst] if article.standfirst else []
    return sorted({*standfirst, *headings, *(sentence.span for sentence in found)})


def _groups(text: str, candidates: Iterable[Run], words: NameWords) -> list[_Group]:
    by_key: dict[Key, _Group] = {}
    for run in candidates:
        if words.demonyms.issuperset(run.key):
            continue
        group = by_key.setdefault(run.key, _Group())
        group.found.append(run)
        group.votes.update(_votes(text, run, words))
    return _joined(by_key)


def _votes(text: str, run: Run, words: NameWords) -> Counter[EntityKind]:
    """Votes for the kind of a name from one mention."""
    votes: Counter[EntityKind] = Counter()
    folded = run.key
    if " ".join(folded) in words.known_places or (run.has_article and f"the {' '.join(folded)}" in words.known_places):
        votes[EntityKind.PLACE] += 4
        return votes
    if folded[-1] in words.places or folded[0] in words.places:
        votes[EntityKind.PLACE] += 3
        return votes
    if run.title or _AGE.match(text, run.span.end):
        votes[EntityKind.PERSON] += 4
    if folded[0] in given_names() and 1 < len(folded) <= _MOST_PERSON_WORDS:
        votes[EntityKind.PERSON] += 3
    if words.events.intersection(folded):
        votes[EntityKind.OTHER] += 4
    if words.organisations.intersection(folded):
        votes[EntityKind.ORGANISATION] += 4
    if len(folded) == 1 and 2 <= len(folded[0]) <= 6 and run.words[0].text.isupper():
        votes[EntityKind.ORGANISATION] += 2
    if folded[0] not in words.demonyms:
        votes.update(_company(run, words))
    return votes


def _company(run: Run, words: NameWords) -> Counter[EntityKind]:
    """Votes from the words around a mention."""
    votes: Counter[EntityKind] = Counter()
    before = [token.folded for token in run.before]
    behind = [token.folded for token in run.after]
    if behind and behind[0] in words.places and run.after[0].gap == " ":
        votes[EntityKind.PLACE] += 3
    if len(before) > 1 and before[0] in words.inside and before[1] in words.places:
        votes[EntityKind.PLACE] += 3
    if run.has_article:
        votes[EntityKind.ORGANISATION] += 1
        return votes
    if before and run.words[0].gap == " ":
        is_held = len(before) > 1 and before[1] in words.held_in
        # "X raid" can be a raid by X or a raid on X.
        acts = bool(behind and run.after[0].gap == " " and behind[0] in words.deeds)
        is_where = before[0] in words.before_place and not is_held and not acts
        votes[EntityKind.ORGANISATION] += 3 * is_held + acts
        votes[EntityKind.PLACE] += 2 * is_where + (before[0] in words.inside)
    if not words.speech.isdisjoint(behind):
        votes[EntityKind.PERSON] += 1
    links = {" "} if words.capitalised_nouns else {" ", "-"}
    if 2 <= run.parts <= 3 and all(word.gap in links for word in run.words[1:]):
        votes[EntityKind.PERSON] += 1
    return votes


def _joined(by_key: dict[Key, _Group]) -> list[_Group]:
    """The groups. Short forms join the longest name that they can stand for: "Mr Putin", "ISW"."""
    endings: defaultdict[str, list[Key]] = defaultdict(list)
    acronyms: dict[str, Key] = {}
    for key in by_key:
        if len(key) > 1:
            endings[key[-1]].append(key)
            endings[key[0]].append(key)
            acronyms["".join(word[0] for word in key)] = key
            acronyms[
                "".join(word[0] for word in key if word not in {"of", "the", "for", "and", "di", "de", "della"})
            ] = key
    joined: dict[Key, _Group] = {}
    for key in sorted(by_key, key=lambda key: -len(key)):
        whole = _whole(key, by_key, endings, acronyms)
        target = joined.get(whole) if whole else None
        if target is None:
            joined[key] = by_key[key]
        else:
            target.found += by_key[key].found
            target.votes.update(by_key[key].votes)
            joined[key] = target
    return list({id(group): group for group in joined.values()}.values())


def _whole(key: Key, by_key: dict[Key, _Group], endings: dict[str, list[Key]], acronyms: dict[str, Key]) -> Key | None:
    if len(key) == 1 and by_key[key].found[0].words[0].text.isupper() and key[0] in acronyms:
        return acronyms[key[0]]
    for longer in endings.get(key[-1], ()):
        is_part = len(longer) > len(key) and (longer[-len(key) :] == key or longer[: len(key)] == key)
        if is_part and (len(key) > 1 or _may_be_short(by_key[key], by_key[longer])):
            return longer
    return None


def _may_be_short(short: _Group, whole: _Group) -> bool:
    """Whether a single word may be short for a whole name: a surname, or "the Board"."""
    if _kind(whole) is EntityKind.ORGANISATION:
        return _kind(short) is EntityKind.ORGANISATION
    is_place = short.votes[EntityKind.PLACE] > max(short.votes[EntityKind.PERSON], len(short.found))
    return _kind(whole) is EntityKind.PERSON and not is_place


def _kind(group: _Group) -> EntityKind:
    if not any(group.votes.values()):
        return EntityKind.OTHER
    return max(EntityKind, key=lambda kind: group.votes[kind])


def _entity(article: Article, group: _Group) -> Entity:
    spans = sorted({run.span for run in group.found})
    return Entity(_kind(group), _full_name(group), tuple(map(Mention, spans)), _introduction(article, group))


def _full_name(group: _Group) -> Span:
    """The most used form of several words. A longer form may contain words that only happen to be next to it."""
    used = Counter(run.key for run in group.found)
    rare = 0 if _kind(group) is EntityKind.PERSON else max(used.values()) // _RARE
    best = max(
        group.found,
        key=lambda run: (run.parts > 1 and used[run.key] > rare, used[run.key], len(run.key), -run.span.start),
    )
    return best.span


def _introduction(article: Article, group: _Group) -> Span | None:
    """The words before or after the name that say who a person is."""
    clause_verbs = name_words(article.language).clause_verbs
    for run in sorted(group.found, key=lambda run: run.span):
        match = _INTRODUCTION.match(article.text, run.span.end)
        if match and clause_verbs.isdisjoint(fold(match.group(1)).split()):
            return Span(match.start(1), match.end(1))
    for run in sorted(group.found, key=lambda run: run.span):
        if run.title and len(run.title[-1].folded) > _LONGEST_ADDRESS:
            return Span(run.title[0].start, run.title[-1].end)
    return None
