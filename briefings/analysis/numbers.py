"""Finds quantities: numbers with the words that they count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from briefings.analysis.terms import stopwords
from briefings.analysis.tokens import Token, tokens
from briefings.languages.numbers import NumberWords, counting_words
from briefings.languages.verbs import verb_forms
from briefings.model import Quantity, Span

_CURRENCIES = "$€£¥₹"
_MOST_COUNTED = 3
_LONGEST_PHRASE = 3
#: The largest number of tokens in a number: "1 500", "4.4 million".
_MOST_PARTS = 4
#: A number of four bare digits between these is a year, unless it is round: "the 2019 season", but "2000 people".
_YEARS, _ROUND = range(1900, 2100), 100
#: Wins, losses and draws.
_RECORD = 3
_MINUS = frozenset("-−–")
_OF_THE_CLOCK = ("o", "clock")
#: "the" and a space before a number, and the most characters of both.
_BEHIND_THE, _LONGEST_THE = re.compile(r"\bthe\s\Z"), 5
#: Units such as "km" have no plural.
_LONGEST_UNIT = 2
#: The words "crowd of" before a size, the smallest size, and the smallest number in bare digits that is no year.
_BEFORE_SIZE, _LEAST_SIZE, _PAST_YEARS = 2, 100, 2200


def quantities(text: str, span: Span, language: str | None, without: Sequence[Span] = ()) -> list[Quantity]:
    """The quantities in that part of ``text``, in text order.

    Args:
        without: Spans of dates and times, which are not quantities.
    """
    words = counting_words(language)
    stops = stopwords(language)
    found = [token for token in tokens(text, span) if not any(one.start < token.end <= one.end for one in without)]
    return list(_quantities(text, found, words, stops))


def tells_size(text: str, quantity: Quantity, language: str | None) -> bool:
    """Whether a quantity says how much, or how many: not "several", and in English not "the one acting"."""
    words, found = counting_words(language), tokens(text, quantity.span)
    if quantity.value is None and any(token.folded in words.vague for token in found):
        return False
    return not _is_english(language) or not _names_something(text, found, words, is_one=quantity.value == 1)


def counts_something(text: str, quantity: Quantity, language: str | None) -> bool:
    """Whether a quantity counts people or things, and is no measure, share or sum."""
    words, found = counting_words(language), tokens(text, quantity.span)
    behind = _behind_number(found, words)
    if not behind or _has_unit(behind, words):
        return False
    is_name = _is_of_one(behind, words) or _names_something(text, found, words, is_one=quantity.value == 1)
    return not _is_english(language) or not is_name


def _is_english(language: str | None) -> bool:
    return language in {None, "en"}


def _is_of_one(behind: Sequence[Token], words: NumberWords) -> bool:
    """Whether English words tell a number of one thing: "five-storey building", "737 Max jet"."""
    is_mixed = len({token.is_capitalised for token in behind}) > 1
    return behind[0].gap == "-" or (is_mixed and not any(_is_noun(token, words) for token in behind))


def _names_something(text: str, found: Sequence[Token], words: NumberWords, *, is_one: bool) -> bool:
    """Whether an English number surely counts nothing: a time, a part, somebody who acts, what belongs to a name."""
    behind, forms = _behind_number(found, words), verb_forms()
    if not behind:
        return False
    number = found[-len(behind) - 1].text
    is_time = tuple(token.folded for token in behind[:2]) == _OF_THE_CLOCK or (number.isdecimal() and number[0] == "0")
    is_part = behind[0].folded in words.of
    is_owner = is_part and text[behind[-1].end : behind[-1].end + 2] in {"'s", "’s"}
    is_definite = bool(_BEHIND_THE.search(text, max(0, found[0].start - _LONGEST_THE), found[0].start))
    is_actor = behind[0].folded in forms.present or (is_definite and behind[0].folded in forms.gerunds)
    return is_time or is_owner or (is_one and (is_part or is_actor))


def _behind_number(found: Sequence[Token], words: NumberWords) -> Sequence[Token]:
    """The words of a quantity behind its number."""
    start = next((place for place in range(len(found)) if _number_end(found, place, words) > place), 0)
    return found[_number_end(found, start, words) :]


def _has_unit(behind: Sequence[Token], words: NumberWords) -> bool:
    """Whether words begin with a unit, or with a word as short as "kg"."""
    lengths = range(1, _LONGEST_PHRASE + 1)
    if any(tuple(token.folded for token in behind[:length]) in words.units for length in lengths):
        return True
    return len(behind[0].text) <= _LONGEST_UNIT and behind[0].folded not in words.of


def _quantities(text: str, found: Sequence[Token], words: NumberWords, stops: frozenset[str]) -> Iterator[Quantity]:
    place = 0
    while place < len(found):
        end = _number_end(found, place, words)
        if end == place or _is_label(found, place, end) or _is_time(found, place, end):
            place = max(end, place + 1)
            continue
        first = _beginning(text, found, place, words)
        last, has_unit = _counted(text, found, end, words, stops)
        is_counted = has_unit or (last > end and _is_noun(found[last - 1], words))
        if not is_counted and _is_size(found, place, end, words):
            yield Quantity(Span(found[place - 2].start, found[end - 1].end), _value(found[place:end], words))
        elif has_unit or (last > end and not _is_year(found, place, end)):
            stop = _with_sign(text, found[last - 1].end)
            yield Quantity(Span(first, stop), _signed(text, first, found[place:end], words))
        place = max(last, end)


def _number_end(found: Sequence[Token], place: int, words: NumberWords) -> int:
    """The end of the number that begins at ``place``. Equal to ``place`` if there is none."""
    end = place
    while end < len(found) and end - place < _MOST_PARTS:
        token = found[end]
        if end > place and token.gap.strip(" -"):
            break
        is_scale = token.folded in words.scales and end > place
        if not (token.is_number or token.folded in words.values or token.folded in words.amounts or is_scale):
            break
        end += 1
    return end


def _is_label(found: Sequence[Token], place: int, end: int) -> bool:
    """Whether a number is part of a name or a season: "Flight 93", "Covid-19", "G7", "2022/23"."""
    before = found[place - 1] if place else None
    if not before or not found[place].is_number:
        return False
    return found[place].gap in {"", "-", "/"} or (
        end == place + 1 and before.is_capitalised and place > 1 and found[place].gap == " " and len(before.text) > 1
    )


def _is_time(found: Sequence[Token], place: int, end: int) -> bool:
    """Whether a number is written like a time or a result: "4:25", "1-6-2"."""
    figures = [token for token in found[place:end] if token.is_number]
    is_record = len(figures) >= _RECORD and all(token.gap == "-" for token in figures[1:])
    return is_record or (end == place + 1 and ":" in found[place].text)


def _is_year(found: Sequence[Token], place: int, end: int) -> bool:
    digits = found[place].text
    is_bare = end == place + 1 and len(digits) == 4 and digits.isdecimal()
    return is_bare and int(digits) in _YEARS and int(digits) % _ROUND != 0


def _is_size(found: Sequence[Token], place: int, end: int, words: NumberWords) -> bool:
    """Whether a number is the size of the noun before it: "a crowd of 3,100". Ages and years are smaller, or bare."""
    if place < _BEFORE_SIZE:
        return False
    noun, preposition = found[place - _BEFORE_SIZE : place]
    if noun.is_number or preposition.folded not in words.of or preposition.gap != " ":
        return False
    value = _value(found[place:end], words) or 0
    is_bare_year = found[place].text.isdecimal() and value < _PAST_YEARS
    return value >= _LEAST_SIZE and not is_bare_year


def _beginning(text: str, found: Sequence[Token], place: int, words: NumberWords) -> int:
    """The start of the quantity, with "about" or "at least", a sign or a currency: "-0.5", ".45", "$3"."""
    start = found[place].start
    if start > 1 and text[start - 2].isspace() and (text[start - 1] == "." or text[start - 1] in _MINUS):
        return start - 1
    if start and text[start - 1] in _CURRENCIES:
        start -= 1
        # US$, A$
        while start and text[start - 1].isupper() and found[place].start - start < 4:
            start -= 1
        return start
    for length in range(min(_LONGEST_PHRASE, place), 0, -1):
        phrase = found[place - length : place]
        if tuple(token.folded for token in phrase) in words.around and not found[place].gap.strip(" "):
            return phrase[0].start
    return start


def _counted(
    text: str, found: Sequence[Token], end: int, words: NumberWords, stops: frozenset[str]
) -> tuple[int, bool]:
    """The end of the words that the number counts, and whether it has a unit, a currency or a sign."""
    start = found[end - 1].end
    has_sign = text[start : start + 2].lstrip().startswith(("%", "€", "°")) or any(
        text[token.start - 1 : token.start] in set(_CURRENCIES) for token in found[max(0, end - _MOST_PARTS) : end]
    )
    for length in range(min(_LONGEST_PHRASE, len(found) - end), 0, -1):
        phrase = found[end : end + length]
        if tuple(token.folded for token in phrase) in words.units and not phrase[0].gap.strip(" -"):
            return end + length, True
    if has_sign:
        return end, True
    begin = end + (end < len(found) and found[end].folded in words.of and not found[end].gap.strip(" "))
    last = begin
    while last < len(found) and last - begin < (_MOST_COUNTED if words.adjectives_first else 1):
        token = found[last]
        if token.gap.strip(" -'’") or token.folded in stops or token.is_number or _is_in_label(found, last):
            break
        last += 1
        if _is_noun(token, words):
            break
    if words.capitalised_nouns and last > begin and not found[last - 1].is_capitalised:
        last = begin
    while not words.adjectives_first and begin < last < len(found) and _agrees(found[last - 1], found[last], stops):
        last += 1
    return (last if last > begin else end), False


def _is_in_label(found: Sequence[Token], place: int) -> bool:
    """Whether a word is a part of a name with a number, as in "F-35" and "2B"."""
    behind = found[place + 1] if place + 1 < len(found) else None
    return not found[place].gap or bool(behind and behind.is_number and behind.gap in {"", "-"})


def _agrees(word: Token, behind: Token, stops: frozenset[str]) -> bool:
    """Whether the next word is a plural like this one: "deux grandes zones"."""
    return (
        word.folded.endswith("s") and behind.folded.endswith("s") and behind.gap == " " and behind.folded not in stops
    )


def _is_noun(token: Token, words: NumberWords) -> bool:
    if words.capitalised_nouns:
        return token.is_capitalised
    return token.folded.endswith("s") or token.folded in words.nouns


def _with_sign(text: str, end: int) -> int:
    for length in (1, 2):
        if text[end : end + length].lstrip() in {"%", "€", "°"}:
            return end + length
    return end


def _value(number: Sequence[Token], words: NumberWords) -> float | None:
    """The value of the number. None for words such as "dozens"."""
    total: float | None = None
    for token in number:
        if token.is_number:
            worth = _figure(token.text)
            total = worth if total is None else total * 1000 + worth
        elif token.folded in words.scales:
            total = (1 if total is None else total) * words.scales[token.folded]
        elif token.folded in words.values:
            total = (total or 0) + words.values[token.folded]
    return total


def _figure(digits: str) -> float:
    """The value of "1,500", "1.500", "4.4" and "1,500.50". A mark before three digits is a thousands separator."""
    parts = digits.replace(":", ".").replace(",", ".").split(".")
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and parts[0] != "0":
        return float("".join(parts))
    return float("".join(parts[:-1]) + "." + parts[-1]) if len(parts) > 1 else float(parts[0])


def _signed(text: str, first: int, number: Sequence[Token], words: NumberWords) -> float | None:
    """The value of the number, with the minus or behind the point that the quantity begins with."""
    if text[first] == "." and number[0].text.isdecimal():
        return float(f".{number[0].text}")
    value = _value(number, words)
    return -value if value is not None and text[first] in _MINUS else value
