"""Claims are stored with the version of the rules that found them, and found again when the rules change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.storage.database.tables import attribution as attribution_table
from bot.storage.stories import Stories
from briefings import analyst, reanalysis
from briefings.analysis import attribution
from briefings.analyst import Analyst
from briefings.errors import LimitExceeded
from briefings.library import Library
from briefings.model import Article, Claim, Entity, Span, Stance
from briefings.reanalysis import Reanalysis
from briefings.scope import Viewer
from briefings.workers import Arguments, Result
from tests.databases import new_database
from tests.fakes import NOON, article

OLD = article("Old bridge closed", "The old bridge is closed, the mayor said.")
NEW = article("New bridge opened", "The new bridge is open, the mayor said.")
CLAIM = Claim(None, None, None, (Span(0, 3),), Span(0, 3), Stance.CLAIMS)


class FakeWorkers:
    """Finds one claim in every article, or exceeds a limit; counts the articles."""

    def __init__(self, exceeds: str = "") -> None:
        self.exceeds = exceeds
        self.seen: list[str] = []

    async def run(self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        del work, kwargs
        [found] = args
        assert isinstance(found, Article)
        self.seen.append(found.headline().of(found.text))
        if self.exceeds:
            raise LimitExceeded(self.exceeds)
        claims: tuple[Claim, ...] = (CLAIM,)
        entities: tuple[Entity, ...] = ()
        return attribution.Attribution(claims, entities)  # type: ignore[return-value]  # what the work would return


async def _claims(stories: Stories) -> list[object]:
    return [report.version.briefing.claims for report in await stories.newest(Viewer(), 5)]


async def test_stories_of_other_rules_are_analysed_again_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    async with new_database() as database:
        stories, workers = Stories(database), FakeWorkers()
        library = Library(stories)
        await library.add(OLD, NOON)
        await library.add(NEW, NOON + timedelta(hours=1))
        again = Reanalysis(stories, Analyst(workers))
        assert await _claims(stories) == [None, None]
        assert await again.count() == 2

        assert [version.article async for version in again.run(1)] == [NEW]
        assert await _claims(stories) == [(CLAIM,), None]
        assert [version.article async for version in again.run(5)] == [OLD]
        assert await again.count() == 0
        assert [version async for version in again.run(5)] == []

        for module in (analyst, reanalysis):
            monkeypatch.setattr(module, "analyser", lambda: "newer rules")
        assert await again.count() == 2


async def test_a_new_story_comes_with_its_claims() -> None:
    async with new_database() as database:
        stories = Stories(database)
        analyst_ = Analyst(FakeWorkers())
        await Library(stories, analyst=analyst_).add(NEW, NOON)
        assert await _claims(stories) == [(CLAIM,)]
        assert await Reanalysis(stories, analyst_).count() == 0


@pytest.mark.parametrize(("limit", "waits"), [("queue", 1), ("time", 0), ("memory", 0)])
async def test_a_story_that_exceeds_a_limit_is_kept_and_tried_again_only_if_others_were_in_its_way(
    limit: str, waits: int
) -> None:
    async with new_database() as database:
        stories, workers = Stories(database), FakeWorkers(limit)
        await Library(stories, analyst=Analyst(workers)).add(NEW, NOON)
        again = Reanalysis(stories, Analyst(workers))

        assert await _claims(stories) == [None]
        assert await again.count() == waits
        assert [version async for version in again.run(5)] == []


async def test_a_story_that_was_removed_meanwhile_leaves_nothing() -> None:
    async with new_database() as database:
        stories = Stories(database)
        await Library(stories).add(NEW, NOON)
        [report] = await stories.newest(Viewer(), 1)
        await stories.remove(report.id)
        await stories.keep_attribution(report.version.id, report.version.briefing, "rules")
        assert await stories.count_outdated("rules") == 0


@pytest.mark.parametrize("found", ["", "{", "[1, 2, 3]", '[[{"source": 7}], null]'])
async def test_claims_that_cannot_be_read_cost_themselves_alone(found: str) -> None:
    async with new_database() as database:
        stories = Stories(database)
        await Library(stories, analyst=Analyst(FakeWorkers())).add(NEW, NOON)
        async with database.write() as connection:
            await connection.execute(update(attribution_table).values(found=found))
        [report] = await Stories(database).newest(Viewer(), 5)

        assert report.version.article == NEW
        assert report.version.briefing.claims is None
