"""Values that people send below a setting on Telegram, without a command."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.subscriptions.model import Subscription
from tests.telegram.server import Message
from tests.telegram.talk import ANN, CHANNEL, GROUP, TelegramTalk, reply_to, telegram_talk
from tests.telegram.test_managing import FIRE, _labels


@pytest.fixture(name="talk")
async def _talk() -> AsyncIterator[TelegramTalk]:
    members = {(GROUP, ANN): "administrator", (CHANNEL, ANN): "administrator"}
    async with telegram_talk(FIRE, api_state={"members": members}) as talk:
        yield talk
        assert talk.api.refused == []


async def _kept(talk: TelegramTalk) -> Subscription:
    [kept] = await talk.bot.subscriptions.all()
    return kept


async def _card(talk: TelegramTalk, setting: str, chat: int = ANN) -> Message:
    await talk.says("/subscribe 8:00 quiet 22:00-6:00", chat=chat)
    [card] = await talk.says(f"/settings {setting}", chat=chat)
    return card


@pytest.mark.parametrize("chat", [ANN, GROUP])
@pytest.mark.parametrize(
    ("setting", "said", "shown"),
    [
        ("time", "9:30", "Time: 09:30"),
        ("time", "alle sette e mezza", "Time: 07:30"),
        ("time", "Rome", "Time zone: Europe/Rome"),
        ("zone", "rome", "Time zone: Europe/Rome"),
        ("days", "mon wed", "Days: Monday, Wednesday"),
        ("quiet", "from 10pm to 7am", "Quiet hours: 22:00–07:00"),
        ("exclude", "football", "Exclude: football"),
        ("stories", "3", "Stories: 3"),
        ("language", "italiano", "Lingua: Italiano"),
    ],
)
async def test_a_reply_with_a_value_sets_it(talk: TelegramTalk, chat: int, setting: str, said: str, shown: str) -> None:
    card = await _card(talk, setting, chat)
    [changed] = await talk.says(said, chat=chat, **reply_to(card))
    assert shown in changed.parsed.text


async def test_a_reply_can_set_several_and_keeps_the_others(talk: TelegramTalk) -> None:
    [panel] = [(await _card(talk, "time")), (await talk.says("/settings"))[0]][1:]
    [changed] = await talk.says("rome, weekdays 9:30", **reply_to(panel))
    schedule = (await _kept(talk)).settings.schedule
    assert (schedule.zone, sorted(schedule.days)) == ("Europe/Rome", [0, 1, 2, 3, 4])
    assert [f"{one:%H:%M}" for one in schedule.times] == ["09:30"]
    assert schedule.quiet is not None
    assert changed.parsed.text.startswith("Saved. Next post")


async def test_the_next_private_message_can_be_the_value(talk: TelegramTalk) -> None:
    await _card(talk, "time")
    [changed] = await talk.says("9:30")
    assert "Time: 09:30" in changed.parsed.text
    [unclear] = await talk.says("hmm no")
    assert "I did not understand" in unclear.parsed.text
    [again] = await talk.says("10")  # a second thought
    assert "Time: 10:00" in again.parsed.text
    await talk.says("/latest")
    [story] = await talk.says("1")  # the first of the list, not one o'clock
    assert "Fire in the market" in story.parsed.text


async def test_only_a_reply_is_a_word_to_leave_out(talk: TelegramTalk) -> None:
    await _card(talk, "exclude")
    for remark in ("italiano", "show me the latest", "fire"):
        await talk.says(remark)
    assert (await _kept(talk)).settings.exclude == ()
    card = (await talk.says("/settings exclude"))[0]
    await talk.says("language german", **reply_to(card))
    kept = (await _kept(talk)).settings
    assert (kept.exclude, kept.language) == ((), "de")


async def test_a_question_below_a_setting_stays_one(talk: TelegramTalk) -> None:
    card = await _card(talk, "exclude")
    [answered] = await talk.says("who was there?", **reply_to(card))
    assert "Saved" not in answered.parsed.text
    assert (await _kept(talk)).settings.exclude == ()
    [thanked] = await talk.says("thanks!", **reply_to(card))
    assert "Saved" not in thanked.parsed.text


@pytest.mark.parametrize("said", ["rome?", "on monday?", "and london?", "exclude sport?", "paris", "friday"])
async def test_a_private_message_that_is_no_reply_sets_nothing_else(talk: TelegramTalk, said: str) -> None:
    await _card(talk, "time")
    before = (await _kept(talk)).settings
    await talk.says(said)
    assert (await _kept(talk)).settings == before


async def test_a_reply_below_another_answer_sets_nothing(talk: TelegramTalk) -> None:
    await _card(talk, "exclude", GROUP)
    [other] = await talk.says("/help", chat=GROUP)
    await talk.says("nonsense from the mayor", chat=GROUP, **reply_to(other))
    assert (await _kept(talk)).settings.exclude == ()


async def test_what_is_no_value_is_asked_for_once(talk: TelegramTalk) -> None:
    card = await _card(talk, "time")
    [asked] = await talk.says("earlyish", **reply_to(card))
    assert "“earlyish” is not a time of the day" in asked.parsed.text
    [changed] = await talk.says("7", **reply_to(asked))
    assert "Time: 07:00" in changed.parsed.text


async def test_an_unclear_zone_is_asked_for_and_then_set(talk: TelegramTalk) -> None:
    card = await _card(talk, "zone")
    [asked] = await talk.says("Georgia", **reply_to(card))
    assert "Which time zone do you mean?" in asked.parsed.text
    await talk.says("Atlanta")
    assert (await _kept(talk)).settings.schedule.zone == "America/New_York"


async def test_a_reply_in_private_changes_the_channel_that_the_card_is_about(talk: TelegramTalk) -> None:
    await talk.says("/subscribe 6:00", chat=GROUP)
    await talk.says("/subscribe 7:00", chat=GROUP)
    [listed] = await talk.says("/subscriptions")
    [card] = await talk.presses(_labels(listed)["2. News: 07:00"], listed)
    [panel] = await talk.presses(_labels(card)["Change"], card)
    [changed] = await talk.says("9:30", **reply_to(panel))
    assert changed.parsed.text.startswith("In News:\n")
    first, second = await talk.bot.subscriptions.all()
    assert [f"{one.settings.schedule.times[0]:%H:%M}" for one in (first, second)] == ["06:00", "09:30"]


async def test_a_member_cannot_set_anything_by_a_reply(talk: TelegramTalk) -> None:
    card = await _card(talk, "time", GROUP)
    await talk.says("9:30", chat=GROUP, user=8, **reply_to(card))
    assert f"{(await _kept(talk)).settings.schedule.times[0]:%H:%M}" == "08:00"
