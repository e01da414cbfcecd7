"""Answers of Telegram that cannot be read: the log has a line in words, people are told, and the bot goes on."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.fakes import until
from tests.hostile import UNREADABLE
from tests.telegram.server import USERNAME
from tests.telegram.talk import ANN, GROUP, telegram_talk

UNSURE = "I could not look up this chat or your rights in it. Nothing was changed. Try again in a minute."
Lines = list[MutableMapping[str, Any]]
RESULTS = {f"result: {name}": b'{"ok": true, "result": ' + body + b"}" for name, body in UNREADABLE.items() if body}
BODIES = {**UNREADABLE, **RESULTS}
#: To python-telegram-bot an empty object is a webhook without an address.
NO_WEBHOOKS = [name for name in BODIES if name != "result: an empty object"]


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.telegram.service._FIRST_WAIT", 0.01)


def instead_of(method: str, *bodies: bytes) -> dict[str, Any]:
    """The state of a server whose first answers to a method are these."""
    return {"garbled": defaultdict(deque, {method: deque(bodies)})}


def check_lines(logs: Lines, event: str) -> None:
    """There is a line of that event, in words, and nothing has a traceback."""
    assert not [line for line in logs if line.get("exc_info")]
    told = [line for line in logs if line["event"] == event]
    assert told
    assert all(len(line["error"]) < 200 and "Error(" not in line["error"] for line in told)


@pytest.mark.parametrize("name", BODIES)
async def test_the_bot_asks_again_who_it_is(name: str) -> None:
    with capture_logs() as logs:
        async with telegram_talk(api_state=instead_of("getMe", BODIES[name], BODIES[name])) as talk:
            assert await talk.says("/help")
    check_lines(logs, "telegram_unreachable")


@pytest.mark.parametrize("name", NO_WEBHOOKS)
async def test_the_bot_asks_again_for_a_webhook(name: str) -> None:
    with capture_logs() as logs:
        async with telegram_talk(api_state=instead_of("getWebhookInfo", BODIES[name])) as talk:
            assert await talk.says("/help")
    check_lines(logs, "webhook_check_failed")


@pytest.mark.parametrize("method", ["getMyCommands", "getMyDescription", "getMyShortDescription"])
async def test_a_menu_that_cannot_be_read_keeps_nobody_from_answers(method: str) -> None:
    for body in (BODIES["a page"], BODIES["result: a number"]):
        with capture_logs() as logs:
            async with telegram_talk(api_state=instead_of(method, *[body] * 20)) as talk:
                assert await talk.says("/help")
                await until(lambda logs=logs: any(line["event"] == "menu_registration_failed" for line in logs))
        check_lines(logs, "menu_registration_failed")


async def test_a_person_is_told_that_their_rights_are_not_known() -> None:
    async with telegram_talk() as talk:
        talk.api.members[GROUP, ANN] = "administrator"
        for name, body in BODIES.items():
            talk.api.garbled["getChatMember"].append(body)
            with capture_logs() as logs:
                said = await talk.says(f"/subscribe@{USERNAME} 8:00 UTC", chat=GROUP)
            assert [one.parsed.text for one in said] == [UNSURE], name
            check_lines(logs, "lookup_failed")
        assert not await talk.bot.subscriptions.all()


async def test_a_person_is_told_that_a_chat_is_not_known() -> None:
    async with telegram_talk() as talk:
        for name, body in BODIES.items():
            talk.api.garbled["getChat"].append(body)
            with capture_logs() as logs:
                said = await talk.says("/subscribe @harwell_news 8:00 UTC")
            assert [one.parsed.text for one in said] == [UNSURE], name
            check_lines(logs, "lookup_failed")


def test_the_bodies_are_what_they_are_called() -> None:
    assert json.loads(BODIES["result: a list"]) == {"ok": True, "result": []}
