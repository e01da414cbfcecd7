"""Worker processes: limits of time, memory and waiting work. Exceeding one affects only that work."""

from __future__ import annotations

import asyncio
import os
import pickle
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.workers.pool import ANALYSIS, Limits, WorkerPool, running_workers
from briefings import errors
from briefings.analysis import parsing
from briefings.errors import LimitExceeded, SourceError, WorkFailed
from briefings.sources import read_article

_QUICK = Limits(seconds=1.0, megabytes=300, processes=2, waiting=4)


@pytest.fixture(name="pool")
async def _pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(_QUICK)
    await pool.start()
    yield pool
    await pool.close()


def for_ever() -> None:
    while True:
        pass


def much() -> int:
    return len(bytearray(1_000_000_000))


def wrong() -> None:
    raise UnicodeDecodeError("utf-8", b"x", 0, 1, "an error of a library, with five arguments")


def dead() -> None:
    os._exit(3)


async def test_work_is_done_in_another_process(pool: WorkerPool) -> None:
    assert await pool.run(os.getpid) != os.getpid()
    article = await pool.run(read_article, b"A title of some words\n\nA sentence of it. And another one.\n", "x")
    assert article == read_article(b"A title of some words\n\nA sentence of it. And another one.\n", "x")


@pytest.mark.parametrize(("work", "limit"), [(for_ever, "time"), (much, "memory"), (dead, "memory")])
async def test_what_exceeds_a_limit_is_ended_and_the_next_work_is_done(
    pool: WorkerPool, work: object, limit: str
) -> None:
    for _ in range(_QUICK.processes + 1):
        with pytest.raises(LimitExceeded) as caught:
            await pool.run(work)  # type: ignore[arg-type]
        assert caught.value.limit == limit
    assert await pool.run(abs, -1) == 1


async def test_work_may_wait_longer_than_it_may_use_the_processor_but_not_for_ever() -> None:
    async with running_workers(Limits(seconds=0.3, processes=1)) as pool:
        await pool.run(time.sleep, 0.4)
        with pytest.raises(LimitExceeded, match="time"):
            await pool.run(time.sleep, 60)


async def test_the_event_loop_goes_on_while_work_runs_for_ever(pool: WorkerPool) -> None:
    working = asyncio.create_task(pool.run(for_ever))
    turns = 0
    while not working.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 50
    with pytest.raises(LimitExceeded):
        await working


async def test_too_much_work_is_refused_at_once(pool: WorkerPool) -> None:
    working = [asyncio.create_task(pool.run(time.sleep, 0.3)) for _ in range(_QUICK.waiting)]
    await asyncio.sleep(0.05)
    with pytest.raises(LimitExceeded, match="queue"):
        await pool.run(abs, -1)
    await asyncio.gather(*working)
    assert await pool.run(abs, -1) == 1


async def test_an_error_on_purpose_arrives_whole(pool: WorkerPool) -> None:
    with pytest.raises(errors.SourceUnsupported) as caught:
        await pool.run(read_article, b"PK\x03\x04 and more", "a.docx")
    assert (caught.value.name, caught.value.media) == ("a.docx", "ZIP, DOCX, ODT")


async def test_a_mistake_of_ours_arrives_with_its_traceback(pool: WorkerPool) -> None:
    with pytest.raises(WorkFailed, match=r"in wrong(.|\n)*UnicodeDecodeError"):
        await pool.run(wrong)
    assert await pool.run(abs, -1) == 1


async def test_who_is_cancelled_frees_a_worker(pool: WorkerPool) -> None:
    for _ in range(_QUICK.processes + 1):
        working = asyncio.create_task(pool.run(time.sleep, 60))
        await asyncio.sleep(0.05)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
    assert await pool.run(abs, -1) == 1


async def test_closing_ends_what_runs(tmp_path: Path) -> None:
    pool = WorkerPool(Limits(seconds=60))
    mark = tmp_path / "pid"
    working = asyncio.create_task(pool.run(_sleeps, str(mark)))
    while not mark.exists() or not mark.read_text():
        await asyncio.sleep(0.01)
    await pool.close()
    with pytest.raises(asyncio.CancelledError):
        await working
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


def _sleeps(mark: str) -> None:
    Path(mark).write_text(str(os.getpid()))
    time.sleep(60)


@pytest.mark.parametrize(
    "error",
    [
        LimitExceeded("time"),
        errors.StoryChanged("key"),
        errors.SourceTooLarge("a", 5),
        errors.SourceTooLong("a", 5),
        errors.SourceUnsupported("a", "PDF"),
        errors.SourceMalformed("a", "why", 3),
        errors.PdfTooLong("a", 200),
        errors.PageIsNoArticle("a", errors.PageKind.PAYWALL),
        errors.PageMovedOn("a", "b"),
        errors.CertificateInvalid("a", "expired"),
        errors.FetchTimeout("a", 20.0),
        errors.ServerBusy("a", 60.0),
        errors.StatusRefused("a", 404),
        errors.AddressGone("a"),
        *(kind("a") for kind in (errors.SourceEmpty, errors.SourceUndecodable, errors.ArticleNotFound)),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_cross_processes(error: Exception) -> None:
    """One that cannot be made again of its arguments would break the pool."""
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    assert type(copy) is type(error)
    assert vars(copy) == vars(error)


def test_every_error_with_data_is_among_those() -> None:
    own_data = {kind for kind in _kinds(SourceError) if "__init__" in vars(kind)} - {errors._OverLimit}
    assert own_data == {
        errors.SourceUnsupported,
        errors.SourceMalformed,
        errors.PageIsNoArticle,
        errors.PageMovedOn,
        errors.CertificateInvalid,
        errors.FetchTimeout,
        errors.ServerBusy,
        errors.StatusRefused,
        errors.AddressGone,
    }


def _kinds(error: type[SourceError]) -> set[type[SourceError]]:
    return {found for kind in error.__subclasses__() for found in (kind, *_kinds(kind))}


def has_spacy() -> bool:
    return "spacy" in sys.modules


@pytest.mark.skipif(not parsing.is_available(), reason="needs spaCy and its model, the analysis extra")
async def test_only_the_worker_that_finds_claims_has_the_parser(pool: WorkerPool) -> None:
    async with running_workers(ANALYSIS) as analysts:
        assert await analysts.run(has_spacy)
    assert not await pool.run(has_spacy)


def test_a_program_that_stops_does_not_wait_for_workers_that_start(tmp_path: Path) -> None:
    (tmp_path / "slow_to_load.py").write_text("import time\ntime.sleep(600)\n")
    (tmp_path / "program.py").write_text("""
import asyncio
from multiprocessing import context
from bot.workers.pool import running_workers

preload = context.ForkServerContext.set_forkserver_preload
context.ForkServerContext.set_forkserver_preload = lambda self, names: preload(self, ["slow_to_load"])

async def program():
    async with running_workers(), running_workers():
        await asyncio.sleep(0.2)

asyncio.run(program())
""")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), str(tmp_path)])}
    command = [sys.executable, str(tmp_path / "program.py")]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  # ours
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
