"""The process is killed before each statement and before the commit of each write. Nothing is half done."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select, text

from bot.app import build, open_database
from bot.chats import Destination
from bot.commands.context import Policies
from bot.delivery.model import Delivery
from bot.jobs import post_due
from bot.platforms.console.render import ConsolePosts
from bot.storage.chats import Chats
from bot.storage.database.engine import Database
from bot.storage.database.migrate import current_revision, upgrade
from bot.storage.database.tables import metadata
from bot.storage.ledger import Deliveries
from bot.storage.privacy import Privacy
from bot.storage.stories import Stories
from bot.storage.subscriptions import Subscriptions
from bot.storage.write_behind import WriteBehindChats
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import Mode, Settings, Subscription
from briefings.library import Library
from briefings.scope import Scope
from tests.fakes import NOON, OPEN, Clock, OpenGate, article
from tests.postgres import Server
from tests.soak import sample

pytestmark = pytest.mark.soak
CHAT = Destination("test", "1")
BRIDGE = article("Bridge collapses", "The bridge at Norby fell into the river.", url="https://a.example/1")
CORRECTED = article("Bridge collapses", "The bridge at Norby fell. Nobody was hurt.", url="https://a.example/1")
CHEESE = article("A cheese wins", "A goat cheese won a prize.")
SUBSCRIPTION = Subscription(0, CHAT, "test:9", Settings(), NOON, datetime(2025, 3, 14, 8), NOON)

Write = Callable[[Database], Awaitable[object]]
State = dict[str, list[tuple[object, ...]]]


async def fill(database: Database) -> None:
    """What the database holds before each write."""
    library = Library(Stories(database))
    await library.add(BRIDGE, NOON, Scope(tags=frozenset({"local"})))
    await library.add(CHEESE, NOON, Scope(CHAT.owner))
    chats = Chats(database, Clock(), timedelta(days=9))
    await chats.remember(CHAT, ("a",), is_list=False)
    await chats.posted(CHAT, "1", ("a",))
    await Subscriptions(database).add(SUBSCRIPTION, 9)


async def _add(database: Database) -> None:
    await Library(Stories(database)).add(CHEESE, NOON, Scope(tags=frozenset({"food"})))


async def _correct(database: Database) -> None:
    await Library(Stories(database)).add(CORRECTED, NOON)


async def _remove(database: Database) -> None:
    report = await Stories(database).keyed("|https://a.example/1")
    assert report is not None
    await Stories(database).remove(report.id)


async def _change(database: Database) -> None:
    [subscription] = await Subscriptions(database).of(CHAT)
    await Subscriptions(database).change(CHAT, subscription.id, lambda one: replace(one, paused="", next_due=None))


async def _forget(database: Database) -> None:
    memory = WriteBehindChats(database, Chats(database, Clock(), timedelta(9)))
    await Privacy(database, memory).forget(CHAT, "test:9")


WRITES: dict[str, Write] = {
    "a new story": _add,
    "a new version": _correct,
    "a story removed": _remove,
    "old stories pruned": lambda database: Stories(database).prune(NOON + timedelta(days=9)),
    "a chat forgotten": _forget,
    "an answer remembered": lambda database: Chats(database, Clock(), timedelta(9)).remember(
        CHAT, ("b",), is_list=False
    ),
    "memory pruned": lambda database: Chats(database, Clock(NOON + timedelta(99)), timedelta(9)).prune(),
    "a subscription changed": _change,
}


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_write_is_done_or_not_begun(kind: str, name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    copy = _copier(kind, tmp_path, request, _prepare)
    before = asyncio.run(_state(copy()))
    for statement in count(1, sample(3, 1)):
        url = copy()
        is_whole = _killed_at(statement, url, WRITES[name])
        after = asyncio.run(_state(url))
        if is_whole:
            assert after != before
            assert statement > 1
            break
        assert after == before


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_migration_is_done_or_not_begun(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """From the first revision on, and from nothing at all; in `make test` at some statements only."""
    for start, step in (("0001", sample(8, 1)), (None, sample(20, 4))):

        async def prepare(url: str, start: str | None = start) -> None:
            if start:
                database = Database(url)
                await upgrade(database, start)
                await database.close()

        copy = _copier(kind, tmp_path / str(start), request, prepare)
        for statement in count(1, step):
            url = copy()
            is_whole = _killed_at(statement, url, upgrade)
            revision = asyncio.run(_revision(url))
            if is_whole:
                assert revision not in {start, None}
                break
            assert revision == start
            asyncio.run(_upgraded(url))  # and the next start brings it up


async def _prepare(url: str) -> None:
    async with open_database(url) as database:
        await fill(database)


def _copier(
    kind: str, folder: Path, request: pytest.FixtureRequest, prepare: Callable[[str], Awaitable[None]]
) -> Callable[[], str]:
    """A function that makes a copy of a prepared database and returns its URL."""
    folder.mkdir(exist_ok=True)
    numbers = count()
    if kind == "postgres":
        server: Server = request.getfixturevalue("postgres")
        template = server.new_database()
        asyncio.run(prepare(template))  # type: ignore[arg-type]  # a coroutine function's
        return lambda: server.new_database(like=template)
    original = folder / "original.db"
    asyncio.run(prepare(f"sqlite:///{original}"))  # type: ignore[arg-type]  # the same

    def copied() -> str:
        target = folder / f"{next(numbers)}.db"
        if original.exists():
            shutil.copy(original, target)
        return f"sqlite:///{target}"

    return copied


def _killed_at(number: int, url: str, write: Write) -> bool:
    """Runs a write in a process that kills itself before its statement of that number; whether it got through.

    A commit counts as a statement.
    """
    child = os.fork()
    if child == 0:
        done = count(1)

        def step(*_: object) -> None:
            if next(done) == number:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", step)
        event.listen(Engine, "commit", step)
        try:
            asyncio.run(_written(url, write))
        finally:
            os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in {0, -signal.SIGKILL}
    return status == 0


async def _written(url: str, write: Write) -> None:
    await write(Database(url))


async def _upgraded(url: str) -> None:
    async with open_database(url):
        pass


async def _revision(url: str) -> str | None:
    database = Database(url)
    try:
        return await current_revision(database)
    finally:
        await database.close()


async def _state(url: str) -> State:
    """All rows of all tables, and what the full-text index finds."""
    found: State = {}
    database = Database(url)
    async with database.read() as connection:
        for table in metadata.sorted_tables:
            rows = await connection.execute(select(table).order_by(*table.primary_key))
            found[table.name] = [tuple(row) for row in rows]
        key = "rowid" if database.is_sqlite else "report"
        for name in ("report_text", "own_text"):
            rows = await connection.execute(text(f"SELECT {key}, terms FROM {name} ORDER BY 1"))
            found[name] = [tuple(row) for row in rows]
        if database.is_sqlite:
            assert (await connection.execute(text("PRAGMA integrity_check"))).scalar_one() == "ok"
    await database.close()
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_is_due_is_posted_once_wherever_the_tick_or_the_composer_is_killed(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Whatever the killed process left, the next one makes of it what would have been posted anyway."""
    copy = _copier(kind, tmp_path, request, _subscribed)
    whole = copy()
    asyncio.run(_posted(whole))
    expected = asyncio.run(_ledger(whole))
    assert len(expected) == 3  # a digest in one chat, two stories that arrived in the other
    for statement in count(1, sample(9, 3)):
        url = copy()
        is_whole = _killed_at(statement, url, _post)
        asyncio.run(_posted(url))
        assert asyncio.run(_ledger(url)) == expected
        if is_whole:
            break


async def _subscribed(url: str) -> None:
    async with open_database(url) as database:
        subscriptions = Subscriptions(database)
        early = NOON - timedelta(days=1)
        digest = Subscription(0, CHAT, "", Settings(), early, since=early)
        arrivals = Subscription(0, Destination("test", "2"), "", Settings(mode=Mode.ARRIVAL), early, since=early)
        for one in (digest, arrivals):
            await subscriptions.add(scheduled(one), 9)
        for found in (BRIDGE, CHEESE):
            await Library(Stories(database)).add(found, NOON - timedelta(hours=1))


async def _post(database: Database) -> None:
    bot = build(database, OPEN, Policies(), now=Clock(), renderers={"test": ConsolePosts()})
    await post_due(bot)


async def _posted(url: str) -> None:
    async with open_database(url) as database:
        await _post(database)


async def _ledger(url: str) -> list[tuple[object, ...]]:
    """What is to be posted, and what each chat was told by it."""
    state = await _state(url)
    told = sorted(tuple(row[:3]) for row in state["told"])
    posts = sorted((post.dedup, post.payload, post.state) for post in await _latest(url))
    return [*posts, *([] if told else [("nothing was told",)])]


async def _latest(url: str) -> list[Delivery]:
    async with open_database(url) as database:
        return await Deliveries(database, OpenGate()).latest(99)
