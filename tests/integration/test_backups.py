"""Backups that are made and restored, and moves between SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import errno
import gzip
import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import open_bot, open_database
from bot.delivery.model import State
from bot.jobs import keep_house
from bot.settings.model import Config
from bot.storage.database import exporting
from bot.storage.database.backups import Rotation, back_up_regularly
from bot.storage.database.errors import BackupFailed
from bot.storage.database.instance_lock import instance_lock
from briefings.scope import OPERATOR
from tests.fakes import NOON
from tests.integration.test_operating import FIRST, listed, post_to_the_console
from tests.newsroom import BRIDGE, CHEESE, Newsroom
from tests.postgres import Server
from tests.programs import run


@pytest.fixture(name="folder", autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    return tmp_path


@pytest.fixture(name="database_url")
def _database_url(database_url: str, folder: Path) -> str:
    """A database of either kind with a story, a subscription and a post, named in config.yaml."""
    (folder / "config.yaml").write_text(f"database: {database_url}\n")
    (folder / "bridge.txt").write_text(FIRST)
    assert run("stories", "add", "bridge.txt")[0] == 0
    asyncio.run(post_to_the_console(database_url))
    return database_url


class TestRestoring:
    def test_what_was_changed_since_the_backup_is_undone(self, database_url: str, folder: Path) -> None:
        assert run("backup", "copy")[0] == 0
        run("stories", "remove", str(listed()[0]["id"]), "--yes")
        assert listed() == []
        code, printed, complaint = run("restore", "copy", "--yes")
        assert code == 0, complaint
        assert printed.startswith("Restored and checked: stories: 1, subscriptions: 1, posts: 1, feeds: 0.")
        assert [story["title"] for story in listed()] == ["Bridge collapses"]
        assert run("db", "check")[1] == "No damage found.\n"
        assert ("The former database is" in printed) == database_url.startswith("sqlite")
        if database_url.startswith("sqlite"):
            with closing(sqlite3.connect(folder / "nutgraf.db.before-restore-1")) as former:
                assert former.execute("SELECT count(*) FROM report").fetchone() == (0,)

    @pytest.mark.parametrize("damage", ["cut", "foreign", "missing", "empty"])
    def test_a_damaged_backup_changes_nothing(self, database_url: str, folder: Path, damage: str) -> None:
        copy = folder / "copy"
        run("backup", "copy")
        if damage == "cut":
            copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
        elif damage == "foreign":
            copy.write_bytes(b"PGDMP" if database_url.startswith("sqlite") else b"SQLite format 3\0")
        elif damage == "empty":
            copy.write_bytes(b"")
        else:
            copy.unlink()
        before = sorted(path.name for path in folder.iterdir())
        code, _, complaint = run("restore", "copy", "--yes")
        assert (code, "Nothing was restored" in complaint) == (1, True)
        if damage == "cut" and database_url.startswith("sqlite"):
            assert "copy is damaged. Take another backup." in complaint
        assert len(listed()) == 1
        assert sorted(path.name for path in folder.iterdir() if path.suffix != ".lock") == [
            name for name in before if not name.endswith(".lock")
        ]

    def test_it_is_refused_while_a_bot_runs(self, database_url: str) -> None:
        run("backup", "copy")

        async def locked() -> tuple[int, str, str]:
            async with open_database(database_url) as database, instance_lock(database):
                return await asyncio.to_thread(run, "restore", "copy", "--yes")

        code, _, complaint = asyncio.run(locked())
        assert (code, "Another `nutgraf run`, `worker`, `restore` or `import` is using" in complaint) == (1, True)

    def test_it_asks_first(self, database_url: str) -> None:
        assert database_url
        run("backup", "copy")
        code, _, complaint = run("restore", "copy")
        assert (code, "Where nobody can be asked, write --yes." in complaint) == (1, True)
        assert run("restore", "nothing")[2].startswith("nutgraf: Nothing was restored")
        assert run("restore", "copy", text="n\n")[0] == 1
        assert run("restore", "copy", text="y\n")[0] == 0

    def test_a_backup_is_restored_where_no_database_is(self, folder: Path) -> None:
        (folder / "bridge.txt").write_text(FIRST)
        run("stories", "add", "bridge.txt")
        run("backup", "copy.db")
        (folder / "nutgraf.db").unlink()
        assert run("restore", "copy.db", "--yes")[0] == 0
        assert len(listed()) == 1


class TestRotation:
    async def test_the_newest_are_kept(self, database_url: str, folder: Path) -> None:
        wanted = Rotation(folder / "backups", keep=3, every=timedelta(days=1))
        async with open_database(database_url) as database:
            made = [await back_up_regularly(database, wanted, NOON + timedelta(hours=12 * n)) for n in range(11)]
            assert [one is not None for one in made] == [n % 2 == 0 for n in range(11)]
            assert sorted(wanted.folder.iterdir()) == [one for one in made if one][-3:]
            (wanted.folder / "mine.db").write_text("")
            await back_up_regularly(database, wanted, NOON + timedelta(days=20))
            assert (wanted.folder / "mine.db").exists()

    async def test_a_folder_that_cannot_be_used_is_told(self, database_url: str, folder: Path) -> None:
        (folder / "file").write_text("")
        async with open_database(database_url) as database:
            with pytest.raises(BackupFailed):
                await back_up_regularly(database, Rotation(folder / "file" / "backups"), NOON)

    async def test_operators_are_told_of_a_failure_and_the_bot_goes_on(self, database_url: str, folder: Path) -> None:
        (folder / "file").write_text("")
        config = Config.model_validate({"database": database_url, "backups": {"folder": folder / "file"}})
        async with open_bot(config) as bot:
            await keep_house(bot)
            [alert] = [one for one in await bot.ledger.latest(99) if one.dedup.startswith("alert:backup")]
            assert "No backup could be made" in (alert.payload or "")
            assert alert.state is State.PENDING


class TestMoving:
    @pytest.fixture(name="other_url")
    def _other_url(self, database_url: str, folder: Path, request: pytest.FixtureRequest) -> str:
        """An empty database of the other kind."""
        if not database_url.startswith("sqlite"):
            return f"sqlite:///{folder}/other.db"
        server: Server = request.getfixturevalue("postgres")
        return server.new_database()

    def _move(self, other_url: str, folder: Path) -> tuple[int, str, str]:
        code, printed, complaint = run("export", "all.gz")
        assert code == 0, complaint
        assert "stories: 1, subscriptions: 1, posts: 1" in printed
        (folder / "config.yaml").write_text(f"database: {other_url}\n")
        return run("import", "all.gz")

    def test_everything_arrives(self, database_url: str, other_url: str, folder: Path) -> None:
        assert database_url
        code, printed, complaint = self._move(other_url, folder)
        assert code == 0, complaint
        assert printed.startswith("Imported and counted: stories: 1, subscriptions: 1, posts: 1")
        assert run("db", "check")[0] == 0
        assert [story["title"] for story in listed()] == ["Bridge collapses"]
        [post] = json.loads(run("deliveries", "list", "--json")[1])
        assert (post["state"], post["remote_id"]) == ("sent", "post1")

    def test_new_rows_follow_the_old_ones_and_search_finds_both(
        self, database_url: str, other_url: str, folder: Path
    ) -> None:
        assert database_url
        self._move(other_url, folder)
        (folder / "cheese.txt").write_text("A cheese wins\n\nGoats of the dairy gave milk for the best cheese.\n")
        assert run("stories", "add", "cheese.txt")[0] == 0
        assert len(listed()) == 2

        async def found(words: str) -> int:
            async with open_bot(Config.model_validate({"database": other_url})) as bot:
                return len((await bot.dispatcher.context.library.search(OPERATOR, words, 9, bot.clock())).found)

        assert (asyncio.run(found("bridge")), asyncio.run(found("goats"))) == (1, 1)

    async def test_posts_are_not_sent_again(self, database_url: str, other_url: str, folder: Path) -> None:
        del database_url
        async with open_database(f"sqlite:///{folder}/from.db") as database:
            newsroom = Newsroom(database)
            await newsroom.subscribe()
            await newsroom.add(BRIDGE)
            await newsroom.at(8)
            await newsroom.send()
            await newsroom.add(CHEESE)
        for url, *command in ((f"sqlite:///{folder}/from.db", "export"), (other_url, "import")):
            (folder / "config.yaml").write_text(f"database: {url}\n")
            assert (await asyncio.to_thread(run, *command, "moved.gz"))[0] == 0
        async with open_database(other_url) as database:
            moved = Newsroom(database)
            moved.clock.now = newsroom.clock.now
            assert await moved.at(8, minute=5) == []
            [post] = await moved.at(8, day=15)
            assert "A cheese wins" in (post.payload or "")
            assert "Bridge" not in (post.payload or "")

    def test_a_full_disk_leaves_no_export(
        self, database_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        assert database_url
        monkeypatch.setattr(exporting, "_write_all", full)
        code, _, complaint = run("export", "all.gz")
        said = "Nothing was moved: all.gz cannot be written: No space left on device."
        assert (code, complaint) == (1, f"nutgraf: {said}\n")
        assert not (folder / "all.gz").exists()

    def test_a_database_that_is_not_empty_is_refused(self, database_url: str) -> None:
        assert database_url
        run("export", "all.gz")
        code, _, complaint = run("import", "all.gz")
        assert (code, "is not empty. Write a new database into the settings" in complaint) == (1, True)
        assert len(listed()) == 1

    @pytest.mark.parametrize("damage", ["cut", "text", "lines", "revision", "row", "keys"])
    def test_a_damaged_file_changes_nothing(self, database_url: str, other_url: str, folder: Path, damage: str) -> None:
        assert database_url
        run("export", "all.gz")
        file = folder / "all.gz"
        lines = gzip.decompress(file.read_bytes()).decode().splitlines()
        table = lines.index('{"table": "delivery"}')
        match damage:
            case "cut":
                file.write_bytes(file.read_bytes()[:-100])
            case "text":
                file.write_text("hello")
            case "lines":
                file.write_bytes(gzip.compress(b"[1]\n"))
            case "revision":
                file.write_bytes(gzip.compress("\n".join([lines[0].replace("00", "99"), *lines[1:]]).encode()))
            case "row":
                file.write_bytes(gzip.compress("\n".join([*lines[: table + 1], *lines[table + 2 :]]).encode()))
            case _:
                other = lines[table + 1].replace("slot:", "slat:")
                file.write_bytes(gzip.compress("\n".join([*lines[: table + 1], other, *lines[table + 2 :]]).encode()))
        (folder / "config.yaml").write_text(f"database: {other_url}\n")
        code, _, complaint = run("import", "all.gz")
        foreign = "all.gz was not written by “nutgraf export”. For a backup, use “nutgraf restore”."
        others = {"text": foreign, "lines": foreign, "revision": "Export and import with the same version"}
        assert code == 1
        assert others.get(damage, "Nothing was moved: all.gz is damaged or not complete. Export again") in complaint
        assert listed() == []

    async def test_stories_that_forward_to_later_ones_arrive(self, other_url: str, folder: Path) -> None:
        async with open_database(f"sqlite:///{folder}/from.db") as database, database.write() as connection:
            await connection.execute(text("INSERT INTO story (id, fixed) VALUES (1, 0), (2, 0)"))
            await connection.execute(text("UPDATE story SET merged_into = 2 WHERE id = 1"))
        for url, command in ((f"sqlite:///{folder}/from.db", "export"), (other_url, "import")):
            (folder / "config.yaml").write_text(f"database: {url}\n")
            assert (await asyncio.to_thread(run, command, "moved.gz"))[0] == 0
        async with open_database(other_url) as database, database.read() as connection:
            found = await connection.execute(text("SELECT id, merged_into FROM story ORDER BY id"))
            assert [tuple(row) for row in found] == [(1, 2), (2, None)]
