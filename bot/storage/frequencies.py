"""Keeps the document frequency of each term in public reports."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import JSON, Executable, Integer, Select, Text, func, select, true

from bot.storage.briefings import read_briefing
from bot.storage.database.engine import Connection
from bot.storage.database.statements import begins_with, given_rows, given_values, is_of, upsert
from bot.storage.database.tables import report, term, version
from bot.storage.rows import readable
from briefings.analysis.terms import terms
from briefings.scope import EVERYBODY
from briefings.similarity import Frequencies

#: Under this term, the reports themselves are counted.
ALL_REPORTS = ""


async def counted(connection: Connection, numbers: Sequence[int]) -> Counter[str]:
    """Returns the terms that the public ones of these reports contribute to the frequencies."""
    statement = (
        select(version.c.id, version.c.briefing)
        .join(report, report.c.current == version.c.id)
        .where(report.c.id.in_(numbers), report.c.owner == EVERYBODY)
    )
    rows = (await connection.execute(statement)).all()
    return await asyncio.to_thread(_counted, rows)


def _counted(rows: Sequence[Any]) -> Counter[str]:
    found: Counter[str] = Counter()
    for article in readable(rows, lambda row: read_briefing(row.briefing).article, "version"):
        found.update({ALL_REPORTS, *terms(article.text, article.language)})
    return found


async def count(connection: Connection, more: Iterable[str], less: Counter[str]) -> None:
    """Adds terms to the frequencies and removes others.

    All writers use the same order, so that no two of them deadlock.
    """
    changes = Counter(dict.fromkeys(more, 1))
    changes.subtract(less)
    rows = [{"term": word, "reports": change} for word, change in sorted(changes.items()) if change]
    if rows:
        await connection.execute(_adding(connection.dialect.name), {"rows": json.dumps(rows)})


@cache
def _adding(dialect: str) -> Executable:
    given = given_rows(dialect, {"term": Text(), "reports": Integer()})
    # SQLite takes ``ON`` for a part of a join if there is no condition before it: https://www.sqlite.org/lang_upsert.html
    rows = select(given.c.term, given.c.reports).where(true())
    statement = upsert(dialect, term).from_select(["term", "reports"], rows)
    return statement.on_conflict_do_update(
        index_elements=["term"], set_={"reports": term.c.reports + statement.excluded.reports}
    )


@cache
def _of_terms(dialect: str) -> Select[Any]:
    """Builds the query for one value, an object of the terms and their numbers: hundreds of rows would take longer."""
    [asked] = given_values(dialect, Text()).subquery("asked").c
    collected = func.json_group_object if dialect == "sqlite" else func.json_object_agg
    return select(collected(term.c.term, term.c.reports, type_=JSON)).where(is_of(dialect, term.c.term, asked))


async def frequencies(connection: Connection, words: Iterable[str]) -> Frequencies:
    """Returns the document frequency of each term. ``dron*`` stands for all terms that begin with it."""
    asked = set(words)
    beginnings = {word for word in asked if word.endswith("*")}
    values = json.dumps([ALL_REPORTS, *(asked - beginnings)])
    numbers = await connection.scalar(_of_terms(connection.dialect.name), {"values": values}) or {}
    found = {word: max(0, count) for word, count in numbers.items()}
    for word in beginnings:
        # A lower bound: the frequency of its most common form.
        begins = select(func.max(term.c.reports)).where(begins_with(term.c.term, word[:-1]))
        found[word] = max(0, await connection.scalar(begins) or 0)
    return Frequencies(found.pop(ALL_REPORTS, 0), found)
