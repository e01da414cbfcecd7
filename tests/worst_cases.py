"""Finds inputs for which a regular expression takes more than linear time.

The inputs are made from the expression itself: what its parts match, repeated, with an end that it
does not match. `superlinear` tries them at two lengths and compares the times.
"""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice, product
from re import _constants as sre  # type: ignore[attr-defined]  # the standard library's own parser
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from tests.soak import sample

_LENGTH = 8_000
#: Seconds. What takes less at that length is not judged: quadratic time would be 0.2 s at 32,000 characters.
_NOTICEABLE = 0.0125
#: Four times as long: linear takes 4 times as long, quadratic 16 times.
_LONGER, _MOST_GROWTH = 4, 8
#: What takes less than this, in seconds, for a quarter of the length is linear, or quadratic and never noticeable:
#: quadratic time that is noticeable would be 0.8 ms there.
_QUICK, _SHORTER = 0.0005, 4
#: Seconds of the processor after which an expression is taken to be exponential.
_ENDLESS = 0.5
_MOST_PIECES = sample(30, 60)
_MOST_ENDS = sample(2, 5)
_COMMON = "aA1 .\n"
_REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}
_SEVERAL = 2


def superlinear(pattern: re.Pattern[Any]) -> str | None:
    """The beginning of an input for which the expression takes more than linear time. None if none is found."""
    for text in _attacks(pattern):
        for call in (pattern.search, pattern.match, pattern.fullmatch):
            # Measured twice: another program may have disturbed one measurement.
            if _is_superlinear(call, text) and _is_superlinear(call, text):
                return str(text(_LENGTH)[:60])
    return None


def _is_superlinear(call: Callable[..., object], text: Callable[[int], Any]) -> bool:
    start = time.perf_counter()
    quarter = _seconds(call, text(_LENGTH // _SHORTER))
    if time.perf_counter() - start < _QUICK:
        return False
    seconds = _ENDLESS if quarter == _ENDLESS else _seconds(call, text(_LENGTH))
    return seconds > _NOTICEABLE and _seconds(call, text(_LONGER * _LENGTH)) > min(_MOST_GROWTH * seconds, _ENDLESS / 2)


def _attacks(pattern: re.Pattern[Any]) -> Iterator[Callable[[int], Any]]:
    """Functions from a length to an input of about that length."""
    as_text = (lambda text: text.encode("latin-1", "replace")) if isinstance(pattern.pattern, bytes) else str
    written = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    pieces = list(islice(dict.fromkeys(_pieces(_parser.parse(written, pattern.flags), "")), _MOST_PIECES))
    marks = dict.fromkeys(char for _, piece in pieces for char in piece if not char.isalnum())
    ends = ["", "\x00", *islice(marks, _MOST_ENDS)]
    for (prefix, piece), end in product(pieces, ends):
        yield partial(_attack, as_text, prefix, piece, end)


def _attack(as_text: Callable[[str], Any], start: str, piece: str, end: str, length: int) -> Any:
    return as_text(start + piece * (length // len(piece)) + end)


def _pieces(tree: Any, prefix: str) -> Iterator[tuple[str, str]]:
    """For each repeated part what stands before it, and what it matches once."""
    before = prefix
    for place, (kind, value) in enumerate(tree):
        inner = _sample(value[2]) if kind in _REPEATS and value[1] > _SEVERAL else ""
        if inner:
            after = _sample(tree[place + 1 :])
            yield before, inner
            # With what follows it, and with its own start, as a search tries it anew at each place.
            yield from ((before, inner + after), (before, inner + after + inner))
            yield from (
                ("", start + end)
                for start in (before, before + inner, before + inner + after)
                for end in ("", " ")
                if start
            )
            # A character that several parts match.
            yield from ((before, char) for char in _COMMON)
        for part in _parts(kind, value):
            yield from _pieces(part, before)
        before += _sample([(kind, value)])


def _parts(kind: Any, value: Any) -> list[Any]:
    """The expressions inside a node."""
    if kind in _REPEATS:
        return [value[2]]
    if kind is sre.SUBPATTERN:
        return [value[-1]]
    if kind is sre.BRANCH:
        return list(value[1])
    if kind in {sre.ASSERT, sre.ATOMIC_GROUP}:
        return [value[1] if kind is sre.ASSERT else value]
    return []


def _sample(tree: Any) -> str:
    """A text that the expression matches, about; each repeated part once at least."""
    return "".join(_sample_of(kind, value) for kind, value in tree)


def _sample_of(kind: Any, value: Any) -> str:
    if kind in _REPEATS:
        return _sample(value[2]) * int(max(1, value[0]))
    if kind in {sre.SUBPATTERN, sre.ATOMIC_GROUP, sre.BRANCH}:
        return _sample(_parts(kind, value)[0])
    samples: dict[Any, Callable[[Any], str]] = {
        sre.LITERAL: chr,
        sre.NOT_LITERAL: lambda char: "a" if char != ord("a") else "b",
        sre.ANY: lambda _: "a",
        sre.IN: _member,
    }
    sample: str = samples[kind](value) if kind in samples else ""
    return sample


def _member(members: Any) -> str:
    """A character of a class: a letter, a blank or a mark that is in it."""
    negated = members[0] == (sre.NEGATE, None)
    candidates = 'aAb1 .,"-/\n\t'
    candidates += "".join(chr(value) for kind, value in members if kind is sre.LITERAL)
    candidates += "".join(chr(value[0]) for kind, value in members if kind is sre.RANGE)
    for char in candidates:
        if any(_is_in(char, kind, value) for kind, value in members) != negated:
            return char
    return ""


def _is_in(char: str, kind: Any, value: Any) -> bool:
    if kind is sre.LITERAL:
        return char == chr(value)
    if kind is sre.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    if kind is sre.CATEGORY:
        tests = {sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_WORD: r"\w"}
        tests |= {sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_NOT_WORD: r"\W"}
        return bool(re.fullmatch(tests[value], char))
    return False


def _seconds(call: Callable[..., object], text: object) -> float:
    """The time of the processor that a call takes, ended after `_ENDLESS`."""
    start = time.process_time()
    try:
        with ended_after(_ENDLESS):
            call(text)
    except TimeoutError:
        return _ENDLESS
    return time.process_time() - start


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """Raises TimeoutError after so many seconds of processor time. The matcher of `re` checks for signals, too."""

    def end(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
