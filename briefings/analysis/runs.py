"""Finds capitalised words that may be names: runs of capitals with small words inside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from briefings.analysis.terms import stopwords
from briefings.analysis.tokens import Token, tokens
from briefings.languages.names import NameWords, given_names, name_words
from briefings.languages.numbers import counting_words
from briefings.model import Span

# Particles inside a name. They never end one.
_PARTICLES = frozenset(
    {"de", "la", "le", "von", "van", "der", "den", "bin", "ibn", "al", "el", "di", "da", "del", "della", "dos", "du"}
)
_MOST_WORDS = 9
_MOST_TITLE = 5
_SEEN_BEHIND = 3
_SEEN_BEFORE = 2
_MOST_INSIDE = 2
_TITLE_CASE = 0.6
_QUOTES = "“\"'‘«„”"
_LINKS = frozenset({" ", ". ", "-", "'", "’"})


@dataclass(frozen=True, slots=True)
class Run:
    """Words that may be a name.

    Attributes:
        words: Its tokens, without titles and articles.
        before: The tokens before it, nearest first, without title and article.
        after: A few tokens after it.
        title: The words of a person's title before it.
        is_first: Whether it begins a sentence, where every word is capitalised.
    """

    words: tuple[Token, ...]
    before: tuple[Token, ...]
    after: tuple[Token, ...]
    title: tuple[Token, ...]
    has_article: bool
    is_first: bool

    @property
    def key(self) -> tuple[str, ...]:
        """Its folded words."""
        return tuple(word.folded for word in self.words)

    @property
    def parts(self) -> int:
        """The number of its words, a hyphenated one counted once: 2 in "Ann Lee-Marsh"."""
        return 1 + sum(word.gap != "-" for word in self.words[1:])

    @property
    def span(self) -> Span:
        """Its span."""
        return Span(self.words[0].start, self.words[-1].end)


@dataclass(frozen=True, slots=True)
class _Rules:
    """Rules that distinguish names from other capitalised words.

    Attributes:
        small: Words that the text also writes in lower case.
        capital: Words that the text capitalises inside a sentence.
    """

    words: NameWords
    stops: frozenset[str]
    small: frozenset[str]
    capital: frozenset[str]


def runs(text: str, passages: Sequence[Span], title: Span | None, language: str | None) -> list[Run]:
    """The runs of capitals in ``passages`` that are not capitalised for another reason.

    Args:
        passages: Sentences.
        title: The headline, which may be in title case.
    """
    read = [tokens(text, span) for span in passages]
    rules = _rules(read, language)
    found = [run for one in read for run in _runs(one, rules)]
    if title is not None:
        headline = tokens(text, title)
        if _is_title_case(headline, rules.stops):
            known = {word for run in found for word in run.key}
            rules = replace(rules, small=rules.small | {token.folded for token in headline} - known)
        found = [*_runs(headline, rules, is_title=True), *found]
    return found


def _rules(read: Sequence[Sequence[Token]], language: str | None) -> _Rules:
    small = {token.folded for one in read for token in one if not token.is_capitalised and not token.is_number}
    capital = {
        token.folded
        for one in read
        for place, token in enumerate(one)
        if token.is_capitalised and not _opens(one, place) and not token.text.isupper()
    }
    words, stops = name_words(language), stopwords(language)
    if words.capitalised_nouns:  # "18 Millionen Euro"
        counting = counting_words(language)
        stops |= counting.amounts | counting.scales.keys() | {word for unit in counting.units for word in unit}
    return _Rules(words, stops, frozenset(small), frozenset(capital))


def _is_title_case(headline: Sequence[Token], stops: frozenset[str]) -> bool:
    counted = [token for token in headline[1:] if token.folded not in stops and not token.is_number]
    return len(counted) > 3 and sum(token.is_capitalised for token in counted) > _TITLE_CASE * len(counted)


def _opens(found: Sequence[Token], place: int) -> bool:
    gap = found[place].gap
    return place == 0 or any(mark in gap for mark in ".!?:") or any(mark in gap for mark in _QUOTES)


def _runs(found: Sequence[Token], rules: _Rules, *, is_title: bool = False) -> Iterator[Run]:
    place = 0
    while place < len(found):
        end = _end(found, place, rules.words)
        if end > place:
            run = _trimmed(found, (place, end), rules, is_title=is_title)
            if run:
                yield run
        place = max(end, place + 1)


def _end(found: Sequence[Token], place: int, words: NameWords) -> int:
    """The end of the run that begins at ``place``. Equal to ``place`` if there is none."""
    if not found[place].is_capitalised:
        return place
    end = place + 1
    has_organisation = found[place].folded in words.organisations or found[place].folded in words.titles
    while end < len(found) and end - place < _MOST_WORDS:
        if _joins(found[end]) and found[end].is_capitalised:
            has_organisation = has_organisation or found[end].folded in words.organisations
            end += 1
            continue
        step = _small_words(found, end, words, has_organisation)
        if not step or _is_another(found, place, end, end + step):
            break
        end += step
    return end


def _is_another(found: Sequence[Token], place: int, end: int, behind: int) -> bool:
    """Whether a small word stands between two whole names: "Ann Lee da John Roe"."""
    return end - place > 1 and {found[end - 2].folded, found[behind].folded} <= given_names()


def _small_words(found: Sequence[Token], place: int, words: NameWords, has_organisation: bool) -> int:
    """The number of small words inside a name that continues after them."""
    for length in range(1, _MOST_INSIDE + 1):
        small = found[place : place + length]
        behind = found[place + length : place + length + 1]
        if not behind or not all(token.gap in {" ", "-", "'", "’"} for token in (*small, *behind)):
            return 0
        folded = [token.folded for token in small]
        is_hyphenated = all(token.gap == "-" and len(token.text) < 3 for token in small) and behind[0].gap == "-"
        is_inside = (
            is_hyphenated
            or all(word in _PARTICLES for word in folded)
            or (has_organisation and all(word in words.inside or word in words.articles for word in folded))
        )
        if not is_inside:
            return 0
        if behind[0].is_capitalised:
            return length
    return 0


def _joins(token: Token) -> bool:
    return token.gap in {" ", "-", "–", ". ", ".", "&", " & ", "'", "’"} and not (
        token.gap in {"'", "’"} and token.folded == "s"
    )


def _trimmed(found: Sequence[Token], extent: tuple[int, int], rules: _Rules, *, is_title: bool) -> Run | None:
    """The run without titles and without leading words that are capitalised for another reason."""
    start, end = extent
    titles = rules.words.titles
    is_first = _opens(found, start)
    while start < end and _is_no_name(found, start, rules, is_title=is_title):
        start += 1
    while start < end and _is_no_name(found, end - 1, rules, is_title=is_title):
        end -= 1
    begin = max((place + 1 for place in range(start, end - 1) if found[place].folded in titles), default=start)
    has_place = begin > start and not found[begin].is_capitalised
    while begin < end and not found[begin].is_capitalised:
        begin += 1
    if begin == end or _is_common(found[begin:end], rules.words):
        return None
    begin += _words_before_given_name(found[begin:end], rules.words)
    first = start if has_place else _title_start(found, start, begin, rules)
    before = first - 1
    has_article = before >= 0 and found[before].folded in rules.words.articles and found[first].gap in _LINKS
    return Run(
        tuple(found[begin:end]),
        tuple(found[place] for place in range(before - has_article, -1, -1)[:_SEEN_BEFORE]),
        tuple(found[end : end + _SEEN_BEHIND]),
        () if has_place else tuple(found[first:begin]),
        has_article,
        is_first and begin == start,
    )


def _is_common(run: Sequence[Token], words: NameWords) -> bool:
    """Whether a single word is a title, or a noun in a language that capitalises all nouns."""
    word = run[0].folded
    return len(run) == 1 and (word in words.titles or (words.capitalised_nouns and word not in words.known_places))


def _words_before_given_name(run: Sequence[Token], words: NameWords) -> int:
    """The number of words in a run before a person's name: one in "Comedian Ann Lee"."""
    folded = [token.folded for token in run]
    if folded[0] in given_names() or not (words.organisations | words.places | words.events).isdisjoint(folded):
        return 0
    given = range(1, len(run) - 1)
    return next((place for place in given if folded[place] in given_names() and run[place].gap == " "), 0)


def _title_start(found: Sequence[Token], start: int, begin: int, rules: _Rules) -> int:
    """The start of the words that introduce a person: "Ukrainian presidential adviser"."""
    is_behind_title = start > 0 and found[start - 1].folded in rules.words.titles and found[start].gap in _LINKS
    if begin == start and not is_behind_title:
        return start
    first = start
    while first and begin - first < _MOST_TITLE and found[first].gap in _LINKS:
        before = found[first - 1]
        if before.folded in rules.stops or before.is_number or (found[first].gap == ". " and first < start):
            break
        first -= 1
    return first


def _is_no_name(found: Sequence[Token], place: int, rules: _Rules, *, is_title: bool) -> bool:
    token, words = found[place], rules.words
    word = token.folded
    if word in words.not_names or word in rules.stops or (len(word) == 1 and not token.text.isupper()):
        return not (token.text.isupper() and len(word) > 1 and word in words.known_places)
    is_opening = _opens(found, place) or is_title
    is_followed = place + 1 < len(found) and found[place + 1].is_capitalised and _joins(found[place + 1])
    if word in words.titles or word in words.organisations or word in words.places:
        is_alone = not is_followed and not (place and found[place - 1].is_capitalised and _joins(token))
        return is_alone and is_opening and word not in rules.capital
    if not is_opening or word in words.known_places or word in given_names():
        return False
    if token.text.isupper() and len(word) > 1:
        return False
    if word in rules.small:
        return not (is_followed and word in rules.capital)
    return not is_followed and word not in rules.capital
