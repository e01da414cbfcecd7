"""Finds phrases that can answer a kind of question: an amount, a date, a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from briefings.analysis.dates import moments
from briefings.analysis.numbers import quantities
from briefings.analysis.questions.durations import single_units
from briefings.analysis.questions.index import Index, Indexed
from briefings.analysis.questions.model import Asked
from briefings.analysis.tokens import Token
from briefings.languages.dates import date_words
from briefings.languages.names import given_names, name_words
from briefings.languages.numbers import counting_words
from briefings.model import EntityKind, Span
from briefings.phrases import fold

_SIGNS = frozenset("$€£¥₹")
_UNITS = {
    Asked.DURATION: "duration",
    Asked.LENGTH: "distance",
    Asked.DISTANCE: "distance",
    Asked.WEIGHT: "weight",
    Asked.SPEED: "speed",
    Asked.TEMPERATURE: "temperature",
    Asked.SHARE: "share",
}
#: Words of what something lasts until.
_MOST_UNTIL = 10
_MILLION = 1_000_000
#: Letters of an abbreviation before a number that counts nothing, "No. 1", and words of a group: "nine of these pairs".
_LONGEST_LABEL, _MOST_OF_GROUP = 3, 4
#: Digits of an age without a unit.
_AGE_DIGITS = 2
_UNIT_SIGNS = {Asked.SHARE: "%", Asked.TEMPERATURE: "°"}
_AGE = re.compile(
    r"(?<=, )\d{1,3}(?=[,.;)](?!\d))|(?<=\()\d{1,3}(?=\))"
    r"|\b\d{1,3}[- ]years?[- ]old\b|\b(?:aged|age of|età di) \d{1,3}\b"
)
#: The score of a game. Years and days have other shapes.
_SCORE = re.compile(r"(?<![\w–-])\d{1,3}[–-]\d{1,3}(?![\w–-])|(?<![\w:])\d{1,2}:\d{1,2}(?![\w:])")


def phrases(asked: Asked, place: int, index: Index) -> list[Span]:
    """The phrases of sentence number ``place`` that can answer such a question, in text order."""
    key = (asked.value, place)
    if key not in index.phrases:
        finder, sentence = _FINDERS.get(asked), index.sentences[place]
        found = finder(sentence, index, asked) if finder else ()
        index.phrases[key] = [span for span in found if span.end <= sentence.words.tokens[-1].end]
    return index.phrases[key]


def _numbers(sentence: Indexed, index: Index) -> Iterator[Span]:
    article = index.article
    dates = [one.span for one in moments(article.text, sentence.compared, index.language, article.published)]
    found = (one.span for one in quantities(article.text, sentence.compared, index.language, dates))
    labels = {
        token.start
        for before, token in pairwise(sentence.words.tokens)
        if token.gap == ". " and before.is_capitalised and len(before.text) <= _LONGEST_LABEL
    }
    yield from (span for span in found if span.start not in labels)


def _amounts(sentence: Indexed, index: Index, asked: Asked) -> Iterator[Span]:
    others = [*_ages(sentence, index, asked), *_scores(sentence, index, asked)]
    taken = {place for one in others for place in range(one.start, one.end)}
    yield from (span for span in _numbers(sentence, index) if span.start not in taken)


def _moneys(sentence: Indexed, index: Index, _: Asked) -> Iterator[Span]:
    numbers = list(_numbers(sentence, index))
    yield from (span for span in numbers if _is_money(span, index))
    yield from _bare_sums(sentence, index, numbers)


def _counts(sentence: Indexed, index: Index, asked: Asked) -> Iterator[Span]:
    found = [span for span in _amounts(sentence, index, asked) if not _is_money(span, index)]
    found += [span for span in _parts(sentence, index) if not any(one.covers(span) for one in found)]
    yield from _totals(sentence, index)
    yield from _predicates(sentence, index)
    yield from found or (_bare_numbers(sentence, index) if sentence.replies_to is Asked.COUNT else ())
    # "Nobody was hurt" answers how many were.
    yield from (Span(token.start, token.end) for token in sentence.words.tokens if token.folded in index.known.nobody)


def _parts(sentence: Indexed, index: Index) -> Iterator[Span]:
    """Numbers out of a group: "nine of these pairs"."""
    tokens, values, light = sentence.words.tokens, counting_words(index.language).values, index.known.light
    for number, (first, second) in enumerate(pairwise(tokens)):
        is_number = first.is_number or first.folded in values
        if is_number and second.folded in index.known.group and second.gap == " ":
            behind = tokens[number + 2 : number + 2 + _MOST_OF_GROUP]
            yield from (Span(first.start, noun.end) for noun in [one for one in behind if one.folded not in light][:1])


def _predicates(sentence: Indexed, index: Index) -> Iterator[Span]:
    """Numbers that open a clause, with the noun that they count behind an article: "Due i morti"."""
    tokens, values, articles = sentence.words.tokens, counting_words(index.language).values, name_words(index.language)
    for place, (number, article, noun) in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False)):
        is_first = not place or bool(number.gap.strip())
        is_number = number.is_number or number.folded in values
        if is_first and is_number and article.folded in articles.articles and not noun.is_capitalised:
            yield Span(number.start, noun.end)


def _totals(sentence: Indexed, index: Index) -> Iterator[Span]:
    """Numbers behind a word such as "toll", with a preposition before and nothing counted: "the toll rose to 10"."""
    tokens, values = sentence.words.tokens, counting_words(index.language).values
    named = next((number for number, token in enumerate(tokens) if token.folded in index.known.totals), len(tokens))
    counted = list(_numbers(sentence, index))
    days = moments(index.article.text, sentence.compared, index.language, index.article.published)
    for before, token in pairwise(tokens[named:]):
        is_number = token.is_number or token.folded in values
        is_free = not any(one.start <= token.start < one.end for one in [*counted, *(day.span for day in days)])
        if is_number and is_free and before.folded in index.known.places:
            yield Span(token.start, token.end)


def _bare_numbers(sentence: Indexed, index: Index) -> Iterator[Span]:
    """Numbers without what they count, which the question above them names: "Six hundred and twelve."."""
    counting = counting_words(index.language)
    values = counting.values.keys() | counting.scales.keys()
    numbers = (token for token in sentence.words.tokens if token.is_number or token.folded in values)
    yield from (Span(token.start, token.end) for token in numbers)


def _is_money(span: Span, index: Index) -> bool:
    text = span.of(index.article.text)
    return not _SIGNS.isdisjoint(text) or not index.known.units["money"].isdisjoint(fold(text).split())


def _bare_sums(sentence: Indexed, index: Index, numbers: Sequence[Span]) -> Iterator[Span]:
    """Millions that count nothing, which are money where money is asked for: "spent 4.2 million"."""
    scales = counting_words(index.language).scales
    for number, scale in pairwise(sentence.words.tokens):
        is_large = number.is_number and scales.get(scale.folded, 0) >= _MILLION
        if is_large and not any(span.start <= scale.start < span.end for span in numbers):
            yield Span(number.start, scale.end)


def _measures(sentence: Indexed, index: Index, asked: Asked) -> Iterator[Span]:
    units, sign = index.known.units[_UNITS[asked]], _UNIT_SIGNS.get(asked)
    for span in _numbers(sentence, index):
        text = span.of(index.article.text)
        is_measure = (sign and sign in text) or not units.isdisjoint(fold(text).split())
        if is_measure and not (asked is Asked.DURATION and _is_age(span, sentence, index)):
            yield span
    if asked is Asked.DURATION:
        yield from single_units(sentence, index, list(_numbers(sentence, index)))
        yield from _untils(sentence, index)
    if asked is Asked.SHARE:
        yield from (Span(token.start, token.end) for token in sentence.words.tokens if token.folded in units)


def _is_age(span: Span, sentence: Indexed, index: Index) -> bool:
    """Whether a duration is somebody's age: "12-year-old"."""
    after = next((token for token in sentence.words.tokens if token.start >= span.end), None)
    words = index.known.units["age"] - index.known.units["duration"]
    return not words.isdisjoint(fold(span.of(index.article.text)).split()) or bool(after and after.folded in words)


def _is_lasting(span: Span, sentence: Indexed, index: Index) -> bool:
    """Whether words before a number of years show a length of time: "for twenty years"."""
    before = [token for token in sentence.words.tokens if token.start < span.start]
    is_sure = bool(index.known.units["age"] - index.known.units["duration"])  # the language says "old" of ages
    return is_sure or bool(before and before[-1].folded in index.known.lasting)


def _lengths(sentence: Indexed, index: Index, _: Asked) -> Iterator[Span]:
    """Lengths and durations: "how long was it?" can ask for either."""
    yield from _measures(sentence, index, Asked.DISTANCE)
    yield from _measures(sentence, index, Asked.DURATION)


def _speeds(sentence: Indexed, index: Index, _: Asked) -> Iterator[Span]:
    """Speeds and durations: "how fast does it stop?" can ask for either."""
    yield from _measures(sentence, index, Asked.SPEED)
    yield from _measures(sentence, index, Asked.DURATION)


def _untils(sentence: Indexed, index: Index) -> Iterator[Span]:
    """The end or start of a state: "until three samples are clear"."""
    found = sentence.words.tokens
    for number, token in enumerate(found):
        if token.folded not in index.known.until:
            continue
        last = number
        while last + 1 < min(len(found), number + _MOST_UNTIL) and not found[last + 1].gap.strip(" '’-"):
            last += 1
        yield Span(token.start, found[last].end)


def _ages(sentence: Indexed, index: Index, _: Asked) -> Iterator[Span]:
    text, units = index.article.text, index.known.units["age"]
    yield from (Span(*match.span()) for match in _AGE.finditer(text, sentence.span.start, sentence.span.end))
    yield from (
        span
        for span in _numbers(sentence, index)
        if not units.isdisjoint(fold(span.of(text)).split())
        and (_is_age(span, sentence, index) or not _is_lasting(span, sentence, index))
    )
    found = sentence.words.tokens
    for before, token, after in zip(found, found[1:], [*found[2:], None], strict=False):
        is_last = after is None or bool(after.gap.strip(" '’-"))
        is_cued = before.folded in index.known.ages and token.folded.isdecimal()
        if is_cued and is_last and len(token.folded) <= _AGE_DIGITS:
            yield Span(token.start, token.end)


def _scores(sentence: Indexed, index: Index, _: Asked) -> Iterator[Span]:
    found = _SCORE.finditer(index.article.text, sentence.span.start, sentence.span.end)
    yield from (Span(*match.span()) for match in found)


def _times(sentence: Indexed, index: Index, _: Asked) -> Iterator[Span]:
    article = index.article
    found = [one.span for one in moments(article.text, sentence.compared, index.language, article.published)]
    yield from found or list(_delays(sentence, index)) or _cued(sentence, index.known.times)


def _delays(sentence: Indexed, index: Index) -> Iterator[Span]:
    """The durations that tell a time: "within twenty-eight days"."""
    before = {after.start: one for one, after in pairwise(sentence.words.tokens)}
    for span in _measures(sentence, index, Asked.DURATION):
        word = before.get(span.start)
        if word is not None and word.folded in index.known.within:
            yield Span(word.start, span.end)


def _cued(sentence: Indexed, cues: re.Pattern[str]) -> Iterator[Span]:
    """The phrases that match cues, in text order."""
    numbers = [number for number, token in enumerate(sentence.words.tokens) for _ in token.folded.split()]
    for match in cues.finditer(sentence.folded):
        first = sentence.folded.count(" ", 0, match.start())
        last = first + match.group().strip().count(" ")
        yield Span(sentence.words.tokens[numbers[first]].start, sentence.words.tokens[numbers[last]].end)


def _people(sentence: Indexed, index: Index, _: Asked) -> Iterator[Span]:
    """The people and organisations in the sentence."""
    for entity in index.entities:
        if entity.kind in {EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.OTHER}:
            yield from (mention.span for mention in entity.mentions if sentence.span.covers(mention.span))


def _places(sentence: Indexed, index: Index, _: Asked) -> Iterator[Span]:
    """The places that the sentence names or describes: "in the sports hall"."""
    for entity in index.entities:
        if entity.kind is EntityKind.PLACE:
            yield from (mention.span for mention in entity.mentions if sentence.span.covers(mention.span))
    found, known, days = sentence.words.tokens, index.known.light, date_words(index.language).calendar
    for number, token in enumerate(found):
        if token.folded not in index.known.places:
            continue
        for last in range(number + 1, min(number + 5, len(found))):
            if found[last].gap.strip(" '’"):
                break
            if found[last].start in index.people or found[last].folded in days:
                break
            is_named = found[last].is_capitalised and all(one.folded in known for one in found[number + 1 : last])
            if found[last].folded in index.known.place_nouns or is_named:
                yield Span(token.start, _name_end(found, last, index) if is_named else found[last].end)
                break


def _name_end(found: Sequence[Token], last: int, index: Index) -> int:
    """Where a place's name ends that has word number ``last``: behind "Vecchio" in "Porto Vecchio"."""
    words = name_words(index.language)
    others = date_words(index.language).calendar | words.titles | given_names()
    for token in () if words.capitalised_nouns else found[last + 1 :]:
        if not token.is_capitalised or token.gap != " " or token.folded in others:
            break
        last += 1
    return found[last].end


_Finder = Callable[[Indexed, Index, Asked], Iterator[Span]]
_FINDERS: dict[Asked, _Finder] = {
    Asked.MONEY: _moneys,
    Asked.SCORE: _scores,
    Asked.AMOUNT: _amounts,
    Asked.COUNT: _counts,
    Asked.AGE: _ages,
    Asked.TIME: _times,
    Asked.PLACE: _places,
    Asked.PERSON: _people,
    Asked.NAME: _people,
    **dict.fromkeys(_UNITS, _measures),
    Asked.LENGTH: _lengths,
    Asked.SPEED: _speeds,
}
