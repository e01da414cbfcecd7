"""Normalises text: NFC, plain newlines, no characters that control a terminal."""

from __future__ import annotations

import re
import unicodedata

_NEWLINE = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# No script has more combining marks in a row, and composing them takes long. The limit is from the
# Stream-Safe Text Format (https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format).
_PILED = re.compile("([\u0300-\u036f]{30})[\u0300-\u036f]+")
_BLANK = re.compile("[^\\S\n]+")
# Control, format, surrogate and private-use characters and noncharacters. Emoji sequences and several scripts
# need the format characters U+200C and U+200D. A news article needs none of the others, which can make a line
# read backwards (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing).
_HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ud800-\udfff\ue000-\uf8ff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001\U000e0020-\U000e007f\U000f0000-\U0010ffff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(15))
    + "]"
)


# Letters that printed pages join (U+FB00 to U+FB06).
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}


def normalise(text: str) -> str:
    r"""``text`` in NFC with newlines as ``\n``, runs of blanks as one space, and no blanks at line ends.

    Control, format, surrogate and private-use characters and noncharacters are removed.
    """
    text = unicodedata.normalize("NFC", _PILED.sub(r"\1", text)).translate(_LIGATURES)
    text = _BLANK.sub(" ", _NEWLINE.sub("\n", text))
    if _HIDDEN.search(text):
        text = unicodedata.normalize("NFC", _HIDDEN.sub("", text))
    return "\n".join(line.strip() for line in text.split("\n"))


def one_line(text: str) -> str:
    """``text`` normalised and on one line."""
    is_normal = text.isascii() and text.isprintable()
    return " ".join((text if is_normal else normalise(text)).split())
