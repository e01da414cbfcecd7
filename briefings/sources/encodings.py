"""Detects the encoding of a text that is not UTF-8, by comparing how each encoding reads it.

A reading is likely if its letters belong to one language, its words are in that language, and no symbol is in an
impossible place. If two different readings are almost equally likely, none is chosen.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from briefings.languages.letters import Letters, alphabets
from briefings.phrases import fold

# How much of a text, and of a line, is examined.
_SAMPLE = 20_000
_SAMPLE_LINE = 2_000
_LEAST_LIKELY = 0.85
_MARGIN = 0.04
_FEWEST_COMMON_WORDS = 0.08
_ENOUGH_COMMON_WORDS = 0.25
_FEWEST_COMMON_CHARACTERS = 0.2
_ENOUGH_COMMON_CHARACTERS = 0.3
# A tie goes to the more common encoding.
_RARITY = 0.01

# Punctuation of news. Any other symbol counts against a reading.
_MARKS = frozenset("“”‘’„‚«»‹›–—…•·€£¥§°©®™№²³½¼¾ºª¿¡\xa0\xad×±´、。「」『』（）・！？：；，．％〜～ー")
# A symbol between two letters, and a symbol after a letter that can only be before one.
_MISPLACED = re.compile(r"[^\W\d_](?:[^\w\s\x00-\x7f’‘·\xad–—…](?=[^\W\d_])|[¢£¥§¨¦¬®¯©±„‚¿¡¤¸])")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_CONTROL = re.compile("[\x80-\x9f\ufffd\ue000-\uf8ff]")
_WIDE = re.compile("[\u3000-\u9fff\uac00-\ud7a3\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class _Reading:
    encoding: str
    text: str
    likelihood: float


def guess_encoding(raw: bytes) -> str | None:
    """Python's name for the encoding of ``raw``, or None if it is uncertain.

    ``raw`` is not UTF-8. All of it can be decoded with the result.
    """
    if b"\x1b$" in raw or b"\x1b(" in raw:
        return next((name for name in ("iso2022_jp_2", "iso2022_jp_ext", "iso2022_kr") if _decodes(raw, name)), None)
    sample = _sample(raw)
    found = sorted(_readings(sample), key=lambda reading: -reading.likelihood)
    found = [reading for reading in found if reading.likelihood >= _LEAST_LIKELY and _decodes(raw, reading.encoding)]
    if not found:
        return None
    best = found[0]
    rivals = (other for other in found[1:] if other.text != best.text)
    return None if any(best.likelihood - other.likelihood < _MARGIN for other in rivals) else best.encoding


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _sample(raw: bytes) -> bytes:
    """The first lines that contain a non-ASCII byte."""
    lines: list[bytes] = []
    size = 0
    for line in raw.splitlines():
        if not line.isascii():
            # A long line is cut at a blank, if it has one, because other cuts could split a character.
            cut = line if len(line) <= _SAMPLE_LINE else line[: line.rfind(b" ", 0, _SAMPLE_LINE)]
            lines.append(cut)
            size += len(cut)
        if size > _SAMPLE:
            break
    return b"\n".join(lines)


def _readings(sample: bytes) -> Iterator[_Reading]:
    texts: dict[str, str | None] = {}
    for language in alphabets():
        for rank, encoding in enumerate(language.encodings):
            if encoding not in texts:
                texts[encoding] = _read(sample, encoding)
            text = texts[encoding]
            if text is not None:
                yield _Reading(encoding, text, likelihood(text, language) - rank * _RARITY)


def _read(sample: bytes, encoding: str) -> str | None:
    """The sample in that encoding. Its last character may be cut."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(sample)
    except UnicodeDecodeError:
        return None


def likelihood(text: str, language: Letters) -> float:
    """From 0 to 2: how likely ``text`` is in that language, by its letters and words."""
    strange = [char for char in text if char > "\x7f"]
    if not strange:
        return 0.0
    faults = sum(len(fault.findall(text)) for fault in (_CONTROL, _HALF_WIDTH, _MISPLACED))
    if language.common:
        return _share_of_common(strange, language) - 2 * faults / len(strange)
    faults += sum(one.islower() and other.isupper() and max(one, other) > "\x7f" for one, other in pairwise(text))
    foreign = sum(char not in language.letters and char not in _MARKS for char in strange)
    words = text.split()
    hits = sum(fold(word) in language.words for word in words) / max(1, len(words))
    if hits < _FEWEST_COMMON_WORDS:
        return 0.0
    return 1 - (foreign + 2 * faults) / len(strange) + min(1.0, hits / _ENOUGH_COMMON_WORDS)


def _share_of_common(strange: list[str], language: Letters) -> float:
    """From 0 to 2, as for an alphabet: the share of characters of that script, plus the share of common characters."""
    common = sum(char in language.common for char in strange) / len(strange)
    wide = sum(bool(_WIDE.match(char)) for char in strange) / len(strange)
    return 0.0 if common < _FEWEST_COMMON_CHARACTERS else wide + min(1.0, common / _ENOUGH_COMMON_CHARACTERS)
