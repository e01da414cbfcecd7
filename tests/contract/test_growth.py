"""What a command costs the database does not grow with the library: counted in steps of SQLite, not in time."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from bot.access import Access, Policy
from bot.app import build, open_database
from bot.chats import Destination
from bot.commands.context import Policies, Request
from bot.storage.database import inline
from bot.storage.stories import Stories
from tests.benchmarks.library import NOW, new_stories

FEW, MANY = 150, 750
#: Without /search and /related, which read the entries of their words in the full-text index.
COMMANDS = ("/latest", "/summary", "/who", "/when", "/claims", "/timeline", "/status", "/subscriptions")
#: SQLite counts in steps of its virtual machine, https://www.sqlite.org/c3ref/progress_handler.html
_STEPS = 20


@pytest.fixture(name="steps")
def _steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The steps of all statements so far."""
    taken = [0]
    execute = inline._Cursor.execute

    def step() -> int:
        taken[0] += _STEPS
        return 0

    def counted(cursor: inline._Cursor, *arguments: Any) -> inline._Cursor:
        cursor.connection.set_progress_handler(step, _STEPS)
        return execute(cursor, *arguments)

    monkeypatch.setattr(inline._Cursor, "execute", counted)
    return taken


async def _costs(stories: int, steps: list[int]) -> dict[str, int]:
    """The steps of each command in a library of that many stories, the second time."""
    drafts, numbers = new_stories(), count()
    async with open_database("sqlite://") as database:
        for _ in range(0, stories, FEW):
            await Stories(database).import_all(next(drafts) for _ in range(FEW))
        bot = build(database, Access(Policy.OPEN), Policies(), now=lambda: NOW)
        costs, before = {}, steps[0]
        await Stories(database).displaced("|https://example.org/page")
        costs["former reports of an address"] = steps[0] - before
        for command in COMMANDS:
            for user in ("1", "2"):
                before = steps[0]
                await bot.dispatcher.answer(Request(Destination("test", f"{next(numbers)}"), command, user))
                costs[command] = steps[0] - before
    return costs


async def test_commands_cost_the_same_in_a_large_library(steps: list[int]) -> None:
    few, many = await _costs(FEW, steps), await _costs(MANY, steps)
    assert sum(few.values()) > 0
    grown = {command: (few[command], many[command]) for command in many if many[command] > 2 * few[command] + 2_000}
    assert grown == {}
