"""The tags of the newest stories, which managers choose from."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.storage.database.engine import Database
from bot.storage.database.tables import report, report_tag
from briefings.scope import EVERYBODY, Viewer

#: Tags of older reports are not offered.
_NEWEST = 5_000
_MOST = 50


class Tags:
    """Reads the tags that are in use."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def used(self, viewer: Viewer) -> list[str]:
        """Returns the tags of the newest public stories that a viewer may see, the most frequent first."""
        newest = select(func.max(report.c.id)).scalar_subquery()
        found = (
            select(report_tag.c.tag)
            .join(report, report.c.id == report_tag.c.report)
            .where(report.c.id > newest - _NEWEST, report.c.owner == EVERYBODY, report.c.hidden.is_(False))
            .group_by(report_tag.c.tag)
            .order_by(func.count().desc(), report_tag.c.tag)
            .limit(_MOST)
        )
        if viewer.barred:
            barred = select(report_tag.c.report).where(report_tag.c.tag.in_(viewer.barred))
            found = found.where(report.c.id.not_in(barred))
        async with self._database.read() as connection:
            return list((await connection.execute(found)).scalars().all())
