"""Full text behind one seam: SQLite's FTS5 and PostgreSQL's tsvector, both over terms that we made.

Both index the same stems (`briefings.analysis.terms`), so that a word finds the same stories on either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Float, Select, Subquery, bindparam, column, select, text, union_all

from bot.storage.database.engine import Connection
from bot.storage.database.tables import Number

#: PostgreSQL keeps no later positions, https://www.postgresql.org/docs/current/textsearch-limitations.html
_MOST_POSITION = 16383
_MOST_POSITIONS = 255

#: A lexeme and its positions, as PostgreSQL writes a tsvector.
_PLACED = re.compile(r"'((?:[^']|'')+)':([\d,]+)")

#: The index of what is everybody's, and that of what is a chat's own.
SHARED, OWN = "report_text", "own_text"


async def index(connection: Connection, report: int, terms: Sequence[str], is_shared: bool) -> None:
    """Makes ``terms`` what ``report``, which nothing finds yet, is found by.

    Args:
        is_shared: Whether it is everybody's. Others stand in an index of their own, and weigh in nobody else's search.
    """
    table = SHARED if is_shared else OWN
    if connection.dialect.name == "sqlite":
        statement = text(f"INSERT INTO {table} (rowid, terms) VALUES (:report, :terms)")  # noqa: S608  # one of two
        await connection.execute(statement, {"report": report, "terms": " ".join(terms)})
    else:
        values = "(:report, CAST(:terms AS tsvector))"
        statement = text(f"INSERT INTO {table} VALUES {values}")  # noqa: S608  # the same
        await connection.execute(statement, {"report": report, "terms": _vector(terms)})


async def forget(connection: Connection, reports: Sequence[int]) -> None:
    """Makes reports unfindable, and leaves nothing of what a chat alone was shown."""
    if not reports:
        return
    key = "rowid" if connection.dialect.name == "sqlite" else "report"
    for table in (SHARED, OWN):
        statement = text(f"DELETE FROM {table} WHERE {key} = :report")  # noqa: S608  # one of two
        await connection.execute(statement, [{"report": report} for report in reports])
    if connection.dialect.name == "sqlite":  # FTS5 keeps what was deleted until its parts are merged
        await connection.execute(text(f"INSERT INTO {OWN} ({OWN}) VALUES ('optimize')"))  # noqa: S608  # a constant


def matching(dialect: str, weights: Mapping[str, float], first: int = 0) -> Subquery:
    """The reports that have any of the terms, as rows of ``report`` and ``score``; the lowest score is the best.

    SQLite ranks by BM25. PostgreSQL's rank knows no rarity, so each term's rank is weighted here.

    Args:
        weights: The terms, at least one, and how rare each is; ``dron*`` is whatever begins so.
        first: Reports with a lower number are left out.
    """
    parts = [_matching_in(table, dialect, weights, first) for table in (SHARED, OWN)]
    return union_all(*parts).subquery("found")


def _matching_in(table: str, dialect: str, weights: Mapping[str, float], first: int) -> Select[tuple[int, float]]:
    if dialect == "sqlite":
        query = " OR ".join(map(_phrase, weights))
        statement = text(
            f"SELECT rowid AS report, bm25({table}) AS score FROM {table} "  # noqa: S608  # one of two
            f"WHERE {table} MATCH :query AND rowid >= :first"
        ).bindparams(query=query, first=first)
    else:
        ranks = " + ".join(
            f"CAST(:weight{place} AS float) * ts_rank(terms, CAST(:term{place} AS tsquery))"
            for place in range(len(weights))
        )
        statement = text(
            f"SELECT report, -({ranks}) AS score FROM {table} "  # noqa: S608  # one of two
            "WHERE terms @@ CAST(:query AS tsquery) AND report >= :first"
        ).bindparams(
            first=first,
            query=" | ".join(map(_prefix, weights)),
            **{f"term{place}": _prefix(term) for place, term in enumerate(weights)},
            **{f"weight{place}": weight for place, weight in enumerate(weights.values())},
        )
    found = statement.columns(column("report", Number), column("score", Float)).subquery()
    return select(found.c.report, found.c.score)


async def terms_of(connection: Connection, reports: Sequence[int]) -> dict[int, list[str]]:
    """Returns the terms of public reports, in the order of their texts."""
    if not reports:
        return {}
    is_sqlite = connection.dialect.name == "sqlite"
    columns = "rowid AS report, terms" if is_sqlite else "report, CAST(terms AS text) AS terms"
    key = "rowid" if is_sqlite else "report"
    statement = text(f"SELECT {columns} FROM {SHARED} WHERE {key} IN :reports")  # noqa: S608  # constants
    rows = await connection.execute(
        statement.bindparams(bindparam("reports", expanding=True)), {"reports": list(reports)}
    )
    return {number: found.split() if is_sqlite else _terms_of_vector(found) for number, found in rows}


def _terms_of_vector(vector: str) -> list[str]:
    placed = [
        (int(place), lexeme.replace("''", "'").replace("\\\\", "\\"))
        for lexeme, places in _PLACED.findall(vector)
        for place in places.split(",")
    ]
    return [lexeme for _, lexeme in sorted(placed)]


def _phrase(term: str) -> str:
    """A term of a query as FTS5 writes it."""
    quoted = '"' + term.rstrip("*").replace('"', '""') + '"'
    return f"{quoted}*" if term.endswith("*") else quoted


def _prefix(term: str) -> str:
    """A term of a query as PostgreSQL writes it."""
    return _lexeme(term.rstrip("*")) + (":*" if term.endswith("*") else "")


def _lexeme(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _vector(terms: Sequence[str]) -> str:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, term in enumerate(terms, start=1):
        if place <= _MOST_POSITION and len(places[term]) < _MOST_POSITIONS:
            places[term].append(place)
    return " ".join(
        f"{_lexeme(term)}:{','.join(map(str, found))}" if found else _lexeme(term) for term, found in places.items()
    )
