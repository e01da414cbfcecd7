"""No transaction of an update waits for workers or Telegram: it holds up others, and the server ends it soon."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.platforms.telegram import elsewhere, rights
from bot.storage.database.engine import Database
from tests.telegram.talk import ANN, CHANNEL, TelegramTalk, telegram_talk
from tests.telegram.test_channels import ALLOWED, TEXT, stories
from tests.web import Web, client_for, page, running_web


class Watched:
    """Workers that note whether a transaction is open while they work."""

    database: Database | None = None

    def __init__(self) -> None:
        self.open = list[bool]()

    async def run(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.note()
        return work(*args, **kwargs)

    def note(self) -> None:
        if self.database:
            self.open.append(self.database.is_holding_write_lock)


@pytest.fixture(name="site")
async def _site() -> AsyncIterator[Web]:
    async with running_web() as site:
        yield site


@pytest.fixture(name="workers")
def _workers() -> Watched:
    return Watched()


@pytest.fixture(name="talk")
async def _talk(site: Web, workers: Watched) -> AsyncIterator[TelegramTalk]:
    async with (
        client_for(site) as client,
        telegram_talk(access=ALLOWED, client=client, workers=workers) as talk,
    ):
        workers.database = talk.bot.database
        yield talk


async def test_each_page_of_a_post_is_analysed_outside_of_one(talk: TelegramTalk, site: Web, workers: Watched) -> None:
    await talk.posts_in_channel("/source #ports")
    site.put("/port", page("Port of Harwell closed"))
    site.put("/mill", page("Mill at Norby burns", *TEXT.split("\n\n")))
    links = enumerate(site.url(path) for path in ("/port", "/mill"))
    hidden = [{"type": "text_link", "offset": at, "length": 1, "url": url} for at, url in links]
    await talk.posts_in_channel("Read this", entities=hidden)
    assert {"Port of Harwell closed", "Mill at Norby burns"} <= set(await stories(talk))
    assert not any(workers.open)


async def test_a_picture_of_a_file_is_drawn_outside_of_one(talk: TelegramTalk, workers: Watched) -> None:
    await talk.sends("norby.txt", TEXT.encode(), "/card")
    assert len(workers.open) > 1
    assert not any(workers.open)


async def test_the_rights_in_a_named_channel_are_asked_outside_of_one(
    talk: TelegramTalk, workers: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked(*arguments: Any, **options: Any) -> bool:
        workers.note()
        return await rights.may_manage(*arguments, **options)

    talk.api.members[CHANNEL, ANN] = "administrator"
    monkeypatch.setattr(elsewhere, "may_manage", asked)
    [said] = await talk.says(f"/subscribe {CHANNEL} 8:00 UTC")
    assert "Subscribed." in said.parsed.text
    assert len(workers.open) > 1
    assert not any(workers.open)
