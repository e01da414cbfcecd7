"""Full text behind one seam: SQLite's FTS5 and PostgreSQL's tsvector, both over terms that we made.

Both index the same stems (`briefings.analysis.terms`), so that a word finds the same stories on either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Float, Subquery, column, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import Number

#: PostgreSQL keeps no later positions, https://www.postgresql.org/docs/current/textsearch-limitations.html
_MOST_POSITION = 16383
_MOST_POSITIONS = 255


async def index(connection: AsyncConnection, report: int, terms: Sequence[str]) -> None:
    """Makes ``terms`` what ``report``, which nothing finds yet, is found by."""
    if connection.dialect.name == "sqlite":
        statement = text("INSERT INTO report_text (rowid, terms) VALUES (:report, :terms)")
        await connection.execute(statement, {"report": report, "terms": " ".join(terms)})
    else:
        statement = text("INSERT INTO report_text (report, terms) VALUES (:report, CAST(:terms AS tsvector))")
        await connection.execute(statement, {"report": report, "terms": _vector(terms)})


async def forget(connection: AsyncConnection, reports: Sequence[int]) -> None:
    """Makes reports unfindable."""
    name = "rowid" if connection.dialect.name == "sqlite" else "report"
    statement = text(f"DELETE FROM report_text WHERE {name} = :report")  # noqa: S608  # one of two constants
    if reports:
        await connection.execute(statement, [{"report": report} for report in reports])


def matching(dialect: str, weights: Mapping[str, float]) -> Subquery:
    """The reports that have any of the terms, as rows of ``report`` and ``score``; the lowest score is the best.

    SQLite ranks by BM25. PostgreSQL's rank knows no rarity, so each term's rank is weighted here.

    Args:
        weights: The terms, at least one, and how rare each is; ``dron*`` is whatever begins so.
    """
    if dialect == "sqlite":
        query = " OR ".join(map(_phrase, weights))
        statement = text(
            "SELECT rowid AS report, bm25(report_text) AS score FROM report_text WHERE report_text MATCH :query"
        ).bindparams(query=query)
    else:
        ranks = " + ".join(
            f"CAST(:weight{place} AS float) * ts_rank(terms, CAST(:term{place} AS tsquery))"
            for place in range(len(weights))
        )
        statement = text(
            f"SELECT report, -({ranks}) AS score FROM report_text WHERE terms @@ CAST(:query AS tsquery)"  # noqa: S608
        ).bindparams(
            query=" | ".join(map(_prefix, weights)),
            **{f"term{place}": _prefix(term) for place, term in enumerate(weights)},
            **{f"weight{place}": weight for place, weight in enumerate(weights.values())},
        )
    return statement.columns(column("report", Number), column("score", Float)).subquery("found")


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
