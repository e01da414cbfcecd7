"""The advisory locks of PostgreSQL for the parts of the work."""

from __future__ import annotations

import zlib

from sqlalchemy import text

#: The first of the two numbers of a part's advisory lock. The second one is made of its name.
LOCK_SPACE = 7_853_291

LOCK, UNLOCK = text("SELECT pg_try_advisory_lock(:space, :part)"), text("SELECT pg_advisory_unlock(:space, :part)")
LOCK_SHARED = text("SELECT pg_try_advisory_lock_shared(:space, :part)")
UNLOCK_SHARED = text("SELECT pg_advisory_unlock_shared(:space, :part)")


def numbers_of(part: str) -> dict[str, int]:
    """The two numbers of a part's advisory lock."""
    return {"space": LOCK_SPACE, "part": lock_number(part)}


def lock_number(part: str) -> int:
    """The second number of a part's advisory lock."""
    return zlib.crc32(part.encode()) & 0x7FFF_FFFF
