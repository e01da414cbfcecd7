"""Decodes bytes to text, or refuses them with a clear error."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from briefings.errors import SourceEmpty, SourceTooLarge, SourceUndecodable, SourceUnsupported
from briefings.languages.letters import alphabets
from briefings.sources.encodings import guess_encoding
from briefings.sources.misread import reread
from briefings.sources.utf7 import read_utf7

#: The largest input, in bytes.
MAX_BYTES = 5_000_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"PK\x03\x04", "ZIP, DOCX, ODT"),
    (b"\xd0\xcf\x11\xe0", "DOC"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "GZIP"),
    (b"\x7fELF", "ELF"),
    (b"ID3", "MP3"),
)
_META_CHARSET = re.compile(
    rb"(?:<meta[^>]{0,200}charset|<\?xml[^>]{0,200}encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w-]{2,40})", re.IGNORECASE
)
# Declared encodings that browsers read as another one (https://encoding.spec.whatwg.org/#names-and-labels).
_BROADER = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "shift_jis": "cp932", "euc_kr": "cp949"}
_BROADER |= {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "tis-620": "cp874"}
# Escape sequences of 7-bit Japanese, Korean and Chinese, which otherwise look like ASCII.
_SHIFTS = (b"\x1b$", b"\x1b(J")
_MOST_STRAY = 0.001
_MOST_BROKEN = 0.2
# Punctuation and blanks of any script, the characters of all scripts, and how
# much of a text these are.
_BLANKS = " \n\u3000\u3001\u3002\uff0c"
_WRITING = re.compile(
    "[\t\n\r -~\xa0-\u024f\u0300-\u06ff\u0900-\u0dff\u0e00-\u0eff\u10a0-\u10ff\u1e00-\u20cf\u2100-\u214f"
    "\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff00-\uffef]"
)
_FEWEST_WRITING = 0.98
# The share of non-ASCII lines that may contain irreparable mojibake, for example a quotation of it.
_MOST_MOJIBAKE = 0.5
# Latin and Cyrillic letters within one word.
_TWO_SCRIPTS = re.compile("[A-Za-z][\u0400-\u04ff][A-Za-z]|[A-Za-z][\u0400-\u04ff]{2}[A-Za-z ]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MOST_CONTROLS = 0.02


def decode(raw: bytes, name: str, charset: str | None = None) -> str:
    """The text of ``raw``: by its byte order mark, as UTF-8, as its page or server declares, or as it looks.

    Args:
        charset: The encoding that the server declares.

    Raises:
        SourceTooLarge: It is larger than `MAX_BYTES`.
        SourceEmpty: It contains only white space.
        SourceUnsupported: It is not text.
        SourceUndecodable: The encoding cannot be determined.
    """
    if len(raw) > MAX_BYTES:
        raise SourceTooLarge(name, MAX_BYTES)
    if not raw.strip():
        raise SourceEmpty(name)
    for signature, media in _SIGNATURES:
        if raw.startswith(signature):
            raise SourceUnsupported(name, media)
    text = _mended(_decoded(raw, name, charset), name)
    if not text.strip():
        raise SourceEmpty(name)
    if len(_CONTROL.findall(text)) > _MOST_CONTROLS * len(text):
        raise SourceUnsupported(name, "binary")
    return text


def _decoded(raw: bytes, name: str, charset: str | None) -> str:
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _strictly(raw, encoding, name)
    if 0 < raw.count(0) <= max(1, _MOST_STRAY * len(raw)):
        raw = raw.replace(b"\x00", b"")
    if b"\x00" in raw:
        return _utf16(raw, name)
    if any(shift in raw for shift in _SHIFTS):
        return _guessed(raw, name, charset)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # A long text with one or two bad bytes is still UTF-8.
        text = raw.decode("utf-8", "replace")
        strange = sum(char > "\x7f" for char in text)
        return text if text.count("\ufffd") <= _MOST_BROKEN * strange else _guessed(raw, name, charset)


def _strictly(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceUndecodable(name) from error


def _utf16(raw: bytes, name: str) -> str:
    """UTF-16 without a byte order mark. The right byte order is the one in which it has blanks and is a script."""
    whole = raw[: len(raw) // 2 * 2]
    readings = [whole.decode(encoding, "replace") for encoding in ("utf-16-le", "utf-16-be")]
    best = max(readings, key=lambda text: sum(map(text.count, _BLANKS)))
    if not any(mark in best for mark in _BLANKS) or len(_WRITING.findall(best)) < _FEWEST_WRITING * len(best):
        raise SourceUnsupported(name, "binary")
    return best


def _guessed(raw: bytes, name: str, charset: str | None) -> str:
    declared = _META_CHARSET.search(raw[:4096])
    for label in (declared.group(1).decode("ascii") if declared else None, charset):
        if label and (encoding := _declared(label)):
            with suppress(UnicodeDecodeError):
                return raw.decode(encoding)
    encoding = guess_encoding(raw)
    if encoding is None:
        raise SourceUndecodable(name)
    return raw.decode(encoding)


def _declared(label: str) -> str | None:
    """The codec that a page declares. None if it is one that only Python has and pages do not use."""
    try:
        codec = codecs.lookup(label).name
    except LookupError:
        return None
    known = {codecs.lookup(known).name for language in alphabets() for known in language.encodings}
    codec = _BROADER.get(codec, codec)
    return codec if codec in known | set(_BROADER.values()) else None


def _mended(text: str, name: str) -> str:
    """The text with repaired mojibake, such as "é" for "Ã©", where the original letters are certain.

    Raises:
        SourceUndecodable: Most of it is mojibake that cannot be repaired.
    """
    if text.isascii():
        return read_utf7(text)
    import ftfy  # slow to import
    from ftfy.badness import is_bad

    lines = reread(text).split("\n")
    strange = [place for place, line in enumerate(lines) if not line.isascii()]
    bad = 0
    for place in strange:
        is_mojibake = is_bad(lines[place])
        if is_mojibake:
            lines[place] = ftfy.fix_encoding(lines[place])
            is_mojibake = is_bad(lines[place])
        bad += is_mojibake or bool(_TWO_SCRIPTS.search(lines[place]))
    if bad > _MOST_MOJIBAKE * len(strange):
        raise SourceUndecodable(name)
    return "\n".join(lines)
