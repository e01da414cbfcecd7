"""Bytes to text, or a clear refusal."""

from __future__ import annotations

import codecs
import re

from briefings.errors import SourceEmpty, SourceTooLarge, SourceUndecodable, SourceUnsupported

#: The largest input that is read.
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
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
# What pages and editors write, the commonest first; others are guessed too easily.
_ENCODINGS = [
    "cp1252",
    "cp1251",
    "cp1250",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "koi8_r",
    "koi8_u",
    "iso8859_2",
    "iso8859_5",
    "iso8859_7",
    "iso8859_15",
    "shift_jis",
    "euc_jp",
    "iso2022_jp",
    "gb18030",
    "big5",
    "euc_kr",
]
_MOST_STRAY = 0.001
_MOST_BROKEN = 0.2
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MOST_CONTROLS = 0.02


def decode(raw: bytes, name: str) -> str:
    """The text of ``raw``: by its byte order mark, as UTF-8, as its page says, or as it looks.

    Raises:
        SourceTooLarge: More than `MAX_BYTES`.
        SourceEmpty: Nothing but white space.
        SourceUnsupported: Not text.
        SourceUndecodable: Text in no encoding that can be told.
    """
    if len(raw) > MAX_BYTES:
        raise SourceTooLarge(name, MAX_BYTES)
    if not raw.strip():
        raise SourceEmpty(name)
    for signature, media in _SIGNATURES:
        if raw.startswith(signature):
            raise SourceUnsupported(name, media)
    text = _decoded(raw, name)
    if not text.strip():
        raise SourceEmpty(name)
    if len(_CONTROL.findall(text)) > _MOST_CONTROLS * len(text):
        raise SourceUnsupported(name, "binary")
    return text


def _decoded(raw: bytes, name: str) -> str:
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _strictly(raw, encoding, name)
    if 0 < raw.count(0) <= max(1, _MOST_STRAY * len(raw)):
        raw = raw.replace(b"\x00", b"")
    if b"\x00" in raw:
        return _strictly(raw, _utf16_by_zeros(raw, name), name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # A bad byte or two in a long text: its encoding is UTF-8 none the less.
        text = raw.decode("utf-8", "replace")
        strange = sum(char > "\x7f" for char in text)
        return text if text.count("\ufffd") <= _MOST_BROKEN * strange else _guessed(raw, name)


def _strictly(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceUndecodable(name) from error


def _utf16_by_zeros(raw: bytes, name: str) -> str:
    """UTF-16 without a mark has its zeros on one side of each pair; anything else is no text."""
    even, odd = raw[0::2].count(0), raw[1::2].count(0)
    half = len(raw) / 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    raise SourceUnsupported(name, "binary")


def _known_encoding(name: str) -> str | None:
    """The codec of that name if it is one that pages use, and not one that Python has besides."""
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        return None
    return codec if codec in {codecs.lookup(known).name for known in (*_ENCODINGS, "latin-1")} else None


def _guessed(raw: bytes, name: str) -> str:
    if declared := _META_CHARSET.search(raw[:4096]):
        encoding = _known_encoding(declared.group(1).decode("ascii"))
        if encoding:
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                pass
    from charset_normalizer import from_bytes  # slow to import, seldom needed

    best = from_bytes(raw, cp_isolation=_ENCODINGS).best()
    if best is None:
        raise SourceUndecodable(name)
    return str(best)
