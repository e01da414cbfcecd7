"""Repairs texts that a program read in the wrong encoding and saved as UTF-8: "zamkniД™ty", "poniedzia³ek".

Only whole readings are repaired: the bytes that the program read must be UTF-8, or certainly another encoding.
"""

from __future__ import annotations

from contextlib import suppress

from briefings.languages.letters import Letters, alphabets
from briefings.sources.encodings import guess_encoding, likelihood

# The encodings that programs take for granted, in the forms of ftfy, which can write every byte.
_MISTAKEN_FOR = ("sloppy-windows-1252", "sloppy-windows-1251", "sloppy-windows-1250", "latin_1")
_READ_AS = ("sloppy-windows-1252", "latin_1")
_WESTERN = frozenset(["cp1252", "iso8859_15", "mac_roman", "cp437", "cp850"])
_FEWEST = 5
_MOST_TIMES = 2
_SAMPLE = 4_000
# Lines with other letters than ASCII tell nothing about a text if they are a smaller part of it than this: the names
# of languages in a menu, a line of copyright.
_SMALLEST_PART = 0.05
# A text that is at least this likely in a language was read right.
_LIKELY = 1.9


def reread(text: str) -> str:
    """The text as it was meant, if it is certain. ``text`` otherwise."""
    import ftfy.bad_codecs  # noqa: F401  # it registers the encodings

    for _ in range(_MOST_TIMES):
        lines = [line if line.isascii() else _utf8_within(line) for line in text.split("\n")]
        text = "\n".join(lines)
    if (language := _likely_language(text)) is None:
        return _in_right_encoding(text)
    return _with_own_letters(text, language) if language.letters else text


def _utf8_within(line: str) -> str:
    """The line that is read if its characters are the bytes of UTF-8."""
    for encoding in _MISTAKEN_FOR:
        try:
            return line.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return line


def _likely_language(text: str) -> Letters | None:
    """The language that the text is in, if its letters are right or nearly so, or it has hardly any to judge by."""
    sample = _strange_lines(text)
    is_small = len(sample) < _SMALLEST_PART * min(len(text), 10 * _SAMPLE)
    if is_small or sum(char > "\x7f" for char in sample) < _FEWEST:
        return alphabets()[0]
    return next((language for language in alphabets() if likelihood(sample, language) >= _LIKELY), None)


def _strange_lines(text: str) -> str:
    return "\n".join(line for line in text[: 10 * _SAMPLE].split("\n") if not line.isascii())[:_SAMPLE]


def _with_own_letters(text: str, language: Letters) -> str:
    """The text with the language's own letters, if an encoding of the language has them all: "ő" for "õ"."""
    if not _foreign(text, language):
        return text
    for mistaken in _READ_AS:
        for encoding in language.encodings:
            with suppress(UnicodeError):
                again = text.encode(mistaken).decode(encoding)
                if encoding not in _WESTERN and not _foreign(again, language):
                    return again
    return text


def _foreign(text: str, language: Letters) -> bool:
    return any(char > "\x7f" and char.isalpha() and char not in language.letters for char in _strange_lines(text))


def _in_right_encoding(text: str) -> str:
    """The text whose bytes were read as Western European, although they are another language's."""
    for mistaken in _READ_AS:
        with suppress(UnicodeEncodeError):
            raw = text.encode(mistaken)
            encoding = guess_encoding(raw)
            return text if encoding is None or encoding in _WESTERN else raw.decode(encoding)
    return text
