"""What all tests share."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from briefings.model import Article
from tests.fakes import OpenTalk, Talk, talk_over
from tests.postgres import Server, running_server

# The first example of a test may load a sentence model, and a busy machine may be slow: time is
# measured in tests/benchmarks and nowhere else.
settings.register_profile("nutgraf", deadline=None)
settings.load_profile("nutgraf")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server."""
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/nutgraf.db"
    server: Server = request.getfixturevalue("postgres")
    return server.new_database()


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
