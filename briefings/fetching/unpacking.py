"""Decompresses response bodies, by their ``Content-Encoding`` and if they are gzip files.

aiohttp can decompress too, but takes a body that is cut off for a whole one.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping

import brotli

from briefings.errors import ResponseInvalid, SourceTooLarge

#: The encodings that `decoded` reads, for requests.
ACCEPT_ENCODING = "gzip, deflate, br"
_GZIP = b"\x1f\x8b\x08"
#: A body can be a gzip file of a gzip file, and have as many encodings.
_MOST_PACKED = 2
#: Encodings that cannot be read and are not asked for. Any other unknown name is a mistake, such as ``utf-8``.
_UNREADABLE = frozenset({"zstd", "compress", "x-compress"})
# zlib copies what follows a member, so a file of many small members is given to it in small pieces.
_PIECE = 16_384
#: The lower half of the first byte of a zlib stream, see https://www.rfc-editor.org/rfc/rfc1950#section-2.2
_ZLIB = 8


def content_encodings(lines: Iterable[str]) -> list[str]:
    """Returns the encodings of a response's ``Content-Encoding`` headers, in the order in which they were applied."""
    named = (name.strip().lower() for line in lines for name in line.split(","))
    return [name for name in named if name in _DECODERS or name in _UNREADABLE]


def decoded(url: str, body: bytes, encodings: Iterable[str], most: int) -> bytes:
    """Returns the decompressed body, of ``most`` bytes at most. Gzip files are decompressed without a named encoding.

    Raises:
        ResponseInvalid: It is damaged or cut off, or has an encoding that was not asked for.
        SourceTooLarge: It is larger than allowed.
    """
    steps = list(encodings)
    if len(steps) > _MOST_PACKED:
        raise ResponseInvalid(url)
    while steps and body:
        body = _step(url, body, steps.pop(), most)
    for _ in range(_MOST_PACKED):
        body = _step(url, body, "gzip", most) if is_packed(body) else body
    return body


def is_packed(body: bytes | bytearray) -> bool:
    """Whether a body is a gzip file."""
    return body.startswith(_GZIP)


def _step(url: str, body: bytes, encoding: str, most: int) -> bytes:
    if encoding not in _DECODERS:
        raise ResponseInvalid(url)
    try:
        body = _DECODERS[encoding](body, most)
    except (zlib.error, brotli.error, EOFError) as error:
        raise ResponseInvalid(url) from error
    if len(body) > most:
        raise SourceTooLarge(url, most)
    return body


def _gunzip(packed: bytes, most: int) -> bytes:
    """Returns the members of a gzip file, one after the other. Stops when there are more than ``most`` bytes.

    Other bytes after the last member are ignored, see https://www.rfc-editor.org/rfc/rfc1952#section-2.2

    Raises:
        zlib.error: A member is damaged.
        EOFError: The file ends within a member.
    """
    if packed and not is_packed(packed):
        raise zlib.error
    body, rest = bytearray(), memoryview(packed)
    while rest[: len(_GZIP)] == _GZIP:
        member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        while not member.eof:
            if not rest:
                raise EOFError
            body += member.decompress(rest[:_PIECE], most + 1 - len(body))
            if len(body) > most:
                return bytes(body)
            rest = rest[len(rest[:_PIECE]) - len(member.unused_data) :]
    return bytes(body)


def _inflate(packed: bytes, most: int) -> bytes:
    """Returns the content of a zlib stream, or of a raw one, which some servers send. Raises like `_gunzip`."""
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS if packed[0] & 0xF == _ZLIB else -zlib.MAX_WBITS)
    body = stream.decompress(packed, most + 1)
    if len(body) <= most and not stream.eof:
        raise EOFError
    return body


def _unbrotli(packed: bytes, most: int) -> bytes:
    """Returns the content of a Brotli stream.

    Raises:
        brotli.error: It is damaged.
        EOFError: It is cut off.
    """
    stream = brotli.Decompressor()
    body = bytearray(stream.process(packed, output_buffer_limit=most + 1))
    while len(body) <= most and not stream.is_finished():
        more = stream.process(b"", output_buffer_limit=most + 1 - len(body))
        if not more:
            raise EOFError
        body += more
    return bytes(body)


_DECODERS: Mapping[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
}
