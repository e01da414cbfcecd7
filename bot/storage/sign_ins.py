"""Stores the one-time links and the sessions of the dashboard. Only hashes of their secrets are stored."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import ColumnElement, and_, delete, insert, select

from bot.storage.database.chat_tables import sign_in
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Connection, Database

#: How long a link can be used, and how long a session lasts.
LINK_LIFE, SESSION_LIFE = timedelta(minutes=5), timedelta(hours=12)
_SECRET_BYTES = 32


class Kind(StrEnum):
    """The use of a secret."""

    LINK = "link"
    SESSION = "session"


_LIVES = {Kind.LINK: LINK_LIFE, Kind.SESSION: SESSION_LIFE}


@retries_conflicts
class SignIns:
    """Issues links to operators, exchanges each for a session once, and knows whose session it is."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def new_link(self, operator: str) -> str:
        """Returns the secret of a new link. Earlier links of the operator end."""
        async with self._database.write() as connection:
            earlier = and_(sign_in.c.operator == operator, sign_in.c.kind == Kind.LINK)
            await connection.execute(delete(sign_in).where(earlier))
            return await self._add(connection, Kind.LINK, operator)

    async def is_link(self, secret: str) -> bool:
        """Whether a link can still be used. It is not used up by that."""
        async with self._database.read() as connection:
            return await self._owner(connection, Kind.LINK, secret) is not None

    async def redeem(self, secret: str) -> str | None:
        """Uses up a link and returns the secret of a new session, or None if the link cannot be used."""
        async with self._database.write() as connection:
            operator = await self._owner(connection, Kind.LINK, secret)
            used = await connection.execute(delete(sign_in).where(_is(Kind.LINK, secret)))
            if operator is None or used.rowcount != 1:  # another request was faster
                return None
            return await self._add(connection, Kind.SESSION, operator)

    async def operator_of(self, secret: str) -> str | None:
        """Returns the operator of a session, or None if there is no such session."""
        async with self._database.read() as connection:
            return await self._owner(connection, Kind.SESSION, secret)

    async def end(self, secret: str) -> None:
        """Ends a session."""
        async with self._database.write() as connection:
            await connection.execute(delete(sign_in).where(_is(Kind.SESSION, secret)))

    async def prune(self) -> None:
        """Deletes links and sessions whose time is over."""
        async with self._database.write() as connection:
            await connection.execute(delete(sign_in).where(sign_in.c.expires <= self._clock()))

    async def _add(self, connection: Connection, kind: Kind, operator: str) -> str:
        secret = token_urlsafe(_SECRET_BYTES)
        row = {"digest": _digest(secret), "kind": kind, "operator": operator, "expires": self._clock() + _LIVES[kind]}
        await connection.execute(insert(sign_in).values(row))
        return secret

    async def _owner(self, connection: Connection, kind: Kind, secret: str) -> str | None:
        row = (await connection.execute(select(sign_in).where(_is(kind, secret)))).one_or_none()
        is_it = row is not None and hmac.compare_digest(row.digest, _digest(secret))
        return str(row.operator) if row is not None and is_it and row.expires > self._clock() else None


def _is(kind: Kind, secret: str) -> ColumnElement[bool]:
    return and_(sign_in.c.digest == _digest(secret), sign_in.c.kind == kind)


def _digest(secret: str) -> str:
    return sha256(secret.encode(errors="replace")).hexdigest()
