"""/mydata and /forgetme cover every column, the files of the database and memory, on both databases."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, insert, select

from bot.answers.stories import brief_view, summary_view
from bot.app import open_database
from bot.chats import Destination
from bot.delivery.model import Sent
from bot.delivery.retry import settle
from bot.platforms.discord.posts import answer as discord_answer
from bot.platforms.telegram.posts import answer as telegram_answer
from bot.storage.chats import Chats
from bot.storage.database.engine import Database
from bot.storage.database.tables import metadata
from bot.storage.personal import declarations, personal_columns
from bot.storage.privacy import Privacy
from bot.storage.stories import Stories
from bot.storage.write_behind import WriteBehindChats
from briefings.library import Library
from briefings.scope import Scope, Viewer
from tests.fakes import NOON, Clock, article
from tests.newsroom import PATIENT, Newsroom

CHAT, USER = Destination("test", "4711"), "test:9"
OTHER = Destination("test", "47110")
SECRET = "Wolframite was found beneath the chapel by the miller."
PASTED = article("Mill finds ore", SECRET)


@pytest.fixture(name="privacy")
def _privacy(database: Database) -> Privacy:
    return Privacy(database, WriteBehindChats(database, Chats(database, Clock(), timedelta(30))))


def _moments() -> Any:
    """Moments that are all different, so that each is found where it is shown."""
    moment = NOON
    while True:
        moment += timedelta(minutes=1)
        yield moment


async def _fill(database: Database, chat: str, first: int) -> dict[str, dict[str, Any]]:
    """Writes a row of a chat into every table that holds personal data; all values are different ones."""
    moments, n = _moments(), first
    version = f"v{first}"
    rows: dict[str, dict[str, Any]] = {
        "story": {"id": n + 1},
        "report": {
            "id": n + 2, "key": f"{chat}|key", "story": n + 1, "owner": chat, "hidden": False,
            "current": version, "updated": next(moments),
        },
        "version": {
            "id": version, "report": n + 2, "number": 1, "received": next(moments),
            "briefing": json.dumps({"article": {"text": f"{chat} text"}}), "changes": json.dumps([f"{chat} changes"]),
        },
        "attribution": {"version": version, "analyser": "none", "found": json.dumps([f"{chat} found"])},
        "source_chat": {"destination": chat, "tags": json.dumps([f"{chat} tags"])},
        "chat": {"destination": chat, "language": f"{chat} language", "zone": f"{chat} zone", "title": f"{chat} title"},
        "conversation": {"destination": chat, "told": json.dumps([f"{chat} told"]), "story": f"s{n}",
                         "seen": next(moments)},
        "posted": {"chat": chat, "message": f"{chat} message", "versions": json.dumps([f"{chat} versions"]),
                   "seen": next(moments)},
        "answered": {"chat": chat, "request": f"{chat} request", "messages": json.dumps([f"{chat} messages"]),
                     "asked": f"{chat} asked", "seen": next(moments)},
        "taste": {"destination": chat, "kind": f"{chat} kind", "name": f"{chat} name", "score": n + 11,
                  "changed": next(moments)},
        "followed": {"destination": chat, "story": n + 1, "since": next(moments)},
        "subscription": {
            "id": n + 3, "destination": chat, "created_by": USER, "settings": json.dumps([f"{chat} settings"]),
            "paused": f"{chat} paused", "cursor": f"{chat} cursor", "next_due": next(moments),
            "starts": next(moments), "since": next(moments), "paused_until": next(moments),
        },
        "occasion": {
            "id": n + 4, "subscription": n + 3, "key": f"{chat} key", "due": next(moments), "since": next(moments),
            "version": f"o{n}", "state": f"{chat} state",
        },
        "told": {"destination": chat, "report": n + 2, "number": n + 5, "occasion": n + 6, "part": n + 7},
        "delivery": {
            "id": n + 8, "dedup": f"{chat} dedup", "platform": "test", "subscription": n + 3, "occasion": n + 6,
            "destination": chat, "op": f"{chat} op", "target": f"{chat} target", "part": n + 9, "parts": 1,
            "not_before": next(moments), "expires_at": next(moments), "state": "sent", "epoch": 1, "attempts": 1,
            "composition": json.dumps([f"{chat} composition"]), "payload": f"{chat} payload",
            "remote_id": f"{chat} remote", "sending_at": next(moments), "error": f"{chat} error",
            "created": next(moments), "resends": False,
        },
        "sign_in": {"digest": f"{chat} digest", "kind": f"{chat} kind", "operator": USER, "expires": next(moments)},
    }  # fmt: skip
    async with database.write() as connection:
        for name, row in rows.items():
            await connection.execute(insert(metadata.tables[name]).values(row))
    return rows


@pytest.mark.parametrize("column", [column for table in metadata.tables.values() for column in table.columns], ids=str)
def test_every_column_is_declared_personal_or_not(column: Column[object]) -> None:
    assert len(declarations(column)) == 1


class TestEveryColumn:
    async def test_is_shown_where_it_is_personal(self, database: Database, privacy: Privacy) -> None:
        rows = await _fill(database, str(CHAT), 1000)
        shown = json.dumps(await privacy.data(CHAT, USER, is_private=True))
        for column in personal_columns():
            value = rows[column.table.name][column.name]
            if column.name == "briefing":
                value = json.loads(value)["article"]["text"]
            written = value.isoformat() if isinstance(value, datetime) else str(value)
            assert written in shown, str(column)

    async def test_is_deleted_where_it_is_personal_and_others_rows_stay(
        self, database: Database, privacy: Privacy
    ) -> None:
        for chat, first in ((CHAT, 1000), (OTHER, 2000)):
            await _fill(database, str(chat), first)
        await privacy.forget(CHAT, "test:8")
        tables = {column.table for column in personal_columns()} - {
            metadata.tables["sign_in"]
        }  # a person's, not a chat's
        async with database.read() as connection:
            for table in tables:
                [row] = (await connection.execute(select(table))).all()
                assert str(OTHER) in str(row) or "200" in str(row), table.name


class TestMessagesSetAside:
    async def test_are_shown_to_their_author_and_deleted(self, database: Database, privacy: Privacy) -> None:
        bodies = {1: {"chat": {"id": 4711}, "from": {"id": 9}}, 2: {"chat": {"id": 47110}, "from": {"id": 90}}}
        async with database.write() as connection:
            for number, body in bodies.items():
                row = {"platform": "test", "number": number, "received": NOON, "state": "aside", "body": body}
                await connection.execute(insert(metadata.tables["inbox"]).values(row | {"body": json.dumps(body)}))
        found = (await privacy.data(CHAT, USER, is_private=False))["messages_set_aside"]
        assert [json.loads(body) for body in found] == [bodies[1]]
        assert (await privacy.data(CHAT, "test:8", is_private=False))["messages_set_aside"] == []
        await privacy.forget_person("test:8")
        await privacy.forget(CHAT, "test:8")
        async with database.read() as connection:
            assert (await connection.execute(select(metadata.tables["inbox"].c.number))).scalars().all() == [2]


class TestPosts:
    async def test_one_that_was_on_its_way_leaves_nothing(self, database: Database) -> None:
        newsroom = Newsroom(database)
        await newsroom.subscribe(CHAT)
        await newsroom.add(PASTED)
        await newsroom.at(8)
        number = await newsroom.bot.ledger.recover("test", newsroom.clock(), None)
        due = await newsroom.bot.ledger.due("test", newsroom.clock(), 9, frozenset())
        [begun] = await newsroom.bot.ledger.begin(due, newsroom.clock(), number, None)
        privacy = newsroom.bot.dispatcher.context.privacy
        await privacy.forget(CHAT, USER)
        await newsroom.bot.ledger.settle([settle(begun, Sent("m1"), newsroom.clock(), 0, PATIENT)], number)
        left = await privacy.data(CHAT, USER, is_private=True)
        assert not any(left[name] for name in left if name not in {"chat", "user"})

    async def test_one_that_was_not_posted_shows_no_text(self, database: Database) -> None:
        newsroom = Newsroom(database)
        await newsroom.subscribe(CHAT)
        await newsroom.add(PASTED)
        await newsroom.at(8)
        [post] = (await newsroom.bot.dispatcher.context.privacy.data(CHAT, USER, is_private=True))["posts"]
        assert "payload" not in post
        await newsroom.send()
        [post] = (await newsroom.bot.dispatcher.context.privacy.data(CHAT, USER, is_private=True))["posts"]
        assert "Mill finds ore" in post["payload"]


class TestFiles:
    """SQLite's own: a server looks after its files itself."""

    @pytest.fixture(name="path")
    def _path(self, tmp_path: Path) -> Path:
        return tmp_path / "own.db"

    @pytest.fixture(name="database")
    async def _database(self, path: Path) -> AsyncIterator[Database]:
        async with open_database(f"sqlite:///{path}") as database:
            yield database

    @staticmethod
    def _holds(path: Path) -> bool:
        return any(b"Wolframite" in found.read_bytes() for found in path.parent.glob("own.db*"))

    async def _paste(self, database: Database, path: Path) -> None:
        await Library(Stories(database)).add(PASTED, NOON, Scope(CHAT.owner))
        assert self._holds(path)

    async def test_hold_no_copy(self, database: Database, privacy: Privacy, path: Path) -> None:
        await self._paste(database, path)
        await privacy.forget(CHAT, USER)
        assert not self._holds(path)

    async def test_hold_no_copy_of_what_one_person_was_shown(
        self, database: Database, privacy: Privacy, path: Path
    ) -> None:
        await Library(Stories(database)).add(PASTED, NOON, Scope(CHAT.for_one("9").owner))
        assert self._holds(path)
        await privacy.forget_person(USER)
        assert not self._holds(path)

    async def test_hold_no_copy_after_a_unit_of_work(self, database: Database, privacy: Privacy, path: Path) -> None:
        await self._paste(database, path)
        async with asyncio.timeout(60), database.unit_of_work():
            await privacy.forget(CHAT, USER)
        assert not self._holds(path)

    async def test_keep_all_of_a_unit_of_work_that_failed(
        self, database: Database, privacy: Privacy, path: Path
    ) -> None:
        await self._paste(database, path)
        with pytest.raises(ZeroDivisionError):
            async with database.unit_of_work():
                await privacy.forget(CHAT, USER)
                raise ZeroDivisionError
        assert len((await privacy.data(CHAT, USER, is_private=True))["pasted_articles"]) == 1

    async def test_hold_no_copy_when_a_reader_was_in_the_way_and_left(
        self, database: Database, privacy: Privacy, path: Path
    ) -> None:
        await self._paste(database, path)
        async with database.read() as connection:
            await connection.execute(select(metadata.tables["version"]))
            async with asyncio.timeout(60):
                await privacy.forget(CHAT, USER)
            assert self._holds(path)
        async with asyncio.timeout(60):
            while self._holds(path):
                await asyncio.sleep(0.05)


class TestMemory:
    async def test_versions_are_read_anew(self, database: Database, privacy: Privacy) -> None:
        stories = Stories(database)
        await Library(stories).add(PASTED, NOON, Scope(CHAT.owner))
        viewer = Viewer(CHAT.owner)
        [before] = await stories.newest(viewer, 9)
        await privacy.forget(OTHER, "test:8")
        [after] = await stories.newest(viewer, 9)
        assert after.version == before.version
        assert after.version is not before.version

    async def test_views_and_messages_are_drawn_anew(self, database: Database, privacy: Privacy) -> None:
        stories = Stories(database)
        await Library(stories).add(PASTED, NOON, Scope(CHAT.owner))
        [found] = await stories.newest(Viewer(CHAT.owner), 9)
        view = brief_view(found.version)
        makers: dict[str, Callable[[], object]] = {
            "summary": lambda: summary_view(found.version),
            "brief": lambda: brief_view(found.version),
            "telegram": lambda: telegram_answer(view, "en"),
            "discord": lambda: discord_answer(view, "en"),
        }
        before = {name: make() for name, make in makers.items()}
        assert all(before[name] is make() for name, make in makers.items())
        await privacy.forget(CHAT, USER)
        assert not any(before[name] is make() for name, make in makers.items())


def test_no_module_keeps_text_in_a_cache_that_is_not_cleared() -> None:
    """`functools.lru_cache` is for what holds no text; each use of it is named here, with what it holds."""
    allowed = {
        "bot/i18n/__init__.py": "dates",
        "bot/storage/database/fulltext.py": "statements",
        "bot/storage/grouping.py": "statements",
        "bot/storage/story_queries.py": "statements",
        "bot/storage/story_search.py": "statements",
        "bot/storage/vitals.py": "statements",
        "briefings/caches.py": "",
    }
    root = Path(__file__).parents[2]
    found = {
        path.relative_to(root).as_posix()
        for package in ("bot", "briefings")
        for path in (root / package).rglob("*.py")
        if "@lru_cache" in path.read_text("utf-8") or "lru_cache(" in path.read_text("utf-8")
    }
    assert found == set(allowed)
