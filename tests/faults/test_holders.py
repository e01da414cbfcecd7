"""Several processes over one PostgreSQL. They are killed, stopped and cut off, and the server is restarted.

No post is sent twice, none is lost silently, and each part of the work is held by one process at any moment: triggers
in the database note who writes what, and with which epoch.
"""

from __future__ import annotations

import asyncio
import math
import os
import random
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.app import build, open_database
from bot.chats import Destination
from bot.commands.context import Policies
from bot.platforms.discord.posts import DiscordPosts
from bot.platforms.telegram.posts import TelegramPosts
from bot.posting.compositions import PostRenderer
from bot.run import run_bot
from bot.runtime import stopping
from bot.runtime.clock import clock
from bot.runtime.stopping import set_when_told_to_stop
from bot.settings.model import Config
from bot.storage.database.outages import run_through_outages
from bot.storage.database.presence import PRESENCE_SPACE
from bot.storage.shared_queue import SharedQueue
from bot.storage.stories import Stories
from bot.storage.subscriptions import Subscriptions
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import EVERY_DAY, Schedule, Settings, Subscription
from bot.worker import run_worker, take_jobs
from briefings.fetching.client import Client, ClientOptions
from briefings.library import Library
from briefings.scope import Scope
from tests.discord.server import TOKEN as DISCORD_TOKEN
from tests.discord.server import running_discord
from tests.fakes import OPEN, article
from tests.postgres import Server
from tests.soak import SOAK_ONLY, endured
from tests.telegram.server import TOKEN, running_bot_api
from tests.web import running_web

pytestmark = SOAK_ONLY
PROCESSES, WORKERS = 3, 2
CHATS = endured(300, 2500)
FEEDS = endured(40, 500)
FAULTS = endured(9, 60)
#: Between two faults, in seconds.
CALM = endured(0, 2), endured(3, 12)
STOPPED = 60
#: By how much the clocks of the processes are wrong.
SKEWS = timedelta(0), timedelta(minutes=10), timedelta(days=-1)
#: Seconds after which the jobs of a silent worker are given back.
LOST_AFTER = 5
#: The seconds for which a part may be held by nobody after each kind of fault, on a machine that is not overloaded.
LIMITS = {"kill": 5.0, "stop": 5.0, "end": 1.0}
#: Seconds between two looks of an election, and of the stopwatch that tells how much later than that they are.
ROUND = 0.25
GROUPS = ("discord:0", "discord:1")
PARTS = ("discord", *GROUPS, "housekeeping", "telegram", "tick")

_AUDIT = """
CREATE TABLE audit (id bigserial, at timestamptz DEFAULT clock_timestamp(), part text, epoch int, holder text,
                    writer text DEFAULT current_setting('application_name'), what text);
CREATE FUNCTION noted() RETURNS trigger AS $$
DECLARE wanted text := TG_ARGV[0];
BEGIN
    IF wanted = 'platform' THEN wanted := NEW.platform; END IF;
    INSERT INTO audit (part, epoch, holder, what) SELECT part.name, part.epoch, part.holder, TG_ARGV[1]
        FROM part WHERE part.name = wanted;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER begun AFTER UPDATE ON delivery FOR EACH ROW
    WHEN (NEW.state = 'sending' AND OLD.state <> 'sending') EXECUTE FUNCTION noted('platform', 'begun');
CREATE TRIGGER settled AFTER UPDATE ON delivery FOR EACH ROW
    WHEN (OLD.state = 'sending') EXECUTE FUNCTION noted('platform', 'settled');
CREATE TRIGGER due AFTER INSERT ON occasion FOR EACH ROW EXECUTE FUNCTION noted('tick', 'due');
CREATE TRIGGER early AFTER INSERT ON occasion FOR EACH ROW
    WHEN (NEW.due > now() + interval '5 seconds') EXECUTE FUNCTION noted('tick', 'early');
CREATE FUNCTION taken() RETURNS trigger AS $$
BEGIN
    INSERT INTO audit (part, epoch, holder, what) VALUES (NEW.name, NEW.epoch, NEW.holder, 'taken');
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER taken AFTER INSERT OR UPDATE ON part FOR EACH ROW EXECUTE FUNCTION taken();
"""


@dataclass(frozen=True)
class Outside:
    """What is outside of the bot: both platforms and a web site with feeds."""

    telegram: str
    discord: str
    site: str
    accepted: Path

    def posts(self) -> Counter[str]:
        """How often something was posted in each chat."""
        return Counter(line.partition("|")[0] for line in self.accepted.read_text().splitlines() if "|" in line)


@dataclass
class Fleet:
    """The processes of the bot over one database.

    Attributes:
        running: The numbers of the processes of `nutgraf run`.
        workers: Those of `nutgraf worker`.
        faults: The time of each fault, and the parts that the process held which it hit.
    """

    url: str
    outside: Outside
    running: list[int] = field(default_factory=list)
    workers: list[int] = field(default_factory=list)
    faults: list[tuple[str, float, list[str]]] = field(default_factory=list)

    def start(self, kind: list[int]) -> None:
        """Starts a process, and adds it to ``running`` or ``workers``."""
        child = os.fork()
        if child == 0:
            code = 1
            try:
                asyncio.run(_run(self.url, self.outside, is_worker=kind is self.workers))
                code = 0
            finally:
                os._exit(code)
        kind.append(child)

    def hit(self, kind: str, process: int) -> None:
        """Does something to a process, and replaces it if it is gone."""
        held = [name for name, holder in self.query("SELECT name, holder FROM part") if holder == named(process)]
        self.faults.append((kind, time.time(), held))
        if kind == "stop":
            os.kill(process, signal.SIGSTOP)
            time.sleep(STOPPED)
            os.kill(process, signal.SIGCONT)
            return
        if kind == "cut":
            self.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", named(process)
            )
            return
        os.kill(process, signal.SIGTERM if kind == "end" else signal.SIGKILL)
        kin = self.workers if process in self.workers else self.running
        kin.remove(process)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        assert code == (0 if kind == "end" else -signal.SIGKILL)
        self.start(kin)

    def check_running(self) -> None:
        """Checks that no process has ended by itself."""
        for process in (*self.running, *self.workers):
            assert os.waitpid(process, os.WNOHANG)[0] == 0

    def connected(self) -> int:
        """How many processes hold parts or wait for them."""
        self.check_running()
        locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
        return int(self.query(locks, PRESENCE_SPACE)[0][0])

    def end(self) -> None:
        """Stops all processes in order."""
        processes = [*self.running, *self.workers]
        self.running.clear()
        self.workers.clear()
        for process in processes:
            os.kill(process, signal.SIGTERM)
        codes = [os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in processes]
        assert set(codes) == {0}

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def takeovers(self) -> dict[str, list[tuple[float, float]]]:
        """When each part was hit and when it was held again, by the kind of fault."""
        found: dict[str, list[tuple[float, float]]] = {}
        for kind, at, held in self.faults:
            for part in held:
                rows = self.query(
                    "SELECT extract(epoch FROM min(at)) FROM audit WHERE what = 'taken' AND part = %s"
                    " AND at > to_timestamp(%s)",
                    part,
                    at,
                )
                if rows[0][0] is not None:
                    found.setdefault(kind, []).append((at, float(rows[0][0])))
        return found


def named(process: int) -> str:
    return f"{socket.gethostname()}:{process}"


async def _run(url: str, outside: Outside, *, is_worker: bool) -> None:
    """`nutgraf run` or `nutgraf worker`, but for the processes that read foreign texts."""
    stopped = asyncio.Event()
    stopping.PATIENCE = 600.0  # on an overloaded machine a process takes long to end; it is not killed for that
    set_when_told_to_stop(stopped)
    machine, wrong = clock._machine, SKEWS[os.getpid() % len(SKEWS)]
    clock._machine = lambda: machine() + wrong
    work = partial(_work, url, outside, stopped, is_worker=is_worker)
    await run_through_outages(url, work, stopped)


async def _work(url: str, outside: Outside, stopped: asyncio.Event, *, is_worker: bool) -> None:
    config = Config.model_validate(
        {
            "telegram": {"token": TOKEN, "base_url": outside.telegram},
            "discord": {
                "token": DISCORD_TOKEN,
                "base_url": outside.discord,
                "shards": len(GROUPS),
                "shard_groups": len(GROUPS),
            },
            "console": {"enabled": False},
            "jobs": {"lost_after_seconds": LOST_AFTER},
            "feeds": [{"address": f"{outside.site}/feed{number}"} for number in range(FEEDS)],
        }
    )
    port = int(outside.site.rpartition(":")[2])
    async with (
        open_database(f"{url}&application_name={named(os.getpid())}") as database,
        Client(ClientOptions(allowed=frozenset({("127.0.0.1", port)}), pause=0.0), clock) as client,
    ):
        renderers: dict[str, PostRenderer] = {"telegram": TelegramPosts(), "discord": DiscordPosts()}
        queue = SharedQueue(database)
        bot = build(database, OPEN, Policies(), renderers=renderers, client=client, queue=queue)

        async def taking_jobs() -> bool:
            await take_jobs(bot, config, stopped)
            return True

        if is_worker:
            await run_worker(bot, config, stopped)
        else:
            await run_bot(bot, config, [taking_jobs], stopped)


@contextmanager
def outside(folder: Path) -> Iterator[Outside]:
    """Runs the platforms and the web site in a process of their own."""
    addresses, accepted = folder / "addresses", folder / "accepted"
    accepted.touch()
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(_serve(addresses, accepted))
        finally:
            os._exit(0)
    try:
        while not addresses.exists():
            time.sleep(0.01)
        telegram, discord, site = addresses.read_text().split()
        yield Outside(telegram, discord, site, accepted)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@contextmanager
def stopwatch(folder: Path, url: str) -> Iterator[Path]:
    """Runs a process that does what an election does, and writes how late it is. It holds nothing.

    On an overloaded machine, everything is late. This much of a take-over is not the bot's.
    """
    lates = folder / "lates"
    lates.touch()
    child = os.fork()
    if child == 0:
        try:
            _measure(lates, url)
        finally:
            os._exit(0)
    try:
        yield lates
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _measure(lates: Path, url: str) -> None:
    with lates.open("a") as journal:
        while True:
            with suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as connection:
                while True:
                    began = time.time()
                    time.sleep(ROUND)
                    connection.execute("SELECT 1 FROM part")
                    journal.write(f"{time.time()} {time.time() - began - ROUND}\n")
                    journal.flush()


async def _serve(addresses: Path, accepted: Path) -> None:
    with accepted.open("a") as journal:
        async with (
            running_bot_api(journal=journal) as telegram,
            running_discord(journal=journal, is_checked=False, shards=len(GROUPS)) as discord,
            running_web() as site,
        ):
            for number in range(FEEDS):
                text = f"The bridge number {number} at Norby was closed on Monday. Engineers will look at it. " * 3
                page = f"<html><body><article><h1>Bridge {number}</h1><p>{text}</p></article></body></html>"
                link = site.put(f"/page{number}", page, content_type="text/html")
                item = f"<item><title>Bridge {number}</title><link>{link}</link><guid>{link}</guid></item>"
                site.put(f"/feed{number}", f'<rss version="2.0"><channel><title>F</title>{item}</channel></rss>')
            written = addresses.with_suffix(".new")
            written.write_text("\n".join((telegram.url, discord.url, site.url(""))))
            written.rename(addresses)
            await asyncio.Event().wait()


async def _fill(url: str) -> None:
    """A story, and a subscription in each chat that is due within a few minutes."""
    async with open_database(url) as database:
        now = clock()
        found = article("A cheese wins", "A goat cheese won a prize in Norby.", url="https://a.example/1")
        await Library(Stories(database)).add(found, now - timedelta(hours=1), Scope(tags=frozenset({"food"})))
        subscriptions = Subscriptions(database)
        for number in range(CHATS):
            at = (now + timedelta(minutes=number * endured(1, 5) // CHATS)).time().replace(second=0, microsecond=0)
            schedule = Schedule((at,), EVERY_DAY, "UTC")
            for where in (Destination("telegram", str(1000 + number)), Destination("discord", str(5000 + number))):
                settings = Settings(schedule, tags=("food",))
                one = Subscription(0, where, "", settings, now - timedelta(minutes=2), since=now - timedelta(days=1))
                await subscriptions.add(scheduled(one), 9)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_AUDIT)


@pytest.fixture
def idle_fleet(tmp_path: Path, postgres: Server, postgres_template: str) -> Iterator[Fleet]:
    """A fleet without processes. Those that a test starts are killed at the end."""
    with outside(tmp_path) as around:
        url = postgres.new_database(like=postgres_template)
        asyncio.run(_fill(url))
        fleet = Fleet(url, around)
        try:
            yield fleet
        finally:
            for process in (*fleet.running, *fleet.workers):
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)


@pytest.fixture(name="fleet")
def _fleet(idle_fleet: Fleet) -> Fleet:
    for kind, count in ((idle_fleet.running, PROCESSES), (idle_fleet.workers, WORKERS)):
        for _ in range(count):
            idle_fleet.start(kind)
    return idle_fleet


@pytest.mark.timeout(endured(800, 2400))
def test_each_part_is_held_by_one_process_and_goes_on_whatever_happens(
    fleet: Fleet, postgres: Server, tmp_path: Path
) -> None:
    with stopwatch(tmp_path, fleet.url) as lates:
        _hit(fleet, postgres)
        _wait(lambda: is_done(fleet) and fleet.connected() == PROCESSES)
    fleet.end()
    check_posts(fleet)
    check_parts(fleet)
    assert set(fleet.query("SELECT state, count(*) FROM feed_item GROUP BY state")) == {("done", FEEDS)}
    assert fleet.query("SELECT count(*) FROM version")[0][0] == FEEDS + 1
    _check_takeovers(fleet, [tuple(map(float, line.split())) for line in lates.read_text().splitlines()])


def _hit(fleet: Fleet, postgres: Server) -> None:
    chance = random.Random(7)  # noqa: S311  # no secret
    _wait(lambda: len(fleet.query("SELECT 1 FROM part")) == len(PARTS))
    faults = ["stop", *chance.choices(("kill", "kill a worker", "end", "cut"), (3, 2, 2, 1), k=FAULTS - 1)]
    chance.shuffle(faults)
    for number, kind in enumerate(faults):
        time.sleep(chance.uniform(*CALM))
        _wait(lambda: fleet.connected() == PROCESSES)
        if number == len(faults) // 2:
            postgres.restart()
        _wait(lambda: fleet.connected() == PROCESSES)
        holders = [one for one in fleet.running if named(one) in _holders(fleet)]
        fleet.hit(kind, chance.choice(fleet.workers if "worker" in kind else holders or fleet.running))


def _holders(fleet: Fleet) -> set[str]:
    return {holder for (holder,) in fleet.query("SELECT holder FROM part")}


def is_done(fleet: Fleet) -> bool:
    slots = fleet.query("SELECT state FROM occasion")
    posts = fleet.query("SELECT state FROM delivery WHERE state IN ('pending', 'sending')")
    items = fleet.query("SELECT state FROM feed_item WHERE state <> 'pending'")
    return len(slots) == 2 * CHATS and ("pending",) not in slots and not posts and len(items) == FEEDS


def check_posts(fleet: Fleet) -> None:
    states = {chat.partition(":")[2]: state for chat, state in fleet.query("SELECT destination, state FROM delivery")}
    posts = fleet.outside.posts()
    assert len(states) == 2 * CHATS
    assert set(states.values()) <= {"sent", "uncertain"}
    assert max(posts.values()) == 1, "a post was sent twice"
    sent = {chat for chat, state in states.items() if state == "sent"}
    assert sent <= posts.keys(), "a post that is said to be sent was lost"
    assert posts.keys() <= states.keys()


def check_parts(fleet: Fleet) -> None:
    assert fleet.query("SELECT part, what, writer, holder FROM audit WHERE writer <> holder") == []
    assert fleet.query("SELECT at FROM audit WHERE what = 'early'") == []
    for part in PARTS:
        epochs = [epoch for (epoch,) in fleet.query("SELECT epoch FROM audit WHERE part = %s ORDER BY id", part)]
        assert epochs == sorted(epochs), f"two processes had {part} at once"
        assert set(epochs) == set(range(1, max(epochs) + 1))


def _check_takeovers(fleet: Fleet, lates: Sequence[tuple[float, ...]]) -> None:
    """Prints and checks how long each kind of fault left a part without a holder, less what the machine was late."""
    states = Counter(state for (state,) in fleet.query("SELECT state FROM delivery"))
    print(f"\n{dict(states)}")  # noqa: T201  # for who runs it with -s
    longest = {}
    for kind, spans in fleet.takeovers().items():
        found = sorted(end - began for began, end in spans)
        own = [end - began - sum(late for at, late in lates if began < at <= end + ROUND) for began, end in spans]
        longest[kind] = max(own)
        print(  # noqa: T201  # the same
            f"{kind}: {len(found)} take-overs, median {found[len(found) // 2]:.1f} s, longest {found[-1]:.1f} s,"
            f" less what the machine was late {longest[kind]:.1f} s"
        )
    assert {kind: late for kind, late in longest.items() if late > LIMITS.get(kind, math.inf)} == {}


def _wait(is_true: Callable[[], bool]) -> None:
    while not is_true():
        time.sleep(0.2)
