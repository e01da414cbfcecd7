"""Texts in several messages, and forwarded posts of channels."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.access import Access, Policy
from bot.chats import Destination
from briefings.model import Version
from tests.telegram.talk import ANN, TelegramTalk, telegram_talk

_SENTENCES = [f"The council met on day number {number} and decided about the ferry." for number in range(90)]
WHOLE = "A ferry for Norby\n\n" + " ".join(_SENTENCES)
POST = (
    "Ferry crews walk out in Port Wexley\n\nFerry crews in Port Wexley walked off the job on Monday. "
    "The union demands nine per cent more. The operator says that it has no money for that."
)


@pytest.fixture(name="talk")
async def _talk() -> AsyncIterator[TelegramTalk]:
    async with telegram_talk() as talk:
        yield talk
        assert talk.api.refused == []


async def _own(talk: TelegramTalk) -> list[Version]:
    """The stories that only this chat sees."""
    context = talk.bot.dispatcher.context
    viewer = context.access.viewer(Destination("telegram", str(ANN)))
    return [one for one in await context.library.newest(viewer, 20) if "erry" in one.article.text]


def forwarded(**channel: Any) -> dict[str, Any]:
    chat = {"id": -1001234567890, "type": "channel", "title": "Wexley Daily", **channel}
    return {"forward_origin": {"type": "channel", "chat": chat, "message_id": 45, "date": 1_700_000_000}}


async def test_the_whole_of_a_split_text_replaces_its_beginning(talk: TelegramTalk) -> None:
    end = WHOLE.rindex(" ", 0, 4096)
    [first] = await talk.says(WHOLE[:end])
    [second] = await talk.says(WHOLE[end + 1 :])
    assert (second.number, second.edits) == (first.number, 1)
    [version] = await _own(talk)
    assert _SENTENCES[0] in version.article.text
    assert _SENTENCES[-1] in version.article.text
    assert talk.api.actions == [ANN, ANN]


async def test_a_text_that_a_person_cut_inside_a_sentence_goes_on_too(talk: TelegramTalk) -> None:
    end = WHOLE.index(" and decided", 1200)
    [first] = await talk.says(WHOLE[:end])
    [second] = await talk.says(WHOLE[end + 1 : 3000].rpartition(" ")[0])
    assert (second.number, second.edits) == (first.number, 1)
    [version] = await _own(talk)
    assert _SENTENCES[0] in version.article.text
    assert _SENTENCES[30] in version.article.text


@pytest.mark.parametrize(
    "then", ["who did it?", "Bakers strike in Norby\n\n" + "The bakers of Norby are on strike. " * 12]
)
async def test_what_is_no_rest_of_a_cut_text_stands_alone(talk: TelegramTalk, then: str) -> None:
    [first] = await talk.says(WHOLE[: WHOLE.index(" and decided", 1200)])
    [second] = await talk.says(then)
    assert second.number != first.number


async def test_an_answer_about_the_same_story_replaces_nothing() -> None:
    async with telegram_talk(access=Access(Policy.OPEN, pasted=False)) as talk:
        [first] = await talk.says("who " * 1000)
        [second] = await talk.says("who " * 20)
        assert second.number != first.number
        assert first.edits == 0


async def test_an_edited_article_is_a_new_version(talk: TelegramTalk) -> None:
    text = f"{POST} Commuters were stranded for five hours, and the council has called for talks."
    text += " The strike is the third one of this year, and nobody expects it to be the last."
    [answer] = await talk.says(text)
    [edited] = await talk.edits(text.replace("nine per cent", "ten per cent"))
    assert edited.number == answer.number
    [version] = await _own(talk)
    assert "ten per cent" in version.article.text


@pytest.mark.parametrize(
    ("channel", "url"),
    [({"username": "wexley"}, "https://t.me/wexley/45"), ({}, "https://t.me/c/1234567890/45")],
    ids=["public", "private"],
)
async def test_a_forwarded_post_is_linked_to_its_channel(talk: TelegramTalk, channel: dict[str, Any], url: str) -> None:
    [answer] = await talk.says(POST, **forwarded(**channel))
    assert "Ferry crews walk out in Port Wexley" in answer.parsed.text
    [version] = await _own(talk)
    assert (version.article.url, version.article.site) == (url, "Wexley Daily")


async def test_a_forwarded_picture_has_its_words_in_the_caption(talk: TelegramTalk) -> None:
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    [answer] = await talk.says("", caption=POST, photo=photo, **forwarded())
    assert "Ferry crews walk out in Port Wexley" in answer.parsed.text


async def test_a_post_without_an_article_is_no_question(talk: TelegramTalk) -> None:
    [answer] = await talk.says("Good morning!", **forwarded())
    assert "No article found in that message" in answer.parsed.text


async def test_the_comment_on_a_forwarded_post_is_a_question_about_it(talk: TelegramTalk) -> None:
    [answer] = await talk.says("what does the union demand?")
    [both] = await talk.says(POST, **forwarded())
    assert (both.number, both.edits) == (answer.number, 1)
    assert both.parsed.text.index("nine per cent more") < both.parsed.text.index("walked off the job")


async def test_a_message_of_long_ago_is_no_comment(talk: TelegramTalk) -> None:
    await talk.says("what does the union demand?", date=1_699_999_990)
    [briefed] = await talk.says(POST, **forwarded())
    assert briefed.edits == 0
