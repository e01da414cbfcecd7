"""Subscriptions of other chats on Telegram: each answer names the chat, and topics have names of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.chats import Destination
from briefings.scope import Scope
from tests.fakes import article
from tests.telegram.server import BOT, Message
from tests.telegram.talk import ANN, GROUP, TelegramTalk, chat_of, telegram_talk

FIRE = article("Fire in the market of Alm", "The market of Alm burned on Wednesday. Nobody was there, the mayor said.")
_TOPIC: dict[str, Any] = {"message_thread_id": 5, "is_topic_message": True}


@pytest.fixture(name="talk")
async def _talk() -> AsyncIterator[TelegramTalk]:
    async with telegram_talk(api_state={"members": {(GROUP, ANN): "administrator"}}) as talk:
        yield talk
        assert talk.api.refused == []


def _labels(message: Message) -> dict[str, str]:
    rows = message.request["reply_markup"]["inline_keyboard"]
    return {one["text"]: one["callback_data"] for row in rows for one in row if "callback_data" in one}


async def test_a_topic_is_listed_with_its_name_or_number(talk: TelegramTalk) -> None:
    created = {"name": "Weather", "icon_color": 1}
    first = {"message_id": 5, "date": 1_700_000_000, "chat": chat_of(GROUP), "forum_topic_created": created}
    await talk.says("/subscribe 7:00", chat=GROUP)
    await talk.says("/subscribe 8:00", chat=GROUP, reply_to_message=first, **_TOPIC)
    await talk.says("/subscribe 9:00", chat=GROUP, **_TOPIC | {"message_thread_id": 6})
    await talk.says("/subscribe 10:00")
    [listed] = await talk.says("/subscriptions")
    assert list(_labels(listed)) == ["1. News", "2. News: Weather", "3. News #6", "4. this chat"]


async def test_what_is_done_from_private_is_confirmed_on_the_card(talk: TelegramTalk) -> None:
    await talk.says("/subscribe 8:00", chat=GROUP, **_TOPIC)
    [listed] = await talk.says("/subscriptions")
    [card] = await talk.presses(_labels(listed)["1. News #5"], listed)
    [paused] = await talk.presses(_labels(card)["Pause"], card)
    assert paused.parsed.text.startswith("Paused.\n\nNews #5\n• every day at 08:00 (UTC)\n• paused")
    [again] = await talk.presses(_labels(paused)["All subscriptions"], paused)
    assert again.parsed.text.startswith("Your subscriptions")


async def test_no_command_is_shown_that_would_change_the_private_chat(talk: TelegramTalk) -> None:
    await talk.says("/subscribe 8:00", chat=GROUP)
    [here] = await talk.says("/settings", chat=GROUP)
    [there] = await talk.says(f"/settings {GROUP}")
    assert "/settings Time 7:30" in here.parsed.text
    assert "/settings" not in there.parsed.text


async def test_a_chat_without_a_subscription_gets_one_by_a_button_in_private(talk: TelegramTalk) -> None:
    [told] = await talk.says(f"/status {GROUP}")
    await talk.presses(_labels(told)["Subscribe"], told)
    [kept] = await talk.bot.subscriptions.all()
    assert kept.destination.chat == str(GROUP)


async def test_the_settings_of_a_chat_without_a_subscription_are_changed_in_private(talk: TelegramTalk) -> None:
    [panel] = await talk.says(f"/settings {GROUP}")
    [choices] = await talk.presses(_labels(panel)["Language"], panel)
    [saved] = await talk.presses(_labels(choices)["Deutsch"], choices)
    assert saved.parsed.text.startswith("In A chat:\n\nSaved.\n\nSettings\n• Language: Deutsch")
    chats = talk.bot.dispatcher.context.chats
    assert await chats.language(Destination("telegram", str(GROUP))) == "de"
    assert await chats.language(Destination("telegram", str(ANN))) is None
    [refused] = await talk.presses(_labels(panel)["Language"], panel, user=8)
    assert "Only an administrator" in refused.parsed.text


async def test_the_digest_of_another_chat_is_shown_to_those_who_manage_it(talk: TelegramTalk) -> None:
    [refused] = await talk.says(f"/digest {GROUP}", user=8, chat=8)
    assert "You are not an administrator of" in refused.parsed.text
    [digest] = await talk.says(f"/digest {GROUP}")
    assert digest.parsed.text.startswith("In A chat:")
    first = _labels(digest)["1"]
    [opened] = await talk.presses(first, digest)
    [numbered] = await talk.says("1")
    assert numbered.parsed.text == opened.parsed.text


@pytest.mark.parametrize(
    ("status", "said"), [("kicked", "the bot was removed from the chat"), ("restricted", "may not send messages")]
)
async def test_a_right_that_is_missing_is_told_at_once(talk: TelegramTalk, status: str, said: str) -> None:
    talk.api.members[GROUP, int(str(BOT["id"]))] = status
    [answer] = await talk.says(f"/subscribe {GROUP} 8:00")
    assert f"I cannot post here yet: the bot {said.removeprefix('the bot ')}" in answer.parsed.text


async def test_the_language_of_posts_is_told_where_it_is_not_that_of_the_client(talk: TelegramTalk) -> None:
    [said] = await talk.says("/abbona 8:00", chat=GROUP, client={"language_code": "it"})
    assert "Posts here are in English." in said.parsed.text
    [choices] = await talk.presses(_labels(said)["Language"], said)
    await talk.presses(_labels(choices)["Italiano"], choices)
    [said] = await talk.says("/abbona 9:00", chat=GROUP, client={"language_code": "it"})
    assert "I post qui sono" not in said.parsed.text


async def test_tags_in_use_are_buttons_and_examples(talk: TelegramTalk) -> None:
    library = talk.bot.dispatcher.context.library
    await library.add(FIRE, talk.bot.clock(), Scope(tags=frozenset({"politics", "local news"})))
    await talk.says("/subscribe 8:00")
    [panel] = await talk.says("/settings")
    [choices] = await talk.presses(_labels(panel)["Tags"], panel)
    assert "/settings Tags local news, politics" in choices.parsed.text
    [chosen] = await talk.presses(_labels(choices)["local news"], choices)
    assert "Tags: local news" in chosen.parsed.text
    [typed] = await talk.says("/settings tags #politcs #local_news")
    assert "Tags: politcs, local news" in typed.parsed.text
    assert "No recent story has the tag: politcs." in typed.parsed.text
    [left] = await talk.presses(_labels(typed)["✓ local news"], typed)
    assert "Tags: politcs" in left.parsed.text
