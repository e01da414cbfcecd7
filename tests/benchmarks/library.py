"""How the library grows: each figure with 100,000 stories beside the same with 10,000, in one run.

The stories are made of 20,000 words whose frequencies fall as those of a language do (Zipf), so that an index has rare
and common words to deal with.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, count, pairwise
from pathlib import Path

from bot.access import Access, Policy
from bot.app import build, open_database
from bot.chats import Destination
from bot.commands.context import Policies, Request
from bot.storage.database.engine import Database
from bot.storage.stories import Stories
from briefings.analysis import brief
from briefings.analysis.terms import terms
from briefings.drafts import draft_of_file
from briefings.model import Article, Briefing, Version, version_id
from briefings.scope import Scope
from briefings.sources.plain import parse_plain
from briefings.story_store import Draft
from tests.benchmarks.limits import at_most

SIZES = (10_000, 100_000)
TURNS = 200
ADDED = 100
FILES = 3000
NOW = datetime(2025, 3, 14, tzinfo=UTC)

_BATCH = 500
_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
_LIBRARIES = "sqlalchemy.ext.asyncio, alembic, pydantic, apscheduler, structlog, rich, typer, yaml"


async def main() -> None:
    """Prints what a command costs with few stories and with many."""
    with tempfile.TemporaryDirectory() as folder:
        figures = {size: await _figures(Path(folder) / f"{size}.db", size) for size in SIZES}
        small, large = (figures[size] for size in SIZES)
        print(f"{'':34}{SIZES[0]:>12,} stories      {SIZES[1]:>12,} stories      ratio of p50")
        for name in small:
            cells = [_percentiles(figures[size][name]) for size in SIZES]
            ratio = statistics.median(large[name]) / statistics.median(small[name])
            print(f"{name:34}{cells[0]:>25}{cells[1]:>27}{ratio:14.2f}")
            if name.startswith(("/search", "/related", "add")):
                middle, slowest = statistics.median(large[name]), _p99(large[name])
                print(f"  {at_most(f'{name}, p50 in ms', middle, 50)}, p99: {at_most(f'{name}, p99', slowest, 150)}")
        plain = statistics.median(large["plain FTS5, two common words"])
        ours = statistics.median(large["/search, two common words"])
        print(f"/search, two common words / the same query of plain FTS5, ranked: {ours / plain:.2f} times")
        raw = _raw_insert(Path(folder) / "raw.db")
        added = statistics.median(small["add a story"]) / statistics.median(raw)
        print(f"adding a story / a bare INSERT of its text, committed to the same disk: {added:.1f} times")


def start_up() -> None:
    """Prints what `nutgraf run` takes until it is ready, and what importing its libraries does."""
    with tempfile.TemporaryDirectory() as folder:
        program = "import resource, time; start = time.perf_counter(); {}; took = time.perf_counter() - start; "
        program += "print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
        bare = [_measured(program.format(f"import {_LIBRARIES}"), folder) for _ in range(5)]
        ours = "from bot.settings.model import Config; import asyncio; from bot.app import open_bot\n"
        ours += "async def main():\n    async with open_bot(Config()): pass\n"
        ready = f"exec({ours + 'asyncio.run(main())'!r})"
        used = [_measured(program.format(ready), folder) for _ in range(5)]
        for place, (name, unit) in enumerate((("time until ready", "s"), ("memory", "MiB"))):
            ours_mid, bare_mid = (statistics.median(one[place] for one in each) for each in (used, bare))
            ratio = ours_mid / bare_mid
            print(f"nutgraf run, {name}: {ours_mid:.2f} {unit}, {ratio:.2f} times importing its libraries alone")


def add_files() -> None:
    """Prints how long `nutgraf stories add` takes for each of many small files, beside reading and analysing one."""
    stories = new_stories()
    texts = [next(stories).version.article.text.encode() for _ in range(ADDED + FILES)]
    # The start of the program, of its workers and of the language model is taken off.
    each = 1000 * (_adding(texts) - _adding(texts[:ADDED])) / FILES
    ratio = each / _analysis(texts[:ADDED])
    said = at_most("nutgraf stories add / reading and analysing the files in one process", ratio, 2.5)
    print(f"nutgraf stories add, {FILES} files: {each:.1f} ms each, {ratio:.2f} times their analysis ({said})")


def _adding(texts: Sequence[bytes]) -> float:
    """The seconds in which the command adds files with these texts."""
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            (Path(folder) / f"{number}.txt").write_bytes(text)
        command = [sys.executable, "-m", "bot", "stories", "add", "."]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        began = time.perf_counter()
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)  # noqa: S603  # our own program
        return time.perf_counter() - began


def _analysis(texts: Sequence[bytes]) -> float:
    """The milliseconds in which one process reads and analyses a text."""
    draft_of_file(texts[0], "0.txt", NOW, Scope(), finds_claims=True)  # loads the word lists
    began = time.perf_counter()
    for text in texts:
        draft_of_file(text, "0.txt", NOW, Scope(), finds_claims=True)
    return 1000 * (time.perf_counter() - began) / len(texts)


async def _figures(path: Path, size: int) -> dict[str, list[float]]:
    """The milliseconds of each thing, turn by turn."""
    stories = new_stories()
    async with open_database(f"sqlite:///{path}") as database:
        for start in range(0, size, _BATCH):
            await Stories(database).import_all(next(stories) for _ in range(start, min(size, start + _BATCH)))
    figures: dict[str, list[float]] = {"start": [await _opened(path) for _ in range(9)]}
    async with _dispatcher(path) as (ask, database):
        words = _vocabulary()
        rare, common = words[9_000:9_400], words[:40]
        for name, commands in {
            "/latest": ["/latest"],
            "/who": ["/who"],
            "/who, a title's words": [f"/who {word}" for word in rare],
            "/search, a rare word": [f"/search {word}" for word in rare],
            "/search, two common words": [f"/search {a} {b}" for a, b in pairwise(common)],
            "/related": [f"/related {word}" for word in rare],
        }.items():
            figures[name] = [await _timed(ask, commands[turn % len(commands)]) for turn in range(TURNS)]
        figures["plain FTS5, two common words"] = _plain_search(path, list(pairwise(common)) * 5)
        bench = build(database, Access(Policy.OPEN), Policies(), now=lambda: NOW)
        library = bench.dispatcher.context.library
        figures["add a story"] = []
        for number in range(ADDED):
            article = parse_plain(f"{next(stories).version.article.text}\n\nIt was number {number}.")
            began = time.perf_counter()
            await library.add(article, NOW + timedelta(days=9))
            figures["add a story"].append(1000 * (time.perf_counter() - began))
    return figures


async def _opened(path: Path) -> float:
    began = time.perf_counter()
    async with _dispatcher(path) as (ask, _):
        await ask("/help")
    return 1000 * (time.perf_counter() - began)


@asynccontextmanager
async def _dispatcher(path: Path) -> AsyncIterator[tuple[Callable[[str], Awaitable[object]], Database]]:
    async with open_database(f"sqlite:///{path}") as database:
        bot = build(database, Access(Policy.OPEN), Policies(), now=lambda: NOW)
        numbers = count()

        async def ask(text: str) -> object:
            return await bot.dispatcher.answer(
                Request(Destination("bench", f"{next(numbers)}"), text, f"{next(numbers)}")
            )

        yield ask, database


async def _timed(ask: Callable[[str], Awaitable[object]], text: str) -> float:
    began = time.perf_counter()
    await ask(text)
    return 1000 * (time.perf_counter() - began)


def _raw_insert(path: Path) -> list[float]:
    """The milliseconds of one row, committed durably, of the text alone."""
    stories = new_stories()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("CREATE TABLE story (text)")
        took = []
        for _ in range(ADDED):
            text = next(stories).version.article.text
            began = time.perf_counter()
            database.execute("INSERT INTO story VALUES (?)", (text,))
            took.append(1000 * (time.perf_counter() - began))
    return took


def _vocabulary() -> list[str]:
    """20,000 words of six letters, the commonest first."""
    words = [a + b + c for a in _SYLLABLES for b in _SYLLABLES for c in _SYLLABLES]
    random.Random(7).shuffle(words)  # noqa: S311  # reproducible filler, no secret
    return words[:20_000]


def new_stories() -> Iterator[Draft]:
    """Stories without end.  They share one form, and so the spans of its briefing."""
    vocabulary = _vocabulary()
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(vocabulary))))
    chance = random.Random(11)  # noqa: S311  # the same
    template: Briefing | None = None
    for number in count():
        words = iter(chance.choices(vocabulary, cum_weights=weights, k=130))
        lines = [" ".join(next(words) for _ in range(6)).capitalize()]
        lines += ["Who is responsible?" if part == 3 else _sentence(words) for part in range(6)]
        text = "\n\n".join(lines)
        template = template or brief(parse_plain(text))
        article: Article = replace(template.article, text=text)
        version = Version(version_id(article), replace(template, article=article), NOW - timedelta(minutes=number))
        yield Draft(
            f"|{version.id}",
            Scope(),
            version,
            is_grouped=False,
            title_terms=tuple(dict.fromkeys(terms(lines[0], None))),
            text_terms=terms(text, article.language),
        )


def _sentence(words: Iterator[str]) -> str:
    return f"{' '.join(next(words) for _ in range(20)).capitalize()}."


def _plain_search(path: Path, pairs: list[tuple[str, str]]) -> list[float]:
    """The milliseconds of full-text queries without our layers: the ten best by BM25."""
    took = []
    with closing(sqlite3.connect(path)) as database:
        for one, other in pairs:
            began = time.perf_counter()
            query = f'"{one}"* AND "{other}"*'
            statement = "SELECT rowid FROM report_text WHERE report_text MATCH ? ORDER BY rank LIMIT 10"
            database.execute(statement, (query,)).fetchall()
            took.append(1000 * (time.perf_counter() - began))
    return took


def _percentiles(took: list[float]) -> str:
    return f"p50 {statistics.median(took):.1f} ms, p99 {_p99(took):.1f} ms"


def _p99(took: list[float]) -> float:
    return sorted(took)[int(0.99 * (len(took) - 1))]


def _measured(program: str, folder: str) -> tuple[float, float]:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(root)!r}); {program}"]
    output = subprocess.check_output(command, cwd=folder, text=True)  # noqa: S603  # our own program
    seconds, memory = output.split()[-2:]
    return float(seconds), float(memory)


if __name__ == "__main__":
    asyncio.run(main())
    start_up()
