"""Reads the words around the terms of a question: introductions of people, places, and the nearest phrase."""

from __future__ import annotations

from collections.abc import Sequence

from briefings.analysis.questions.index import Index
from briefings.analysis.questions.matching import Matcher
from briefings.analysis.tokens import Token
from briefings.languages.clauses import clause_words
from briefings.languages.names import name_words
from briefings.model import Span

#: The largest distance of a phrase from a term, in words.
_FAR = 20
_LEAST_NAME = 5
#: The largest number of words of an introduction before a name.
_INTRODUCED = 6
#: The largest number of words between a description and the name of the one whom it describes.
_MOST_TO_NAME = 6
#: Meanings of words before a description that make it somebody else's: "the former mayor" is not the mayor.
_QUALIFIERS = frozenset({"deputy", "old"})
#: Words between somebody and the place where they are.
_WHEREABOUTS = 9


def introduction(matcher: Matcher, place: int, first: int, last: int) -> Span | None:
    """The words next to a name that say who it is: "the fireman Orsini", "Orsini, who ..."."""
    tokens, light = matcher.index.sentences[place].words.tokens, matcher.index.known.light
    start = first
    while start and tokens[start - 1].is_capitalised and not tokens[start].gap.strip():
        start -= 1
    begin = start
    while begin and start - begin < _INTRODUCED and tokens[begin].gap in {" ", ", "}:
        begin -= 1
        if tokens[begin].folded in light:
            break
    if start - begin > 1 or (start > begin and tokens[begin].folded not in light) or start < first:
        return Span(tokens[begin].start, tokens[last].end)
    end = last + 1
    if end == len(tokens) or tokens[end].gap != ", ":
        return None
    while end + 1 < len(tokens) and end - last < 2 * _INTRODUCED and not tokens[end + 1].gap.strip(" '’-"):
        end += 1
    return Span(tokens[first].start, tokens[end].end)


def is_only_mentioned(matcher: Matcher, place: int, name: Span | None) -> bool:
    """Whether a sentence mentions whom the question describes and does not say who it is: "The driver stopped."."""
    tokens, articles = matcher.index.sentences[place].words.tokens, name_words(matcher.index.language).articles
    spots = matcher.spots(place)
    if name is not None and nearest(matcher, place, [name], spots)[1] <= _MOST_TO_NAME:
        return False
    return bool(spots) and all(
        spot and tokens[spot - 1].folded in articles and not _is_described(matcher, place, spot) for spot in spots
    )


def is_introduced(matcher: Matcher, place: int, name: Span) -> bool:
    """Whether a name stands beside the words that describe somebody as that person's: "the driver, Ann Lee".

    Not so in "Ann Lee was accused by the driver".
    """
    tokens = matcher.index.sentences[place].words.tokens
    inside = [number for number, token in enumerate(tokens) if name.start <= token.start < name.end]
    if not inside or nearest(matcher, place, [name], matcher.spots(place))[1] > _MOST_TO_NAME:
        return False
    first, last = inside[0], inside[-1]
    articles = name_words(matcher.index.language).articles
    behind = tokens[last + 1 : last + 3]
    if any(spot > last for spot in matcher.spots(place)):
        is_apart = last + 1 < len(tokens) and tokens[last + 1].gap != " "
        if is_apart or (_is_be(behind[0], matcher.index) and behind[-1].folded in articles):
            return True
    before = [spot for spot in matcher.spots(place) if spot <= first]
    is_beside = tokens[first].gap != " " or (first > 0 and _is_be(tokens[first - 1], matcher.index))
    return bool(before) and (first - before[-1] <= 1 or is_beside)


def is_followed_by_name(matcher: Matcher, place: int) -> bool:
    """Whether a name follows the words that describe somebody or something: "the storm Eunice", "the driver, Ann Lee".

    Behind a comma or a form of "be" it has two words: not so in "the driver was Swedish".
    """
    tokens = matcher.index.sentences[place].words.tokens
    for spot in matcher.spots(place):
        last = min(spot + 1 + _MOST_TO_NAME, len(tokens))
        verbs = [number for number in range(spot + 1, last) if _is_be(tokens[number], matcher.index)]
        found = [tokens[number + 1 : number + 3] for number in (spot, *verbs)]
        if any(len(name) == 2 and all(word.is_capitalised for word in name) and name[1].gap == " " for name in found):
            return True
        if any(word.is_capitalised and word.gap == " " for word in tokens[spot + 1 : spot + 2]):
            return True
    return False


def _is_be(token: Token, index: Index) -> bool:
    """Whether a word is a form of "be". The Italian one has its accent, without which it is "and"."""
    words = clause_words(index.language)
    return token.folded in index.known.be or (words is not None and token.text.casefold() in words.be)


def _is_described(matcher: Matcher, place: int, spot: int) -> bool:
    """Whether a comma or a form of "be" follows: "the driver, a man of 40", "the driver was a man of 40"."""
    tokens = matcher.index.sentences[place].words.tokens
    behind = tokens[spot + 1] if spot + 1 < len(tokens) else None
    return behind is not None and (behind.gap != " " or _is_be(behind, matcher.index))


def is_qualified(matcher: Matcher, place: int, spot: int) -> bool:
    """Whether a word such as "deputy" or "former", which the question lacks, stands before token number ``spot``."""
    meant = frozenset[str]().union(*(term.concepts for term in (*matcher.terms, *matcher.question.speaker)))
    before = matcher.index.sentences[place].words.meanings[spot - 1] if spot else frozenset[str]()
    return not before.isdisjoint(_QUALIFIERS - meant)


def is_of_another_office(matcher: Matcher, place: int) -> bool:
    """Whether a sentence has what the question describes only of a deputy or of somebody before them."""
    tokens, described = matcher.index.sentences[place].words.tokens, matcher.terms
    spots = matcher.spots(place, [term for term in described if not is_name(matcher, term.word)])
    spots = [spot for spot in spots if tokens[spot].start not in matcher.index.quoted]
    return bool(spots) and all(is_qualified(matcher, place, spot) for spot in spots)


def is_name(matcher: Matcher, word: str) -> bool:
    """Whether a word, the beginning of a long one, or what it is meant to be, is a name in the article."""
    names = matcher.index.names
    if word in names or word.rstrip("s") in names or not names.isdisjoint(matcher.spelt(word)):
        return True
    return len(word) >= _LEAST_NAME and any(name.startswith(word[:_LEAST_NAME]) for name in names)


def whereabouts(matcher: Matcher, place: int, found: Sequence[Span]) -> list[Span]:
    """The places that a preposition begins soon behind the one who is asked for: "Putin was at his residence"."""
    tokens, spots = matcher.index.sentences[place].words.tokens, matcher.spots(place)
    starts = {
        tokens[number].start
        for spot in spots
        for number in range(spot + 1, min(spot + _WHEREABOUTS, len(tokens)))
        if tokens[number].folded in matcher.index.known.places
    }
    return [span for span in found if span.start in starts]


def nearest(matcher: Matcher, place: int, found: Sequence[Span], spots: Sequence[int]) -> tuple[Span, int]:
    """The phrase nearest to one of the tokens ``spots``, and the number of words between them."""
    tokens = matcher.index.sentences[place].words.tokens
    if not spots:
        return found[0], _FAR

    def distance(span: Span) -> int:
        inside = [number for number, token in enumerate(tokens) if span.start <= token.start < span.end] or [0]
        return min(abs(spot - number) for spot in spots for number in (inside[0], inside[-1]))

    best = min(found, key=distance)
    return best, distance(best)


def is_of_another(matcher: Matcher, place: int) -> bool:
    """Whether a sentence is about somebody else than the question names: "It had sales of ...", behind "Halden".

    The names of its paragraph up to it count. If there are none, it may be about anybody.
    """
    asked = [number for number, term in enumerate(matcher.terms) if is_name(matcher, term.word)]
    if not asked:
        return False
    index, first = matcher.index, place
    while index.is_behind(first):
        first -= 1
    if any(matcher.own[here][number] for here in range(first, place + 1) for number in asked):
        return False
    start, end = index.sentences[first].span.start, index.sentences[place].span.end
    return any(start <= one.span.start < end for entity in index.actors for one in entity.mentions)


def is_undisclosed(matcher: Matcher, place: int) -> bool:
    """Whether a sentence says that something is not known or not disclosed."""
    return bool(matcher.index.known.undisclosed.search(matcher.index.sentences[place].folded))
