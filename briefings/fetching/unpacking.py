"""Decompresses gzip files, and bodies of an encoding that aiohttp does not know, such as ``x-gzip``."""

from __future__ import annotations

import zlib

from briefings.errors import ResponseInvalid, SourceTooLarge

_GZIP = b"\x1f\x8b\x08"
#: A body can be compressed so many times.
_MOST_PACKED = 2
# zlib copies what follows a member, so a file of many small members is given to it in small pieces.
_PIECE = 16_384


def is_packed(body: bytes | bytearray) -> bool:
    """Whether a body is a gzip file."""
    return body.startswith(_GZIP)


def unpacked(url: str, body: bytes, most: int) -> bytes:
    """The decompressed body, of ``most`` bytes at most.

    Raises:
        ResponseInvalid: It is damaged or cut off.
        SourceTooLarge: It is larger than allowed.
    """
    for _ in range(_MOST_PACKED):
        if not is_packed(body):
            break
        try:
            body = _members(body, most)
        except (zlib.error, EOFError) as error:
            raise ResponseInvalid(url) from error
        if len(body) > most:
            raise SourceTooLarge(url, most)
    return body


def _members(packed: bytes, most: int) -> bytes:
    """The members of a gzip file, one after the other. Stops when there are more than ``most`` bytes.

    Other bytes after the last member are ignored, see https://www.rfc-editor.org/rfc/rfc1952#section-2.2

    Raises:
        zlib.error: A member is damaged.
        EOFError: The file ends within a member.
    """
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
