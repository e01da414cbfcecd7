"""The store of the library: stories, reports and versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage.attributions import OUTDATED_COUNT, is_outdated, write_attribution
from bot.storage.briefings import STAMP, read_lines, write_lines
from bot.storage.database.cache import Cache
from bot.storage.database.conflicts import retries_conflicts
from bot.storage.database.engine import Connection, Database
from bot.storage.database.inline import run_in_one_thread
from bot.storage.database.tables import arrival, attribution, report, report_tag, story, version
from bot.storage.frequencies import frequencies
from bot.storage.grouping import join_reports, split_report
from bot.storage.outlets import other_outlets
from bot.storage.reports import DISPLACED, add_draft, remove_reports, tag_report
from bot.storage.story_queries import (
    DISPLACED_REPORTS,
    KEPT_STATEMENTS,
    OWNERS,
    REPORTS_BY_KEY,
    REPORTS_BY_NUMBER,
    REPORTS_WITH_TITLE,
    is_visible,
    newest_reports,
    read_entry,
    read_report,
    titled_versions,
    told_alike,
    visible_version,
    window_entries,
    without_owner,
)
from bot.storage.story_search import count_reports, search_reports, similar_reports
from bot.storage.version_cache import Versions
from briefings.errors import StoryChanged
from briefings.model import Briefing, Span, Version
from briefings.scope import EVERYBODY, Viewer
from briefings.search import Search
from briefings.similarity import Frequencies, ProfileAt
from briefings.story_store import Draft, Report, WindowEntry

_PRUNED_AT_ONCE = 100


@retries_conflicts
class Stories:
    """A `briefings.story_store.StoryStore` and `briefings.reanalysis.AttributionStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        #: Whether additions share transactions and run on the event loop: faster for a command that answers nobody.
        self.adds_together = False
        self._versions = Versions()
        shown = (report, report_tag, story, version)
        self._cached: Cache[list[Report]] = Cache(database, *shown, attribution, most=KEPT_STATEMENTS)
        self._outlets: Cache[Mapping[str, tuple[str, ...]]] = Cache(database, *shown, most=KEPT_STATEMENTS)
        self._owners: Cache[frozenset[str]] = Cache(database, report, most=1)

    async def add(self, draft: Draft) -> None:
        """Stores a version, completely or not at all."""
        try:
            async with self._database.write(long_running=not self.adds_together, apart=True) as connection:
                await add_draft(connection, draft, self._versions)
        except StoryChanged:
            async with self._database.write(apart=True):
                pass  # the other writer's transaction has ended, so that its version can be read
            raise
        except IntegrityError as error:  # PostgreSQL lets two writers begin and refuses the second
            raise StoryChanged(draft.key) from error

    async def import_all(self, drafts: Iterable[Draft]) -> None:
        """Stores many versions in one transaction.

        Raises:
            StoryChanged: A version does not follow the current one. Nothing is stored.
        """
        async with self._database.write(long_running=True) as connection:
            for draft in drafts:
                await add_draft(connection, draft)

    async def also_in(self, viewer: Viewer, versions: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Returns the other outlets that report each version's story, the first one to report it first."""
        seer = await self._seer(viewer)

        async def read() -> Mapping[str, tuple[str, ...]]:
            async with self._database.read() as connection:
                return await other_outlets(connection, seer, versions)

        return await self._outlets.get((seer, tuple(versions)), read)

    async def tag(self, report_id: int, tags: frozenset[str]) -> None:
        """Adds tags to a report."""
        async with self._database.write(apart=True) as connection:
            await tag_report(connection, report_id, tags)

    async def keyed(self, key: str) -> Report | None:
        """Returns the report with that key, also if it is hidden."""
        return next(iter(await self._found(REPORTS_BY_KEY, {"key": key})), None)

    async def displaced(self, key: str) -> list[Report]:
        """Returns the newest reports that had that key before others, also hidden ones."""
        return await self._found(DISPLACED_REPORTS, {"start": f"{key}{DISPLACED}"})

    async def with_title(self, owner: str, title: Sequence[str], since: datetime) -> list[Report]:
        """Returns an owner's newest reports with all these terms in their titles, also hidden ones."""
        words = sorted(set(title))
        return await self._found(
            REPORTS_WITH_TITLE, {"owner": owner, "words": words, "count": len(words), "since": since}
        )

    async def get(self, viewer: Viewer, version_id: str) -> Version | None:
        """Returns the version with that id, or None."""
        async with self._database.read() as connection:
            found = await connection.execute(
                visible_version(without_owner(viewer)), {"version": version_id, "owner": viewer.owner}
            )
            return next(iter(await self._versions.of(connection, found)), None)

    async def numbered(self, report_id: int, number: int) -> Version | None:
        """Returns a version of a report by its number."""
        statement = select(*STAMP).where(version.c.report == report_id, version.c.number == number)
        async with self._database.read() as connection:
            return next(iter(await self._versions.of(connection, await connection.execute(statement))), None)

    async def report_of(self, version_id: str) -> Report | None:
        """Returns the report of a version, also if it is hidden. A unique prefix of the version's id is enough."""
        statement = select(version.c.report).where(version.c.id.startswith(version_id, autoescape=True)).distinct()
        async with self._database.read() as connection:
            exact = select(version.c.report).where(version.c.id == version_id)
            numbers = (await connection.execute(exact)).scalars().all()
            numbers = numbers or (await connection.execute(statement.limit(2))).scalars().all()
            if len(numbers) != 1:
                return None
            return next(iter(await self._numbered(connection, numbers)), None)

    async def of_same_story(self, viewer: Viewer, version_id: str) -> list[Report]:
        """The newest other reports of the story that a version tells."""
        statement = told_alike(without_owner(viewer))
        return await self._found(statement, {"version": version_id, "owner": viewer.owner})

    async def newest(self, viewer: Viewer, most: int, skip: int = 0) -> list[Report]:
        """Returns the reports whose current version was received last, the newest first."""
        seer = await self._seer(viewer)

        async def read() -> list[Report]:
            values = {"owner": seer.owner, "most": most, "skip": skip, "reach": most + skip}
            return await self._found(newest_reports(without_owner(seer)), values)

        return list(await self._cached.get((seer, most, skip), read))

    async def _seer(self, viewer: Viewer) -> Viewer:
        """Returns the viewer without its owner if the owner has no reports, so that the cache can be shared."""
        if not self._owners.is_possible:
            return viewer

        async def read() -> frozenset[str]:
            async with self._database.read() as connection:
                return frozenset((await connection.execute(OWNERS)).scalars())

        return viewer if viewer.owner in await self._owners.get((), read) else replace(viewer, owner=EVERYBODY)

    async def window(self, viewer: Viewer, since: datetime, until: datetime) -> list[WindowEntry]:
        """Returns the reports whose current version was received in ``(since, until]``, the newest first."""
        values = {"owner": viewer.owner, "since": since, "until": until}
        async with self._database.read(long_running=True) as connection:
            return [read_entry(row) for row in await connection.execute(window_entries(without_owner(viewer)), values)]

    async def reports(self, numbers: Sequence[int]) -> list[Report]:
        """Returns the reports of these numbers, in their order."""
        async with self._database.read() as connection:
            return await self._numbered(connection, numbers)

    async def _found(self, statement: Select[Any], values: Mapping[str, Any]) -> list[Report]:
        async with self._database.read() as connection:
            return await self._reports(connection, (await connection.execute(statement, values)).all())

    async def _reports(self, connection: Connection, rows: Sequence[Any]) -> list[Report]:
        return [read_report(row, found) for row, found in await self._versions.beside(connection, rows)]

    async def count(self, viewer: Viewer) -> int:
        """Returns the number of reports that the viewer may see."""
        async with self._database.read(long_running=True) as connection:
            return await connection.scalar(select(func.count()).select_from(report).where(is_visible(viewer))) or 0

    async def titled(self, viewer: Viewer, words: Sequence[str], most: int) -> list[Version]:
        """Returns versions with any of the terms in the title, most shared terms first, then the newest."""
        async with self._database.read(long_running=True) as connection:
            found = await connection.execute(titled_versions(viewer, words, most))
            return await self._versions.of(connection, found)

    async def search(self, viewer: Viewer, search: Search, most: int) -> list[Report]:
        """Returns the best matching reports, best first."""
        async with self._database.read(long_running=True) as connection:
            numbers = await run_in_one_thread(connection, lambda: search_reports(connection, viewer, search, most))
            return await self._numbered(connection, numbers)

    async def count_matches(self, viewer: Viewer, search: Search) -> int:
        """Returns how many reports match, at most 1000."""
        async with self._database.read(long_running=True) as connection:
            return await count_reports(connection, viewer, search)

    async def similar(self, viewer: Viewer, wanted: Sequence[ProfileAt], most: int) -> list[list[Report]]:
        """Returns the reports most similar to each text, best first."""
        async with self._database.read(long_running=True) as connection:
            ranked = await run_in_one_thread(connection, lambda: similar_reports(connection, viewer, wanted, most))
            found = {one.id: one for one in await self._numbered(connection, sorted(set[int]().union(*ranked)))}
            return [[found[number] for number in best if number in found] for best in ranked]

    async def _numbered(self, connection: Connection, numbers: Sequence[int]) -> list[Report]:
        rows = (await connection.execute(REPORTS_BY_NUMBER, {"numbers": list(numbers)})).all()
        reports = {found.id: found for found in await self._reports(connection, rows)}
        return [reports[number] for number in numbers if number in reports]

    async def frequencies(self, words: Iterable[str]) -> Frequencies:
        """Returns in how many public reports each term occurs."""
        async with self._database.read(long_running=True) as connection:
            return await frequencies(connection, words)

    async def outlets(self, viewer: Viewer, most: int) -> list[tuple[str | None, int]]:
        """Returns each outlet with its number of reports, the largest first."""
        by_site = select(report.c.site, func.count()).where(is_visible(viewer)).group_by(report.c.site)
        statement = by_site.order_by(func.count().desc(), report.c.site).limit(most)
        async with self._database.read(long_running=True) as connection:
            return [(site, number) for site, number in await connection.execute(statement)]

    async def join(self, reports: Sequence[int]) -> None:
        """Makes one story of the stories of some reports."""
        async with self._database.write() as connection:
            await join_reports(connection, reports)

    async def split(self, report_id: int) -> None:
        """Moves a report into a story of its own."""
        async with self._database.write() as connection:
            await split_report(connection, report_id)

    async def hide(self, report_id: int, hidden: bool) -> None:
        """Hides a report or shows it again. The tick then handles it as if it had just arrived."""
        is_it = report.c.id == report_id
        async with self._database.write() as connection:
            await connection.execute(update(report).where(is_it).values(hidden=hidden))
            if not hidden:
                current = select(report.c.current).where(is_it, report.c.owner == EVERYBODY)
                await connection.execute(insert(arrival).from_select(["version"], current))

    async def hide_lines(self, version_id: str, lines: Iterable[Span], hidden: bool) -> None:
        """Hides lines of a version, or shows them again."""
        is_it = version.c.id == version_id
        async with self._database.write() as connection:
            known = set(read_lines(await connection.scalar(select(version.c.hidden_lines).where(is_it))))
            left = known | set(lines) if hidden else known - set(lines)
            await connection.execute(update(version).where(is_it).values(hidden_lines=write_lines(left)))

    async def hidden_lines(self, version_id: str) -> list[Span]:
        """The lines of a version that are hidden."""
        async with self._database.read() as connection:
            return read_lines(await connection.scalar(select(version.c.hidden_lines).where(version.c.id == version_id)))

    async def remove(self, report_id: int) -> None:
        """Deletes a report with all its versions."""
        async with self._database.write(long_running=True) as connection:
            await remove_reports(connection, [report_id])

    async def count_outdated(self, by: str) -> int:
        """Returns how many versions were analysed with older rules or not at all."""
        async with self._database.read(long_running=True) as connection:
            return await connection.scalar(OUTDATED_COUNT.where(is_outdated(by))) or 0

    async def outdated(self, by: str, most: int) -> list[Version]:
        """The newest of these versions."""
        statement = select(*STAMP).outerjoin(attribution, attribution.c.version == version.c.id).where(is_outdated(by))
        newest = statement.order_by(version.c.received.desc(), version.c.id).limit(most)
        async with self._database.read(long_running=True) as connection:
            return await self._versions.of(connection, await connection.execute(newest))

    async def keep_attribution(self, version_id: str, briefing: Briefing, by: str) -> None:
        """Replaces the claims and entities of a version, if it is still there."""
        async with self._database.write() as connection:
            held = select(version.c.id).where(version.c.id == version_id).with_for_update()
            if (await connection.execute(held)).one_or_none():
                await write_attribution(connection, version_id, briefing, by)

    async def prune(self, before: datetime) -> int:
        """Deletes the reports whose current version was received before then, in short transactions."""
        removed = 0
        while True:
            async with self._database.write(long_running=True) as connection:
                old = select(report.c.id).where(report.c.updated < before).limit(_PRUNED_AT_ONCE)
                numbers = (await connection.execute(old)).scalars().all()
                await remove_reports(connection, numbers)
            removed += len(numbers)
            if len(numbers) < _PRUNED_AT_ONCE:
                return removed
