"""Fixtures for all tests."""

from __future__ import annotations

import asyncio
import logging
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import settings

from bot.app import open_database
from briefings import drafts
from briefings.model import Article
from tests.fakes import OpenTalk, Talk, talk_over
from tests.postgres import Server, running_server
from tests.soak import give_time

# Examples have no time limit: the first one may load a language model. Time is only measured in tests/benchmarks.
# Tracebacks are printed without local variables, which can take seconds.
*_PROCESSORS, _ = structlog.get_config()["processors"]
_RENDERER = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure([*_PROCESSORS, _RENDERER])
# `make test` tries the same examples each time, so that a change fails by its own fault. `make fuzz` tries new ones.
settings.register_profile("random", deadline=None, max_examples=1000)
settings.register_profile("nutgraf", deadline=None, derandomize=True)
settings.load_profile("nutgraf")


# The same articles are added to the library in hundreds of tests.
drafts.brief = lru_cache(maxsize=200)(drafts.brief)  # type: ignore[attr-defined]  # a pure function that it imports


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    give_time(items)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the current schema. Tests use copies, which take less time than migrations."""
    path = tmp_path_factory.mktemp("template") / "nutgraf.db"
    asyncio.run(_create_schema(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    """The URL of a PostgreSQL database with the current schema, to be copied."""
    url = postgres.new_database()
    asyncio.run(_create_schema(url))
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new database with the current schema, once of each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "nutgraf.db")
        return f"sqlite:///{tmp_path}/nutgraf.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def postgres_url(postgres: Server, postgres_template: str) -> Iterator[str]:
    """The URL of a new PostgreSQL database with the current schema."""
    url = postgres.new_database(like=postgres_template)
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new database without tables, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/nutgraf.db"
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.new_database()
    yield url
    server.drop(url)


async def _create_schema(url: str) -> None:
    async with open_database(url):
        pass


@pytest.fixture(name="open_talk")
async def _open_talk() -> AsyncIterator[OpenTalk]:
    async with AsyncExitStack() as stack:

        async def open_one(*articles: Article, **more: Any) -> Talk:
            return await stack.enter_async_context(talk_over(*articles, **more))

        yield open_one


@pytest.fixture
def unused_tcp_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(autouse=True)
def _log_handlers() -> Iterator[None]:
    """Takes away the handlers of a test that sets up logging: they write to a stream that is closed by then."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
