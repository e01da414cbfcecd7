"""Claims and entities of versions, beside the model and the rules that found them."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Executable, func, or_, select

from bot.storage.database.engine import Connection
from bot.storage.database.statements import upsert
from bot.storage.database.tables import attribution, version
from briefings.model import Briefing, Claim, Entity

Found = tuple[tuple[Claim, ...] | None, tuple[Entity, ...] | None]

OUTDATED_COUNT = select(func.count()).select_from(version.outerjoin(attribution))


def is_outdated(by: str) -> ColumnElement[bool]:
    """Whether a version, joined with its attribution, was analysed by other rules, or never."""
    return or_(attribution.c.analyser.is_(None), attribution.c.analyser != by)


async def write_attribution(connection: Connection, version_id: str, briefing: Briefing, by: str) -> None:
    """Stores the claims and entities of a version, in place of those that it has."""
    found = _adapter().dump_json((briefing.claims, briefing.entities)).decode()
    values = {"version": version_id, "analyser": by, "found": found}
    await connection.execute(_replacing(connection.dialect.name), values)


@cache
def _replacing(dialect: str) -> Executable:
    statement = upsert(dialect, attribution)
    return statement.on_conflict_do_update(
        index_elements=["version"], set_={"analyser": statement.excluded.analyser, "found": statement.excluded.found}
    )


def read_attribution(column: str) -> Found:
    """The claims and entities of such a column."""
    return _adapter().validate_json(column)


@cache
def _adapter() -> TypeAdapter[Found]:
    return TypeAdapter(Found)
