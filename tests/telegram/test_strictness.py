"""The server of these tests refuses what Telegram refuses, and gives no updates that were not asked for."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import ChatMember

from tests.telegram.server import BotApi, Refusal
from tests.telegram.talk import ANN, person

_RESULT: dict[str, Any] = {
    "type": "article",
    "id": "a",
    "title": "A story",
    "input_message_content": {"message_text": "<b>A story</b>", "parse_mode": "HTML"},
}


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("answerCallbackQuery", {"callback_query_id": "q", "text": "x" * 201}),
        ("setMyCommands", {"commands": [{"command": "Who", "description": "Who"}]}),
        ("setMyCommands", {"commands": [{"command": "who", "description": ""}]}),
        ("setMyCommands", {"commands": [{"command": "who", "description": "Who"}] * 101}),
        ("answerInlineQuery", {"inline_query_id": "q", "results": [_RESULT, _RESULT]}),
        ("answerInlineQuery", {"inline_query_id": "q", "results": [_RESULT | {"title": " "}]}),
        ("answerInlineQuery", {"inline_query_id": "q", "results": [_RESULT | {"id": "x" * 65}]}),
        ("answerInlineQuery", {"inline_query_id": "q", "results": [_RESULT | {"thumbnail_url": "picture.png"}]}),
    ],
)
async def test_a_request_that_telegram_refuses(method: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        await getattr(BotApi(), f"_{method}")(parameters)


async def test_reactions_and_inline_queries_come_only_if_they_are_asked_for() -> None:
    api = BotApi()
    api.say(message_reaction={"user": person(ANN)})
    api.say(message={"from": person(ANN)})
    assert [list(one)[1] for one in await api._getUpdates({})] == ["message"]


@pytest.mark.parametrize("status", ["kicked", "restricted", "left", "member", "administrator", "creator"])
async def test_every_kind_of_member_is_complete(status: str) -> None:
    found = await BotApi(members={(-1, ANN): status})._getChatMember({"chat_id": -1, "user_id": ANN})
    assert ChatMember.de_json(found).status == status
