"""Finds the ends of sentences by punctuation marks and the words around them.

A mark ends a sentence unless a word next to it shows otherwise: an abbreviation, an ordinal, an initial, a name such as
"Yahoo!", or a word in lower case. Closing quotation marks belong to the sentence that they close. The word lists are
data (`briefings.languages.boundaries`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from briefings.languages.boundaries import SentenceMarks, sentence_marks
from briefings.model import Span
from briefings.phrases import fold

_CLOSERS = "”’»“\"'›)\\]"
# A mark and closing quotes or brackets, then a blank or the end. French has a blank before marks and guillemets.
# A row of marks is only tried from its first mark, so that a long row takes linear time.
_MARK = re.compile(
    rf"(?P<wide>(?:[。！？｡]+|(?<=[^\W\d])．)[”’」』）》】〕]*)"
    r"|(?<![.!?…])(?<!\. )(?P<mark>[.!?…؟।։]++(?: \.)*+)"
    rf"(?P<closers>[{_CLOSERS}]*(?:\[\d{{1,3}}\])*(?:[ \u00a0\u202f][»”])?)(?=\s|$)"
    rf"|(?<=[^\W\d_]{{3}})(?P<glued>[.!?][”’»)]*)(?=[^\W\d_][^\W\d_A-Z]+[ ,])"
)
_NEXT = re.compile(r"(\W*)([\w'’-]*)([.!?]?)")
_OPENING = re.compile(r"^[^\w]+")
_QUOTE_MARKS = frozenset("”’»“\"'›」』")
# Characters: more than the longest abbreviation and the word before it.
_LOOK_BACK = 48
_LOOK_AHEAD = 60
_ORDINAL = re.compile(r"(?:\d{1,2}\.?[–-])?\d{1,2}")
_YEAR = re.compile(r"\d{4}")
_ROMAN = re.compile(r"[IVXLC]+")
_ACRONYM = re.compile(r"(?:[^\W\d_]{1,3}\.-?)+[^\W\d_]{1,3}")
_PART = re.compile(r"[-–/'’]")
_SHORT_PART = re.compile(r"[^\W\d_]{1,2}\.")
_DASHES = frozenset("—–-")
_VOWELS = frozenset("aeiouyàáâãäåèéêëìíîïòóôõöùúûüаеёиоуыэюяіїє")
_LONGEST_SHAPE = 4
_SHORT_MONTH = 3
_SPEAKER_WORDS = 4
#: With fewer words before "p.m." or "г." the sentence goes on.
_OPENING_WORDS = 4
# After a closing quotation mark: the Japanese particles in 「…」と述べた, the Chinese verbs in “…”市长说.
_GOES_ON = re.compile("[とがをはにもでのやなっ]|[\\w（）]{1,10}(?:[说說问問道称稱喊答誓叹嘆]|表示)")


@dataclass(frozen=True, slots=True)
class _Word:
    """The word before a mark.

    Its place is its number in the sentence, from 1. Far from the start of the sentence it is only a lower bound.
    """

    text: str
    joined: str
    before: str
    place: int


@dataclass(frozen=True, slots=True)
class _Next:
    """The word after a mark, with its opening punctuation and the mark that ends it."""

    opening: str
    text: str
    mark: str

    def is_lower(self) -> bool:
        """Whether it starts in lower case, unless it is a name such as "iPhone"."""
        return self.text[:1].islower() and not self.text[1:2].isupper()


def split_sentences(text: str, span: Span, language: str | None) -> Iterator[Span]:
    """The sentences of ``span`` in order, without the blanks between them."""
    marks = sentence_marks(language)
    start = span.start
    for match in _MARK.finditer(text, span.start, span.end):
        if _ends(text, match, Span(start, span.end), marks):
            yield _stripped(text, Span(start, match.end()))
            start = match.end()
    if text[start : span.end].strip():
        yield _stripped(text, Span(start, span.end))


def _stripped(text: str, span: Span) -> Span:
    inner = span.of(text)
    start = span.start + len(inner) - len(inner.lstrip())
    return Span(start, max(start, span.start + len(inner.rstrip())))


def _ends(text: str, match: re.Match[str], rest: Span, marks: SentenceMarks) -> bool:
    """Whether a sentence that starts with ``rest`` ends at the mark."""
    if match["wide"]:
        return match["wide"][-1] not in _QUOTE_MARKS or not _GOES_ON.match(text, match.end())
    after = _next(text, match.end(), rest.end)
    if after.is_lower():
        return False
    word = _word(text, match.start(), rest.start)
    if match["glued"]:
        return after.text[0].isupper() and word.text.islower() and not _is_known(word.text, marks)
    if match["mark"] == ".":
        return _full_stop_ends(word, after, match["closers"], marks)
    if "!" in match["mark"] or "?" in match["mark"]:
        return _call_ends(text, match, word, after, marks)
    return True


def _full_stop_ends(word: _Word, after: _Next, closers: str, marks: SentenceMarks) -> bool:
    if not after.text:
        return True
    if word.text[-1:].isdigit():
        return not _is_ordinal(word, after, marks)
    if closers and closers[-1] in _QUOTE_MARKS:
        # In "the so-called Dr." the abbreviation is quoted, and no name follows.
        return True
    return not _goes_on_after(word, after, marks)


def _goes_on_after(word: _Word, after: _Next, marks: SentenceMarks) -> bool:
    """Whether the word is an abbreviation or initial that belongs to the next word."""
    if word.before[-1:].isdigit() and word.text in marks.units and not _is_number(after, marks):
        return False
    opens = fold(after.text).split(" ", 1)[0] in marks.openers
    kind = _kind(word, after, marks)
    if kind == "never":
        return True
    if kind == "measure":
        is_opening = word.place <= _OPENING_WORDS and not opens
        return is_opening or fold(after.text).removesuffix("s") in marks.calendar or after.text in marks.after_time
    return kind == "either" and (not opens or after.opening in _DASHES)


def _kind(word: _Word, after: _Next, marks: SentenceMarks) -> str:
    """The class of abbreviations to which the word belongs. Empty if it is none."""
    if after.mark == "." and _is_known(f"{word.joined}.{after.text}", marks):
        return "never"
    for form in dict.fromkeys((word.joined, word.text, _PART.split(word.text)[-1])):
        forms = {form, form.lower(), fold(form)}
        is_before_number = forms & marks.before_number or _is_short_month(form, word, after, marks)
        if is_before_number and _is_number(after, marks):
            return "never"
        if forms & marks.measures:
            return "measure"
        if forms & marks.never:
            return "never"
        if forms & marks.either or (form in marks.after_comma and _names_state(form, word, after, marks)):
            return "either"
    return _kind_by_shape(word, after, marks)


def _is_short_month(form: str, word: _Word, after: _Next, marks: SentenceMarks) -> bool:
    """Whether the word is the beginning of a month's name, with its day or its year beside it."""
    is_dated = _ORDINAL.fullmatch(word.before) or _YEAR.fullmatch(after.text)
    short = fold(form)
    return (
        bool(is_dated) and len(short) >= _SHORT_MONTH and any(name.startswith(short) for name in marks.months - {short})
    )


def _names_state(form: str, word: _Word, after: _Next, marks: SentenceMarks) -> bool:
    """Whether a word such as "Miss" is an abbreviation: behind a comma or a hyphen, or before "Gov."."""
    is_before_title = after.mark == "." and after.text.lower() in marks.never
    return word.before.endswith(",") or form != word.text or is_before_title


def _kind_by_shape(word: _Word, after: _Next, marks: SentenceMarks) -> str:
    text = word.text
    if text.endswith(marks.endings):
        return "either"
    if len(text) == 1 and text.isalpha():
        return _kind_of_letter(word, after, marks)
    if _ACRONYM.fullmatch(text) or _ACRONYM.fullmatch(word.joined):
        return "either"
    if marks.before_ordinal and _ROMAN.fullmatch(text) and word.before[:1].isupper():
        return "either"
    is_bare = 1 < len(text) <= _LONGEST_SHAPE and text.isalpha() and not text.isupper()
    return "either" if is_bare and text[0].isupper() and _VOWELS.isdisjoint(text.lower()) else ""


def _kind_of_letter(word: _Word, after: _Next, marks: SentenceMarks) -> str:
    """The kind of a single letter: an initial, a unit after a number, the name of a plan, or a word."""
    if word.text.islower() and (word.before[-1:].isdigit() or _ROMAN.fullmatch(word.before)):
        return "measure"
    if len(after.text) == 1 and after.mark == ".":
        return "never"
    if word.text in marks.letters:
        return ""
    if not word.text.isupper():
        return "never"
    names_plan = word.joined == word.text and _PART.split(fold(word.before))[-1] in marks.before_letter
    return "" if names_plan else "either"


def _is_number(after: _Next, marks: SentenceMarks) -> bool:
    text = after.text
    is_roman = _ROMAN.fullmatch(text) and text not in marks.letters
    return text[0].isdigit() or bool(is_roman) or fold(text) in marks.calendar


def _is_ordinal(word: _Word, after: _Next, marks: SentenceMarks) -> bool:
    """Whether a number before a full stop is the number of a list item, or an ordinal in a language that writes them
    so.
    """
    if not _ORDINAL.fullmatch(word.text):
        return False
    if word.place == 1 or fold(after.text) in marks.months:
        return True
    if after.text[0].isdigit() and (after.mark == "." or _YEAR.fullmatch(after.text)):
        return bool(marks.before_ordinal)
    if not marks.before_ordinal or fold(after.text).split(" ", 1)[0] in marks.openers:
        return False
    return word.before.endswith(",") or fold(word.before) in marks.before_ordinal


def _call_ends(text: str, match: re.Match[str], word: _Word, after: _Next, marks: SentenceMarks) -> bool:
    """Whether "!" or "?" ends a sentence. It does not inside a name or before the speaker of a question."""
    opens = fold(after.text).split(" ", 1)[0] in marks.openers
    closers = match["closers"]
    if not after.text or opens:
        return True
    if not closers:
        return word.text not in marks.names and not _is_name(word, after)
    if closers[-1] == ")":
        return False
    words = [fold(part) for part in text[match.end() : match.end() + _LOOK_AHEAD].split()[:_SPEAKER_WORDS]]
    return not any(part in marks.said for part in words[1:])


def _is_name(word: _Word, after: _Next) -> bool:
    """Whether the words before and after the mark are capitalised in a sentence in lower case: "of Yum! Brands"."""
    return (
        word.text[:1].isupper()
        and len(word.text) > 1
        and word.place > 1
        and word.before[:1].islower()
        and word.before[-1:].isalpha()
        and after.text[0].isupper()
        and not after.opening
    )


def _is_known(word: str, marks: SentenceMarks) -> bool:
    return word in marks.never or word in marks.either or word in marks.measures


def _word(text: str, end: int, start: int) -> _Word:
    head = text[max(start, end - _LOOK_BACK) : end].split()
    if not head or text[end - 1].isspace():
        return _Word("", "", head[-1] if head else "", len(head))
    place = len(head)
    token = _OPENING.sub("", head.pop())
    joined = token
    while head and len(joined) <= _LONGEST_SHAPE and _SHORT_PART.fullmatch(head[-1]):
        joined = head.pop() + joined
    if end - start > _LOOK_BACK:
        place = max(place, _OPENING_WORDS + 1)
    return _Word(token, joined, _OPENING.sub("", head[-1]) if head else "", place)


def _next(text: str, start: int, end: int) -> _Next:
    match = _NEXT.match(text, start, min(end, start + _LOOK_AHEAD))
    return _Next(match[1].strip(), match[2], match[3]) if match else _Next("", "", "")
