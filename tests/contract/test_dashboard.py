"""The dashboard, on both databases: who sees what, the lists, and what forms do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.access import Access, Policy
from bot.chats import Destination
from bot.commands.context import Policies, Request
from bot.delivery.model import Dead, State, Uncertain
from bot.storage.database.chat_tables import sign_in
from bot.storage.database.engine import Database
from bot.storage.listings import PAGE, PostFilter
from tests.contract.test_ledger import BRIDGE, CHAT, CHEESE, OTHER, Newsroom
from tests.dashboards import OPERATOR, Visit, visiting
from tests.fakes import TRUSTED


@pytest.fixture(name="newsroom")
def _newsroom(database: Database) -> Newsroom:
    return Newsroom(database, Access(Policy.OPEN, frozenset({OPERATOR})))


@pytest.fixture(name="visit")
async def _visit(newsroom: Newsroom) -> AsyncIterator[Visit]:
    async with visiting(newsroom) as visit:
        yield visit


async def _post(newsroom: Newsroom, *chats: Destination) -> None:
    """Posts a digest at eight to each chat."""
    for chat in chats:
        await newsroom.subscribe(chat)
    await newsroom.add(BRIDGE)
    await newsroom.at(8)


class TestSigningIn:
    async def _asked(self, newsroom: Newsroom, user: str = OPERATOR, **more: object) -> str:
        context = newsroom.bot.dispatcher.context
        if more.pop("is_on", True):
            newsroom.bot.dispatcher.context = replace(context, policies=Policies(dashboard="https://bot.example.org"))
        request = Request(CHAT, "/dashboard", user, **(TRUSTED | more))
        view = await newsroom.bot.dispatcher.answer(request)
        assert view is not None
        return " ".join(str(getattr(text, "values", {}).get("url", "") or text) for text in view.texts())

    async def test_an_operator_gets_a_link_that_signs_in_once(self, newsroom: Newsroom, visit: Visit) -> None:
        said = await self._asked(newsroom)
        path = said.split()[0].removeprefix("https://bot.example.org")
        for _ in range(2):  # a platform that looks at the link for a preview does not use it up
            status, page = await visit.get(path)
            assert (status, f'action="{path}"' in page) == (200, True)
        assert (await visit.client.post(path, allow_redirects=False)).status == 303
        assert (await visit.get("/"))[0] == 200
        assert (await visit.get(path))[0] == 410

    async def test_nobody_else_gets_one(self, newsroom: Newsroom) -> None:
        assert "The dashboard is off" in await self._asked(newsroom, is_on=False)
        assert "Only an operator" in await self._asked(newsroom, "test:7")
        assert "private chat" in await self._asked(newsroom, is_private=False)

    async def test_only_hashes_are_stored_and_old_ones_are_deleted(
        self, newsroom: Newsroom, database: Database
    ) -> None:
        secret = await newsroom.bot.sign_ins.new_link(OPERATOR)
        async with database.read() as connection:
            [row] = (await connection.execute(select(sign_in))).all()
        assert secret not in str(row)
        newsroom.clock.now += timedelta(minutes=6)
        await newsroom.bot.sign_ins.prune()
        async with database.read() as connection:
            assert (await connection.execute(select(sign_in))).all() == []

    async def test_a_new_link_ends_the_one_before(self, newsroom: Newsroom) -> None:
        first = await newsroom.bot.sign_ins.new_link(OPERATOR)
        await newsroom.bot.sign_ins.new_link(OPERATOR)
        assert await newsroom.bot.sign_ins.redeem(first) is None

    async def test_a_link_is_used_once_also_by_many_at_once(self, visit: Visit) -> None:
        secret = await visit.site.bot.sign_ins.new_link(OPERATOR)
        sending = (visit.client.post(f"/sign-in/{secret}", allow_redirects=False) for _ in range(10))
        answers = await asyncio.gather(*sending)
        assert sorted(answer.status for answer in answers) == [303] + [410] * 9

    async def test_whoever_signs_out_is_out(self, visit: Visit) -> None:
        await visit.sign_in()
        assert (await visit.press("/sign-out")).status == 303
        assert (await visit.get("/posts"))[0] == 401

    async def test_a_session_ends_after_twelve_hours(self, newsroom: Newsroom, visit: Visit) -> None:
        await visit.sign_in()
        newsroom.clock.now += timedelta(hours=12)
        assert (await visit.get("/posts"))[0] == 401

    async def test_forgetting_a_person_signs_them_out(self, newsroom: Newsroom, visit: Visit) -> None:
        await visit.sign_in()
        privacy = newsroom.bot.dispatcher.context.privacy
        assert [one["kind"] for one in (await privacy.data(CHAT, OPERATOR, is_private=True))["dashboard"]] == [
            "session"
        ]
        await privacy.forget_person(OPERATOR)
        assert (await visit.get("/posts"))[0] == 401


class TestVisitors:
    @pytest.mark.parametrize("path", ["/", "/posts", "/posts/1"])
    async def test_a_stranger_is_told_how_to_sign_in(self, newsroom: Newsroom, visit: Visit, path: str) -> None:
        await _post(newsroom, CHAT)
        status, page = await visit.get(path)
        assert (status, "<code>/dashboard</code>" in page, "Bridge" in page) == (401, True, False)

    async def test_the_public_sees_no_chat_and_no_error(self, newsroom: Newsroom) -> None:
        secret_chat = Destination("test", "4711")
        await _post(newsroom, secret_chat)
        await newsroom.send(Uncertain("reset by peer"))
        async with visiting(newsroom, public=True) as visit:
            status, page = await visit.get("/")
            assert (status, "Posts of the last 14 days" in page) == (200, True)
            assert "4711" not in page
            assert "reset by peer" not in page
            assert "/posts" not in page
            assert (await visit.get("/posts"))[0] == 401
            assert (await visit.client.post("/posts/1/lost")).status == 401


class TestOverview:
    async def test_it_says_what_is_wrong_and_what_comes_next(self, newsroom: Newsroom, visit: Visit) -> None:
        await newsroom.bot.chats.introduce(CHAT, title="Norby Evening News")
        await _post(newsroom, CHAT, OTHER)
        await newsroom.send(Dead("chat not found"), most=1)
        await visit.sign_in()
        newsroom.clock.now += timedelta(minutes=2)
        _, page = await visit.get("/")
        assert "the last one was" in page  # the tick is late
        assert "chat not found" in page
        assert "Norby Evening News" in page
        assert "in 23 h" in page
        assert "1 pending, 1 dead" in page

    async def test_a_post_that_is_overdue_says_so(self, newsroom: Newsroom, visit: Visit) -> None:
        await newsroom.subscribe()
        await visit.sign_in()
        newsroom.clock.now = newsroom.clock.now.replace(hour=8, minute=30)
        assert "late, due " in (await visit.get("/"))[1]


class TestPosts:
    async def test_a_list_is_filtered(self, newsroom: Newsroom, visit: Visit) -> None:
        await _post(newsroom, CHAT, OTHER)
        await newsroom.send(Uncertain("reset"), most=1)
        await visit.sign_in()
        for query, found in {
            "": {"1", "2"},
            "state=uncertain": {"1"},
            "chat=test:2": {"2"},
            "subscription=1": {"1"},
            "day=2025-03-14": {"1", "2"},
            "day=2025-03-13": set(),
            "state=dead&chat=test:2": set(),
        }.items():
            page = (await visit.get(f"/posts?{query}"))[1]
            assert {number for number in "12" if f'href="/posts/{number}"' in page} == found, query

    @pytest.mark.parametrize("query", ["state=x", "chat=nowhere", "subscription=x", "day=2025-3-14", "chat=test:%00"])
    async def test_a_filter_that_is_wrong_says_so(self, visit: Visit, query: str) -> None:
        await visit.sign_in()
        status, page = await visit.get(f"/posts?{query}")
        assert (status, 'role="alert"' in page) == (200, True)

    async def test_a_long_list_is_read_page_by_page(self, newsroom: Newsroom, visit: Visit) -> None:
        for number in range(PAGE + 2):
            await newsroom.subscribe(Destination("test", f"c{number}"))
        await newsroom.add(BRIDGE)
        for _ in range(2):  # so many are not composed in one tick
            await newsroom.at(8)
        await visit.sign_in()
        page = (await visit.get("/posts"))[1]
        assert 'href="/posts?before=3">Older' in page
        page = (await visit.get("/posts?before=3"))[1]
        assert ['href="/posts/2"' in page, 'href="/posts/3"' in page, ">Newest<" in page] == [True, False, True]
        everything = await newsroom.bot.ledger.latest(99)
        read, before = [], None
        while lines := await visit.site.listings.posts(PostFilter(), before, most=7):
            read += [line.id for line in lines]
            before = lines[-1].id
        assert read == [one.id for one in everything]

    async def test_one_shows_its_times_and_its_content(self, newsroom: Newsroom, visit: Visit) -> None:
        await _post(newsroom, CHAT)
        await newsroom.send()
        await visit.sign_in()
        _, page = await visit.get("/posts/1")
        assert "slot:2025-03-14T08:00" in page
        assert "The mayor blames a ship." in page
        assert "Send again" not in page
        for path in ("/posts/99", "/posts/x", "/posts/9999999999999999999"):
            assert (await visit.get(path))[0] == 404

    @pytest.mark.parametrize(
        ("verb", "state"), [("resend", State.PENDING), ("arrived", State.SENT), ("lost", State.DEAD)]
    )
    async def test_one_in_doubt_is_decided(self, newsroom: Newsroom, visit: Visit, verb: str, state: State) -> None:
        await _post(newsroom, CHAT)
        await newsroom.send(Uncertain("reset"))
        await visit.sign_in()
        assert "Send again" in (await visit.get("/posts/1"))[1]
        response = await visit.press(f"/posts/1/{verb}")
        assert response.headers["Location"] == f"/posts/1?said={verb}"
        assert await newsroom.states() == [state]
        if state is not State.DEAD:
            assert (await visit.press(f"/posts/1/{verb}")).headers["Location"] == "/posts/1?said=no"

    async def test_an_unknown_decision_changes_nothing(self, newsroom: Newsroom, visit: Visit) -> None:
        await _post(newsroom, CHAT)
        await visit.sign_in()
        assert (await visit.press("/posts/1/explode")).status == 404
        assert (await visit.press("/posts/7/lost")).status == 404


class TestDayCounts:
    async def test_days_are_counted_by_state_and_kept_for_a_minute(self, newsroom: Newsroom, visit: Visit) -> None:
        await _post(newsroom, CHAT)
        assert [day.posts for day in await visit.site.day_counts.last(2)] == [{}, {State.PENDING: 1}]
        await newsroom.send()
        assert (await visit.site.day_counts.last(2))[1].posts == {State.PENDING: 1}
        newsroom.clock.now += timedelta(minutes=1)
        assert (await visit.site.day_counts.last(2))[1].posts == {State.SENT: 1}
        await newsroom.add(CHEESE)
        await newsroom.at(8, day=15)
        assert [day.posts for day in await visit.site.day_counts.last(2)] == [{State.SENT: 1}, {State.PENDING: 1}]
