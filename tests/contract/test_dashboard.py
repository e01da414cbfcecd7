"""The dashboard, on both databases: who sees what, the lists, and what forms do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.access import PAUSED_BY_OPERATOR, Access, Policy
from bot.app import build
from bot.chats import Destination
from bot.commands.context import Policies, Request
from bot.delivery.model import Dead, Op, Paused, Retry, State, Uncertain
from bot.feeds.model import FeedSource
from bot.storage.database.chat_tables import sign_in
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseFull
from bot.storage.database.tables import metadata
from bot.storage.listings import PAGE, PostFilter
from bot.subscriptions.model import QuietDays
from briefings.fetching.client import Client, ClientOptions
from briefings.model import Article
from briefings.scope import OPERATOR as SEES_ALL
from briefings.scope import Scope
from tests.dashboards import OPERATOR, Visit, visiting
from tests.fakes import TRUSTED, article
from tests.newsroom import BRIDGE, CHAT, CHEESE, MORE, OTHER, Newsroom


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


async def _decided(visit: Visit, verb: str, attempt: str) -> str:
    """Decides about the first post as a page with that attempt does, and returns what the next page says."""
    response = await visit.press(f"/posts/1/{verb}", attempt=attempt)
    return response.headers["Location"].removeprefix("/posts/1?said=")


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
    @pytest.mark.parametrize("path", ["/", "/posts", "/posts/1", "/stories", "/feeds", "/subscriptions", "/chat"])
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
        visit.site.checkup.runs.failures["tick"] = DatabaseFull
        _, page = await visit.get("/")
        assert "seconds ago (job_failed: the disk is full or failing)" in page
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

    @pytest.mark.parametrize(
        "query", ["state=x", "chat=nowhere", "subscription=x", "day=2025-3-14", "day=9999-12-31", "chat=test:%00"]
    )
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
        assert "a digest, for 2025-03-14 08:00 local time" in page
        assert "The mayor blames a ship." in page
        assert "Send again" not in page
        for path in ("/posts/99", "/posts/x", "/posts/9999999999999999999"):
            assert (await visit.get(path))[0] == 404

    async def test_a_late_one_shows_where_the_time_went(self, newsroom: Newsroom, visit: Visit) -> None:
        """The bot was down until half past nine, and the platform took the post at ten only."""
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await newsroom.at(9, minute=30)
        await newsroom.send(Retry("the server was busy", timedelta(minutes=30)))
        newsroom.clock.now += timedelta(minutes=30)
        await newsroom.send()
        await visit.sign_in()
        facts = dict(re.findall(r"<dt>([^<]+)</dt><dd[^>]*>(?:<time[^>]*>)?([^<]+)", (await visit.get("/posts/1"))[1]))
        assert {name: facts[name] for name in ("Due", "Written", "Sent", "Attempts", "Last error")} == {
            "Due": "2025-03-14 08:00",
            "Written": "2025-03-14 09:30",
            "Sent": "2025-03-14 10:00",
            "Attempts": "2",
            "Last error": "the server was busy",
        }

    async def test_the_parts_of_several_processes_are_named(self, newsroom: Newsroom, visit: Visit) -> None:
        async with newsroom.bot.database.write() as connection:
            row = {"name": "tick", "epoch": 1, "holder": "alpha:7", "since": newsroom.clock()}
            await connection.execute(insert(metadata.tables["part"]).values(row))
        await visit.sign_in()
        assert "alpha:7" in (await visit.get("/"))[1]

    @pytest.mark.parametrize(
        ("verb", "state"), [("resend", State.PENDING), ("arrived", State.SENT), ("lost", State.DEAD)]
    )
    async def test_one_in_doubt_is_decided(self, newsroom: Newsroom, visit: Visit, verb: str, state: State) -> None:
        await _post(newsroom, CHAT)
        await newsroom.send(Uncertain("reset"))
        await visit.sign_in()
        assert "Send again" in (await visit.get("/posts/1"))[1]
        assert await _decided(visit, verb, (await newsroom.post(1)).attempt) == verb
        assert await newsroom.states() == [state]
        if state is not State.DEAD:
            assert await _decided(visit, verb, (await newsroom.post(1)).attempt) == "no"

    async def test_an_old_page_decides_nothing_about_a_newer_attempt(self, newsroom: Newsroom, visit: Visit) -> None:
        await _post(newsroom, CHAT)
        await newsroom.send(Uncertain("reset"))
        await visit.sign_in()
        old = (await newsroom.post(1)).attempt
        assert f'name="attempt" value="{old}"' in (await visit.get("/posts/1"))[1]
        assert await _decided(visit, "resend", old) == "resend"
        newsroom.clock.now += timedelta(seconds=1)
        await newsroom.send(Uncertain("reset again"))
        for verb in ("resend", "arrived", "lost"):
            assert await _decided(visit, verb, old) == "old"
        assert await newsroom.states() == [State.UNCERTAIN]
        assert "your page was old" in (await visit.get("/posts/1?said=old"))[1]

    async def test_none_is_sent_again_to_a_chat_that_has_unsubscribed(self, newsroom: Newsroom, visit: Visit) -> None:
        await _post(newsroom, CHAT)
        await newsroom.send(Uncertain("reset"))
        await visit.sign_in()
        await visit.press("/subscriptions/1/remove")
        assert await _decided(visit, "resend", (await newsroom.post(1)).attempt) == "no"
        assert await newsroom.states() == [State.UNCERTAIN]

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


class TestStories:
    async def _add(self, newsroom: Newsroom, *found: Article, scope: Scope = Scope()) -> list[str]:  # noqa: B008  # frozen
        for one in found:
            await newsroom.add(one, scope)
        return [report.version.id for report in await newsroom.bot.stories.newest(SEES_ALL, len(found))]

    async def test_the_newest_come_first_and_are_found_by_words(self, newsroom: Newsroom, visit: Visit) -> None:
        await self._add(newsroom, BRIDGE, CHEESE)
        await visit.sign_in()
        _, page = await visit.get("/stories")
        assert page.index("A cheese wins") < page.index("Bridge in Norby")
        _, page = await visit.get("/stories?q=bridge")
        assert ("Bridge in Norby" in page, "A cheese wins" in page, "1 found" in page) == (True, False, True)
        _, page = await visit.get("/stories?q=%00zebra")
        assert "0 found" in page

    async def test_a_long_list_is_read_page_by_page(self, newsroom: Newsroom, visit: Visit) -> None:
        library = newsroom.bot.dispatcher.context.library
        for number in range(5):  # two of them in the same moment
            found = article(f"Story number {number}", f"It is about {number}.", url=f"https://a.example/n{number}")
            await library.add(found, newsroom.clock() + timedelta(seconds=number // 2))
        everything = await visit.site.listings.stories(SEES_ALL)
        read, before = [], None
        while numbers := await visit.site.listings.stories(SEES_ALL, before, most=2):
            read += numbers
            before = numbers[-1]
        assert (read, len(read)) == (everything, 5)
        assert await visit.site.listings.stories(SEES_ALL, before=999) == []

    async def test_versions_show_what_changed(self, newsroom: Newsroom, visit: Visit) -> None:
        [first] = await self._add(newsroom, BRIDGE)
        [second] = await self._add(newsroom, MORE)
        await visit.sign_in()
        _, page = await visit.get(f"/stories/{second}")
        assert '<ins><span class="sign">added</span> Two people were hurt in the fall.</ins>' in page
        _, page = await visit.get(f"/stories/{first}")
        assert ("<ins>" in page, f'href="/stories/{second}"' in page) == (False, True)

    async def test_one_is_hidden_with_its_posts_and_shown_again(self, newsroom: Newsroom, visit: Visit) -> None:
        await _post(newsroom, CHAT)
        await newsroom.send()
        [name] = await self._add(newsroom, CHEESE)
        name = (await newsroom.bot.stories.newest(SEES_ALL, 2))[1].version.id
        await visit.sign_in()
        assert "Posts that show it" in (await visit.get(f"/stories/{name}"))[1]
        response = await visit.press(f"/stories/{name}/hide", posts="edit")
        assert response.headers["Location"] == f"/stories/{name}?said=withdrawn"
        assert [one.op for one in await newsroom.bot.ledger.latest(1)] == [Op.EDIT]
        assert "Show again" in (await visit.get(f"/stories/{name}"))[1]
        assert (await visit.press(f"/stories/{name}/show")).status == 303
        report = await newsroom.bot.stories.report_of(name)
        assert report is not None
        assert not report.is_hidden

    async def test_one_is_removed_after_a_question(self, newsroom: Newsroom, visit: Visit) -> None:
        [name] = await self._add(newsroom, BRIDGE)
        await visit.sign_in()
        assert "cannot be brought back" in (await visit.get(f"/stories/{name}/remove"))[1]
        assert (await visit.press(f"/stories/{name}/remove")).headers["Location"] == "/stories"
        assert await newsroom.bot.stories.report_of(name) is None
        for path in (f"/stories/{name}", "/stories/zzz", "/stories/%25", f"/stories/{name}/remove"):
            assert (await visit.get(path))[0] == 404
        for verb in ("hide", "show", "remove"):
            assert (await visit.press(f"/stories/{name}/{verb}")).status == 404

    async def test_the_public_sees_public_stories_alone(self, newsroom: Newsroom) -> None:
        access = newsroom.bot.dispatcher.context.access
        access.take_over(replace(access, restricted={"Internal": frozenset()}))
        names = {
            "public": (await self._add(newsroom, CHEESE))[0],
            "pasted": (await self._add(newsroom, BRIDGE, scope=Scope("test:7")))[0],
            "restricted": (await self._add(newsroom, _about("Minutes"), scope=Scope(tags=frozenset({"internal"}))))[0],
            "hidden": (await self._add(newsroom, _about("Slander")))[0],
        }
        hidden = await newsroom.bot.stories.report_of(names["hidden"])
        assert hidden is not None
        await newsroom.bot.stories.hide(hidden.id, hidden=True)
        async with visiting(newsroom, public=True) as visit:
            for path in ("/stories", "/stories?q=the", "/"):
                _, page = await visit.get(path)
                assert not [word for word in ("Norby", "Minutes", "Slander", "test:7") if word in page]
            for kind, name in names.items():
                status, page = await visit.get(f"/stories/{name}")
                assert status == (200 if kind == "public" else 404), kind
                assert "Remove" not in page
            assert (await visit.get(f"/stories/{names['public']}/remove"))[0] == 401


class TestSubscriptions:
    async def test_all_are_listed_page_by_page(self, newsroom: Newsroom, visit: Visit) -> None:
        for number in range(PAGE + 1):
            await newsroom.subscribe(Destination("test", f"c{number}"))
        await visit.sign_in()
        _, page = await visit.get("/subscriptions")
        assert ("test:c0" in page, f'href="/subscriptions?after={PAGE}"' in page) == (True, True)
        _, page = await visit.get(f"/subscriptions?after={PAGE}")
        assert ("test:c0" in page, f"test:c{PAGE}" in page, ">First<" in page) == (False, True, True)

    async def test_one_shows_its_next_digest(self, newsroom: Newsroom, visit: Visit) -> None:
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await visit.sign_in()
        _, page = await visit.get("/subscriptions/1")
        assert "2025-03-14 08:00" in page
        assert "The mayor blames a ship." in page
        assert (await visit.get("/subscriptions/2"))[0] == 404

    async def test_one_is_paused_resumed_and_removed(self, newsroom: Newsroom, visit: Visit) -> None:
        await newsroom.subscribe()
        await visit.sign_in()
        await visit.press("/subscriptions/1/pause")
        paused = await newsroom.bot.subscriptions.get(1)
        assert paused is not None
        assert paused.paused == PAUSED_BY_OPERATOR
        access = newsroom.bot.dispatcher.context.access
        access.take_over(replace(access, policy=Policy.ALLOW_LIST))
        assert (await visit.press("/subscriptions/1/resume")).headers["Location"].endswith("said=refused")
        access.take_over(replace(access, policy=Policy.OPEN))
        assert (await visit.press("/subscriptions/1/resume")).headers["Location"].endswith("said=resume")
        resumed = await newsroom.bot.subscriptions.get(1)
        assert resumed is not None
        assert resumed.paused is None
        assert (await visit.press("/subscriptions/1/explode")).status == 404
        assert (await visit.press("/subscriptions/1/remove")).headers["Location"] == "/subscriptions"
        assert await newsroom.bot.subscriptions.get(1) is None


class TestFeeds:
    ADDRESS = "http://127.0.0.1:9/feed?key=4711"

    @pytest.fixture(name="newsroom")
    async def _newsroom(self, database: Database) -> AsyncIterator[Newsroom]:
        newsroom = Newsroom(database, Access(Policy.OPEN, frozenset({OPERATOR})))
        async with Client(ClientOptions("1"), newsroom.clock) as client:
            access = newsroom.bot.dispatcher.context.access
            newsroom.bot = build(database, access, Policies(), now=newsroom.clock, client=client)
            assert newsroom.bot.ingest is not None
            await newsroom.bot.ingest.add(FeedSource(self.ADDRESS))
            await newsroom.bot.ingest.add(FeedSource("http://127.0.0.1:9/internal", frozenset({"internal"})))
            yield newsroom

    async def test_one_is_read_now_and_says_what_is_wrong(self, visit: Visit) -> None:
        await visit.sign_in()
        assert self.ADDRESS in (await visit.get("/feeds"))[1]
        assert (await visit.press("/feeds/1/poll")).headers["Location"] == "/feeds?said=failed"
        _, page = await visit.get("/feeds?said=failed")
        assert ("failing" in page, "It could not be read." in page) == (True, True)
        assert "Feeds that cannot be read" in (await visit.get("/"))[1]
        assert (await visit.press("/feeds/9/poll")).status == 404

    async def test_the_public_sees_no_address_and_no_restricted_feed(self, newsroom: Newsroom) -> None:
        access = newsroom.bot.dispatcher.context.access
        access.take_over(replace(access, restricted={"Internal": frozenset()}))
        assert newsroom.bot.ingest is not None
        for feed in await newsroom.bot.ingest.feeds.all():  # one that fails is on the first page too
            assert await newsroom.bot.ingest.check(feed) is not None
        async with visiting(newsroom, public=True) as visit:
            for path in ("/feeds", "/"):
                status, page = await visit.get(path)
                assert (status, "4711" in page, "127.0.0.1" in page) == (200, False, False)
                assert ("Feed 1" in page, "Feed 2" in page) == (True, False)
            assert (await visit.client.post("/feeds/1/poll")).status == 401


class TestChat:
    async def test_commands_and_questions_are_answered(self, newsroom: Newsroom, visit: Visit) -> None:
        await newsroom.add(BRIDGE)
        await visit.sign_in()
        assert "Command or question" in (await visit.get("/chat"))[1]
        page = await (await visit.press("/chat", text="who is responsible?")).text()
        assert ("who is responsible?" in page, "The mayor blames a ship." in page) == (True, True)
        page = await (await visit.press("/chat", text="/latest")).text()
        [button] = re.findall(r'name="press" value="(v1\|brief[^"]+)"', page)
        page = await (await visit.press("/chat", press=button, label="1")).text()
        assert ">You</span>1</p>" in page
        assert "Bridge in Norby collapses" in page
        assert "Command or question" in await (await visit.press("/chat", text=" ")).text()

    async def test_an_operator_may_do_there_what_they_may_in_private(self, newsroom: Newsroom, visit: Visit) -> None:
        await visit.sign_in()
        assert "offline" in await (await visit.press("/chat", text="/feeds")).text()
        assert await newsroom.bot.subscriptions.all() == []
        await visit.press("/chat", text="/subscribe 8:00")
        assert await newsroom.bot.subscriptions.all() == []  # nothing could be posted there

    async def test_what_it_remembers_is_shown_and_forgotten_with_the_person(
        self, newsroom: Newsroom, visit: Visit
    ) -> None:
        await newsroom.add(BRIDGE)
        await visit.sign_in()
        await visit.press("/chat", text="/latest")
        page = await (await visit.press("/chat", text="/mydata")).text()
        assert ("<pre" in page, "test:dashboard@9" in page) == (True, True)
        privacy = newsroom.bot.dispatcher.context.privacy
        await privacy.forget_person(OPERATOR)
        assert not (await privacy.data(CHAT, OPERATOR, is_private=True))["answers"]

    async def test_what_is_typed_is_only_text(self, visit: Visit) -> None:
        await visit.sign_in()
        for fields in ({"text": "<script>x</script>"}, {"press": "<script>x</script>"}, {"press": "v1|brief|x||0"}):
            response = await visit.press("/chat", **fields, label="<script>x</script>")
            assert (response.status, "<script" in await response.text()) == (200, False)


def _about(word: str) -> Article:
    return article(f"{word} of the meeting", f"{word} were read at the meeting.", url=f"https://a.example/{word}")


class TestLateness:
    async def test_a_chat_that_gets_no_posts_is_named_with_what_to_do(self, newsroom: Newsroom, visit: Visit) -> None:
        await _post(newsroom, CHAT)
        await newsroom.send(Paused("send-messages"))
        await visit.sign_in()
        for path in ("/", "/posts", "/posts/1", "/subscriptions", "/subscriptions/1"):
            page = (await visit.get(path))[1]
            assert ["allow the bot “Send Messages”" in page, ">send-messages" in page] == [True, False], path

    async def test_a_subscription_tells_what_became_of_its_last_times(self, newsroom: Newsroom, visit: Visit) -> None:
        await newsroom.subscribe(quiet_days=QuietDays.SKIP)
        await newsroom.at(8)
        await newsroom.add(BRIDGE)
        await newsroom.at(8, day=15)
        await visit.sign_in()
        said = re.findall(r"</time> ([a-z ]+)<br>", (await visit.get("/subscriptions/1"))[1])
        assert said == ["a post was written", "nothing new to tell"]

    async def test_a_post_that_was_written_late_says_why(self, newsroom: Newsroom, visit: Visit) -> None:
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await newsroom.at(9)
        await visit.sign_in()
        assert "Written 60 minutes late: the bot was down, or the database" in (await visit.get("/posts/1"))[1]
