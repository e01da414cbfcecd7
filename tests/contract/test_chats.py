"""Stored data of chats: memory, subscriptions and personal data, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.app import open_database
from bot.chats import Answer, Destination
from bot.storage.chats import Chats
from bot.storage.database.engine import Database
from bot.storage.privacy import Privacy
from bot.storage.stories import Stories
from bot.storage.subscriptions import Subscriptions
from bot.storage.write_behind import WriteBehindChats
from bot.subscriptions.model import Mode, Quiet, Schedule, Settings, Subscription, Uncertain
from briefings.library import Library
from briefings.model import SectionKind
from briefings.scope import OPERATOR, Scope
from tests.fakes import NOON, Clock, article

CHAT = Destination("test", "1")
TOPIC = Destination("test", "1", "9")
OTHER = Destination("test", "12")  # its name begins with the first one's
MEMORY = timedelta(days=30)
BRIDGE = article("Bridge collapses", "The bridge at Norby fell into the river.")


def subscription(where: Destination = CHAT, user: str = "test:9") -> Subscription:
    settings = Settings(
        Schedule((time(7, 30), time(20)), frozenset({0, 4}), "Australia/Lord_Howe", Quiet(time(22), time(7))),
        ("politics",),
        ("bridge", "river bank"),
        ("football",),
        3,
        (SectionKind.WHY,),
        "it",
        True,
        Mode.BOTH,
        Uncertain.RESEND,
        True,
    )
    return Subscription(0, where, user, settings, NOON, datetime(2025, 3, 14, 8), NOON)


Store = Callable[[Database, Clock], Chats | WriteBehindChats]


def _memory(database: Database, clock: Clock | None = None) -> WriteBehindChats:
    return WriteBehindChats(database, Chats(database, clock or Clock(), MEMORY))


@pytest.fixture(name="store", params=["at once", "a moment later"])
def _store(request: pytest.FixtureRequest) -> Store:
    return _memory if request.param == "a moment later" else lambda database, clock: Chats(database, clock, MEMORY)


class TestMemory:
    async def test_lasts_over_a_restart(self, database_url: str, store: Store) -> None:
        clock = Clock()
        async with open_database(database_url) as database:
            chats = store(database, clock)
            await chats.remember(CHAT, ("a", "b"), is_list=True)
            await chats.remember(CHAT, ("b",), is_list=False)
            await chats.remember(CHAT, ("c", "d"), is_list=True)
            await chats.posted(CHAT, "55", ("b", "a"))
            await chats.speak(CHAT, "it")
        async with open_database(database_url) as database:
            chats = store(database, clock)
            assert await chats.told(CHAT) == ("c", "d")
            assert await chats.story(CHAT) == "b"
            assert await chats.about(CHAT, "55") == ("b", "a")
            assert await chats.language(CHAT) == "it"

    async def test_is_each_destinations_own(self, database: Database, store: Store) -> None:
        chats = store(database, Clock())
        await chats.remember(CHAT, ("a",), is_list=False)
        await chats.posted(CHAT, "1", ("a",))
        for where in (TOPIC, OTHER):
            assert await chats.told(where) == ()
            assert await chats.story(where) is None
        assert await chats.about(OTHER, "1") == ()
        assert await chats.about(TOPIC, "1") == ("a",)  # messages are numbered by chat

    async def test_is_forgotten_after_its_time(self, database: Database) -> None:
        clock = Clock()
        chats = Chats(database, clock, MEMORY)
        await chats.remember(CHAT, ("a",), is_list=False)
        await chats.posted(CHAT, "1", ("a",))
        await chats.answered(CHAT, "7", Answer(("1",), "who"))
        clock.now += MEMORY + timedelta(seconds=1)
        assert await chats.told(CHAT) == ()
        assert await chats.story(CHAT) is None
        assert await chats.about(CHAT, "1") == ()
        await chats.prune()
        data = await Privacy(database, _memory(database)).data(CHAT, "test:9", is_private=True)
        assert (data["answers"], data["messages"], data["answered"]) == ([], [], [])

    async def test_knows_the_last_answers_of_an_hour_for_edits(self, database: Database, store: Store) -> None:
        clock = Clock()
        chats = store(database, clock)
        await chats.answered(CHAT, "first", Answer(("1", "2"), "who"))
        await chats.answered(CHAT, "first", Answer(("1",), "what"))
        assert await chats.answer_to(CHAT, "first") == Answer(("1",), "what")
        assert await chats.answer_to(OTHER, "first") is None
        for number in range(20):
            clock.now += timedelta(seconds=1)
            await chats.answered(TOPIC, f"{number}", Answer(("3",), ""))
        assert await chats.answer_to(CHAT, "first") is None
        assert await chats.answer_to(CHAT, "19") == Answer(("3",), "")
        clock.now += timedelta(hours=1, seconds=1)
        assert await chats.answer_to(CHAT, "19") is None

    async def test_numbers_messages_for_a_platform_that_does_not(self, database: Database, store: Store) -> None:
        chats = store(database, Clock())
        assert await chats.next_message(CHAT) == "1"
        await chats.posted(CHAT, "9", ("a",))
        await chats.posted(CHAT, "10", ("a",))
        assert await chats.next_message(CHAT) == "11"

    async def test_is_shown_and_forgotten_before_it_is_written(self, database: Database) -> None:
        chats = _memory(database)
        privacy = Privacy(database, chats)
        await chats.posted(CHAT, "1", ("a",))
        assert len((await privacy.data(CHAT, "test:9", is_private=True))["messages"]) == 1
        await chats.posted(CHAT, "2", ("a",))
        await privacy.forget(CHAT, "test:9")
        await chats.flush()
        assert (await privacy.data(CHAT, "test:9", is_private=True))["messages"] == []

    async def test_is_forgotten_where_a_person_is_answered_alone(self, database: Database) -> None:
        chats = _memory(database)
        privacy, alone = Privacy(database, chats), CHAT.for_one("9")
        await chats.remember(alone, ("a",), is_list=False)
        await privacy.forget(CHAT, "test:9")
        await chats.flush()
        assert await chats.story(alone) is None
        await chats.remember(alone, ("a",), is_list=False)
        await privacy.forget_person("test:9")
        await chats.flush()
        assert await chats.story(alone) is None

    async def test_is_no_part_of_what_another_chat_writes_together(self, database: Database) -> None:
        chats = _memory(database)
        await chats.remember(CHAT, ("a",), is_list=False)
        await chats.remember(OTHER, ("b",), is_list=False)
        with pytest.raises(ZeroDivisionError):
            async with database.unit_of_work():
                assert await chats.story(CHAT) == "a"
                await chats.remember(CHAT, ("c",), is_list=False)
                raise ZeroDivisionError
        assert (await chats.story(CHAT), await chats.story(OTHER)) == ("a", "b")

    async def test_holds_up_nobody_who_writes_together(self, database: Database) -> None:
        chats = _memory(database)
        async with asyncio.timeout(60), database.unit_of_work():
            await chats.speak(CHAT, "it")
            other = asyncio.create_task(chats.remember(OTHER, ("b",), is_list=False), context=Context())
            await asyncio.sleep(0.1)  # it is to be written meanwhile, and waits for this
            await chats.story(OTHER)
        await other
        assert await chats.story(OTHER) == "b"

    async def test_loses_no_more_than_what_cannot_be_written(self, database: Database) -> None:
        chats = _memory(database)
        await chats.remember(Destination("test", "\ud800"), ("a",), is_list=False)
        await chats.flush()
        await chats.remember(OTHER, ("b",), is_list=False)
        assert await chats.story(OTHER) == "b"

    async def test_is_written_a_moment_later_without_anybody_asking(self, database: Database) -> None:
        await _memory(database).remember(CHAT, ("a",), is_list=False)
        chats = Chats(database, Clock(), MEMORY)
        assert await chats.story(CHAT) is None
        async with asyncio.timeout(60):
            while await chats.story(CHAT) != "a":
                await asyncio.sleep(0.01)

    async def test_is_part_of_what_is_written_together_with_it(self, database: Database) -> None:
        chats = _memory(database)
        with pytest.raises(ZeroDivisionError):
            async with database.unit_of_work():
                await chats.remember(CHAT, ("a",), is_list=False)
                raise ZeroDivisionError
        assert await chats.story(CHAT) is None


class TestSubscriptions:
    async def test_come_back_as_they_were(self, database: Database) -> None:
        store = Subscriptions(database)
        kept = await added(store)
        assert kept.id > 0
        assert await store.of(CHAT) == [kept]
        assert await store.of(TOPIC) == []
        assert await store.get(kept.id) == kept
        changed = await store.change(CHAT, kept.id, lambda one: replace(one, paused="kicked", settings=Settings()))
        assert changed == replace(kept, paused="kicked", settings=Settings())
        assert await store.of(CHAT) == [changed]

    async def test_moments_keep_their_zone(self, database: Database) -> None:
        store = Subscriptions(database)
        await added(store)
        [kept] = await store.of(CHAT)
        assert kept.next_due is not None
        assert kept.next_due.utcoffset() == UTC.utcoffset(None)
        assert kept.next_due == NOON

    async def test_one_that_is_gone_stays_gone_and_its_number_is_nobody_elses(self, database: Database) -> None:
        store = Subscriptions(database)
        first, second = await added(store), await added(store)
        await store.remove(CHAT, [first.id, second.id])
        third = await added(store, OTHER)
        assert third.id not in {first.id, second.id}
        assert await store.change(CHAT, second.id, lambda one: replace(one, paused="")) is None
        assert await store.of(OTHER) == [third]

    async def test_another_chats_is_out_of_reach(self, database: Database) -> None:
        store = Subscriptions(database)
        kept = await added(store)
        assert await store.change(OTHER, kept.id, lambda one: replace(one, paused="")) is None
        await store.remove(OTHER, [kept.id])
        assert await store.of(CHAT) == [kept]

    async def test_changes_at_once_are_all_kept(self, database: Database) -> None:
        store = Subscriptions(database)
        kept = await added(store)

        def grown(one: Subscription) -> Subscription:
            return replace(one, settings=replace(one.settings, stories=one.settings.stories + 1))

        await asyncio.gather(*(store.change(CHAT, kept.id, grown) for _ in range(6)))
        assert [one.settings.stories for one in await store.of(CHAT)] == [kept.settings.stories + 6]

    async def test_subscribing_twice_at_once_is_subscribing_once(self, database: Database) -> None:
        store = Subscriptions(database)
        found = await asyncio.gather(*(store.add(subscription(), 1) for _ in range(4)))
        assert len([one for one in found if one is not None]) == 1
        assert len(await store.of(CHAT)) == 1


async def added(store: Subscriptions, where: Destination = CHAT) -> Subscription:
    kept = await store.add(subscription(where), 9)
    assert kept is not None
    return kept


class TestPrivacy:
    async def test_shows_and_deletes_what_is_stored_and_nothing_of_others(self, database: Database) -> None:
        chats, store, privacy = (
            Chats(database, Clock(), MEMORY),
            Subscriptions(database),
            Privacy(database, _memory(database)),
        )
        library = Library(Stories(database))
        for where in (CHAT, TOPIC, OTHER):
            await added(store, where)
            await chats.remember(where, ("a",), is_list=False)
            await library.add(BRIDGE, NOON, Scope(where.owner))
        await chats.posted(CHAT, "1", ("a",))
        await chats.speak(CHAT, "it")
        await library.add(BRIDGE, NOON)
        data = await privacy.data(CHAT, "test:9", is_private=True)
        assert [row["destination"] for row in data["subscriptions"]] == ["test:1", "test:1:9"]
        assert [row["destination"] for row in data["answers"]] == ["test:1", "test:1:9"]
        assert data["subscribed_by_you"] == ["test:1", "test:12", "test:1:9"]
        assert [row["text"] for row in data["pasted_articles"]] == [BRIDGE.text]
        assert (data["language"], len(data["messages"])) == ([{"destination": "test:1", "language": "it"}], 1)

        await privacy.forget(CHAT, "test:9")
        left = await privacy.data(CHAT, "test:9", is_private=True)
        assert not any(left[name] for name in left if name not in {"chat", "user"})
        other = await privacy.data(OTHER, "test:9", is_private=True)
        assert [len(other[name]) for name in ("subscriptions", "answers", "pasted_articles")] == [1, 1, 1]
        assert other["subscriptions"][0]["created_by"] == ""
        owners = {report.scope.owner for report in await Stories(database).newest(OPERATOR, 9)}
        assert owners == {"", "test:12"}

    async def test_of_a_person_alone_deletes_the_name_only(self, database: Database) -> None:
        store = Subscriptions(database)
        kept = await added(store)
        await Privacy(database, _memory(database)).forget_person("test:9")
        assert await store.of(CHAT) == [replace(kept, created_by="")]
