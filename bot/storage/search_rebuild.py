"""Rebuilds everything that a search needs from the stored articles: terms, their frequencies, indexes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, text

from bot.storage.briefings import read_briefing
from bot.storage.database import fulltext
from bot.storage.database.engine import Connection, Database
from bot.storage.database.postgresql import allow_pauses
from bot.storage.database.tables import metadata, report, term, title_term, version
from bot.storage.frequencies import ALL_REPORTS
from bot.storage.rows import readable
from briefings.analysis.terms import terms
from briefings.matching import title_terms
from briefings.scope import EVERYBODY

_AT_ONCE = 500


async def rebuild_search(database: Database) -> int:
    """Rebuilds all indexes, the terms of all reports and their frequencies, or leaves everything as it was.

    Returns:
        The number of reports that can be searched now.

    Raises:
        StorageError: The database failed, or its tables are damaged.
    """
    async with database.write(long_running=True) as connection:
        await allow_pauses(connection)
        await _reindex(connection)
        await fulltext.clear(connection)
        await connection.execute(delete(title_term))
        await connection.execute(delete(term))
        frequencies: Counter[str] = Counter()
        count, last = 0, 0
        while rows := await _page(connection, last):
            count += await _add(connection, rows, frequencies)
            last = rows[-1].number
        if frequencies:
            counted = [{"term": word, "reports": number} for word, number in sorted(frequencies.items())]
            await connection.execute(insert(term), counted)
    return count


async def _reindex(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        await connection.execute(text("REINDEX"))
        return
    for table in metadata.sorted_tables:
        await connection.execute(text(f'REINDEX TABLE "{table.name}"'))


async def _page(connection: Connection, last: int) -> Sequence[Any]:
    """Returns the next reports after the number ``last``, with their current versions."""
    columns = select(report.c.id.label("number"), report.c.owner, version.c.id, version.c.briefing)
    chosen = columns.join(version, version.c.id == report.c.current).where(report.c.id > last)
    return (await connection.execute(chosen.order_by(report.c.id).limit(_AT_ONCE))).all()


async def _add(connection: Connection, rows: Sequence[Any], frequencies: Counter[str]) -> int:
    found = await asyncio.to_thread(_terms, rows)
    titles = []
    for number, owner, in_title, in_text in found:
        await fulltext.index(connection, number, in_text, owner == EVERYBODY)
        titles += [{"term": word, "report": number} for word in in_title]
        if owner == EVERYBODY:
            frequencies.update({ALL_REPORTS, *in_text})
    if titles:
        await connection.execute(insert(title_term), titles)
    return len(found)


def _terms(rows: Sequence[Any]) -> list[tuple[int, str, list[str], Sequence[str]]]:
    """Returns the number, owner, title terms and text terms of each readable report."""

    def read(row: Any) -> tuple[int, str, list[str], Sequence[str]]:
        article = read_briefing(row.briefing).article
        in_title = list(dict.fromkeys(title_terms(article)))
        return row.number, row.owner, in_title, terms(article.text, article.language)

    return readable(rows, read, "version")
