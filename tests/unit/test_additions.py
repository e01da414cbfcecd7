"""Adding the articles of files, many at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
from pydantic import SecretStr

from bot.app import open_bot
from bot.cli.adding import InOrder, add_articles
from bot.settings.model import Config
from bot.storage.stories import Stories
from briefings.additions import Added
from briefings.drafts import draft_of_file
from briefings.errors import LimitExceeded, StoryChanged
from briefings.library import Library
from briefings.scope import OPERATOR, Scope
from briefings.workers import InProcess
from tests.databases import new_database
from tests.fakes import NOON

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class NotAtOnce(InProcess):
    """Workers that have no time to read and to analyse an article in one task."""

    async def run(self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        if work is draft_of_file:
            raise LimitExceeded("time")
        return await super().run(work, *args, **kwargs)


class NewestFirst(InProcess):
    """Workers that take the longer the fewer tasks they were given before."""

    def __init__(self) -> None:
        self._pause = 20

    async def run(self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        self._pause -= 1
        for _ in range(self._pause):
            await asyncio.sleep(0)
        return await super().run(work, *args, **kwargs)


@pytest.fixture(name="names")
def _names(tmp_path: Path) -> list[str]:
    # No language is recognised, so that no language model is loaded.
    words = [f"{first}{second}{third}" for first in "bdfgk" for second in "aeiou" for third in ("an", "er", "os", "il")]
    for word in words:
        (tmp_path / f"{word}.txt").write_text(f"Ko {word} Norby\n\nRelu {word} kano {word}pel du.\n")
    return [str(tmp_path / f"{word}.txt") for word in words]


async def test_what_was_added_before_an_interruption_stays_and_the_rest_is_added_step_by_step(
    names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = Config(database=SecretStr(f"sqlite:///{tmp_path}/n.db"))
    async with open_bot(config) as bot:
        adding = asyncio.create_task(add_articles(bot, names, frozenset(), None))
        while not await bot.stories.count(OPERATOR):
            await asyncio.sleep(0)
        adding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await adding
    async with open_bot(config, NotAtOnce()) as bot:
        kept = await bot.stories.count(OPERATOR)
        assert 0 < kept < len(names)
        assert await add_articles(bot, names, frozenset(), None) == 0
        assert await bot.stories.count(OPERATOR) == len(names)
    assert f"{kept} known, {len(names) - kept} new" in capsys.readouterr().out


@pytest.mark.parametrize(("times", "failed"), [(3, 0), (30, 1)])
async def test_a_file_whose_report_another_process_changes_meanwhile_is_added_again_or_named(
    names: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], times: int, failed: int
) -> None:
    refusals = iter(range(times))

    class Busy(InOrder):
        async def add(self, raw: bytes, name: str, received: datetime, scope: Scope) -> Added:
            if name == names[0] and next(refusals, None) is not None:
                raise StoryChanged("key")
            return await super().add(raw, name, received, scope)

    monkeypatch.setattr("bot.cli.adding.InOrder", Busy)
    monkeypatch.setattr("bot.cli.adding.random.random", lambda: 0)
    async with open_bot(Config(database=SecretStr("sqlite://"))) as bot:
        assert await add_articles(bot, names[:3], frozenset(), None) == failed
        assert await bot.stories.count(OPERATOR) == 3 - failed
    said = f"{names[0]} was not added: another process is adding versions of it. Add it again later."
    assert (said in capsys.readouterr().err) == bool(failed)


@pytest.mark.parametrize("address", [None, "https://gazette.example/port"])
async def test_the_last_of_several_files_of_one_report_is_the_current_version(address: str | None) -> None:
    head = f"---\nurl: {address}\n---\n" if address else ""
    files = [
        f"{head}# The port is closed\n\nThe port of Norby is closed for {days} days, it said." for days in range(2, 8)
    ]
    files.insert(3, "")  # is not read
    async with new_database() as database:
        library = Library(Stories(database), workers=NewestFirst())
        in_order = InOrder(library)
        adding = [
            in_order.add(file.encode(), f"{place}.md", NOON + timedelta(seconds=place), Scope())
            for place, file in enumerate(files)
        ]
        added = await asyncio.gather(*adding, return_exceptions=True)
        assert [one.version.number for one in added if isinstance(one, Added)] == [1, 2, 3, 4, 5, 6]
        [newest] = await library.newest(OPERATOR, 9)
        assert "for 7 days" in newest.article.text
