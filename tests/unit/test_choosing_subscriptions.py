"""Which of several subscriptions a command is about, and the settings that values belong to."""

from __future__ import annotations

import pytest

from bot.chats import Destination
from bot.commands.choosing import chosen
from bot.subscriptions.edits import Setting, with_value
from bot.subscriptions.implied import implied_setting
from bot.subscriptions.model import Settings, Subscription
from bot.subscriptions.parsing import SettingRefused
from bot.subscriptions.wishes import wished
from tests.fakes import NOON, OpenTalk, Talk
from tests.unit.test_subscribing import button, said

_TIMES = ("8:00", "9:00", "10:00 20:00")


@pytest.fixture(name="talk")
async def _talk(open_talk: OpenTalk) -> Talk:
    talk = await open_talk()
    for times in _TIMES:
        await talk.ask(f"/subscribe {times} rome")
    return talk


async def _known(talk: Talk) -> list[Subscription]:
    return await talk.bot.dispatcher.context.subscriptions.of(talk.where)


@pytest.mark.parametrize(
    ("typed", "numbers", "unknown"),
    [
        ("2", [2], 0),
        ("#3", [3], 0),
        ("1 and 3", [1, 3], 0),
        ("3, 1", [1, 3], 0),
        ("1, 2 und 3", [1, 2, 3], 0),
        ("2 2", [2], 0),
        ("the second one", [2], 0),
        ("9:00", [2], 0),
        ("10 am and 8 pm", [3], 0),
        ("all", [1, 2, 3], 0),
        ("4", [], 4),
        ("1 and 7", [], 7),
        ("0", [], 0),
        ("3 days", [], 0),
        ("tomorrow", [], 0),
        ("", [], 0),
    ],
)
def test_subscriptions_are_chosen_by_numbers_and_times(typed: str, numbers: list[int], unknown: int) -> None:
    where = Destination("test", "chat")
    known = [
        Subscription(number, where, "test:7", wished(times, Settings(), NOON), NOON)
        for number, times in enumerate(_TIMES, start=1)
    ]
    found = chosen(known, typed)
    assert [known.index(one) + 1 for one in found.subscriptions] == numbers
    assert found.unknown == unknown


async def test_several_end_at_once(talk: Talk) -> None:
    assert "Unsubscribed. One subscription remains:" in said(await talk.ask("/unsubscribe 1 and 2"))
    [left] = await _known(talk)
    assert len(left.settings.schedule.times) == 2


async def test_a_pause_whose_end_is_unclear_asks(talk: Talk) -> None:
    asked = said(await talk.ask("/pause for a while"))
    assert asked.startswith("I do not understand how long to pause.")
    assert "Which subscription do you mean?" in asked
    assert "There is no subscription" not in asked
    await talk.ask("/unsubscribe 2 3")
    only = await talk.ask("/pause for a while")
    assert "Which subscription" not in said(only)
    assert "[1] Pause now" in said(only)
    assert "Paused." in said(await talk.press(button(only, "Pause now")))
    assert "I do not understand “tomorrow”." in said(await talk.ask("/resume tomorrow"))
    assert "Resumed." in said(await talk.ask("/resume"))


async def test_resuming_what_is_not_paused_says_so(talk: Talk) -> None:
    told = said(await talk.ask("/resume"))
    assert told.startswith("Nothing is paused here.\n• next post tomorrow at 08:00 (Europe/Rome)\n")
    await talk.ask("/pause 2")
    assert said(await talk.ask("/resume")).startswith("Resumed.\n• next post tomorrow at 09:00")


@pytest.mark.parametrize(
    ("value", "setting"),
    [
        ("weekdays", Setting.DAYS),
        ("lunes a viernes", Setting.DAYS),
        ("8:00", Setting.TIME),
        ("half past seven", Setting.TIME),
        ("rome", Setting.ZONE),
        ("Central European Time", Setting.ZONE),
        ("both", Setting.MODE),
        ("german", Setting.LANGUAGE),
        ("football", None),
        ("", None),
    ],
)
def test_a_value_alone_implies_its_setting(value: str, setting: Setting | None) -> None:
    assert implied_setting(value, NOON) is setting


async def test_settings_take_a_value_without_a_name(talk: Talk) -> None:
    saved = said(await talk.ask("/settings 2 weekdays"))
    assert saved.startswith("Saved for subscription 2. Next post")
    assert "Days: Monday to Friday" in saved
    assert "Which subscription" in said(await talk.ask("/settings 7:30"))
    assert "There is no setting “football”." in said(await talk.ask("/settings 1 football"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("river, lake", ("river", "lake")),
        ("river or lake", ("river", "lake")),
        ("river lake", ("river", "lake")),
        ("river, big lake and sea", ("river", "big lake and sea")),
        ("river, lake, and sea", ("river", "lake", "sea")),
        ("river, lake and sea", ("river", "lake", "sea")),
        ('"red line"', ("red line",)),
        ("“red line”, lake", ("red line", "lake")),
        ("everything", ()),
        ("tutto", ()),
    ],
)
def test_a_list_is_read_with_its_joining_words(typed: str, words: tuple[str, ...]) -> None:
    assert with_value(Settings(), Setting.INCLUDE, typed, NOON).include == words


def test_a_list_ends_where_its_joining_words_end() -> None:
    settings = wished('tags politics and science weekdays with "red line" 8:00', Settings(), NOON)
    assert (settings.tags, settings.include) == (("politics", "science"), ("red line",))
    assert settings.schedule.days == set(range(5))
    with pytest.raises(SettingRefused):
        with_value(Settings(), Setting.INCLUDE, ", ,", NOON)


async def test_buttons_tell_subscriptions_of_one_chat_apart(talk: Talk) -> None:
    listed = said(await talk.ask("/subscriptions"))
    assert "[1] 1. this chat: 08:00" in listed
    assert "[3] 3. this chat: 10:00, 20:00" in listed
