"""The courier with misbehaving senders, clocks and databases."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.app import open_database
from bot.chats import Destination
from bot.delivery.courier import Courier, Timing
from bot.delivery.model import Dead, Delivery, Outcome, Paused, Retry, Sent, State, Stopped, Uncertain
from bot.delivery.pacing import UNLIMITED, Limit, Limits, Pacing
from bot.delivery.request_errors import in_a_line
from bot.delivery.retry import RetryPolicy
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseUnreachable
from bot.storage.ledger import Deliveries
from bot.storage.occasions import Occasions
from tests.fakes import NOON, OpenGate
from tests.faults.far_side import ScaledTime

SECOND = timedelta(seconds=1)
Script = Callable[[Delivery], Outcome | BaseException | None]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("Bad Gateway", "Bad Gateway"),
        ("Unknown (502)\n<html><h1>nginx</h1>", "Unknown (502)"),
        ("<!doctype html><p>Sign in", "the answer came from another program, such as a proxy"),
        ("down. Parsing the server response b'down' failed", "down"),
        ("a\x1b[31m\r\nb", "a [31m b"),
        ("x" * 500, "x" * 199 + "…"),
    ],
)
def test_a_reason_is_one_short_line_without_markup(words: str, line: str) -> None:
    assert in_a_line(words) == line


class Scripted:
    """A sender that does what its script says; None means that it never answers."""

    def __init__(self, script: Script) -> None:
        self.sent: list[int] = []
        self._script = script

    async def send(self, delivery: Delivery) -> Outcome:
        self.sent.append(delivery.id)
        outcome = self._script(delivery)
        if outcome is None:
            await asyncio.Event().wait()
        if isinstance(outcome, BaseException):
            raise outcome
        assert outcome is not None
        return outcome


@pytest.fixture(name="database")
async def _database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite:///{tmp_path}/nutgraf.db") as database:
        yield database


class Post:
    """A courier with some posts to send, on a clock that runs fifty times as fast."""

    def __init__(self, database: Database, script: Script, limits: Limits = UNLIMITED) -> None:
        self.clock = ScaledTime(50)
        self.ledger = Deliveries(database, OpenGate())
        self.sender = Scripted(script)
        self._occasions = Occasions(database)
        self.courier = Courier(
            "test",
            self.ledger,
            self.sender,
            pacing=Pacing(limits),
            policy=RetryPolicy(attempts=3),
            timing=Timing(self.clock, self.clock.sleep, beat=1, request=20, farewell=0.5),
            is_private=lambda _: True,
        )

    async def enqueue(self, *chats: str) -> None:
        await self._occasions.enqueue(
            [
                Delivery(
                    0, f"{n}:x:1", 1, Destination("test", chat), "text", NOON, NOON + timedelta(days=1), occasion=n
                )
                for n, chat in enumerate(chats, start=1)
            ],
            NOON,
        )

    async def until(self, *states: State) -> list[Delivery]:
        """Runs until all posts are in one of these states, and stops."""
        working = asyncio.create_task(self.courier.run())
        for _ in range(400):
            posts = await self.ledger.latest(99)
            if all(post.state in states for post in posts) or working.done():
                break
            await asyncio.sleep(0.02)
        self.courier.stop()
        await working
        return list(reversed(await self.ledger.latest(99)))


class TestOutcomes:
    @pytest.mark.parametrize(
        ("outcome", "state", "error"),
        [
            (Sent("5"), State.SENT, None),
            (Dead("message is too long"), State.DEAD, "message is too long"),
            (Uncertain("reset"), State.UNCERTAIN, "reset"),
            (Paused("kicked"), State.CANCELLED, "kicked"),
            (Retry("refused"), State.DEAD, "given up after 3 attempts: refused"),
            (ValueError("a mistake"), State.UNCERTAIN, "ValueError: a mistake"),
            (None, State.UNCERTAIN, "no answer within 20 s"),
        ],
        ids=["sent", "dead", "uncertain", "paused", "never arrives", "raises", "hangs"],
    )
    async def test_each_is_written_with_its_reason(
        self, database: Database, outcome: Outcome | BaseException | None, state: State, error: str | None
    ) -> None:
        post = Post(database, lambda _: outcome)
        await post.enqueue("1")
        with capture_logs() as lines:
            [found] = await post.until(State.SENT, State.DEAD, State.UNCERTAIN, State.CANCELLED)
        assert (found.state, found.error) == (state, error)
        paused = [line["reason"] for line in lines if line["event"] == "chat_paused"]
        assert paused == (["kicked"] if isinstance(outcome, Paused) else [])

    async def test_a_post_that_is_sent_keeps_the_error_of_its_last_failed_attempt(self, database: Database) -> None:
        outcomes: Iterator[Outcome] = iter([Retry("refused"), Sent("5")])
        post = Post(database, lambda _: next(outcomes))
        await post.enqueue("1")
        [found] = await post.until(State.SENT, State.DEAD)
        assert (found.state, found.attempts, found.error) == (State.SENT, 2, "refused")

    async def test_one_chats_trouble_is_no_others(self, database: Database) -> None:
        post = Post(database, lambda one: Dead("bad") if one.destination.chat == "1" else Sent("x"))
        await post.enqueue("1", "2", "3")
        found = await post.until(State.SENT, State.DEAD)
        assert [one.state for one in found] == [State.DEAD, State.SENT, State.SENT]

    async def test_a_flood_is_waited_for(self, database: Database) -> None:
        floods = {"1": 1, "2": 0}

        def script(one: Delivery) -> Outcome:
            if floods[one.destination.chat]:
                floods[one.destination.chat] -= 1
                return Retry("flood", 20 * SECOND)
            return Sent("x")

        post = Post(database, script)
        await post.enqueue("1", "2")
        began = post.clock()
        await post.until(State.SENT)
        assert post.clock() - began >= 20 * SECOND
        assert post.sender.sent.count(1) == 2
        assert post.sender.sent.count(2) == 1

    async def test_a_platform_that_takes_nothing_any_more_stops_its_courier_and_keeps_the_posts(
        self, database: Database
    ) -> None:
        post = Post(database, lambda _: Stopped("401: Unauthorized"))
        await post.enqueue("1", "2", "3")
        found = await post.until(State.SENT)
        assert {one.state for one in found} == {State.PENDING}
        assert post.courier.stopped_because == "401: Unauthorized"


class TestStopping:
    async def test_what_has_not_left_is_given_back(self, database: Database) -> None:
        post = Post(database, lambda _: Sent("x"), Limits(1))
        await post.enqueue(*map(str, range(20)))
        working = asyncio.create_task(post.courier.run())
        while len(post.sender.sent) < 3:
            await asyncio.sleep(0.01)
        post.courier.stop()
        await working
        states = await post.ledger.counts()
        assert set(states) == {State.SENT, State.PENDING}
        assert states[State.SENT] == len(post.sender.sent)

    async def test_what_has_left_and_is_not_answered_in_time_is_uncertain(self, database: Database) -> None:
        post = Post(database, lambda _: None)
        await post.enqueue("1", "2")
        working = asyncio.create_task(post.courier.run())
        while len(post.sender.sent) < 2:
            await asyncio.sleep(0.01)
        began = time.monotonic()
        post.courier.stop()
        await working
        assert time.monotonic() - began < 5
        assert await post.ledger.counts() == {State.UNCERTAIN: 2}


class TestClocksAndLoops:
    @pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(hours=1), timedelta(days=3)])
    async def test_a_clock_that_is_put_back_or_forward_repeats_nothing(
        self, database: Database, step: timedelta
    ) -> None:
        post = Post(database, lambda _: Sent("x"), Limits(2))
        await post.enqueue(*map(str, range(12)))
        working = asyncio.create_task(post.courier.run())
        while len(post.sender.sent) < 4:
            await asyncio.sleep(0.01)
        post.clock.offset += step
        await asyncio.sleep(0.3)
        post.courier.stop()
        await working
        assert len(post.sender.sent) == len(set(post.sender.sent))
        assert (await post.ledger.counts())[State.SENT] == len(post.sender.sent)

    async def test_a_loop_that_stood_still_breaks_no_limit(self, database: Database) -> None:
        moments = []

        def script(_: Delivery) -> Outcome:
            moments.append(post.clock())
            return Sent("x")

        post = Post(database, script, Limits(10, 0, (Limit(1, SECOND),)))
        await post.enqueue(*map(str, range(60)))
        working = asyncio.create_task(post.courier.run())
        while len(moments) < 5:
            await asyncio.sleep(0.005)
        time.sleep(0.2)  # noqa: ASYNC251  # ten seconds of its clock
        await asyncio.sleep(0.3)
        post.courier.stop()
        await working
        assert max(sum(one <= other < one + SECOND for other in moments) for one in moments) <= 10


class SlowLedger(Deliveries):
    """A ledger that takes half a second of the courier's clock to mark posts."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, OpenGate())
        self.waves: list[int] = []

    async def begin(self, deliveries: list[Delivery], *rest: Any) -> list[Delivery]:
        if deliveries:
            self.waves.append(len(deliveries))
            await asyncio.sleep(0.01)
        return await super().begin(deliveries, *rest)


class TestDatabases:
    async def test_a_slow_database_leaves_no_more_posts_in_doubt(self, database: Database) -> None:
        """After a crash, everything that was marked and had not left is in doubt."""
        post = Post(database, lambda _: Sent("1"), Limits(30))
        post.ledger = post.courier._ledger = ledger = SlowLedger(database)
        await post.enqueue(*(str(chat) for chat in range(30)))
        assert {one.state for one in await post.until(State.SENT)} == {State.SENT}
        assert max(ledger.waves) == 3

    async def test_a_locked_database_is_waited_for_and_nothing_is_lost(self, tmp_path: Path) -> None:
        async with open_database(f"sqlite:///{tmp_path}/nutgraf.db"):
            pass
        database = Database(f"sqlite:///{tmp_path}/nutgraf.db", busy_seconds=0.05)
        post = Post(database, lambda _: Sent("x"))
        await post.enqueue(*map(str, range(9)))
        with closing(sqlite3.connect(tmp_path / "nutgraf.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            working = asyncio.create_task(post.courier.run())
            await asyncio.sleep(0.3)
            assert post.sender.sent == []
            other.execute("ROLLBACK")
        while (await post.ledger.counts()).get(State.SENT, 0) < 9:
            await asyncio.sleep(0.02)
        post.courier.stop()
        await working
        assert sorted(post.sender.sent) == list(range(1, 10))
        await database.close()

    async def test_an_outcome_that_cannot_be_written_is_written_later(self, tmp_path: Path) -> None:
        database = Database(f"sqlite:///{tmp_path}/nutgraf.db", busy_seconds=0.05)
        async with open_database(f"sqlite:///{tmp_path}/nutgraf.db"):
            pass
        locks = sqlite3.connect(tmp_path / "nutgraf.db", isolation_level=None)

        def script(_: Delivery) -> Outcome:
            locks.execute("BEGIN IMMEDIATE")
            return Sent("x")

        post = Post(database, script)
        await post.enqueue("1")
        working = asyncio.create_task(post.courier.run())
        await asyncio.sleep(0.4)
        locks.execute("ROLLBACK")
        while (await post.ledger.counts()).get(State.SENT, 0) < 1:
            await asyncio.sleep(0.02)
        post.courier.stop()
        await working
        assert post.sender.sent == [1]
        locks.close()
        await database.close()

    async def test_one_that_is_away_is_not_asked_without_a_pause(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Not even after a full wave, which the next one follows as soon as it has left."""
        post = Post(database, lambda _: Sent("1"), Limits(10))
        await post.enqueue("1", "2", "3")
        await post.courier.beat()
        await asyncio.sleep(0.1)
        asked = 0

        async def away(*_: Any) -> None:
            nonlocal asked
            asked += 1
            raise DatabaseUnreachable("the server")

        for method in ("settle", "recover"):
            monkeypatch.setattr(post.ledger, method, away)
        working = asyncio.create_task(post.courier.run())
        await asyncio.sleep(0.2)
        post.courier.stop()
        await working
        assert 1 <= asked < 15
