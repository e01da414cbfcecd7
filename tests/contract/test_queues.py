"""Both kinds of queue: in memory, and shared by the processes of a PostgreSQL."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from functools import partial
from itertools import chain

import pytest
from aiohttp.test_utils import TestClient, TestServer
from procrastinate.schema import SchemaManager
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.app import open_database
from bot.chats import Destination
from bot.delivery.occasions import Share
from bot.posting.tick import step
from bot.queues import in_process
from bot.queues.guard import Guard, report
from bot.queues.in_process import InProcessQueue
from bot.queues.model import Job, JobQueue, Queue, Task, Work
from bot.runtime import metrics
from bot.runtime.clock import clock
from bot.storage.database.engine import Database
from bot.storage.database.errors import StorageError
from bot.storage.database.maintenance import damages
from bot.storage.database.queue_schema import SCHEMA
from bot.storage.job_runs import StoredJobRuns
from bot.storage.occasions import Occasions
from bot.storage.shared_queue import SharedQueue
from bot.storage.shared_worker import SharedWorker
from bot.storage.subscriptions import Subscriptions
from bot.storage.vitals import VitalsStore
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import Schedule, Settings, Subscription
from bot.subscriptions.timetable import Timetable
from bot.web.worker import worker_application
from tests.databases import new_database
from tests.fakes import NOON, Clock
from tests.postgres import Server

FEED, OTHER = Job(Task.POLL, 7, "host:a.example"), Job(Task.POLL, 8, "host:a.example")
ELSEWHERE = Job(Task.POLL, 9, "host:b.example")
_LOST = timedelta(seconds=2)
_AT_ONCE = dict.fromkeys(Queue, 4)


@dataclass
class Office:
    """A queue, and tasks that write down what they were asked to do.

    Attributes:
        seen: How often each number was done.
        work: What they do besides.
    """

    queue: JobQueue
    database: Database
    runs: StoredJobRuns
    seen: Counter[int] = field(default_factory=Counter)
    work: Work | None = None

    async def run(self) -> None:
        """Runs what waits."""
        if isinstance(self.queue, SharedQueue):
            await SharedWorker(self.database, self.tasks, _AT_ONCE, _LOST).run_waiting()
        else:
            await self.queue.run_waiting(self.tasks, *Task)

    async def die(self, *jobs: Job) -> None:
        """A process runs these jobs and dies. Another one sees it."""
        await self.queue.put(jobs)
        for job in jobs:
            await self.runs.begin(job)
        if isinstance(self.queue, SharedQueue):
            await _die_with(self, *(job.number for job in jobs))
            await SharedWorker(self.database, self.tasks, _AT_ONCE, timedelta(0)).give_back_lost()
        else:
            report(await self.runs.died())

    @property
    def tasks(self) -> dict[Task, Work]:
        """The tasks, which all do the same."""
        return dict.fromkeys(Task, self._do)

    async def _do(self, number: int) -> None:
        self.seen[number] += 1
        if self.work:
            await self.work(number)


@pytest.fixture(name="office")
async def _office(database_url: str) -> AsyncIterator[Office]:
    async with open_database(database_url) as database:
        runs = StoredJobRuns(database, clock)
        queue = InProcessQueue(database, Guard(runs)) if database.is_sqlite else SharedQueue(database)
        yield Office(queue, database, runs)


async def test_a_job_is_run_once(office: Office) -> None:
    await office.queue.put([FEED, ELSEWHERE])
    await office.run()
    await office.run()
    assert office.seen == {7: 1, 9: 1}


async def test_a_job_that_waits_is_not_put_again(office: Office) -> None:
    await office.queue.put([FEED, FEED])
    await office.queue.put([FEED])
    await office.run()
    assert office.seen == {7: 1}


async def test_a_job_that_runs_can_be_put_again(office: Office) -> None:
    async def again(number: int) -> None:
        if office.seen[number] == 1:
            await office.queue.put([FEED])

    office.work = again
    await office.queue.put([FEED])
    await office.run()
    await office.run()
    assert office.seen == {7: 2}


async def test_jobs_of_one_lock_do_not_run_together(office: Office) -> None:
    running: set[int] = set()
    together: set[frozenset[int]] = set()

    async def watch(number: int) -> None:
        running.add(number)
        await asyncio.sleep(0.2)
        together.add(frozenset(running))
        running.remove(number)

    office.work = watch
    await office.queue.put([FEED, OTHER, ELSEWHERE])
    for _ in range(3):  # a shared worker leaves a job whose lock is taken to the next run
        await office.run()
    assert office.seen == {7: 1, 8: 1, 9: 1}
    assert not any({7, 8} <= one for one in together)
    assert any(len(one) == 2 for one in together)


async def test_a_job_is_put_with_the_transaction_or_not_at_all(office: Office) -> None:
    with pytest.raises(ZeroDivisionError):
        async with office.queue.unit_of_work():
            await office.queue.put([FEED])
            raise ZeroDivisionError
    await office.run()
    assert office.seen == {}
    async with office.queue.unit_of_work():
        await office.queue.put([FEED])
        await asyncio.create_task(office.run())  # another task does not see it before the commit
        assert office.seen == {}
    await office.run()
    assert office.seen == {7: 1}


@pytest.mark.parametrize("error", [StorageError("x"), ZeroDivisionError()], ids=repr)
async def test_a_job_that_fails_does_not_stop_the_others(office: Office, error: Exception) -> None:
    async def fail(number: int) -> None:
        if number == 7:
            raise error

    office.work = fail
    await office.queue.put([FEED, ELSEWHERE])
    if isinstance(office.queue, SharedQueue):
        await office.run()  # it is logged
    else:
        with pytest.raises(type(error)):
            await office.run()
    assert office.seen == {7: 1, 9: 1}
    office.work = None
    await office.queue.put([FEED])
    await office.run()
    assert office.seen == {7: 2, 9: 1}


async def test_a_job_in_which_three_processes_died_is_set_aside(office: Office) -> None:
    before = metrics.JOBS.labels(Task.POLL, "set aside")._value.get()
    with capture_logs() as logs:
        for _ in range(2):
            await office.die(FEED)
        assert await office.runs.aside() == []
        await office.die(FEED)
    [aside] = await office.runs.aside()
    assert (aside.task, aside.number, aside.deaths) == ("poll", 7, 3)
    events = [line["event"] for line in logs if line["event"] != "job_given_back"]
    assert events == ["process_died_in_job", "process_died_in_job", "job_set_aside"]
    assert metrics.JOBS.labels(Task.POLL, "set aside")._value.get() == before + 1
    assert (await VitalsStore(office.database).read([])).queues["jobs_set_aside"] == 1
    await office.queue.put([FEED, ELSEWHERE])
    await office.run()
    assert office.seen == {9: 1}
    assert await office.runs.retry("poll", 7)
    assert not await office.runs.retry("poll", 7)
    await office.queue.put([FEED])
    await office.run()
    assert office.seen == {9: 1, 7: 1}


async def test_deaths_count_only_in_a_row(office: Office) -> None:
    for _ in range(2):
        await office.die(FEED)
    await office.queue.put([FEED])
    await office.run()
    assert await office.runs.troubled() == {}
    await office.die(FEED)
    assert await office.runs.aside() == []


async def test_jobs_that_ran_beside_the_one_that_is_to_blame_are_cleared_first(office: Office) -> None:
    running: list[int] = []

    async def watch(number: int) -> None:
        running.append(number)
        assert len(running) == 1
        await asyncio.sleep(0.05)
        running.remove(number)

    await office.die(FEED)
    await office.die(FEED, ELSEWHERE)
    office.work = watch
    await office.queue.put([FEED, ELSEWHERE])
    await office.run()
    assert office.seen == {7: 1, 9: 1}
    assert await office.runs.troubled() == {}
    if office.database.is_sqlite:
        assert list(office.seen) == [9, 7]


async def test_a_job_that_is_set_aside_is_tried_again_later() -> None:
    now = Clock()
    async with new_database() as database:
        runs = StoredJobRuns(database, now)
        guard = Guard(runs)
        done: list[int] = []

        async def do(number: int) -> None:
            done.append(number)

        for _ in range(3):
            await runs.begin(FEED)
            await runs.died()
        assert not await guard.run(FEED, do)
        now.now += timedelta(hours=25)
        assert await guard.run(FEED, do)
        assert done == [7]


def test_the_schema_is_that_of_the_installed_procrastinate() -> None:
    """A new version may need a migration of ours: see `bot/storage/database/migrations/versions/0016_jobs.py`."""
    assert SCHEMA.read_text(encoding="utf-8").endswith(SchemaManager.get_schema())


async def test_all_failures_are_told_together() -> None:
    async def fail(_: int) -> None:
        raise ZeroDivisionError

    async with new_database() as database:
        queue = InProcessQueue(database, Guard(StoredJobRuns(database, clock)))
        await queue.put([FEED, ELSEWHERE])
        with pytest.raises(ExceptionGroup) as told:
            await queue.run_waiting({Task.POLL: fail}, Task.POLL)
        assert len(told.value.exceptions) == 2


async def test_a_queue_in_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_process, "_MOST_WAITING", 100)
    async with new_database() as database:
        queue = InProcessQueue(database, Guard(StoredJobRuns(database, clock)))
        await queue.put(Job(Task.POLL, number) for number in range(200))
        office = Office(queue, database, StoredJobRuns(database, clock))
        await office.run()
        assert len(office.seen) == 100


class TestSharedWorkers:
    """What only several processes have: workers that die, stop, or lose their connections."""

    @pytest.fixture(name="office")
    async def _shared(self, postgres_url: str) -> AsyncIterator[Office]:
        async with open_database(postgres_url) as database:
            yield Office(SharedQueue(database), database, StoredJobRuns(database, clock))

    async def test_the_jobs_of_a_dead_worker_are_given_back(self, office: Office) -> None:
        await office.queue.put([FEED, OTHER, ELSEWHERE])
        await _die_with(office, 7, 9)
        await office.queue.put([ELSEWHERE])  # it is put again while the dead worker seems to do it
        await office.run()
        assert office.seen == {}  # the locks are taken
        queue = SharedQueue(office.database)
        assert await queue.give_back_lost(60) == []
        found = await queue.give_back_lost(0)
        assert sorted((task, number) for task, number, _ in found) == [("poll", 7), ("poll", 9)]
        await office.run()
        await office.run()
        assert office.seen == {7: 1, 8: 1, 9: 1}

    async def test_of_two_lost_jobs_with_one_key_one_is_given_back(self, office: Office) -> None:
        for _ in range(2):
            await office.queue.put([Job(Task.ANALYSE, 7)])  # without a lock, both were run at once
            await _die_with(office, 7)
        await office.queue.put([OTHER])
        await _die_with(office, 8)
        found = await SharedQueue(office.database).give_back_lost(0)
        assert sorted(number for _, number, _ in found) == [7, 7, 8]
        await office.run()
        await office.run()
        assert office.seen == {7: 1, 8: 1}

    async def test_a_worker_that_is_stopped_gives_its_jobs_back(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.storage.shared_worker._FAREWELL_SECONDS", 0.1)
        started = asyncio.Event()

        async def hang(_: int) -> None:
            started.set()
            await asyncio.sleep(60)

        office.work = hang
        await office.queue.put([FEED])
        async with _running(office):
            await asyncio.wait_for(started.wait(), 20)
        assert (await SharedQueue(office.database).waiting())[Queue.FETCH] == 1
        office.work = None
        await office.run()
        assert office.seen == {7: 2}

    async def test_a_worker_that_is_stopped_finishes_what_it_can(self, office: Office) -> None:
        started = asyncio.Event()

        async def take_a_moment(_: int) -> None:
            started.set()
            await asyncio.sleep(0.3)

        office.work = take_a_moment
        await office.queue.put([FEED])
        async with _running(office):
            await asyncio.wait_for(started.wait(), 20)
        assert set((await SharedQueue(office.database).waiting()).values()) == {0}
        assert office.seen == {7: 1}

    async def test_a_worker_goes_on_when_its_connections_were_cut(self, office: Office) -> None:
        done = asyncio.Event()

        async def cut(number: int) -> None:
            if number == 7:
                await _cut_all(office.database)
            else:
                done.set()

        office.work = cut
        await office.queue.put([FEED, OTHER])  # the second waits for the lock of the first
        async with _running(office):
            await asyncio.wait_for(done.wait(), 30)
        assert office.seen[8] == 1

    async def test_a_worker_goes_on_when_the_server_was_restarted(self, office: Office, postgres: Server) -> None:
        async with _running(office):
            await office.queue.put([FEED])
            await _until(lambda: office.seen[7] == 1)
            await asyncio.to_thread(postgres.restart)
            with suppress(StorageError):  # a connection that was used a moment ago is not checked
                await office.queue.put([OTHER])
            await office.queue.put([OTHER])
            await _until(lambda: office.seen[8] == 1)

    async def test_a_worker_that_was_taken_for_dead_goes_on(self, office: Office) -> None:
        async with _running(office):
            await office.queue.put([FEED])
            await _until(lambda: office.seen[7] == 1)
            async with office.database.write() as connection:
                await connection.execute(text("DELETE FROM procrastinate_workers"))
            await office.queue.put([OTHER])
            await _until(lambda: office.seen[8] >= 1)

    async def test_due_subscriptions_that_are_advanced_at_the_same_time_are_advanced_once(self, office: Office) -> None:
        store, subscriptions = Occasions(office.database), Subscriptions(office.database)
        for number in range(40):
            settings = replace(Settings(), schedule=Schedule((time(7),)))
            where = Destination("test", str(number))
            await subscriptions.add(scheduled(Subscription(0, where, "", settings, NOON)), 9)
        later = NOON + timedelta(days=2)
        advance = partial(step, timetable=Timetable(later))
        counts = [await asyncio.gather(*(store.advance(later, 6, advance) for _ in range(3))) for _ in range(14)]
        assert sum(chain(*counts)) == 40
        assert len(await store.pending(["test"], later, 99, 99)) == 40
        assert all(one.next_due and one.next_due > later for one in await subscriptions.all())

    async def test_all_occasions_of_a_chat_are_in_one_share(self, office: Office) -> None:
        store, subscriptions = Occasions(office.database), Subscriptions(office.database)
        chats = [Destination("test", str(number)) for number in range(10, 30)]
        for where in chats:
            for hour in (7, 8):
                settings = replace(Settings(), schedule=Schedule((time(hour),)))
                await subscriptions.add(scheduled(Subscription(0, where, "", settings, NOON)), 9)
        later = NOON + timedelta(days=2)
        assert await store.due_shares(later, 8) == []
        await store.advance(later, 100, partial(step, timetable=Timetable(later)))
        shares = await store.due_shares(later, 8)
        found: dict[int, set[Destination]] = {}
        for number in shares:
            occasions = await store.pending(["test"], later, 99, 99, Share(number, 8))
            of_chats = [await subscriptions.get(one.subscription) for one in occasions]
            found[number] = {one.destination for one in of_chats if one}
            assert len(occasions) == 2 * len(found[number])
        assert len(shares) > 4
        assert sorted(map(str, chain(*found.values()))) == sorted(map(str, chats))

    async def test_a_worker_shows_what_waits(self, office: Office) -> None:
        await office.queue.put([FEED, OTHER])
        async with TestClient(TestServer(worker_application(SharedQueue(office.database)))) as client:
            assert (await client.get("/healthz")).status == 200
            shown = await (await client.get("/metrics")).text()
        assert 'nutgraf_queue_length{queue="jobs_fetch"} 2.0' in shown

    async def test_a_queue_that_lacks_something_is_damaged(self, office: Office) -> None:
        assert await damages(office.database) == []
        async with office.database.write() as connection:
            await connection.execute(
                text("DROP TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 ON procrastinate_jobs")
            )
        assert await damages(office.database) == [
            "the queues of jobs lack procrastinate_jobs_notify_queue_job_inserted_v1"
        ]

    async def test_workers_take_only_their_queues(self, office: Office) -> None:
        await office.queue.put([FEED, Job(Task.COMPOSE, 1)])
        await SharedWorker(office.database, office.tasks, {Queue.COMPOSE: 1}, _LOST).run_waiting()
        assert office.seen == {1: 1}
        assert (await SharedQueue(office.database).waiting())[Queue.FETCH] == 1


async def _die_with(office: Office, *numbers: int) -> None:
    """Leaves these jobs as a worker leaves them that was killed."""
    async with office.database.write() as connection:
        worker = (
            await connection.execute(text("SELECT worker_id FROM procrastinate_register_worker_v1()"))
        ).scalar_one()
        await connection.execute(
            text(
                "UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker"
                " WHERE CAST(args ->> 'number' AS int) = ANY(:numbers)"
            ),
            {"worker": worker, "numbers": list(numbers)},
        )


@asynccontextmanager
async def _running(office: Office) -> AsyncIterator[None]:
    """Runs a worker while the block lasts, and then stops it."""
    stopping = asyncio.Event()
    worker = SharedWorker(office.database, office.tasks, _AT_ONCE, _LOST)
    running = asyncio.create_task(worker.run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait_for(running, 30)


async def _cut_all(database: Database) -> None:
    """Ends all other connections to the database."""
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    async with database.write() as connection:
        await connection.execute(cut)


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():
            await asyncio.sleep(0.05)
