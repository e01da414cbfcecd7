"""Full-text search with SQLite's FTS5 or PostgreSQL's tsvector.

Both index the same stems (`briefings.analysis.terms`), so that a word finds the same stories in both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from sqlalchemy import Float, Subquery, TextClause, bindparam, column, select, text, union_all

from bot.storage.database.columns import Number
from bot.storage.database.engine import Connection

#: The highest position that PostgreSQL stores, https://www.postgresql.org/docs/current/textsearch-limitations.html
_MOST_POSITION = 16383
_MOST_POSITIONS = 255
_KEPT_STATEMENTS = 100

#: A lexeme and its positions, as PostgreSQL writes a tsvector.
_PLACED = re.compile(r"(?<!\S)'((?:[^']|'')+)':([\d,]+)")

#: The index of public reports, and the index of private ones.
SHARED, OWN = "report_text", "own_text"
#: The column of an FTS5 index. Letters, marks and digits are parts of terms.
_COLUMN = "terms, tokenize = \"unicode61 categories 'L* N* M* Co'\""


async def index(connection: Connection, report: int, terms: Sequence[str], is_shared: bool) -> None:
    """Indexes a new report by its terms.

    Args:
        is_shared: Whether the report is public. Private ones have their own index and do not affect other searches.
    """
    dialect = connection.dialect.name
    written = " ".join(terms) if dialect == "sqlite" else _vector(terms)
    statement = _indexing(dialect, SHARED if is_shared else OWN)
    await connection.execute(statement, {"report": report, "terms": written})


@cache
def _indexing(dialect: str, table: str) -> TextClause:
    if dialect == "sqlite":
        return text(f"INSERT INTO {table} (rowid, terms) VALUES (:report, :terms)")  # noqa: S608  # one of two
    return text(f"INSERT INTO {table} VALUES (:report, CAST(:terms AS tsvector))")  # noqa: S608  # the same


async def forget(connection: Connection, reports: Sequence[int]) -> None:
    """Removes reports from the index, and erases the terms of private ones."""
    if not reports:
        return
    key = "rowid" if connection.dialect.name == "sqlite" else "report"
    for table in (SHARED, OWN):
        statement = text(f"DELETE FROM {table} WHERE {key} = :report")  # noqa: S608  # one of two
        await connection.execute(statement, [{"report": report} for report in reports])
    if connection.dialect.name == "sqlite":  # FTS5 keeps deleted terms until its segments are merged
        await connection.execute(text(f"INSERT INTO {OWN} ({OWN}) VALUES ('optimize')"))  # noqa: S608  # a constant


async def clear(connection: Connection) -> None:
    """Makes both indexes empty, also if their content is damaged."""
    for table in (SHARED, OWN):
        if connection.dialect.name == "sqlite":
            await connection.execute(text(f"DROP TABLE {table}"))
            await connection.execute(text(f"CREATE VIRTUAL TABLE {table} USING fts5 ({_COLUMN})"))
        else:
            await connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  # one of two


async def unsearchable(connection: Connection) -> int:
    """Returns the number of reports that neither index has."""
    key = "rowid" if connection.dialect.name == "sqlite" else "report"
    known = " AND ".join(f"id NOT IN (SELECT {key} FROM {table})" for table in (SHARED, OWN))  # noqa: S608  # constants
    return await connection.scalar(text(f"SELECT count(*) FROM report WHERE {known}")) or 0  # noqa: S608  # the same


#: Each group must match. A group matches if one of its alternatives does: terms that follow each other in a text.
Groups = Sequence[Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Matches:
    """The matching reports as rows of ``report`` and ``score``, and the values of the statement's parameters.

    Equal searches but for their words share the statement, which takes longer to build than to execute.
    """

    rows: Subquery
    values: Mapping[str, object]


def matching(
    dialect: str, groups: Groups, weights: Mapping[str, float], first: int = 0, *, has_own: bool = True
) -> Matches:
    """Returns the matching reports with their scores. The lowest score is the best.

    SQLite ranks by BM25. PostgreSQL's rank ignores how rare a term is, so each term is weighted here.

    Args:
        groups: At least one. A term that ends in ``*`` stands for all terms that begin so.
        weights: The rarity of each term.
        first: Reports with a lower number are left out.
        has_own: Whether texts that belong to one chat are searched, too.
    """
    values: dict[str, object] = {"query": _expression(dialect, groups), "first": first}
    if dialect == "sqlite":
        score = "bm25({table})"
    else:
        ranks = (f"CAST(:weight{n} AS float) * ts_rank(terms, CAST(:term{n} AS tsquery))" for n in range(len(weights)))
        score = f"-({' + '.join(ranks)})"
        values |= {f"term{n}": _prefix(term) for n, term in enumerate(weights)}
        values |= {f"weight{n}": weight for n, weight in enumerate(weights.values())}
    return Matches(_rows(dialect, f"{score} AS score", has_own), values)


def containing(dialect: str, groups: Groups, *, has_own: bool = True) -> Matches:
    """Returns the matching reports without ranking them."""
    values = {"query": _expression(dialect, groups), "first": 0}
    return Matches(_rows(dialect, "0.0 AS score", has_own), values)


@lru_cache(maxsize=_KEPT_STATEMENTS)
def _rows(dialect: str, score: str, has_own: bool) -> Subquery:
    key = "rowid" if dialect == "sqlite" else "report"
    parts = []
    for table in (SHARED, OWN) if has_own else (SHARED,):
        is_match = f"{table} MATCH :query" if dialect == "sqlite" else "terms @@ CAST(:query AS tsquery)"
        statement = text(
            f"SELECT {key} AS report, {score.format(table=table)} FROM {table} "  # noqa: S608  # constants
            f"WHERE {is_match} AND {key} >= :first"
        )
        found = statement.columns(column("report", Number), column("score", Float)).subquery()
        parts.append(select(found.c.report, found.c.score))
    return (union_all(*parts) if len(parts) > 1 else parts[0]).subquery("found")


def _expression(dialect: str, groups: Groups) -> str:
    """The groups in the database's own query language."""
    is_sqlite = dialect == "sqlite"
    also, either = (" AND ", " OR ") if is_sqlite else (" & ", " | ")
    write = _phrase if is_sqlite else _sequence
    return also.join(f"({either.join(map(write, group))})" for group in groups)


async def terms_of(connection: Connection, reports: Sequence[int], *, has_own: bool = True) -> dict[int, list[str]]:
    """Returns the terms of reports, in the order of their texts.

    Args:
        has_own: Whether some of them may belong to one chat.
    """
    if not reports:
        return {}
    dialect = connection.dialect.name
    found: dict[int, list[str]] = {}
    for table in (SHARED, OWN) if has_own else (SHARED,):
        rows = await connection.execute(_terms_in(dialect, table), {"reports": list(reports)})
        for number, terms in rows.all():
            found[number] = terms.split() if dialect == "sqlite" else _terms_of_vector(terms)
    return found


@cache
def _terms_in(dialect: str, table: str) -> TextClause:
    """Builds the query for the terms of reports in one of the two indexes."""
    is_sqlite = dialect == "sqlite"
    columns = "rowid AS report, terms" if is_sqlite else "report, CAST(terms AS text) AS terms"
    key = "rowid" if is_sqlite else "report"
    statement = text(f"SELECT {columns} FROM {table} WHERE {key} IN :reports")  # noqa: S608  # constants
    return statement.bindparams(bindparam("reports", expanding=True))


def _terms_of_vector(vector: str) -> list[str]:
    placed = [
        (int(place), lexeme.replace("''", "'").replace("\\\\", "\\"))
        for lexeme, places in _PLACED.findall(vector)
        for place in places.split(",")
    ]
    return [lexeme for _, lexeme in sorted(placed)]


def _phrase(terms: Sequence[str]) -> str:
    """Terms that follow each other, as FTS5 writes them."""
    words = " ".join(term.rstrip("*") for term in terms).replace('"', '""')
    return f'"{words}"*' if terms[-1].endswith("*") else f'"{words}"'


def _sequence(terms: Sequence[str]) -> str:
    """Terms that follow each other, as PostgreSQL writes them."""
    return f"({' <-> '.join(map(_prefix, terms))})"


def _prefix(term: str) -> str:
    """Returns a query term in the syntax of PostgreSQL."""
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
