"""The commands for operators: the library, the database, the bot."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from bot.access import Access
from bot.app import CONSOLE_USER, build, open_bot, open_database
from bot.chats import Destination
from bot.cli import app
from bot.commands.context import Policies
from bot.delivery.model import Delivery, Settled, State
from bot.jobs import post_due
from bot.platforms.console.chat import CONSOLE
from bot.settings.model import Config
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import Settings, Subscription
from tests.fakes import NOON
from tests.postgres import Server
from tests.programs import ran, run

FIRST = "Bridge collapses\n\nThe bridge at Norby fell into the river. Nobody was hurt.\n"
URL = "---\ntitle: Bridge collapses\nurl: https://gazette.example/bridge\n---\nThe bridge at Norby fell. {more}\n"


@pytest.fixture(name="folder", autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    return tmp_path


def listed() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("stories", "list", "--json")[1])
    return found


async def post_to_the_console(url: str = "sqlite:///nutgraf.db") -> None:
    """Posts a digest of the last day in the terminal."""
    async with open_bot(Config.model_validate({"database": url})) as bot:
        now = bot.clock()
        new = Subscription(0, CONSOLE, CONSOLE_USER, Settings(), now - timedelta(days=2), since=now - timedelta(days=2))
        await bot.subscriptions.add(scheduled(new), 1)
        await post_due(bot)
        await bot.posting.composer.run()  # what a worker would do
        now = bot.clock()
        epoch = await bot.ledger.recover("console", now, None)
        [post] = await bot.ledger.begin(await bot.ledger.due("console", now, 9, frozenset()), now, epoch, None)
        await bot.ledger.settle([Settled(post, State.SENT, now, remote_id="post1")], epoch)


class TestStories:
    @pytest.mark.parametrize("command", ["hide", "remove"])
    @pytest.mark.parametrize("choice", ["edit", "delete", "leave", None])
    def test_hiding_one_offers_to_edit_or_delete_what_was_posted(
        self, folder: Path, command: str, choice: str | None
    ) -> None:
        (folder / "bridge.txt").write_text(FIRST)
        run("stories", "add", "bridge.txt")
        asyncio.run(post_to_the_console())
        number = str(listed()[0]["id"])
        options = [*(["--yes"] if command == "remove" else []), *(["--posts", choice] if choice else [])]
        told = run("stories", command, number, *options)[1]
        assert "Posts that tell it: 1 (chats: 1)." in told
        waiting = json.loads(run("deliveries", "list", "--state", "pending", "--json")[1])
        assert [one["op"] for one in waiting] == ([choice] if choice in {"edit", "delete"} else [])

    @pytest.mark.parametrize(("answer", "op"), [("delete", "delete"), ("edit", "edit"), ("leave", None)])
    def test_hiding_one_asks_whoever_sits_at_the_terminal(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str, op: str | None
    ) -> None:
        (folder / "bridge.txt").write_text(FIRST)
        run("stories", "add", "bridge.txt")
        asyncio.run(post_to_the_console())
        number = str(listed()[0]["id"])
        monkeypatch.setattr("bot.cli.withdrawing.is_interactive", lambda: True)
        result = CliRunner().invoke(app, ["stories", "hide", number], input=f"perhaps\n\n{answer}\n")
        assert result.output.count("Edit them, delete them, or leave them") == 3
        assert "Write one of edit, delete, leave." in result.output
        assert "That is empty. Write an answer" in result.output
        waiting = json.loads(run("deliveries", "list", "--state", "pending", "--json")[1])
        assert [one["op"] for one in waiting] == ([op] if op else [])

    def test_a_line_is_hidden_and_shown_again_and_the_posts_that_have_it_are_edited(self, folder: Path) -> None:
        (folder / "bridge.txt").write_text(FIRST)
        run("stories", "add", "bridge.txt")
        asyncio.run(post_to_the_console())
        number = str(listed()[0]["id"])
        code, told, _ = run("stories", "hide", number, "--line", "nobody was hurt", "--posts", "edit")
        assert (code, told.splitlines()[0]) == (0, "Hidden: Nobody was hurt.")
        assert "1 edited, 0 deleted" in told
        assert "Nobody was hurt" not in run("stories", "show", number)[1]
        [edit] = json.loads(run("deliveries", "list", "--state", "pending", "--json")[1])
        assert edit["op"] == "edit"
        payload = run("deliveries", "show", str(edit["id"]))[1]
        assert "fell into the river" in payload
        assert "Nobody was hurt" not in payload
        assert run("stories", "hide", number, "--line", "Nobody", "--undo")[1].startswith("Shown: Nobody was hurt.\n")
        assert "Nobody was hurt" in run("stories", "show", number)[1]

    @pytest.mark.parametrize(
        ("options", "complaint"),
        [
            (("--line", "a cheese"), "No line of the story has these words."),
            (("--line", "nobody was hurt", "--undo"), "No hidden line has these words."),
        ],
    )
    def test_a_line_that_is_not_there_is_a_complaint(
        self, folder: Path, options: tuple[str, ...], complaint: str
    ) -> None:
        (folder / "bridge.txt").write_text(FIRST)
        run("stories", "add", "bridge.txt")
        code, _, told = run("stories", "hide", str(listed()[0]["id"]), *options)
        assert code == 2
        assert complaint in told

    def test_many_files_are_added_by_workers(self, folder: Path) -> None:
        words = [f"{first}{second}an" for first in "bdfgk" for second in "aeiou"]
        for word in words:
            (folder / f"{word}.txt").write_text(f"The {word} of Norby\n\nA {word} was found in {word}town on Monday.\n")
        (folder / "empty.txt").write_text("")
        code, printed, complaint = run("stories", "add", ".")
        assert (code, printed) == (2, "25 new, 1 not read\n")
        assert "empty.txt" in complaint
        assert len(json.loads(run("stories", "list", "-n", "99", "--json")[1])) == 25
        assert run("stories", "add", ".")[1] == "25 known, 1 not read\n"

    def test_are_joined_and_split(self, folder: Path) -> None:
        (folder / "bridge.txt").write_text(FIRST)
        (folder / "cheese.txt").write_text("A cheese wins\n\nGoats of the dairy gave milk for the best one.\n")
        run("stories", "add", ".")
        ids = [str(one["id"]) for one in listed()]
        assert len({one["story"] for one in listed()}) == 2
        assert run("stories", "join", *ids)[0] == 0
        assert len({one["story"] for one in listed()}) == 1
        assert run("stories", "split", ids[0])[1].startswith("Now a story of its own: ")
        assert len({one["story"] for one in listed()}) == 2
        code, _, complaint = run("stories", "join", ids[0], ids[0])
        assert (code, "two or more reports" in complaint) == (2, True)

    def test_are_added_listed_shown_hidden_and_removed(self, folder: Path) -> None:
        (folder / "bridge.txt").write_text(FIRST)
        code, printed, _ = run("stories", "add", "bridge.txt", "--tag", "local", "-t", "bridges")
        assert code == 0
        assert printed.startswith("new: ")
        [story] = listed()
        assert (story["title"], story["tags"], story["hidden"]) == ("Bridge collapses", ["bridges", "local"], False)
        number = str(story["id"])
        assert "Bridge collapses" in run("stories", "list")[1]
        assert "│ • The bridge at Norby fell" in run("stories", "show", number[:6])[1]
        assert run("stories", "hide", number)[1] == "Hidden: Bridge collapses\n"
        assert listed()[0]["hidden"] is True
        assert run("stories", "hide", number, "--undo")[1] == "Shown: Bridge collapses\n"
        assert run("stories", "remove", number, text="n\n")[0] == 1
        assert len(listed()) == 1
        assert run("stories", "remove", number, "--yes")[1] == "Removed: Bridge collapses\n"
        assert listed() == []

    def test_show_tells_what_changed(self, folder: Path) -> None:
        for more in ("Nobody was hurt.", "Two people were hurt."):
            (folder / "bridge.md").write_text(URL.format(more=more))
            run("stories", "add", "bridge.md")
        printed = run("stories", "show", str(listed()[0]["id"]))[1]
        assert "version 2" in printed
        assert printed.endswith("- Nobody was hurt.\n+ Two people were hurt.\n")

    def test_many_are_added_and_what_cannot_be_read_is_told(self, folder: Path) -> None:
        inner = folder / "articles" / "inner"
        inner.mkdir(parents=True)
        for number in range(5):
            (inner / f"{number}.txt").write_text(f"Story {number}\n\nSomething happened in place {number}.\n")
        (inner / "empty.md").write_text("")
        (inner / "notes.bin").write_text("not taken from a folder")
        code, printed, complaints = run("stories", "add", "articles", "nowhere.txt", "articles/inner/1.txt")
        assert code == 2
        assert printed == "1 known, 5 new, 2 not read\n"
        assert "inner/empty.md is empty" in complaints
        assert "nowhere.txt: there is no such file" in complaints
        assert len(listed()) == 5

    def test_none_that_fits_is_a_complaint(self) -> None:
        run("db", "upgrade")
        for command in (("show",), ("hide",), ("remove", "--yes")):
            code, _, complaint = run("stories", command[0], "ffff", *command[1:])
            assert (code, complaint.count("\n")) == (2, 1)
            assert "`nutgraf stories list` prints the ids" in complaint

    def test_of_the_standard_input(self) -> None:
        assert run("stories", "add", "-", text=FIRST)[0] == 0
        assert len(listed()) == 1


class TestSettings:
    def test_mistakes_are_told_one_a_line_and_nothing_is_done(self, folder: Path) -> None:
        (folder / "config.yaml").write_text("language: xx\nretention_days: 0\n")
        code, printed, complaints = run("stories", "list")
        assert (code, printed) == (2, "")
        assert complaints.splitlines() == [
            'nutgraf: config.yaml: language: "xx" is wrong: write one of en, it, de, fr, es',
            'nutgraf: config.yaml: retention_days: "0" is too small: write 1 or more',
        ]
        assert not (folder / "nutgraf.db").exists()

    def test_a_file_that_is_not_there_is_told(self) -> None:
        code, _, complaint = run("run", "-c", "mine.yaml")
        assert code == 2
        assert "mine.yaml cannot be read: No such file or directory. `nutgraf init` writes one" in complaint


class TestDatabase:
    def test_is_upgraded_checked_and_private(self, folder: Path) -> None:
        assert "The database has the newest schema, 00" in run("db", "upgrade")[1]
        assert run("db", "check")[1] == "No damage found.\n"
        assert (folder / "nutgraf.db").stat().st_mode & 0o077 == 0

    def test_is_backed_up_while_it_is_written_and_restored(self, folder: Path) -> None:
        (folder / "bridge.txt").write_text(FIRST)
        run("stories", "add", "bridge.txt")
        writer = sqlite3.connect(folder / "nutgraf.db", isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM title_term")
        code, printed, _ = run("db", "backup", "copy.db")
        writer.execute("COMMIT")
        writer.close()
        assert code == 0
        assert "To restore it, stop the bot and run nutgraf restore copy.db" in printed
        assert (folder / "copy.db").stat().st_mode & 0o077 == 0
        for leftover in folder.glob("nutgraf.db*"):
            leftover.unlink()
        shutil.copy(folder / "copy.db", folder / "nutgraf.db")
        assert run("db", "check")[0] == 0
        assert [story["title"] for story in listed()] == ["Bridge collapses"]
        with sqlite3.connect(folder / "nutgraf.db") as restored:
            assert restored.execute("SELECT count(*) FROM title_term").fetchone() == (2,)
        restored.close()

    def test_a_backup_and_a_check_change_nothing(self, folder: Path) -> None:
        assert run("db", "check")[0] == 1
        assert run("db", "backup", "copy.db")[0] == 1
        assert list(folder.iterdir()) == []
        run("db", "upgrade")
        with sqlite3.connect(folder / "nutgraf.db") as database:
            database.execute("UPDATE alembic_version SET version_num = '0001'")
        database.close()
        run("db", "backup", "copy.db")
        for name in ("nutgraf.db", "copy.db"):
            with sqlite3.connect(folder / name) as database:
                assert database.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
            database.close()

    @pytest.mark.parametrize("where", ["me:s3cret@db.example/news", "/news?user=me&password=s3cret&host=db.example"])
    def test_a_password_is_on_no_command_line(self, folder: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
        (folder / "bin").mkdir()
        program = folder / "bin" / "pg_dump"
        program.write_text('#!/bin/sh\necho "$@" > arguments\necho "$PGPASSWORD" > password\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}/bin:{os.environ['PATH']}")
        (folder / "config.yaml").write_text(f"database: postgresql://{where}\n")
        assert run("db", "backup", "copy.dump")[0] == 0
        assert "s3cret" not in (folder / "arguments").read_text()
        assert (folder / "password").read_text() == "s3cret\n"

    @pytest.mark.parametrize(
        "url", ["postgresql://me:s3cret", "postgresql:///news?user=me&password=s3cret&host=/nowhere", "sqlite:///", "x"]
    )
    def test_no_complaint_tells_a_password(self, folder: Path, url: str) -> None:
        (folder / "config.yaml").write_text(f"database: {url}\n")
        code, _, complaint = run("stories", "list")
        assert (code, complaint.count("\n")) == (1, 1)
        assert "s3cret" not in complaint

    def test_a_backup_is_never_written_over_another_file(self, folder: Path) -> None:
        run("db", "upgrade")
        (folder / "copy.db").write_text("mine")
        code, _, complaint = run("db", "backup", "copy.db")
        assert code == 1
        assert "copy.db exists already. Choose another file name." in complaint
        assert (folder / "copy.db").read_text() == "mine"

    def test_a_postgresql_is_backed_up_and_restored(self, folder: Path, postgres: Server) -> None:
        url, other = postgres.new_database(), postgres.new_database()
        (folder / "config.yaml").write_text(f"database: {url}\n")
        (folder / "bridge.txt").write_text(FIRST)
        run("stories", "add", "bridge.txt")
        code, printed, complaint = run("db", "backup", "copy.dump")
        assert code == 0, complaint
        assert "nutgraf restore copy.dump" in printed
        program = shutil.which("pg_restore")
        assert program
        subprocess.run([program, f"--dbname={other}", "copy.dump"], check=True)  # noqa: S603  # our own dump
        (folder / "config.yaml").write_text(f"database: {other}\n")
        assert [story["title"] for story in listed()] == ["Bridge collapses"]

    def test_a_url_of_another_kind_is_refused(self, folder: Path) -> None:
        (folder / "config.yaml").write_text("database: mysql://root:s3cret@db/news\n")
        code, _, complaint = run("stories", "list")
        assert code == 1
        assert "is not a supported database" in complaint
        assert "s3cret" not in complaint

    def test_a_server_that_does_not_answer_is_told(self, folder: Path) -> None:
        (folder / "config.yaml").write_text("database: postgresql://me:s3cret@/news?host=/nowhere\n")
        code, _, complaint = run("stories", "list")
        assert code == 1
        assert "Cannot open the database" in complaint
        assert "s3cret" not in complaint
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect("host=/nowhere")


class TestPosts:
    """A chat that subscribed, and a post of it that is in doubt."""

    @pytest.fixture(autouse=True)
    def _posts(self, folder: Path) -> None:
        async def fill() -> None:
            where = Destination("console", "terminal")
            async with open_database(f"sqlite:///{folder}/nutgraf.db") as database:
                access = Access(operators=frozenset({"console:operator"}))
                bot = build(database, access, Policies(), now=lambda: NOON)
                new = Subscription(0, where, "console:operator", Settings(), NOON, since=NOON)
                await bot.subscriptions.add(scheduled(new), 1)
                post = Delivery(0, "1:x:1", 1, where, "the text", NOON, NOON + timedelta(days=1))
                await bot.occasions.enqueue([post], NOON)
                epoch = await bot.ledger.recover("console", NOON, None)
                await bot.ledger.begin(await bot.ledger.due("console", NOON, 1, frozenset()), NOON, epoch, None)
                await bot.ledger.recover("console", NOON, None)

        asyncio.run(fill())

    def test_are_listed_and_shown(self) -> None:
        [post] = json.loads(run("deliveries", "list", "--json")[1])
        assert (post["state"], post["destination"]) == ("uncertain", "console:terminal")
        assert "uncertain" in run("deliveries", "list", "--state", "uncertain", "--for", "console:terminal")[1]
        assert json.loads(run("deliveries", "list", "--state", "sent", "--json")[1]) == []
        assert json.loads(run("deliveries", "show", "1")[1])["payload"] == "the text"

    def test_are_listed_with_the_time_of_sending_and_the_last_error(self) -> None:
        run("deliveries", "resolve", "1")
        said = run("deliveries", "list")[1]
        assert said.count("2025-03-14 12:00") == 2  # created and sent
        assert "the bot was stopped before the platform answered" in " ".join(said.split())

    @pytest.mark.parametrize(
        ("command", "state"),
        [(("resolve", "1"), "sent"), (("resolve", "1", "--lost"), "dead"), (("retry", "1"), "pending")],
        ids=["arrived", "lost", "again"],
    )
    def test_in_doubt_are_decided_by_a_person(self, command: tuple[str, ...], state: str) -> None:
        assert run("deliveries", *command)[1] == f"Post 1 is {state} now.\n"
        assert json.loads(run("deliveries", "show", "1")[1])["state"] == state

    @pytest.mark.parametrize(
        ("command", "said", "state"),
        [
            (("resolve", "--all"), "1 post is sent now.", "sent"),
            (("resolve", "--all", "--lost"), "1 post is dead now.", "dead"),
            (("retry", "--all", "--because", "bot was stopped"), "1 post is pending now.", "pending"),
            (("retry", "--all", "--because", "reset"), "0 posts are pending now.", "uncertain"),
        ],
    )
    def test_all_in_doubt_are_decided_at_once(self, command: tuple[str, ...], said: str, state: str) -> None:
        assert run("deliveries", *command)[1] == f"{said}\n"
        assert json.loads(run("deliveries", "show", "1")[1])["state"] == state

    @pytest.mark.parametrize("command", [("retry",), ("resolve", "1", "--all"), ("retry", "1", "--because", "reset")])
    def test_one_or_all_have_to_be_named(self, command: tuple[str, ...]) -> None:
        code, _, complaint = run("deliveries", *command)
        assert code == 2
        assert "with --all" in complaint

    def test_that_are_not_there_or_not_in_doubt_are_complaints(self) -> None:
        assert "There is no post 9" in run("deliveries", "show", "9")[2]
        assert "There is no post 9" in run("deliveries", "retry", "9")[2]
        assert run("subscriptions", "remove", "1")[0] == 0
        assert "its chat has unsubscribed" in run("deliveries", "retry", "1")[2]
        code, _, complaint = run("deliveries", "list", "--for", "nowhere")
        assert code == 2
        assert "write platform:chat" in complaint

    def test_subscriptions_are_listed(self) -> None:
        [subscription] = json.loads(run("subscriptions", "list", "--json")[1])
        assert (subscription["destination"], subscription["times"]) == ("console:terminal", ["08:00"])
        assert "console:terminal" in run("subscriptions", "list")[1]

    def test_a_digest_is_shown_and_not_sent(self, folder: Path) -> None:
        (folder / "bridge.txt").write_text(FIRST)
        run("stories", "add", "bridge.txt")
        assert "Digest: 1 story" in run("digest", "--for", "console:terminal")[1]
        assert "Digest: 1 story" in run("digest", "--for", "console:terminal")[1]
        assert len(json.loads(run("deliveries", "list", "--json")[1])) == 1
        code, _, complaint = run("digest", "--for", "console:nobody")
        assert code == 2
        assert "has no subscription" in complaint


class TestRun:
    @contextmanager
    def _start(self, *options: str) -> Iterator[subprocess.Popen[str]]:
        command = [sys.executable, "-m", "bot", "run", *options]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUNBUFFERED": "1"}
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment) as process:  # noqa: S603  # ourselves
            try:
                yield process
            finally:
                process.kill()

    def _until(self, process: subprocess.Popen[str], said: str) -> str:
        assert process.stdout
        read = ""
        while said not in read:
            line = process.stdout.readline()
            assert line, read
            read += line
        return read

    def test_answers_and_stops_cleanly_on_sigterm(self, folder: Path) -> None:
        (folder / "bridge.txt").write_text(FIRST)
        run("stories", "add", "bridge.txt")
        with self._start() as process:
            assert process.stdin
            process.stdin.write("/latest\n")
            process.stdin.flush()
            self._until(process, "Bridge collapses")
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "started" in errors
        assert "stopped" in errors
        assert "Traceback" not in errors

    def test_remembers_after_a_restart_what_its_answers_were_about(self, folder: Path) -> None:
        (folder / "config.yaml").write_text("log: {format: json}\nlanguage: it\n")
        (folder / "bridge.txt").write_text(FIRST)
        (folder / "cheese.txt").write_text("A cheese wins\n\nA goat cheese won a prize in Norby on Monday.\n")
        run("stories", "add", "bridge.txt")
        run("stories", "add", "cheese.txt")
        for typed, answer in (("/latest", "Rispondi con >1"), (">1 /summary 2", "The bridge at Norby fell")):
            with self._start("-c", "config.yaml") as process:
                assert process.stdin
                process.stdin.write(f"{typed}\n")
                process.stdin.flush()
                self._until(process, answer)
                process.send_signal(signal.SIGTERM)
                _, errors = process.communicate(timeout=60)
            assert json.loads(errors.splitlines()[0])["event"] == "bot_started"

    def test_what_is_older_than_the_settings_keep_goes_at_the_start(self, folder: Path) -> None:
        (folder / "bridge.txt").write_text(FIRST)
        run("stories", "add", "bridge.txt")
        with sqlite3.connect(folder / "nutgraf.db") as database:
            database.execute("UPDATE report SET updated = '2001-01-01 00:00:00.000000'")
        database.close()
        with self._start() as process:
            assert process.stderr
            while "stories_pruned" not in (line := process.stderr.readline()):
                assert line
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
        assert listed() == []

    def test_a_database_that_cannot_be_opened_is_one_line_and_exit_code_1(self, folder: Path) -> None:
        (folder / "config.yaml").write_text("database: sqlite:///nowhere/at/all.db\n")
        ended = ran(folder, "run")
        assert ended.returncode == 1
        assert ended.stderr.count("\n") == 1
        assert "Cannot open the database" in ended.stderr

    def test_a_folder_that_takes_no_lock_is_one_line_and_exit_code_1(self, folder: Path) -> None:
        (folder / "config.yaml").write_text("database: sqlite:///n.db\n")
        (folder / "n.db.lock").mkdir()  # whoever runs the tests may write in any folder
        ended = ran(folder, "run")
        assert ended.returncode == 1
        assert ended.stderr.count("\n") == 1
        assert "Traceback" not in ended.stderr

    def test_a_damaged_file_is_one_line_and_exit_code_1(self, folder: Path) -> None:
        (folder / "config.yaml").write_text("database: sqlite:///n.db\n")
        run("db", "upgrade", "-c", "config.yaml")
        raw = bytearray((folder / "n.db").read_bytes())
        raw[-30_000:-20_000] = b"\xa5" * 10_000
        (folder / "n.db").write_bytes(raw)
        ended = ran(folder, "run")
        assert ended.returncode == 1
        assert ended.stderr.count("\n") == 1


class TestSubscriptions:
    def test_are_paused_resumed_and_removed_by_their_number(self, folder: Path) -> None:
        (folder / "bridge.txt").write_text(FIRST)
        run("stories", "add", "bridge.txt")
        asyncio.run(post_to_the_console())
        assert run("subscriptions", "pause", "1")[1] == "Paused: subscription 1 of console:terminal.\n"
        assert "paused: the bot's operator paused it" in run("subscriptions", "list")[1]
        assert run("subscriptions", "resume", "1")[1] == "Resumed: subscription 1 of console:terminal.\n"
        assert "paused" not in run("subscriptions", "list")[1]
        assert run("subscriptions", "remove", "1")[1] == "Removed: subscription 1 of console:terminal.\n"
        assert json.loads(run("subscriptions", "list", "--json")[1]) == []

    @pytest.mark.parametrize("command", ["pause", "resume", "remove"])
    def test_one_that_is_not_there_is_an_error(self, command: str) -> None:
        run("db", "upgrade")
        code, _, said = run("subscriptions", command, "9")
        assert (code, said) == (
            2,
            "nutgraf: There is no subscription 9; `nutgraf subscriptions list` prints the numbers.\n",
        )

    def test_one_that_access_does_not_admit_is_not_resumed(self, folder: Path) -> None:
        (folder / "config.yaml").write_text("access: closed\nconsole:\n  enabled: true\n")
        asyncio.run(_subscribe_a_stranger())
        code, _, said = run("subscriptions", "resume", "1")
        assert (code, said) == (
            2,
            "nutgraf: The settings do not admit test:1; add test:1 to `allow`.\n",
        )


async def _subscribe_a_stranger() -> None:
    async with open_bot(Config()) as bot:
        new = Subscription(0, Destination("test", "1"), "test:1", Settings(), bot.clock())
        await bot.subscriptions.add(scheduled(new), 1)
