"""A locked, full, read-only or damaged database: a clear message, a non-zero exit code, and no lost data."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.app import open_database
from bot.cli import app
from bot.storage.database.driver_errors import storage_error
from bot.storage.database.engine import Database
from bot.storage.database.errors import (
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseUnreachable,
    DatabaseUnsupported,
    StorageError,
)
from bot.storage.database.instance_lock import instance_lock
from bot.storage.database.maintenance import check_at_start, damages
from bot.storage.database.migrate import upgrade
from bot.storage.search_rebuild import rebuild_search
from bot.storage.stories import Stories
from briefings.library import Library
from briefings.scope import Viewer
from tests.fakes import NOON, article
from tests.postgres import Server

BRIDGE = article("Bridge collapses", "The bridge at Norby fell into the river.")
#: Bytes: less than a long story takes.
_A_LITTLE = 20_000
CHEESE = article("A cheese wins", "A goat cheese won a prize.")


@pytest.fixture(name="path")
async def _path(tmp_path: Path) -> Path:
    """A database with one story in it."""
    path = tmp_path / "nutgraf.db"
    async with open_database(f"sqlite:///{path}") as database:
        await Library(Stories(database)).add(BRIDGE, NOON)
    return path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def _texts(library: Library, words: str) -> list[str]:
    result = await library.search(Viewer(), words, 9, NOON)
    return [hit.version.article.text for hit in result.found]


async def _found(path: Path) -> list[str]:
    """The articles that a word of the text finds, and those that a word of the title finds."""
    async with open_database(f"sqlite:///{path}") as database:
        library = Library(Stories(database))
        titled = await library.titled(Viewer(), "bridge")
        return [*await _texts(library, "norby"), *(version.article.text for version in titled)]


async def refused(database: Database, kind: type[StorageError]) -> StorageError:
    """That a write fails, and that reading still tells what was there before."""
    library = Library(Stories(database))
    with pytest.raises(kind) as error:
        await library.add(CHEESE, NOON)
    assert error.value.__cause__ is not None
    assert [version.article for version in await library.newest(Viewer(), 9)] == [BRIDGE]
    return error.value


async def test_a_locked_database_is_read_and_refuses_to_be_written(path: Path) -> None:
    database = Database(f"sqlite:///{path}", busy_seconds=0.1)
    with locked(path):
        await refused(database, DatabaseLocked)
    await Library(Stories(database)).add(CHEESE, NOON)
    await database.close()


async def test_a_full_database_keeps_what_it_has(path: Path) -> None:
    """SQLite is told that its file may not grow, which it answers as it answers a full disk."""
    database = Database(f"sqlite:///{path}")
    async with database.write() as connection:  # there is one connection that writes
        pages = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    big = article("A long story", *(f"Sentence {n} of {'many ' * 40} words." for n in range(400)))
    with pytest.raises(DatabaseFull):
        await Library(Stories(database)).add(big, NOON)
    assert [version.article for version in await Library(Stories(database)).newest(Viewer(), 9)] == [BRIDGE]
    await database.close()


@pytest.mark.usefixtures("path")
def test_a_file_that_may_not_grow_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system itself refuses to write past a limit, in a process of its own."""
    monkeypatch.chdir(tmp_path)
    big = "A long story\n\n" + "\n\n".join(f"Sentence {n} of {'many ' * 40} words." for n in range(400))
    (tmp_path / "big.txt").write_text(big)
    child = os.fork()
    if child == 0:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (_A_LITTLE, resource.RLIM_INFINITY))  # of its write-ahead log too
        result = CliRunner().invoke(app, ["stories", "add", "big.txt"])
        os._exit(7 if result.exit_code == 1 and "the disk is full" in result.stderr else 9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert CliRunner().invoke(app, ["db", "check"]).exit_code == 0


async def test_a_read_only_database_is_read_only(path: Path) -> None:
    database = Database(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(DatabaseReadOnly):
        async with database.write() as connection:
            await connection.execute(text("DELETE FROM story"))
    await database.close()


@pytest.mark.parametrize("damage", ["text", "head", "middle"])
async def test_a_damaged_file_is_told_and_left_as_it_is(path: Path, damage: str) -> None:
    raw = bytearray(path.read_bytes())
    match damage:
        case "text":
            raw = bytearray(b"Dear diary, " * 2000)
        case "head":
            raw[:100] = b"\xff" * 100
        case "middle":
            raw[100:20_000] = b"\xa5" * 19_900
        case _:
            raise AssertionError(damage)
    path.write_bytes(raw)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(DatabaseCorrupt):
        await upgrade(database)
    await database.close()
    assert path.read_bytes() == raw


def test_damage_is_found_by_the_check(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    raw = bytearray(path.read_bytes())
    raw[-30_000:-20_000] = b"\xa5" * 10_000
    path.write_bytes(raw)
    result = CliRunner().invoke(app, ["db", "check"])
    assert result.exit_code == 1
    assert result.stderr.startswith("nutgraf: ")
    assert len(result.stderr) < 5_000, "a screen of it is enough"


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM report_text",
        "UPDATE report_text_data SET block = X'00'",
        "DELETE FROM title_term",
        "INSERT INTO report_text (rowid, terms) VALUES (99, 'ghost')",
    ],
    ids=["lost entries", "broken full text", "lost title words", "entry without a report"],
)
def test_the_search_is_repaired(path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    monkeypatch.chdir(path.parent)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute(damage)
    result = CliRunner().invoke(app, ["db", "check", "--repair"])
    assert result.exit_code == 0, result.output
    assert "Articles that can be searched: 1" in result.stdout
    assert asyncio.run(_found(path)) == [BRIDGE.text] * 2
    assert [one.name for one in path.parent.glob("*.before-repair*")] == ["nutgraf.db.before-repair-1"]


def _redefine(path: Path, before: str, after: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = 'ix_report_updated'", (before, after)
        )
        assert raw.execute("SELECT changes()").fetchone() == (1,)


def test_a_damaged_index_is_repaired(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    _redefine(path, "(updated)", "(current)")
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("REINDEX ix_report_updated")
    _redefine(path, "(current)", "(updated)")
    told = CliRunner().invoke(app, ["db", "check"])
    assert told.exit_code == 1
    assert "ix_report_updated" in told.stderr
    assert "nutgraf db check --repair" in told.stderr
    assert CliRunner().invoke(app, ["db", "check", "--repair"]).exit_code == 0
    assert CliRunner().invoke(app, ["db", "check"]).exit_code == 0


def test_a_schema_that_differs_is_not_repaired(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    _redefine(path, "(updated)", "(current)")
    result = CliRunner().invoke(app, ["db", "check", "--repair"])
    assert result.exit_code == 1
    assert "nutgraf restore FILE" in result.stderr


def test_lost_articles_are_not_repaired_in_silence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    raw = bytearray(path.read_bytes())
    raw[-30_000:-20_000] = b"\xa5" * 10_000
    path.write_bytes(raw)
    result = CliRunner().invoke(app, ["db", "check", "--repair"])
    assert result.exit_code == 1
    assert "nutgraf restore FILE" in result.stderr
    assert path.with_name("nutgraf.db.before-repair-1").read_bytes() == raw


async def test_a_bot_that_runs_is_not_repaired(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    database = Database(f"sqlite:///{path}")
    async with instance_lock(database):
        result = await asyncio.to_thread(CliRunner().invoke, app, ["db", "check", "--repair"])
    assert result.exit_code == 1
    assert "Stop it first" in result.stderr


async def test_articles_missing_in_the_search_are_damage(empty_database_url: str) -> None:
    async with open_database(empty_database_url) as database:
        library = Library(Stories(database))
        await library.add(BRIDGE, NOON)
        async with database.write() as connection:
            await connection.execute(text("DELETE FROM report_text"))
        assert await damages(database) == ["articles that a search cannot find: 1"]
        assert await rebuild_search(database) == 1
        assert await damages(database) == []
        assert await _texts(library, "norby") == [BRIDGE.text]


async def test_damage_is_found_at_the_start(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[-30_000:-20_000] = b"\xa5" * 10_000
    path.write_bytes(raw)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(DatabaseCorrupt):
        await check_at_start(database)
    await database.close()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("sqlite:////nowhere/at/all.db", DatabaseUnreachable),
        ("postgresql://nobody@/none?host=/nowhere", DatabaseUnreachable),
    ],
    ids=["folder", "server"],
)
async def test_what_cannot_be_opened_is_told(url: str, kind: type[StorageError]) -> None:
    database = Database(url)
    with pytest.raises(kind):
        await upgrade(database)
    await database.close()


def test_a_folder_that_cannot_be_written_is_told_as_such(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unopened = sqlite3.OperationalError("unable to open database file")
    unopened.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
    assert isinstance(storage_error(str(path), unopened), DatabaseUnreachable)
    monkeypatch.setattr("bot.storage.database.driver_errors.os.access", lambda *_: False)
    assert isinstance(storage_error(str(path), unopened), DatabaseReadOnly)
    assert isinstance(storage_error("no.db", unopened), DatabaseUnreachable)


@pytest.mark.parametrize(
    ("number", "name", "kind"),
    [
        (errno.EROFS, "n.db.lock", DatabaseReadOnly),
        (errno.ENOSPC, "n.db.lock", DatabaseFull),
        (errno.EACCES, None, DatabaseUnreachable),  # of a connection, which a firewall refuses
    ],
)
def test_errors_of_files_beside_the_database_are_told_as_its_own(
    number: int, name: str | None, kind: type[StorageError]
) -> None:
    found = storage_error("n.db", OSError(number, os.strerror(number), name))
    assert (type(found), found and found.detail) == (kind, os.strerror(number))


@pytest.mark.parametrize("url", ["mysql://u:secret@h/d", "nonsense", "", "oracle://x"])
def test_a_url_of_another_kind_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseUnsupported) as refused:
        Database(url)
    assert "secret" not in refused.value.place


@pytest.mark.parametrize(
    ("prepare", "complaint"),
    [
        ("locked", "is locked by another program"),
        ("diary", "is damaged or is not a database"),
        ("newer", "was written by a newer version of Nutgraf (revision 9999)"),
    ],
)
def test_an_operator_is_told_in_one_line(
    path: Path, monkeypatch: pytest.MonkeyPatch, prepare: str, complaint: str
) -> None:
    monkeypatch.chdir(path.parent)
    (path.parent / "a.txt").write_text("A cheese wins\n\nA goat cheese won a prize.\n")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        if prepare == "locked":
            other.execute("BEGIN IMMEDIATE")
        elif prepare == "newer":
            other.execute("UPDATE alembic_version SET version_num = '9999'")
        if prepare == "diary":
            path.write_bytes(b"Dear diary, " * 2000)
        result = CliRunner().invoke(app, ["stories", "add", "a.txt"])
    assert result.exit_code == 1
    assert complaint in result.stderr
    assert result.stderr.count("\n") == 1


class TestPostgres:
    async def test_a_write_that_waits_for_a_lock_too_long_is_told(self, postgres: Server) -> None:
        url = postgres.new_database()
        async with open_database(url) as database:
            await Library(Stories(database)).add(BRIDGE, NOON)
            async with database.write() as connection:
                await connection.execute(text("SET lock_timeout = 100"))
            with psycopg.connect(url) as other:
                other.execute("LOCK TABLE report IN ACCESS EXCLUSIVE MODE")
                with pytest.raises(DatabaseLocked):
                    async with database.write() as connection:
                        await connection.execute(text("SET LOCAL lock_timeout = 100"))
                        await connection.execute(text("DELETE FROM report"))
            assert len(await Library(Stories(database)).newest(Viewer(), 9)) == 1

    async def test_a_read_only_server_is_told(self, postgres: Server) -> None:
        url = postgres.new_database()
        async with open_database(url) as database:
            await Library(Stories(database)).add(BRIDGE, NOON)
            async with database.write() as connection:
                name = await connection.scalar(text("SELECT current_database()"))
                await connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        database = Database(url)
        await refused(database, DatabaseReadOnly)
        await database.close()

    async def test_a_connection_that_breaks_is_told_and_the_next_one_works(self, postgres: Server) -> None:
        url = postgres.new_database()
        async with open_database(url) as database:
            with pytest.raises(DatabaseUnreachable):
                async with database.write() as connection:
                    pid = await connection.scalar(text("SELECT pg_backend_pid()"))
                    with psycopg.connect(url) as other:
                        other.execute("SELECT pg_terminate_backend(%s)", [pid])
                    await connection.execute(text("SELECT 1"))
            await Library(Stories(database)).add(BRIDGE, NOON)

    async def test_a_wrong_name_is_told(self, postgres: Server) -> None:
        database = Database(postgres.new_database().replace("/test", "/no_such"))
        with pytest.raises(DatabaseUnreachable):
            await upgrade(database)
        await database.close()


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("sqlite:///q.db?mode=ro", "options after ? are not supported"),
        ("postgresql://me:secret@end@127.0.0.1/news", "%40"),
    ],
    ids=["options", "a password with @"],
)
def test_a_url_that_would_be_read_wrongly_is_refused_with_advice(url: str, advice: str) -> None:
    with pytest.raises(DatabaseUnsupported) as refused:
        Database(url)
    assert advice in refused.value.detail
    assert "end" not in refused.value.place
