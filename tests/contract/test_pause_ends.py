"""Pauses that end by themselves, on every database: paused, shown, resumed, and told what came meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.access import PAUSED_BY_OPERATOR
from bot.answers.pauses import Missed
from bot.commands import decisions
from bot.commands.chats import barred, let_in
from bot.commands.context import Request
from bot.jobs import post_due
from bot.subscriptions.obstacles import Obstacle
from bot.subscriptions.pause_ends import pause_end
from tests.fakes import TRUSTED
from tests.newsroom import BRIDGE, CHAT, CHEESE, Newsroom
from tests.shown import said

_ROME = ZoneInfo("Europe/Rome")
#: A Saturday, eight in the morning in Rome.
_NOW = datetime(2026, 11, 28, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("until Monday", "30.11. 00:00"),
        ("until saturday", "05.12. 00:00"),
        ("until saturday 18:00", "28.11. 18:00"),
        ("until saturday 7:00", "05.12. 07:00"),
        ("until this saturday 18:00", "28.11. 18:00"),
        ("until next saturday 18:00", "05.12. 18:00"),
        ("until monday 8:00", "30.11. 08:00"),
        ("until tomorrow evening", "29.11. 20:00"),
        ("tomorrow", "29.11. 00:00"),
        ("for 2 weeks", "12.12. 08:00"),
        ("for a week", "05.12. 08:00"),
        ("3d", "01.12. 08:00"),
        ("for 3 hours", "28.11. 11:00"),
        ("until 18:00", "28.11. 18:00"),
        ("until 28 november 18:00", "28.11. 18:00"),
        ("until 7am", "29.11. 07:00"),
        ("until december 15th", "15.12. 00:00"),
        ("until 2026-12-15", "15.12. 00:00"),
        ("15/12", "15.12. 00:00"),
        ("until next week", "30.11. 00:00"),
        ("fino a lunedì prossimo", "30.11. 00:00"),
        ("fino al 15 dicembre", "15.12. 00:00"),
        ("per una settimana", "05.12. 08:00"),
        ("fino a dopodomani", "30.11. 00:00"),
        ("bis Freitag um 18 Uhr", "04.12. 18:00"),
        ("bis zum 15. Dezember", "15.12. 00:00"),
        ("für zwei Wochen", "12.12. 08:00"),
        ("jusqu'à demain 18h", "29.11. 18:00"),
        ("jusqu’au 15 décembre", "15.12. 00:00"),
        ("pendant deux semaines", "12.12. 08:00"),
        ("hasta pasado mañana", "30.11. 00:00"),
        ("hasta la próxima semana", "30.11. 00:00"),
        ("hasta el lunes que viene", "30.11. 00:00"),
        ("bis diesen Samstag 18 Uhr", "28.11. 18:00"),
        ("por dos semanas", "12.12. 08:00"),
    ],
)
def test_an_end_is_read_in_every_language(said: str, end: str) -> None:
    found = pause_end(said, _NOW, _ROME)
    assert found is not None
    assert f"{found.astimezone(_ROME):%d.%m. %H:%M}" == end


@pytest.mark.parametrize(
    "said",
    [
        "",
        "for ever",
        "until i say so",
        "weekdays",
        "until mon wed",
        "12/5",
        "until yesterday",
        "until 28/11",
        "for 400 days",
        "weeks",
    ],
)
def test_no_end_is_guessed(said: str) -> None:
    assert pause_end(said, _NOW, _ROME) is None


def test_an_end_is_a_local_time_when_the_clocks_change() -> None:
    before = datetime(2026, 10, 24, 12, tzinfo=UTC)
    end = pause_end("for 2 days", before, _ROME)
    assert end is not None
    assert end - before == timedelta(hours=49)


async def test_a_pause_ends_by_itself_and_tells_what_came(newsroom: Newsroom) -> None:
    await newsroom.subscribe(CHAT, 8)
    assert "Paused. Posting resumes Sun, Mar 16 at 00:00." in await newsroom.ask("/pause until sunday")
    assert "paused, resumes Sun, Mar 16 at 00:00" in await newsroom.ask("/status")
    assert "paused, resumes Sun, Mar 16 at 00:00" in await newsroom.ask("/subscriptions")
    await newsroom.add(BRIDGE)
    assert await newsroom.at(8, day=15) == []
    [notice] = await newsroom.at(0, day=16)
    assert "Resumed." in (notice.payload or "")
    assert "next post today at 08:00 (UTC), 1 story came meanwhile" in (notice.payload or "")
    assert len(await newsroom.at(1, day=16)) == 1  # it is told once
    await newsroom.send()
    await newsroom.add(CHEESE)
    [digest] = await newsroom.at(8, day=16)
    assert "cheese" in (digest.payload or "")
    assert "Bridge" not in (digest.payload or "")


async def test_a_post_at_the_end_of_a_pause_is_posted_and_nothing_is_told_if_none_was_missed(
    newsroom: Newsroom,
) -> None:
    await newsroom.subscribe(CHAT, 8)
    await newsroom.ask("/pause until 8:00")
    await newsroom.add(BRIDGE)
    [digest] = await newsroom.at(8, minute=1)
    assert "Bridge" in (digest.payload or "")


async def test_only_the_chosen_one_is_paused_and_resume_ends_it_early(newsroom: Newsroom) -> None:
    await newsroom.subscribe(CHAT, 8)
    await newsroom.subscribe(CHAT, 9)
    assert "1 other subscription stays active." in await newsroom.ask("/pause 2 for a week")
    first, second = await newsroom.bot.subscriptions.of(CHAT)
    assert (first.paused, second.paused) == (None, "")
    await newsroom.ask("/pause 2 weeks")
    assert [one.paused for one in await newsroom.bot.subscriptions.of(CHAT)] == ["", ""]
    await newsroom.ask("/resume")
    assert [one.paused_until for one in await newsroom.bot.subscriptions.of(CHAT)] == [None, None]
    assert await newsroom.bot.subscriptions.rested(newsroom.clock() + timedelta(days=30)) == []


async def test_an_end_that_is_not_understood_pauses_nothing(newsroom: Newsroom) -> None:
    await newsroom.subscribe(CHAT, 8)
    assert "I do not understand how long to pause." in await newsroom.ask("/pause until I say so")
    [kept] = await newsroom.bot.subscriptions.of(CHAT)
    assert kept.paused is None


async def test_a_pause_by_the_operator_outlasts_the_end_of_the_chats_own(newsroom: Newsroom) -> None:
    await newsroom.subscribe(CHAT, 8)
    await newsroom.ask("/pause until sunday")
    [kept] = await newsroom.bot.subscriptions.of(CHAT)
    await newsroom.bot.subscriptions.hold(kept.id, "paused by the operator")
    assert await newsroom.at(0, day=17) == []
    [kept] = await newsroom.bot.subscriptions.of(CHAT)
    assert kept.paused == "paused by the operator"


@pytest.mark.parametrize("is_ended", [True, False])
async def test_the_operator_and_the_chat_end_their_own_pauses_alone(newsroom: Newsroom, is_ended: bool) -> None:
    kept, store = await newsroom.subscribe(CHAT, 8), newsroom.bot.subscriptions
    await decisions.pause(store, kept)
    assert "Paused. Nothing is posted until you resume it." in await newsroom.ask("/pause")
    if is_ended:
        assert "Ask the operator to resume it." in await newsroom.ask("/resume")
    assert [one.paused for one in await store.of(CHAT)] == [PAUSED_BY_OPERATOR]
    await decisions.resume(store, newsroom.bot.dispatcher.context.access, kept, newsroom.clock())
    assert [one.paused for one in await store.of(CHAT)] == [None if is_ended else ""]


async def test_the_end_of_a_pause_is_told_after_the_quiet_hours(newsroom: Newsroom) -> None:
    await newsroom.subscribe(CHAT, 8)
    await newsroom.ask("/settings quiet 22:00-7:00")
    await newsroom.ask("/pause until sunday")
    await newsroom.add(BRIDGE)
    [notice] = await newsroom.at(0, day=16)
    assert notice.not_before == newsroom.clock().replace(hour=7, minute=0)


async def test_several_subscriptions_whose_pause_ends_together_are_told_in_one_notice(newsroom: Newsroom) -> None:
    await newsroom.subscribe(CHAT, 8)
    await newsroom.subscribe(CHAT, 9)
    await newsroom.ask("/pause until sunday")
    await newsroom.add(BRIDGE)
    await newsroom.at(9, day=15)
    [notice] = await newsroom.at(0, day=16)
    assert (notice.payload or "").count("1 story came meanwhile") == 2
    assert [one.paused for one in await newsroom.bot.subscriptions.of(CHAT)] == [None, None]


async def test_pauses_that_end_in_one_minute_but_not_together_are_each_told(newsroom: Newsroom) -> None:
    for hour in (8, 9):
        await newsroom.subscribe(CHAT, hour)
    for number in (1, 2):
        await newsroom.ask(f"/pause {number} for 28 hours")
        newsroom.clock.now += timedelta(seconds=20)
    await newsroom.add(BRIDGE)
    await newsroom.at(10, day=15)
    newsroom.clock.now += timedelta(seconds=20)
    await post_due(newsroom.bot)
    told = [one.payload or "" for one in await newsroom.bot.ledger.latest(99)]
    assert len([one for one in told if "1 story came meanwhile" in one]) == 2


async def test_what_came_after_the_end_of_a_pause_did_not_come_meanwhile(newsroom: Newsroom) -> None:
    await newsroom.subscribe(CHAT, 8)
    await newsroom.ask("/pause until sunday")
    await newsroom.add(BRIDGE)
    newsroom.clock.now = datetime(2025, 3, 16, 5, tzinfo=UTC)  # the bot was down when the pause ended
    await newsroom.add(CHEESE)
    [notice] = await newsroom.at(6, day=16)
    assert "1 story came meanwhile" in (notice.payload or "")
    [again] = await newsroom.bot.subscriptions.of(CHAT)
    assert again.since is not None
    pressed = Missed(again, again.since - timedelta(days=3), again.since, 1).button(0).action.encode()
    view = await newsroom.bot.dispatcher.press(Request(CHAT, pressed, "test:7", **TRUSTED))
    assert view is not None
    assert "Bridge" in said(view)
    assert "cheese" not in said(view)


@pytest.mark.parametrize(("pause", "shown"), [("/pause", "paused"), ("/pause until sunday", "paused, resumes Sun")])
async def test_a_pause_goes_on_when_the_bot_may_post_again(newsroom: Newsroom, pause: str, shown: str) -> None:
    await newsroom.subscribe(CHAT, 8)
    await newsroom.ask(pause)
    await barred(newsroom.bot.dispatcher.context, CHAT, Obstacle.REMOVED)
    assert "paused: the bot was removed from the chat" in await newsroom.ask("/status")
    assert [one.id for one in await newsroom.bot.subscriptions.halted()] == [1]
    await let_in(newsroom.bot.dispatcher.context, CHAT)
    assert shown in await newsroom.ask("/status")


async def test_a_pause_that_was_chosen_while_the_bot_may_not_post_begins_when_it_may(newsroom: Newsroom) -> None:
    await newsroom.subscribe(CHAT, 8)
    await barred(newsroom.bot.dispatcher.context, CHAT, Obstacle.REMOVED)
    assert "Paused. Nothing is posted until you resume it." in await newsroom.ask("/pause")
    await let_in(newsroom.bot.dispatcher.context, CHAT)
    assert [one.paused for one in await newsroom.bot.subscriptions.of(CHAT)] == [""]
