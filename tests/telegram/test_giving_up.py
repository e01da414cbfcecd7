"""Updates that cannot be answered: the person is told, operators are alerted, and attempts end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from bot.access import Access
from bot.app import Bot, build, open_database
from bot.cli import app
from bot.commands.context import Policies
from bot.commands.dispatcher import Dispatcher
from bot.jobs import post_due
from bot.platforms.telegram.posts import TelegramPosts
from bot.runtime.clock import clock
from tests.databases import new_database
from tests.fakes import NOON, OPEN, Clock, until
from tests.telegram.server import BotApi, running_bot_api
from tests.telegram.talk import ANN, GROUP, TelegramTalk, chat_of, person, telegram_talk
from tests.telegram.test_service import command, service_over

APOLOGY = "I could not answer one of your messages. My operator has been told."
TOO_MANY = "Too many of your messages are waiting. I dropped the last ones; send them again in a minute."


async def hangs(*_: object) -> None:
    await asyncio.Event().wait()


async def one_run(bot: Bot, api: BotApi, done: Callable[[], bool]) -> None:
    """A process of the bot that ends when something is ``done``."""
    service = service_over(bot, api.url)
    running = asyncio.create_task(service.run())
    await until(done)
    service.stop()
    await running


@pytest.fixture(autouse=True)
def _short_farewell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.telegram.service._FAREWELL", 0.05)


async def test_an_update_that_never_ends_is_tried_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []

    async def answer(_: Dispatcher, request: Any) -> None:
        attempts.append(request.text)
        await hangs()

    monkeypatch.setattr(Dispatcher, "answer", answer)
    async with open_database(f"sqlite:///{tmp_path}/n.db") as database, running_bot_api() as api:
        bot = build(database, OPEN, Policies())
        api.say(message=command("/help"))
        api.say(message=command("/latest"))  # it waits behind the first one, which costs it no attempt
        await one_run(bot, api, lambda: attempts == ["/help"])
        await one_run(bot, api, lambda: attempts == ["/help", "/help"])
        await one_run(bot, api, lambda: attempts == ["/help", "/help", "/latest"])
        await one_run(bot, api, lambda: attempts == ["/help", "/help", "/latest", "/latest"])
        await one_run(bot, api, lambda: len(api.messages) == 2)
        assert api.texts() == [APOLOGY] * 2
        reasons = {one.reason for one in await bot.inbox.aside()}
        assert reasons == {"2 attempts to answer it did not end"}


async def test_an_apology_that_a_kill_cut_off_is_said_by_the_next_process_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_database(f"sqlite:///{tmp_path}/n.db") as database, running_bot_api() as api:
        bot = build(database, OPEN, Policies())
        body = json.dumps({"update_id": 5, "message": command("/help")})
        [incoming] = await bot.inbox.store("telegram", [(5, body)], clock(), beginning={5})
        await bot.inbox.begin(incoming.id)
        with monkeypatch.context() as patch:  # the process ends when the apology is stored and not said
            patch.setattr("bot.platforms.telegram.replies.Speaker.say", hangs)
            with capture_logs() as logs:
                await one_run(bot, api, lambda: any(line["event"] == "update_set_aside" for line in logs))
        assert api.texts() == []
        await one_run(bot, api, lambda: bool(api.messages))
        assert await bot.inbox.claim("telegram", with_own=True) == []
        assert [one.id for one in await bot.inbox.aside()] == [incoming.id], "the operator can still decide"
        assert api.texts() == [APOLOGY]
        assert await bot.inbox.retry(incoming.id)
        await one_run(bot, api, lambda: len(api.messages) == 2)
        assert api.texts()[1].startswith("Commands")


@pytest.mark.parametrize("chat", [ANN, GROUP])
async def test_a_mistake_of_ours_is_told_to_the_person(chat: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async with telegram_talk() as talk:

        async def fails(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(Dispatcher, "answer", fails)
        talk.api.say(message=command("/help", chat=chat))
        await until(lambda: talk.api.texts(chat) == [APOLOGY])
        assert [one.reason for one in await talk.bot.inbox.aside()] == ["an internal error (ZeroDivisionError)"]
        await _all_answered(talk)


async def test_an_update_that_cannot_be_read_is_told_in_private_and_not_in_groups() -> None:
    async with telegram_talk() as talk:
        for chat in (GROUP, ANN):
            talk.api.say(message={"message_id": "what?", "chat": chat_of(chat), "from": person(ANN)})
        with capture_logs() as logs:
            await until(lambda: bool(talk.api.messages))
        assert talk.api.texts() == [APOLOGY]
        assert [one.get("exc_info") for one in logs if one["event"] == "update_not_handled"] == [None] * 2


async def _all_answered(talk: TelegramTalk) -> None:
    async with asyncio.timeout(60):
        while await talk.bot.inbox.claim("telegram", with_own=True):
            await asyncio.sleep(0.01)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Commands wait for this before they are answered."""
    may_go, answer = asyncio.Event(), Dispatcher.answer

    async def waits(dispatcher: Dispatcher, request: Any) -> Any:
        await may_go.wait()
        return await answer(dispatcher, request)

    monkeypatch.setattr(Dispatcher, "answer", waits)
    return may_go


async def test_a_chat_that_floods_is_told_once(held: asyncio.Event) -> None:
    async with telegram_talk() as talk:
        for _ in range(80):
            talk.api.say(message=command("/help"))
        await until(lambda: bool(talk.api.messages))
        held.set()
        await _all_answered(talk)
        assert talk.api.texts()[0] == TOO_MANY
        assert TOO_MANY not in talk.api.texts()[1:]


async def test_what_a_group_says_to_itself_is_no_flood(held: asyncio.Event) -> None:
    async with telegram_talk() as talk:
        talk.api.say(message=command("/help", chat=GROUP))
        for _ in range(60):
            talk.api.say(message=command("hello", chat=GROUP))
        with capture_logs() as logs:
            asyncio.get_running_loop().call_later(0.5, held.set)
            await talk.says("/latest", chat=GROUP)
        assert [text.splitlines()[0] for text in talk.api.texts()] == ["Commands", "Latest stories"]
        assert "chat_flooded" not in {line["event"] for line in logs}


async def test_operators_are_alerted_of_what_was_set_aside_once_for_a_reason_and_minute() -> None:
    async with new_database() as database:
        access, clock = Access(operators=frozenset({"telegram:1"})), Clock(NOON)
        bot = build(database, access, Policies(), renderers={"telegram": TelegramPosts()}, now=clock)
        for number, reason in enumerate(("it hangs", "it fails", "it hangs")):
            [incoming] = await bot.inbox.store("telegram", [(number, "{}")], clock())
            await bot.inbox.set_aside(incoming.id, reason, None)
            await post_due(bot)
            clock.now += timedelta(seconds=2)
        assert await bot.ledger.latest(5) == [], "more may come in this minute"
        clock.now += timedelta(minutes=1)
        for _ in range(2):
            await post_due(bot)
        alerts = sorted(await bot.ledger.latest(5), key=lambda one: one.id)
        assert {str(one.destination) for one in alerts} == {"telegram:1"}
        assert ["2 messages on telegram were set aside: it hangs." in (one.payload or "") for one in alerts] == [
            True,
            False,
        ]
        assert "Message 2 on telegram was set aside: it fails." in (alerts[1].payload or "")


def test_an_operator_lists_what_was_set_aside_and_decides(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"database: sqlite:///{tmp_path}/n.db\n")

    async def set_aside() -> list[int]:
        async with open_database(f"sqlite:///{tmp_path}/n.db") as database:
            inbox = build(database, OPEN, Policies()).inbox
            stored = await inbox.store("telegram", [(5, "{}"), (6, "{}")], clock())
            for one in stored:
                await inbox.set_aside(one.id, "it hangs", None)
            return [one.id for one in stored]

    async def states() -> tuple[int, int]:
        async with open_database(f"sqlite:///{tmp_path}/n.db") as database:
            inbox = build(database, OPEN, Policies()).inbox
            return len(await inbox.claim("telegram", with_own=True)), len(await inbox.aside())

    def inbox(*arguments: str) -> tuple[int, str]:
        found = CliRunner().invoke(app, ["inbox", *arguments, "--config", str(config)])
        return found.exit_code, found.output

    first, second = asyncio.run(set_aside())
    code, listed = inbox("list")
    assert code == 0
    assert listed.count("it hangs") == 2
    assert inbox("retry", str(first)) == (
        0,
        f"Message {first} is answered as soon as the bot runs.\n",
    )
    assert asyncio.run(states()) == (1, 1)
    assert inbox("drop", str(second)) == (0, f"Message {second} is dropped.\n")
    assert asyncio.run(states()) == (1, 0)
    code, complaint = inbox("drop", str(second))
    assert code == 2
    assert f"No message {second} was set aside" in complaint
