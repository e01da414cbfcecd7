"""Endless updates, updates without a number, and unreadable rows do not affect others."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import update
from telegram.error import BadRequest

from bot.answers import stories
from bot.chats import Destination
from bot.delivery.answer_turns import AnswerTurns
from bot.delivery.courier import Timing
from bot.delivery.inbox import Answered, Incoming
from bot.delivery.pacing import UNLIMITED, Pacing
from bot.i18n import Translator
from bot.jobs import post_due
from bot.platforms.console.chat import Terminal
from bot.platforms.telegram.posts import answer
from bot.platforms.telegram.replies import Reply, Speaker
from bot.platforms.telegram.worklist import Worklist, number_of
from bot.runtime.restarts import RestartPatience
from bot.storage.database.errors import DatabaseLocked
from bot.storage.database.tables import subscription
from bot.storage.inbox import Updates
from tests.databases import new_database
from tests.fakes import NOON, OpenTalk, article, version

STORY = article("A bridge collapses", "The bridge at Norby fell into the river. Nobody was hurt.")


async def test_an_update_that_is_set_aside_is_kept_until_somebody_decides() -> None:
    async with new_database() as database:
        inbox = Updates(database)
        (incoming,) = await inbox.store("telegram", [(1, "{}")], NOON)
        await inbox.set_aside(incoming.id, "it hangs", "an apology")
        assert [one.reply for one in await inbox.claim("telegram", with_own=True)] == ["an apology"]
        await inbox.done([Answered(incoming.id, ())])
        assert await inbox.claim("telegram", with_own=True) == [], "the apology was said"
        assert [(one.id, one.reason) for one in await inbox.aside()] == [(incoming.id, "it hangs")]
        assert await inbox.retry(incoming.id)
        assert [(one.body, one.reply) for one in await inbox.claim("telegram", with_own=True)] == [("{}", None)]
        assert not await inbox.drop(incoming.id), "it is tried again, and nothing to decide about"


async def test_the_first_attempt_is_counted_when_an_update_is_stored_that_need_not_wait() -> None:
    async with new_database() as database:
        inbox = Updates(database)
        first, second = await inbox.store("telegram", [(1, "{}"), (2, "{}")], NOON, beginning={1})
        assert (first.is_counted, second.is_counted) == (True, False)
        assert [one.is_counted for one in await inbox.claim("telegram", with_own=True)] == [False, False]
        assert (await inbox.begin(first.id), await inbox.begin(second.id)) == (2, 1)


@pytest.mark.parametrize(
    "strange",
    [{}, {"update_id": None}, {"update_id": "7"}, {"update_id": True}, {"update_id": -1}, {"update_id": 2**70}, [], 7],
)
def test_an_update_has_a_number_or_none(strange: Any) -> None:
    assert number_of(strange) is None
    assert number_of({"update_id": 7}) == 7


async def test_a_subscription_that_cannot_be_used_is_paused_and_the_others_are_posted(open_talk: OpenTalk) -> None:
    talk = await open_talk(STORY)
    await talk.ask("/subscribe 8:00")
    other = talk.elsewhere("other")
    await other.ask("/subscribe 8:00")
    first, second = await talk.bot.subscriptions.all()
    for broken in ('{"schedule": {"zone": "Mars/Olympus"}}', '{"sections": ["a section of a newer version"]}'):
        async with talk.bot.database.write() as connection:
            await connection.execute(
                update(subscription)
                .where(subscription.c.id == first.id)
                .values(settings=broken, paused=None, next_due=NOON)
            )
        talk.clock.now += timedelta(days=1)
        await post_due(talk.bot)
        async with talk.bot.database.read() as connection:
            row = (await connection.execute(subscription.select().where(subscription.c.id == first.id))).one()
        assert "cannot be used" in row.paused
        assert [one.destination for one in await talk.bot.ledger.latest(1)] == [second.destination]


async def test_an_occasion_of_a_row_that_cannot_be_read_holds_up_no_other(open_talk: OpenTalk) -> None:
    talk = await open_talk(STORY)
    await talk.ask("/subscribe 8:00")
    await talk.elsewhere("other").ask("/subscribe 8:00")
    first, second = await talk.bot.subscriptions.all()
    talk.clock.now += timedelta(days=1)
    await talk.bot.posting.tick.run(talk.clock())
    async with talk.bot.database.write() as connection:
        broken = update(subscription).where(subscription.c.id == first.id)
        await connection.execute(broken.values(settings='{"sections": ["a section of a newer version"]}'))
    await talk.bot.posting.composer.run()
    assert [one.destination for one in await talk.bot.ledger.latest(5)] == [second.destination]


class _Silent:
    """Answers nothing. ``begun`` is set when it is asked to."""

    def __init__(self, begun: asyncio.Event) -> None:
        self._begun = begun

    async def reply(self, _: Incoming) -> None:
        self._begun.set()


async def test_an_update_is_answered_although_its_poller_was_cancelled_after_it_was_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with new_database() as database:
        inbox, stored, begun = Updates(database), asyncio.Event(), asyncio.Event()

        async def store(*given: Any) -> list[Incoming]:
            await Updates.store(inbox, *given)
            stored.set()
            await asyncio.Event().wait()
            raise AssertionError

        monkeypatch.setattr(inbox, "store", store)
        worklist = Worklist(inbox, Speaker(None, "bot", None, asyncio.sleep), lambda: NOON, _Silent(begun))  # type: ignore[arg-type]
        poller = asyncio.create_task(worklist.hear([{"update_id": 1}]))
        await stored.wait()
        poller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poller
        claims = asyncio.create_task(worklist.take_over())
        async with asyncio.timeout(60):
            await begun.wait()
        claims.cancel()
        await worklist.stop(1)


class _Picky:
    """A client of a Telegram that refuses every button."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def say(self, _where: Destination, text: str, _mode: str, keyboard: object, **_more: object) -> int:
        if keyboard:
            raise BadRequest("inline keyboard button URL 'https://a.b:/x' is invalid: Wrong port number")
        self.said.append(text)
        return 1


async def test_an_answer_whose_button_is_refused_is_sent_without_it() -> None:
    client = _Picky()
    answers = AnswerTurns(Pacing(UNLIMITED), Timing(lambda: NOON))
    speaker = Speaker(client, "bot", answers, asyncio.sleep)  # type: ignore[arg-type]
    drafts = answer(stories.brief_view(version(STORY)), "en")
    assert drafts[-1].keyboard
    assert len(await speaker.say(Reply(Destination("telegram", "7"), drafts))) == len(drafts)
    assert client.said == [draft.html for draft in drafts]


async def test_the_console_outlives_a_database_that_fails(open_talk: OpenTalk, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = await open_talk(STORY)
    printed = StringIO()
    terminal = Terminal(talk.bot.dispatcher, Translator("en"), Console(file=printed), "test:7")

    async def fails(*_: object) -> str:
        raise DatabaseLocked("a.db")

    monkeypatch.setattr(type(talk.bot.dispatcher.context.chats), "language", fails)
    await terminal.say("/latest")
    assert "The database does not answer" in printed.getvalue()


async def test_a_service_that_fails_again_and_again_waits_longer_and_stops_at_once() -> None:
    stopping = asyncio.Event()
    stopping.set()
    patience = RestartPatience(stopping)
    await patience.wait()
    assert patience.seconds == 5.0
