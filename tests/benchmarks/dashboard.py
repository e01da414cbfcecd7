"""The dashboard's pages with 100,000 stories and a million posts: how long each takes, and what they cost the answers.

``python -m tests.benchmarks.dashboard FILE`` keeps the database in a file, since it takes minutes to make.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from sqlalchemy import insert

from bot.access import Access, Policy
from bot.answers.stories import brief_view
from bot.app import build, open_database
from bot.chats import Destination
from bot.commands.context import Policies
from bot.delivery.model import State
from bot.feeds.model import FeedSource
from bot.i18n import Translator
from bot.platforms.telegram.posts import TelegramPosts
from bot.posting.scheduler import Runs
from bot.runtime.logging import set_up_logging
from bot.settings.operating import WebConfig
from bot.storage.database.tables import subscription
from bot.storage.parts import Parts
from bot.storage.stories import Stories
from bot.storage.subscriptions import subscription_row
from bot.storage.vitals import VitalsStore
from bot.subscriptions.edits import scheduled
from bot.subscriptions.model import Settings, Subscription
from bot.web.health import Checkup
from bot.web.server import application
from bot.web.site import Site
from briefings.fetching.client import Client, ClientOptions
from briefings.scope import OPERATOR
from tests.benchmarks import watching
from tests.benchmarks.library import NOW, new_stories
from tests.benchmarks.limits import at_most
from tests.contract.test_health import Platform
from tests.fakes import Clock

STORIES, POSTS, SUBSCRIPTIONS, FEEDS, ITEMS = 100_000, 1_000_000, 10_000, 1_000, 200_000
TURNS = 100
USER = "telegram:9"
_DAYS = 60
#: So many stories are written. The others are copies of them: their texts are searched for elsewhere
#: (`tests.benchmarks.library`).
_WRITTEN = 2_500
#: The state of most posts, and of every so many one of the others.
_STATES = ((997, State.UNCERTAIN), (499, State.DEAD), (97, State.EXPIRED), (4001, State.PENDING))


async def main(kept: Path | None = None) -> None:
    """Prints how long each page takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = kept or Path(folder) / "dashboard.db"
        if not path.exists():
            await _fill(path)
        async with open_database(f"sqlite:///{path}") as database, Client(ClientOptions(), lambda: NOW) as client:
            access, clock = Access(Policy.OPEN, frozenset({USER})), Clock(NOW)
            runs = Runs()
            renderers = {"telegram": TelegramPosts()}
            bot = build(database, access, Policies(), now=clock, renderers=renderers, client=client)
            vitals, platforms = VitalsStore(database), [Platform("telegram")]
            checkup = Checkup(vitals, platforms, runs, NOW, bot.clock, Parts(database), "bench:1")
            site = Site(bot, checkup, WebConfig(enabled=True))
            async with TestClient(TestServer(application(checkup, site))) as browser:
                await browser.post(f"/sign-in/{await bot.sign_ins.new_link(USER)}")
                for name, paths, limit in await _pages(site):
                    await _measure(browser, name, paths, limit)
                await watching.measure(bot, browser, USER, clock, runs)


async def _pages(site: Site) -> list[tuple[str, list[str], float]]:
    """Returns the pages with their addresses, one of which is taken at each turn, and the limit of the p99."""
    reports = await site.bot.stories.newest(OPERATOR, TURNS)
    stories = [f"/stories/{report.version.id}" for report in reports]
    deep = [f"/posts?before={POSTS - turn * 9_000}" for turn in range(TURNS)]
    found = [f"/posts?state={state}&before={POSTS - turn * 9_000}" for turn in range(TURNS) for _, state in _STATES[:3]]
    numbers = range(1, SUBSCRIPTIONS, SUBSCRIPTIONS // TURNS)
    words = [line.split()[0] for line in (report.version.article.text for report in reports)]
    return [
        ("overview", ["/"], 200),
        ("posts", ["/posts", *deep], 200),
        ("posts in one state", found, 200),
        ("posts of one chat", [f"/posts?chat=telegram:{number}" for number in numbers], 200),
        ("posts of one day", [f"/posts?day={NOW.date() - timedelta(days=back)}" for back in range(_DAYS)], 200),
        ("one post", [f"/posts/{POSTS - turn}" for turn in range(TURNS)], 200),
        ("stories", ["/stories", *(f"/stories?before={STORIES - 900 * turn}" for turn in range(TURNS))], 200),
        ("stories, searched", [f"/stories?q={word}" for word in words], 200),
        ("one story", stories, 200),
        ("the question before one is removed", [f"{path}/remove" for path in stories], 200),
        ("feeds", [f"/feeds?after={number}" for number in range(FEEDS)], 200),
        ("subscriptions", [f"/subscriptions?after={number}" for number in numbers], 200),
        ("one subscription", [f"/subscriptions/{number}" for number in numbers], 200),
        ("/metrics", ["/metrics"], 20),
    ]


async def _measure(browser: TestClient[Request, Application], name: str, paths: list[str], limit: float) -> None:
    took: list[float] = []
    busy = time.process_time()
    for turn in range(TURNS + 1):
        began = time.perf_counter()
        async with browser.get(paths[turn % len(paths)]) as response:
            await response.read()
            assert response.status == 200, paths[turn % len(paths)]
        took.append(1000 * (time.perf_counter() - began))
    busy = 1000 * (time.process_time() - busy) / len(took)
    slowest = sorted(took[1:])[int(0.99 * (TURNS - 1))]
    said = at_most(f"dashboard, {name}, p99 in ms", slowest, limit)
    middle, first = statistics.median(took[1:]), took[0]
    print(
        f"{name:34} p50 {middle:6.1f} ms, p99 {slowest:6.1f} ms ({said}); the first {first:.1f} ms;"
        f" {busy:.1f} ms of processor each"
    )


async def _fill(path: Path) -> None:
    """Makes a database with stories, subscriptions, feeds and posts."""
    stories = new_stories()
    async with open_database(f"sqlite:///{path}") as database, Client(ClientOptions(), lambda: NOW) as client:
        await Stories(database).import_all(next(stories) for _ in range(_WRITTEN))
        bot = build(database, Access(Policy.OPEN), Policies(), now=lambda: NOW, client=client)
        assert bot.ingest is not None
        for number in range(FEEDS):
            await bot.ingest.add(FeedSource(f"https://news{number}.example/feed"))
        usual = scheduled(Subscription(0, Destination("telegram", "1"), USER, Settings(), NOW, since=NOW))
        subscribed = [
            subscription_row(usual) | {"destination": f"telegram:{chat}"} for chat in range(1, SUBSCRIPTIONS + 1)
        ]
        async with database.write(long_running=True) as connection:
            await connection.execute(insert(subscription), subscribed)
        [report] = await bot.stories.newest(OPERATOR, 1)
    payload = TelegramPosts().payload(brief_view(report.version, ()), Translator("en"), silent=False)
    with closing(sqlite3.connect(path)) as raw:
        for pragma in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-1000000"):
            raw.execute(f"PRAGMA {pragma}")
        _copy_stories(raw)
        is_index = "type = 'index' AND tbl_name = 'delivery' AND sql IS NOT NULL"
        indexes = raw.execute(f"SELECT name, sql FROM sqlite_master WHERE {is_index}").fetchall()
        for name, _ in indexes:  # they are made faster at the end
            raw.execute(f"DROP INDEX {name}")
        first, *_ = _posts(payload, 1)
        names, marks = ", ".join(first), ", ".join(f":{name}" for name in first)
        raw.executemany(f"INSERT INTO delivery ({names}) VALUES ({marks})", _posts(payload, POSTS))
        each = POSTS // STORIES
        rows = ((f"telegram:{one % SUBSCRIPTIONS + 1}", (one - 1) // each + 1, one) for one in range(1, POSTS + 1))
        raw.executemany("INSERT INTO told (destination, report, number, occasion, part) VALUES (?, ?, 1, ?, 1)", rows)
        for _, sql in indexes:
            raw.execute(sql)
        _fill_more(raw)
        raw.commit()
        raw.execute("PRAGMA journal_mode=WAL")


def _copy_stories(raw: sqlite3.Connection) -> None:
    """Copies the stories, each copy as an older story of its own, until there are enough."""
    for shift in range(_WRITTEN, STORIES, _WRITTEN):
        for statement in _COPIES:
            raw.execute(statement, {"shift": shift, "written": _WRITTEN})
    raw.execute("UPDATE term SET reports = reports * ?", (STORIES // _WRITTEN,))


_EARLIER = "strftime('%Y-%m-%d %H:%M:%S.000000', {}, '-' || :shift || ' minutes')"
_COPIES = (
    "INSERT INTO story (id) SELECT id + :shift FROM story WHERE id <= :written",
    'INSERT INTO report (id, "key", story, owner, hidden, site, current, updated)'
    " SELECT id + :shift, '|' || (id + :shift), story + :shift, owner, hidden, site, printf('%012x', id + :shift),"
    f" {_EARLIER.format('updated')} FROM report WHERE id <= :written",
    "INSERT INTO version (id, report, number, received, briefing) SELECT printf('%012x', report + :shift),"
    f" report + :shift, number, {_EARLIER.format('received')}, briefing FROM version WHERE report <= :written",
    "INSERT INTO title_term (term, report) SELECT term, report + :shift FROM title_term WHERE report <= :written",
    "INSERT INTO report_text (rowid, terms) SELECT rowid + :shift, terms FROM report_text WHERE rowid <= :written",
)


def _fill_more(raw: sqlite3.Connection) -> None:
    """Shows some of the newest stories in every chat, adds the items of the feeds, and pauses chats and feeds."""
    raw.executemany(
        "INSERT OR IGNORE INTO told (destination, report, number, occasion, part)"
        " SELECT destination, ?, 1, occasion, 1 FROM delivery WHERE id > ?",
        [(story, POSTS - SUBSCRIPTIONS) for story in range(1, 6)],
    )
    step = timedelta(days=_DAYS) / ITEMS
    moments = ((number, _written(NOW - step * (ITEMS - number))) for number in range(1, ITEMS + 1))
    raw.executemany(
        "INSERT INTO feed_item (feed, key, fingerprint, state, attempts, not_before, found, seen, version)"
        " VALUES (?, ?, 'x', ?, 0, ?, ?, ?, 'x')",
        (
            (number % FEEDS + 1, f"item {number}", "failed" if number % 50 == 0 else "done", found, found, found)
            for number, found in moments
        ),
    )
    raw.execute("UPDATE subscription SET next_due = NULL, paused = '' WHERE id % 4 = 0")
    raw.execute("UPDATE subscription SET next_due = NULL, paused = 'blocked' WHERE id % 400 = 1")
    failed = json.dumps(["FetchError", "the server answers with 500"])
    raw.execute("UPDATE feed SET failures = 3, error = ?, last_read = next_poll WHERE id % 20 = 0", (failed,))
    raw.execute("UPDATE feed SET last_read = next_poll, title = 'The News of Town ' || id WHERE id % 20 != 0")


def _posts(payload: str, count: int) -> Iterator[dict[str, object]]:
    step = timedelta(days=_DAYS) / POSTS
    for number in range(1, count + 1):
        moment = _written(NOW - _DAYS * timedelta(days=1) + step * number)
        state = next((state for each, state in _STATES if number % each == 0), State.SENT)
        chat = number % SUBSCRIPTIONS + 1
        yield {
            "id": number, "dedup": f"{chat}:slot:{number}:1", "platform": "telegram", "subscription": chat,
            "occasion": number, "destination": f"telegram:{chat}", "op": "post", "target": None, "part": 1, "parts": 1,
            "not_before": moment, "expires_at": moment, "state": state.value, "epoch": 1, "attempts": 1,
            "composition": json.dumps({}), "payload": payload, "remote_id": str(number), "sending_at": moment,
            "error": None if state is State.SENT else "the connection broke", "created": moment, "resends": 0,
        }  # fmt: skip


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


if __name__ == "__main__":
    set_up_logging("info", as_json=False)
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
