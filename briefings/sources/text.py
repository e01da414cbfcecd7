"""Text as this package keeps it: NFC, plain newlines, nothing that controls a terminal."""

from __future__ import annotations

import re
import unicodedata

_NEWLINE = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANK = re.compile("[^\\S\n]+")
# Emoji sequences and several scripts need the joiners U+200C and U+200D; nothing needs the rest of
# category Cf in a news article, and the bidi controls among it can make a line read backwards
# (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing).
_JOINERS = frozenset("\u200c\u200d")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co"})


def normalise(text: str) -> str:
    r"""``text`` in NFC with newlines as ``\n``, runs of blanks as one space, no blank line ends.

    Control, format, surrogate and private-use characters and noncharacters are removed.
    """
    text = unicodedata.normalize("NFC", text)
    text = _BLANK.sub(" ", _NEWLINE.sub("\n", text))
    if not text.isascii() or not text.replace("\n", "").isprintable():
        text = "".join(filter(_is_shown, text))
        text = unicodedata.normalize("NFC", text)
    return "\n".join(line.strip() for line in text.split("\n"))


def one_line(text: str) -> str:
    """``text`` normalised, on one line."""
    return " ".join(normalise(text).split())


def _is_shown(char: str) -> bool:
    if char == "\n" or char in _JOINERS:
        return True
    code = ord(char)
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return not is_noncharacter and unicodedata.category(char) not in _DROPPED
