"""The cache of versions: limited in size, one object for each version; long rows are read outside the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import open_database
from bot.storage import version_cache
from bot.storage.briefings import version_of
from bot.storage.database.engine import Database
from bot.storage.stories import Stories
from briefings.caches import clear_text_caches
from briefings.library import Library
from briefings.scope import Viewer
from briefings.sources.plain import parse_plain
from tests.fakes import NOON, version

_VIEWER = Viewer()


@pytest.fixture(name="database")
async def _database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite:///{tmp_path / 'nutgraf.db'}") as database:
        yield database


def _article(number: int) -> str:
    return f"Port {number} is closed\n\nThe mayor of Harwell said on Tuesday that port {number} would be closed."


async def _filled(database: Database, most: int) -> list[str]:
    library = Library(Stories(database))
    return [(await library.add(parse_plain(_article(number)), NOON)).version.id for number in range(most)]


async def test_readers_at_the_same_time_get_the_same_object(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Caches of answers compare versions, and to compare two copies of a long one would hold up everybody."""
    monkeypatch.setattr(version_cache, "_LONG", 1)
    [known] = await _filled(database, 1)
    stories = Stories(database)
    found = await asyncio.gather(*(stories.get(_VIEWER, known) for _ in range(5)))
    assert found[0] is not None
    assert all(one is found[0] for one in found)


async def test_long_versions_are_read_in_a_thread(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def noted(stamp: Any, row: Any) -> Any:
        read.append(threading.get_ident())
        return version_of(stamp, row)

    monkeypatch.setattr(version_cache, "version_of", noted)
    [known] = await _filled(database, 1)
    await Stories(database).get(_VIEWER, known)
    monkeypatch.setattr(version_cache, "_LONG", 1)
    await Stories(database).get(_VIEWER, known)
    assert [one == threading.get_ident() for one in read] == [True, False]


async def test_the_cache_is_bounded_by_characters(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version_cache, "_MOST_CHARACTERS", 5_000)
    cache = version_cache.Versions()
    read: list[str] = []

    def noted(stamp: Any, row: Any) -> Any:
        read.append(row.id)
        return version_of(stamp, row)

    monkeypatch.setattr(version_cache, "version_of", noted)
    names = await _filled(database, 12)
    stories = Stories(database)
    stories._versions = cache
    for name in (*names, *names):
        await stories.get(_VIEWER, name)
    assert len(read) > len(names)  # the first ones had to go
    read.clear()
    await stories.get(_VIEWER, names[-1])
    assert not read


async def test_a_version_that_is_read_while_the_cache_is_cleared_is_not_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody has deleted must not stay in memory."""
    read: list[str] = []

    def cleared(stamp: Any, row: Any) -> Any:
        read.append(row.id)
        clear_text_caches()
        return version_of(stamp, row)

    monkeypatch.setattr(version_cache, "version_of", cleared)
    [known] = await _filled(database, 1)
    stories = Stories(database)
    for _ in range(2):
        assert await stories.get(_VIEWER, known)
    assert len(read) == 2


def test_the_same_text_received_again_is_found_at_once() -> None:
    """Caches of answers compare versions with the same hash, and to compare two long ones takes long."""
    one = version(parse_plain(_article(1)))
    assert hash(one) != hash(replace(one, received=NOON + timedelta(days=1)))
