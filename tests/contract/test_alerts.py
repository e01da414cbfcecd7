"""Operators get one plain alert for all posts that failed in the same way, and decide about all of them at once."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console

from bot.access import Access, Policy
from bot.chats import Destination
from bot.delivery.model import Dead, Delivery, State, Uncertain
from bot.i18n import Translator
from bot.jobs import post_due
from bot.platforms.console.chat import Terminal
from bot.platforms.console.render import read_post
from bot.platforms.console.sender import ConsoleSender
from bot.queues.model import Job, Task
from bot.storage.database.engine import Database
from bot.views.buttons import Control, ControlVerb
from tests.fakes import Talk
from tests.newsroom import BRIDGE, Newsroom

OPERATOR, STRANGER = "test:9", "test:8"
PAGE = "Bad Gateway <html><head><title>502</title></head><body>nginx</body></html>"
CHATS = 103


@pytest.fixture(name="newsroom")
def _newsroom(database: Database) -> Newsroom:
    return Newsroom(database, Access(Policy.OPEN, frozenset({OPERATOR})))


async def many_fail(newsroom: Newsroom, outcome: Uncertain | Dead, chats: int = CHATS) -> None:
    """Posts to many chats fail in one minute."""
    for chat in range(chats):
        await newsroom.subscribe(Destination("test", f"c{chat}"))
    await newsroom.add(BRIDGE)
    await newsroom.at(8)
    await newsroom.at(8)  # what did not fit into the first round is composed
    await newsroom.at(8)
    while await newsroom.send(outcome):
        pass


async def alerts(newsroom: Newsroom) -> list[Delivery]:
    return [one for one in await newsroom.bot.ledger.latest(999) if one.dedup.startswith("alert:")]


async def test_a_job_that_was_set_aside_is_told_once(newsroom: Newsroom) -> None:
    for _ in range(3):
        await newsroom.bot.job_runs.begin(Job(Task.POLL, 7))
        await newsroom.bot.job_runs.died()
    for _ in range(2):
        await post_due(newsroom.bot)
    [alert] = await alerts(newsroom)
    assert "Job poll 7 has ended the program 3 times and was set aside." in (alert.payload or "")


async def test_a_job_that_was_set_aside_again_is_told_again(newsroom: Newsroom) -> None:
    for day in range(2):
        for _ in range(1 if day else 3):  # a day later it is tried once more
            await newsroom.bot.job_runs.begin(Job(Task.POLL, 7))
            await newsroom.bot.job_runs.died()
        await post_due(newsroom.bot)
        newsroom.clock.now += timedelta(days=1, minutes=1)
    assert [f"{count} times" in (one.payload or "") for one, count in zip(await alerts(newsroom), (4, 3), strict=True)]


def pressing(newsroom: Newsroom, user: str = OPERATOR) -> Talk:
    return Talk(newsroom.bot, newsroom.clock, Destination("test", "9"), user)


async def said(talk: Talk, button: str) -> str:
    view = await talk.press(button)
    return " ".join(Translator("en").say(text) for text in view.texts() if not hasattr(text, "version"))


async def states(newsroom: Newsroom) -> set[State]:
    return {one.state for one in await newsroom.bot.ledger.latest(999) if one.subscription}


async def told(newsroom: Newsroom) -> tuple[str, dict[str, str]]:
    """The only alert: its text, and what its buttons send."""
    await newsroom.at(8, minute=2)
    [alert] = await alerts(newsroom)
    text, buttons = read_post(alert.payload or "")
    return text, dict(buttons)


class TestOneMessage:
    @pytest.mark.parametrize("outcome", [Uncertain(PAGE), Dead(PAGE)])
    async def test_tells_of_all_posts_that_failed_in_a_minute_in_plain_words(
        self, newsroom: Newsroom, outcome: Uncertain | Dead
    ) -> None:
        await many_fail(newsroom, outcome)
        assert await alerts(newsroom) == [], "there may be more in this minute"
        text, buttons = await told(newsroom)
        assert f"{CHATS} posts" in text
        assert f"chats: {CHATS}" in text
        assert "Bad Gateway" in text
        assert "<" not in text
        assert "nginx" not in text
        assert list(buttons) == [
            "Send all again",
            *(["Leave as they are"] if isinstance(outcome, Uncertain) else []),
            "Show",
        ]
        await newsroom.at(8, minute=3)
        assert len(await alerts(newsroom)) == 1

    async def test_comes_once_also_after_a_restart(self, newsroom: Newsroom) -> None:
        await many_fail(newsroom, Uncertain("reset"), 3)
        await told(newsroom)
        again = Newsroom(newsroom.bot.database, Access(Policy.OPEN, frozenset({OPERATOR})))
        again.clock.now = newsroom.clock()
        await post_due(again.bot)
        assert len(await alerts(again)) == 1

    async def test_is_one_a_cause(self, newsroom: Newsroom) -> None:
        for chat in "ab":
            await newsroom.subscribe(Destination("test", chat))
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send(Uncertain("reset"), most=1)
        await newsroom.send(Uncertain("no answer"), most=1)
        await newsroom.at(8, minute=2)
        assert len(await alerts(newsroom)) == 2

    async def test_tells_of_a_platform_that_is_down_and_not_of_each_post_that_waits(self, newsroom: Newsroom) -> None:
        for chat in "abc":
            await newsroom.subscribe(Destination("test", chat), 8, 23)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.at(10)
        await newsroom.send(most=1)
        await newsroom.at(10, minute=1)
        assert len(await alerts(newsroom)) == 1


class TestButtons:
    async def test_send_all_again(self, newsroom: Newsroom) -> None:
        await many_fail(newsroom, Uncertain("reset"), 30)
        _, buttons = await told(newsroom)
        assert "30 posts are sent again" in await said(pressing(newsroom), buttons["Send all again"])
        assert await states(newsroom) == {State.PENDING}
        assert "Nothing is left" in await said(pressing(newsroom), buttons["Send all again"])
        assert len([one for one in await newsroom.send() if one.subscription]) == 30

    async def test_leave_all(self, newsroom: Newsroom) -> None:
        await many_fail(newsroom, Uncertain("reset"), 3)
        _, buttons = await told(newsroom)
        assert "3 posts stay as they are" in await said(pressing(newsroom), buttons["Leave as they are"])
        assert await states(newsroom) == {State.SENT}

    async def test_show_lists_them_with_the_buttons(self, newsroom: Newsroom) -> None:
        await many_fail(newsroom, Uncertain("reset"), 25)
        _, buttons = await told(newsroom)
        shown = await said(pressing(newsroom), buttons["Show"])
        assert "for test:c3" in shown
        assert "And 5 more." in shown
        assert "Send all again" in shown
        assert await states(newsroom) == {State.UNCERTAIN}

    async def test_are_about_those_of_their_cause_alone(self, newsroom: Newsroom) -> None:
        await many_fail(newsroom, Uncertain("reset"), 2)
        _, buttons = await told(newsroom)
        other = Control(ControlVerb.SEND_ALL, Control.decode(buttons["Show"]).subscription, "uncertain", "another")  # type: ignore[union-attr]
        assert "Nothing is left" in await said(pressing(newsroom), other.encode())
        assert await states(newsroom) == {State.UNCERTAIN}

    @pytest.mark.parametrize("verb", ["Send all again", "Leave as they are", "Show"])
    async def test_are_for_operators_at_the_moment_of_the_press(self, newsroom: Newsroom, verb: str) -> None:
        await many_fail(newsroom, Uncertain("reset"), 2)
        _, buttons = await told(newsroom)
        assert "Only the bot's operators" in await said(pressing(newsroom, STRANGER), buttons[verb])
        dismissed = Newsroom(newsroom.bot.database, Access(Policy.OPEN))
        assert "Only the bot's operators" in await said(pressing(dismissed), buttons[verb])
        assert await states(newsroom) == {State.UNCERTAIN}

    @pytest.mark.parametrize(
        "forged", ["c1|sendall|99999999999999|uncertain|x", "c1|leaveall|1|sent|x", "c1|showall|0||"]
    )
    async def test_a_forged_one_is_answered_and_does_nothing(self, newsroom: Newsroom, forged: str) -> None:
        await many_fail(newsroom, Uncertain("reset"), 1)
        assert "went wrong" not in await said(pressing(newsroom), forged)
        assert await states(newsroom) == {State.UNCERTAIN}


class TestTerminal:
    async def test_an_alert_has_its_buttons_below_it(self, newsroom: Newsroom) -> None:
        await many_fail(newsroom, Uncertain("reset"), 2)
        await newsroom.at(8, minute=2)
        [alert] = await alerts(newsroom)
        async with newsroom.bot.database.write() as connection:
            from sqlalchemy import update

            from bot.storage.database.tables import delivery

            here = update(delivery).where(delivery.c.id == alert.id)
            await connection.execute(here.values(destination="console:terminal", platform="console"))
        printed = StringIO()
        console = Console(file=printed, width=100)
        await ConsoleSender(console).send(alert)
        assert f">post{alert.id} 1  Send all again" in printed.getvalue()
        assert json.loads(alert.payload or "")["text"].splitlines()[0] in printed.getvalue()
        terminal = Terminal(newsroom.bot.dispatcher, Translator("en"), console, OPERATOR)
        await terminal.say(f">post{alert.id} 1")
        assert "2 posts are sent again" in printed.getvalue()
        await terminal.say(f">post{alert.id} 9")
        assert await states(newsroom) == {State.PENDING}
