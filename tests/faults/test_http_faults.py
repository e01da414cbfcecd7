"""Posts when Telegram or the connection to it misbehaves, with real sockets and the real sender."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.app import open_database
from bot.chats import Destination
from bot.delivery.answer_turns import AnswerTurns
from bot.delivery.courier import Timing
from bot.delivery.model import State
from bot.delivery.pacing import UNLIMITED, Pacing
from bot.platforms.telegram.client import new_bot
from bot.platforms.telegram.posts import Draft
from bot.platforms.telegram.replies import Reply, Speaker
from bot.platforms.telegram.sender import TelegramSender
from bot.platforms.telegram.transport import Timeouts
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseFull
from bot.subscriptions.obstacles import Obstacle
from tests.fakes import NOON
from tests.faults.far_side import ScaledTime
from tests.faults.postman import FACTOR, Postman, abort, after, answer, before, raw
from tests.telegram.server import TOKEN, Fault, Refusal, running_bot_api

QUICK = Timeouts(connect=0.3, read=0.5)


HALF = b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\nContent-Type: application/json\r\n\r\n{"ok": tr'
HTML = "<html><h1>502 Bad Gateway</h1></html>"
SENT, UNCERTAIN = State.SENT, State.UNCERTAIN


@pytest.fixture(name="database")
async def _database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite:///{tmp_path}/nutgraf.db") as database:
        yield database


@asynccontextmanager
async def postman_to(database: Database, url: str) -> AsyncIterator[Postman[TelegramSender]]:
    bot = new_bot(TOKEN, url, QUICK)
    await bot.open()
    try:
        sender = TelegramSender(bot, "nutgraf_test_bot")
        yield Postman("telegram", database, ScaledTime(FACTOR), sender, is_private=True)
    finally:
        await bot.close_connections()


async def enqueue(postman: Postman[TelegramSender], *chats: int, first: int = 1) -> None:
    drafts = [Draft(f"<b>Post</b> {number}", f"Post {number}") for number, _ in enumerate(chats, start=first)]
    await postman.enqueue([(chat, one.write()) for chat, one in zip(chats, drafts, strict=True)], first=first)


@pytest.mark.parametrize(
    ("fault", "state", "posted", "said"),
    [
        pytest.param(before(abort), UNCERTAIN, 0, "the connection", id="reset before the body was read"),
        pytest.param(after(abort), UNCERTAIN, 1, "the connection", id="reset after the body was read"),
        pytest.param(after(lambda r: raw(r, HALF)), UNCERTAIN, 1, "broke off", id="half an answer"),
        pytest.param(after(lambda r: raw(r, b"\x00\xffwhat?\r\n\r\n")), UNCERTAIN, 1, "the answer", id="garbage"),
        pytest.param(after(answer(200, "")), UNCERTAIN, 1, "not JSON", id="empty 200"),
        pytest.param(
            after(answer(200, "<html>Log in to the Wi-Fi</html>")), UNCERTAIN, 1, "not JSON", id="a captive portal"
        ),
        pytest.param(after(answer(200, '{"ok": true}')), UNCERTAIN, 1, "Bot API", id="no result"),
        pytest.param(after(answer(200, '{"ok": true, "result": {}}')), UNCERTAIN, 1, "message id", id="no message id"),
        pytest.param(after(answer(200, '{"ok": true, "result": 7}')), UNCERTAIN, 1, "message id", id="no message"),
        pytest.param(after(lambda _: web.Response(body=b"\xff\xfe")), UNCERTAIN, 1, "not JSON", id="not UTF-8"),
        pytest.param(after(answer(200, "[" * 100_000)), UNCERTAIN, 1, "not JSON", id="nested too deeply"),
        pytest.param(before(answer(502, HTML)), UNCERTAIN, 0, "502", id="HTML 502"),
        pytest.param(after(answer(500, '{"ok":false,"description":"Internal"}')), UNCERTAIN, 1, "Internal", id="500"),
        pytest.param(before(answer(503, "")), UNCERTAIN, 0, "503", id="503"),
        pytest.param(before(answer(429, "")), SENT, 1, None, id="429 without a body"),
        pytest.param(before(answer(429, HTML, **{"Retry-After": "7"})), SENT, 1, None, id="429 of a proxy"),
    ],
)
async def test_each_fault_has_its_outcome(
    database: Database, fault: Fault, state: State, posted: int, said: str | None
) -> None:
    async with running_bot_api() as api, postman_to(database, api.url) as postman:
        api.faults.append(fault)
        await enqueue(postman, 5)
        [post] = await postman.settle()
        assert post.state is state
        assert len(api.messages) == posted
        failure = None if post.state is SENT else post.error
        assert (said is None) == (failure is None)
        assert (said or "") in (failure or "")
        assert TOKEN not in (post.error or "")


@pytest.mark.parametrize("body", ["", '{"ok": true, "result": {}}', '{"ok": true, "result": 7}'])
async def test_an_answer_that_may_have_arrived_is_followed_by_no_apology(body: str) -> None:
    async with running_bot_api() as api:
        client = new_bot(TOKEN, api.url, QUICK)
        await client.open()
        api.faults.append(after(answer(200, body)))
        answers = AnswerTurns(Pacing(UNLIMITED), Timing(lambda: NOON))
        reply = Reply(Destination("telegram", "5"), (Draft("First", "First"), Draft("Second", "Second")), ("a:1",))
        with capture_logs() as logs:
            said = await Speaker(client, "nutgraf_test_bot", answers, asyncio.sleep).say(reply)
        await client.close_connections()
        assert api.texts() == ["First", "Second"]
        assert len(said) == 1, "the number of the first message is not known"
        assert [line["event"] for line in logs] == ["answer_uncertain"]


async def test_who_never_answers_leaves_a_post_in_doubt(database: Database) -> None:
    async with running_bot_api(delay=5) as api, postman_to(database, api.url) as postman:
        await enqueue(postman, 5)
        [post] = await postman.settle()
        assert (post.state, post.error) == (UNCERTAIN, "no answer in time")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("http://127.0.0.1:1", "no connection to 127.0.0.1", id="refused connection"),
        pytest.param("http://nowhere.invalid", "does not resolve", id="a name that does not resolve"),
    ],
)
async def test_what_never_arrived_is_tried_again_and_in_the_end_given_up(
    database: Database, url: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def unresolved(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    if "invalid" in url:  # no name server is asked
        monkeypatch.setattr(socket, "getaddrinfo", unresolved)
    async with postman_to(database, url) as postman:
        await enqueue(postman, 5)
        [post] = await postman.settle()
        assert (post.state, post.attempts) == (State.DEAD, 4)
        assert said in (post.error or "")


async def test_a_server_that_accepts_no_connection_was_never_reached(database: Database) -> None:
    import socket

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        full = [socket.socket() for _ in range(4)]
        for one in full:  # its queue of connections is full, and the next one waits
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
        host, port = listening.getsockname()
        async with postman_to(database, f"http://{host}:{port}") as postman:
            await enqueue(postman, 5)
            [post] = await postman.settle()
        for one in full:
            one.close()
        assert (post.state, post.attempts) == (State.DEAD, 4)
        assert "no connection in time" in (post.error or "")


async def test_what_was_refused_at_first_arrives_when_the_platform_is_back(database: Database) -> None:
    async with running_bot_api() as api, postman_to(database, api.url) as postman:
        url, api_is_up = api.url, asyncio.Event()
        assert url
        api_is_up.set()
        await enqueue(postman, 5, 6)
        posts = await postman.settle()
        assert [one.state for one in posts] == [SENT, SENT]
        assert api.texts() == ["Post 1", "Post 2"]


class TestFloods:
    @staticmethod
    def flooded(seconds: int) -> Fault:
        body = f'{{"ok":false,"description":"Too Many Requests","parameters":{{"retry_after":{seconds}}}}}'
        return before(answer(429, body))

    async def test_one_chat_waits_and_the_others_do_not(self, database: Database) -> None:
        async with running_bot_api() as api, postman_to(database, api.url) as postman:
            api.faults.append(self.flooded(20))
            await enqueue(postman, 5, 6, 7)
            began = postman.clock()
            await postman.settle(is_over=lambda posts: sum(one.state is SENT for one in posts) == 2)
            assert postman.clock() - began < timedelta(seconds=20)
            await postman.settle()
            assert postman.clock() - began >= timedelta(seconds=20)
            assert len(api.messages) == 3

    @pytest.mark.parametrize("floods", [2, 4], ids=["two chats", "all chats"])
    async def test_two_chats_stop_the_whole_token(self, database: Database, floods: int) -> None:
        async with running_bot_api() as api, postman_to(database, api.url) as postman:
            api.faults.extend([self.flooded(20)] * floods)
            await enqueue(postman, 5, 6, 7, 8)
            courier = postman.courier()
            working = asyncio.create_task(courier.run())
            began = postman.clock()
            while api.faults or len(api.messages) < 4 - floods:
                await asyncio.sleep(0.01)
            await enqueue(postman, 15, 16, first=5)  # chats that nobody complained of
            while not {15, 16} & {one.chat for one in api.messages}:
                await asyncio.sleep(0.01)
            assert postman.clock() - began >= timedelta(seconds=20)
            while len(api.messages) < 6:
                await asyncio.sleep(0.01)
            courier.stop()
            await working

    async def test_a_kill_during_the_wait_forgets_nothing_of_it(self, database: Database) -> None:
        async with running_bot_api() as api, postman_to(database, api.url) as postman:
            api.faults.append(self.flooded(30))
            await enqueue(postman, 5)
            began = postman.clock()
            killed = postman.courier()
            working = asyncio.create_task(killed.run())
            while not (await postman.ledger.latest(1))[0].error:
                await asyncio.sleep(0.01)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            [post] = await postman.settle()
            assert post.state is SENT
            assert postman.clock() - began >= timedelta(seconds=30)


class TestChats:
    @pytest.mark.parametrize(
        ("refusal", "obstacle"),
        [
            (Refusal(403, "Forbidden: bot was blocked by the user"), Obstacle.BLOCKED),
            (Refusal(403, "Forbidden: bot was kicked from the supergroup chat"), Obstacle.REMOVED),
            (Refusal(400, "Bad Request: chat not found"), Obstacle.REMOVED),
            (Refusal(400, "Bad Request: not enough rights to send text messages to the chat"), Obstacle.MESSAGES),
            (Refusal(400, "Bad Request: TOPIC_CLOSED"), Obstacle.TOPIC_CLOSED),
            (Refusal(400, "Bad Request: message thread not found"), Obstacle.TOPIC_GONE),
            (Refusal(400, "Bad Request: need administrator rights in the channel chat"), Obstacle.CHANNEL_POSTS),
        ],
    )
    async def test_one_that_takes_nothing_is_paused(
        self, database: Database, refusal: Refusal, obstacle: Obstacle
    ) -> None:
        async with running_bot_api() as api, postman_to(database, api.url) as postman:
            api.closed[5] = refusal
            await enqueue(postman, 5, 6)
            closed, other = await postman.settle()
            assert closed.state is State.CANCELLED
            assert closed.error == obstacle
            assert other.state is SENT

    async def test_one_that_has_moved_gets_its_post_there(self, database: Database) -> None:
        async with running_bot_api() as api, postman_to(database, api.url) as postman:
            api.closed[-5] = Refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1005)
            await enqueue(postman, -5)
            [post] = await postman.settle()
            assert (post.state, post.destination.chat) == (SENT, "-1005")
            assert [one.chat for one in api.messages] == [-1005]

    async def test_a_token_that_was_revoked_stops_the_platform_and_keeps_the_posts(self, database: Database) -> None:
        async with running_bot_api(is_revoked=True) as api, postman_to(database, api.url) as postman:
            await enqueue(postman, 5, 6)
            posts = await postman.settle()
            assert {one.state for one in posts} == {State.PENDING}
            assert all(TOKEN not in (one.error or "") for one in posts)


class TestMarkup:
    async def test_what_telegram_cannot_read_goes_as_plain_text_once(self, database: Database) -> None:
        async with running_bot_api() as api, postman_to(database, api.url) as postman:
            await postman.enqueue([(5, Draft("<x>1 < 2", "1 < 2").write())])
            [post] = await postman.settle()
            assert post.state is SENT
            assert api.texts() == ["1 < 2"]
            assert len(api.refused) == 1

    async def test_what_is_never_taken_is_dead_and_says_why(self, database: Database) -> None:
        async with running_bot_api() as api, postman_to(database, api.url) as postman:
            await postman.enqueue([(5, Draft("x" * 5000, "x").write())])
            [post] = await postman.settle()
            assert (post.state, post.error) == (State.DEAD, "Message is too long")
            assert api.messages == []


class TestDatabases:
    """What has been sent and cannot be written must not be sent again, nor be forgotten."""

    async def test_a_full_one_stops_the_posts_and_loses_none(self, tmp_path: Path) -> None:
        async with (
            open_database(f"sqlite:///{tmp_path}/nutgraf.db") as database,
            running_bot_api() as api,
            postman_to(database, api.url) as postman,
        ):
            await enqueue(postman, *range(5, 15))
            async with database.write() as connection:
                pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
            await self._pragma(database, f"PRAGMA max_page_count = {pages}")
            with pytest.raises(DatabaseFull):  # no page is left for anybody
                async with database.write() as connection:
                    await connection.execute(text("CREATE TABLE filler AS SELECT zeroblob(900000)"))
            courier = postman.courier()
            working = asyncio.create_task(courier.run())
            await asyncio.sleep(0.5)
            await self._pragma(database, "PRAGMA max_page_count = 1000000")
            courier.stop()
            await working
            posts = await postman.settle()
            assert {one.state for one in posts} <= {SENT, UNCERTAIN}
            assert len(api.messages) == len({one.chat for one in api.messages}) == 10

    @staticmethod
    async def _pragma(database: Database, pragma: str) -> None:
        async with database.write() as connection:
            await connection.execute(text(pragma))

    async def test_a_read_only_one_sends_nothing_and_loses_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "nutgraf.db"
        async with open_database(f"sqlite:///{path}") as database, postman_to(database, "http://127.0.0.1:1") as first:
            await enqueue(first, 5, 6)
        reading = Database(f"sqlite:///file:{path}?mode=ro&uri=true")
        async with running_bot_api() as api, postman_to(reading, api.url) as postman:
            courier = postman.courier()
            working = asyncio.create_task(courier.run())
            await asyncio.sleep(0.5)
            courier.stop()
            await working
            assert api.messages == []
        await reading.close()
        with closing(sqlite3.connect(path)) as found:
            assert found.execute("SELECT DISTINCT state FROM delivery").fetchall() == [("pending",)]
