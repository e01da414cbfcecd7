"""Health, metrics and warnings, on both databases."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from bot.access import Access, Policy
from bot.chats import Destination
from bot.delivery.model import Uncertain
from bot.jobs import keep_house
from bot.platforms.console.render import read_post
from bot.platforms.parts import Hold, hold_alone
from bot.posting.scheduler import Runs, Schedule
from bot.posting.steps import StepFailed
from bot.posting.warnings import Limits
from bot.storage.database.elections import open_election
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseFull, DatabaseLocked, PartLost
from bot.storage.parts import Parts
from bot.storage.vitals import VitalsStore
from bot.subscriptions.model import QuietDays
from bot.subscriptions.pauses import paused
from bot.web.health import Checkup
from bot.web.server import application
from tests.fakes import NOON
from tests.newsroom import BRIDGE, CHEESE, Newsroom

OPERATOR = "test:9"
OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"


@dataclass
class Platform:
    """A platform that is connected or not."""

    platform: str = "test"
    part: str = "test"
    is_connected: bool = True
    stopped_because: str | None = None

    async def run(self, hold: Hold = hold_alone) -> None: ...

    def stop(self) -> None: ...


@pytest.fixture(name="newsroom")
def _newsroom(database: Database) -> Newsroom:
    return Newsroom(database, Access(Policy.OPEN, frozenset({OPERATOR})))


@pytest.fixture(name="platform")
def _platform() -> Platform:
    return Platform()


@pytest.fixture(name="checkup")
def _checkup(newsroom: Newsroom, platform: Platform) -> Checkup:
    database, now = newsroom.bot.database, newsroom.clock
    return Checkup(VitalsStore(database), [platform], Runs(), now(), now, Parts(database), "here:1")


async def get(checkup: Checkup, path: str) -> tuple[int, str]:
    async with TestClient(TestServer(application(checkup))) as client:
        response = await client.get(path)
        return response.status, await response.text()


async def metric(checkup: Checkup, name: str, **labels: str) -> float:
    _, text = await get(checkup, "/metrics")
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return sample.value
    return 0.0


class TestReadiness:
    async def test_it_is_ready_when_all_is_well(self, checkup: Checkup) -> None:
        assert (await get(checkup, "/healthz"))[0] == 200
        status, text = await get(checkup, "/readyz")
        assert (status, '"ready": true' in text) == (200, True)

    async def test_a_platform_that_is_lost(self, checkup: Checkup, platform: Platform) -> None:
        platform.is_connected = False
        status, text = await get(checkup, "/readyz")
        assert (status, '"test": "not connected"' in text) == (503, True)
        assert await metric(checkup, "nutgraf_platform_connected", platform="test") == 0
        platform.stopped_because = "Test rejects the bot's token"
        assert "Test rejects the bot's token" in (await get(checkup, "/readyz"))[1]

    async def test_a_process_that_stands_by_is_ready(
        self, checkup: Checkup, platform: Platform, newsroom: Newsroom
    ) -> None:
        platform.is_connected = False
        newsroom.clock.now += timedelta(hours=1)
        async with open_election(newsroom.bot.database, newsroom.clock) as election:
            for part in ("test", "tick"):
                await election.enter(part)
            status, text = await get(checkup, "/readyz")
            assert (status, text.count('"held": "elsewhere"')) == (200, 2)
            assert await metric(checkup, "nutgraf_part_held", part="tick") == 0
            here = replace(checkup, holder=election.holder)
            status, text = await get(here, "/readyz")
            assert (status, text.count('"held": "here"')) == (503, 2)
            assert '"tick": "ok"' in text  # it has only just taken that part
            assert await metric(here, "nutgraf_part_held", part="tick") == 1

    async def test_a_tick_that_is_late(self, checkup: Checkup, newsroom: Newsroom) -> None:
        newsroom.clock.now += timedelta(seconds=59)
        assert (await get(checkup, "/readyz"))[0] == 200
        newsroom.clock.now += timedelta(seconds=2)
        status, text = await get(checkup, "/readyz")
        assert (status, "the last one was 61 seconds ago" in text) == (503, True)
        assert (await get(replace(checkup, runs=Runs({"tick": newsroom.clock()})), "/readyz"))[0] == 200

    @pytest.mark.parametrize(
        ("error", "cause"),
        [
            (DatabaseFull("/srv/secret.db", "disk I/O error"), "the disk is full or failing"),
            (DatabaseLocked("/srv/secret.db"), "another program has locked the database"),
            (PartLost("/srv/secret.db", "tick"), "PartLost, see the log"),
            (KeyError("Ann secret"), "KeyError, see the log"),
            (StepFailed(KeyError), "KeyError, see the log"),
        ],
        ids=["full", "locked", "other", "mistake", "mistake in a step"],
    )
    async def test_a_tick_that_fails_says_why_until_one_succeeds(
        self, checkup: Checkup, newsroom: Newsroom, error: Exception, cause: str
    ) -> None:
        outcomes = iter([error, None])

        async def tick() -> None:
            if (found := next(outcomes)) is not None:
                raise found

        run = Schedule({}, newsroom.clock, checkup.runs)._guarded("tick", tick)
        newsroom.clock.now += timedelta(seconds=82)
        await run()
        status, text = await get(checkup, "/readyz")
        assert (status, f'"the last one was 82 seconds ago (job_failed: {cause})"' in text) == (503, True)
        assert "secret" not in text
        await run()
        assert (await get(checkup, "/readyz"))[0] == 200
        newsroom.clock.now += timedelta(seconds=70)
        assert '"the last one was 70 seconds ago"' in (await get(checkup, "/readyz"))[1]

    async def test_a_tick_that_takes_long_says_so(self, checkup: Checkup, newsroom: Newsroom) -> None:
        told: list[str] = []

        async def tick() -> None:
            newsroom.clock.now += timedelta(seconds=90)
            told.append((await get(checkup, "/readyz"))[1])

        await Schedule({}, newsroom.clock, checkup.runs)._guarded("tick", tick)()
        assert "job_slow: one has been running for 90 seconds" in told[0]
        assert (await get(checkup, "/readyz"))[0] == 200

    async def test_a_database_that_fails(self, checkup: Checkup, monkeypatch: pytest.MonkeyPatch) -> None:
        async def locked(*_: Any) -> None:
            raise DatabaseLocked("x")

        monkeypatch.setattr(VitalsStore, "newest_post", locked)
        status, text = await get(checkup, "/readyz")
        assert (status, '"database": "another program has locked the database"' in text) == (503, True)

    async def test_a_disk_that_is_full(self, checkup: Checkup, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(VitalsStore, "free_bytes", lambda _: 4096)
        status, text = await get(checkup, "/readyz")
        assert (status, '"database": "the disk is full or failing"' in text) == (503, True)

    async def test_a_folder_that_is_gone(self, checkup: Checkup, monkeypatch: pytest.MonkeyPatch) -> None:
        def gone(_: VitalsStore) -> int:
            raise FileNotFoundError("n.db")

        monkeypatch.setattr(VitalsStore, "free_bytes", gone)
        status, text = await get(checkup, "/readyz")
        assert (status, '"database": "the database cannot be reached"' in text) == (503, True)

    async def test_it_tells_the_newest_post_that_arrived(self, checkup: Checkup, newsroom: Newsroom) -> None:
        assert '"newest_post": null' in (await get(checkup, "/readyz"))[1]
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send()
        assert '"newest_post": "2025-03-14T08:00:00+00:00"' in (await get(checkup, "/readyz"))[1]


class TestMetrics:
    async def test_posts_are_counted_by_state(self, checkup: Checkup, newsroom: Newsroom) -> None:
        for chat in range(3):
            await newsroom.subscribe(Destination("test", f"c{chat}"))
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        assert await metric(checkup, "nutgraf_posts", platform="test", state="pending") == 3
        await newsroom.send(Uncertain("reset"), most=1)
        assert await metric(checkup, "nutgraf_posts", platform="test", state="pending") == 2
        assert await metric(checkup, "nutgraf_posts", platform="test", state="uncertain") == 1
        assert await metric(checkup, "nutgraf_database_bytes") > 10_000

    async def test_lags_and_refusals_are_measured(self, checkup: Checkup, newsroom: Newsroom) -> None:
        before = await metric(checkup, "nutgraf_slot_lag_seconds_sum")
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await newsroom.at(8, minute=10)
        assert await metric(checkup, "nutgraf_slot_lag_seconds_sum") - before == 600

    async def test_every_metric_is_explained(self, checkup: Checkup) -> None:
        _, text = await get(checkup, "/metrics")
        shown = {name for name in re.findall(r"^# TYPE (nutgraf_\w+)", text, re.MULTILINE) if "_created" not in name}
        documented = set(re.findall(r"^\| `(nutgraf_\w+)` \|", OPERATING.read_text(encoding="utf-8"), re.MULTILINE))
        assert shown == documented

    async def test_nothing_else_is_served(self, checkup: Checkup) -> None:
        for path in ("/", "/../etc/passwd", "/metrics/../../etc/passwd", "/healthz/x"):
            assert (await get(checkup, path))[0] == 404


class TestWarnings:
    async def _alerts(self, newsroom: Newsroom) -> list[str]:
        await keep_house(newsroom.bot)
        found = await newsroom.bot.ledger.latest(99)
        return [read_post(one.payload or "")[0] for one in found if one.dedup.startswith("alert:")]

    async def test_silence_is_told_once_when_a_post_was_due(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(quiet_days=QuietDays.SKIP)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send()
        await newsroom.at(9, day=16)
        assert await self._alerts(newsroom) == []
        for day in (17, 18):
            await newsroom.at(10, day=day)
            [alert] = await self._alerts(newsroom)
            assert "No post has arrived for 3 days, although one was due." in alert

    async def test_a_post_ends_the_silence_and_the_next_one_is_told_again(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(quiet_days=QuietDays.SKIP)
        await newsroom.at(10, day=18)
        assert len(await self._alerts(newsroom)) == 1
        await newsroom.add(CHEESE)
        await newsroom.at(8, day=19)
        await newsroom.send()
        await newsroom.at(10, day=20)
        assert len(await self._alerts(newsroom)) == 1
        await newsroom.at(10, day=24)
        assert len(await self._alerts(newsroom)) == 2

    async def test_a_chat_that_is_paused_or_has_had_no_slot_is_not_missed(self, newsroom: Newsroom) -> None:
        first = await newsroom.subscribe(quiet_days=QuietDays.SKIP)
        await newsroom.bot.subscriptions.change(first.destination, first.id, paused)
        await newsroom.at(10, day=18)
        assert await self._alerts(newsroom) == []

    async def test_a_disk_that_is_almost_full_is_told_once_a_day(
        self, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        newsroom.bot = replace(newsroom.bot, limits=Limits(free_disk=500_000_000))
        newsroom.clock.now = NOON
        monkeypatch.setattr(VitalsStore, "free_bytes", lambda _: 499_000_000)
        for _ in range(2):
            assert await self._alerts(newsroom) == [
                "For the operator\n• The disk of the database has only 499 MB left. Free some space."
            ]
        newsroom.clock.now += timedelta(days=1)
        assert len(await self._alerts(newsroom)) == 2
        monkeypatch.setattr(VitalsStore, "free_bytes", lambda _: 501_000_000)
        newsroom.clock.now += timedelta(days=1)
        assert len(await self._alerts(newsroom)) == 2

    async def test_the_free_space_of_a_file_is_known(self, database: Database) -> None:
        assert (VitalsStore(database).free_bytes() is not None) == database.is_sqlite
