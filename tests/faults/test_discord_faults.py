"""Posts when Discord or the connection to it misbehaves, with real sockets and the real sender."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.app import open_database
from bot.delivery.model import Delivery, State
from bot.delivery.retry import RetryPolicy
from bot.platforms.discord.client import api as base_url
from bot.platforms.discord.posts import Draft
from bot.platforms.discord.sender import DiscordSender
from bot.storage.database.engine import Database
from bot.subscriptions.obstacles import Obstacle
from tests.discord.server import CHANNEL, FORUM, TOKEN, DiscordApi, Refusal, as_json, running_discord
from tests.discord.talk import logged_in
from tests.faults.far_side import ScaledTime
from tests.faults.postman import FACTOR, Postman, abort, after, answer, before, raw
from tests.faults.test_http_faults import HALF, HTML
from tests.telegram.server import Fault

WINDOW = timedelta(seconds=80)


@pytest.fixture(name="database")
async def _database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite:///{tmp_path}/nutgraf.db") as database:
        yield database


@asynccontextmanager
async def postman_to(database: Database, api: DiscordApi) -> AsyncIterator[Postman[DiscordSender]]:
    async with logged_in(api) as client:
        sender = DiscordSender(client, "Choose")
        yield Postman("discord", database, ScaledTime(FACTOR), sender, is_private=False)


async def post_to(
    postman: Postman[DiscordSender], *channels: int, request: float = 30, resends: bool = False
) -> list[Delivery]:
    """Posts to these channels and returns the deliveries afterwards."""
    drafts = [Draft(f"**Post** {number}", name=f"Post {number}") for number, _ in enumerate(channels, start=1)]
    payloads = [(channel, one.write()) for channel, one in zip(channels, drafts, strict=True)]
    await postman.enqueue(payloads, resends=resends)
    policy = RetryPolicy(attempts=12 if resends else 4, resend_within=WINDOW)
    return await postman.settle(postman.courier(policy, request=request))


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(before(abort), id="reset before the body was read"),
        pytest.param(after(abort), id="reset after the body was read"),
        pytest.param(after(lambda r: raw(r, HALF)), id="half an answer"),
        pytest.param(after(lambda r: raw(r, b"\x00\xffwhat?\r\n\r\n")), id="garbage"),
        pytest.param(after(answer(200, "", **{"Content-Type": "application/json"})), id="empty 200"),
        pytest.param(after(answer(200, "{}", **{"Content-Type": "application/json"})), id="no message"),
        pytest.param(after(answer(200, "[7]", **{"Content-Type": "application/json"})), id="no object"),
        pytest.param(after(lambda _: web.Response(body=b"\xff\xfe")), id="not UTF-8"),
        pytest.param(after(answer(500, "{}", **{"Content-Type": "application/json"})), id="500, which is repeated"),
        pytest.param(before(answer(503, "")), id="503"),
        pytest.param(after(answer(503, HTML)), id="503 of a proxy"),
    ],
)
async def test_what_may_have_arrived_is_repeated_and_stands_there_once(database: Database, fault: Fault) -> None:
    async with running_discord() as api, postman_to(database, api) as postman:
        api.faults.append(fault)
        [post] = await post_to(postman, CHANNEL)
        assert post.state is State.SENT
        assert post.remote_id == str(api.messages[0].number)
        assert len(api.messages) == 1


async def test_who_never_answers_leaves_a_post_in_doubt_and_it_is_found_later(database: Database) -> None:
    async with running_discord() as api, postman_to(database, api) as postman:
        api.misbehave = lambda: after(abort)  # each time; the window goes by
        [post] = await post_to(postman, CHANNEL)
        assert (post.state, len(api.messages)) == (State.UNCERTAIN, 1)
        [doubted] = await postman.ledger.in_doubt("discord", 9)
        # Snowflakes tell the real time, the ledger that of the test's clock.
        number = await postman.sender.find(doubted)
        assert number == str(api.messages[0].number)
        assert await postman.ledger.found(doubted, number, postman.clock())
        assert await postman.ledger.in_doubt("discord", 9) == []
        assert (await postman.ledger.latest(1))[0].state is State.SENT


async def test_what_never_arrived_is_held_when_it_is_not_found(database: Database) -> None:
    async with running_discord() as api, postman_to(database, api) as postman:
        api.misbehave = lambda: before(abort)
        [post] = await post_to(postman, CHANNEL)
        assert (post.state, api.messages) == (State.UNCERTAIN, [])
        assert await postman.sender.find(post) is None


async def test_who_waits_no_more_for_a_limit_holds_up_nobody(database: Database) -> None:
    """If discord.py is cancelled while it waits for the global rate limit, it never sends anything again."""
    async with running_discord() as api, postman_to(database, api) as postman:
        told = {"message": "slow", "retry_after": 2.0, "global": True}
        api.faults.append(before(lambda _: as_json(told, 429, {"Via": "1.1 google", "Retry-After": "2"})))
        posts = await post_to(postman, 5, 6, request=10)  # half a second of this machine's
        assert {one.state for one in posts} == {State.SENT}
        assert len(api.messages) == 2


async def test_what_a_chat_would_rather_have_twice_is_sent_again_after_that_time(database: Database) -> None:
    async with running_discord() as api, postman_to(database, api) as postman:
        until = postman.clock() + 1.2 * WINDOW
        api.misbehave = lambda: before(abort) if postman.clock() < until else None
        [post] = await post_to(postman, CHANNEL, resends=True)
        assert (post.state, len(api.messages)) == (State.SENT, 1)


class TestForums:
    async def test_a_post_that_may_have_arrived_is_looked_for_and_not_repeated(self, database: Database) -> None:
        async with running_discord() as api, postman_to(database, api) as postman:
            api.faults.append(after(abort))
            [post] = await post_to(postman, FORUM)
            assert (post.state, post.remote_id) == (State.SENT, api.threads[0]["id"])
            assert len(api.threads) == 1

    async def test_one_that_is_not_there_is_held(self, database: Database) -> None:
        async with running_discord() as api, postman_to(database, api) as postman:
            api.faults.append(before(abort))
            [post] = await post_to(postman, FORUM)
            assert (post.state, api.threads) == (State.UNCERTAIN, [])

    async def test_an_error_500_is_not_repeated_blindly(self, database: Database) -> None:
        async with running_discord() as api, postman_to(database, api) as postman:
            api.faults.append(after(answer(500, "{}")))
            [post] = await post_to(postman, FORUM)
            assert post.state is State.SENT
            assert len([path for method, path, _ in api.requests if method == "POST" and "threads" in path]) == 1

    async def test_a_limit_is_waited_for(self, database: Database) -> None:
        async with running_discord() as api, postman_to(database, api) as postman:
            api.faults.append(before(answer(429, "{}", **{"Retry-After": "3"})))
            [post] = await post_to(postman, FORUM)
            assert (post.state, len(api.threads)) == (State.SENT, 1)


async def test_refused_connections_are_tried_again_and_in_the_end_given_up(database: Database) -> None:
    async with running_discord() as api, postman_to(database, api) as postman:
        base_url("http://127.0.0.1:1")
        [post] = await post_to(postman, CHANNEL)
        assert (post.state, post.attempts) == (State.DEAD, 4)
        assert "no connection to 127.0.0.1" in (post.error or "")


@pytest.mark.parametrize(
    ("refusal", "obstacle"),
    [
        (Refusal(403, 50001, "Missing Access"), Obstacle.VIEW_CHANNEL),
        (Refusal(403, 50013, "Missing Permissions"), Obstacle.SEND_MESSAGES),
        (Refusal(404, 10003, "Unknown Channel"), Obstacle.CHAT_GONE),
        (Refusal(400, 50083, "Tried to perform an operation on an archived thread"), Obstacle.THREAD_CLOSED),
    ],
)
async def test_a_channel_that_takes_nothing_is_paused(database: Database, refusal: Refusal, obstacle: Obstacle) -> None:
    async with running_discord() as api, postman_to(database, api) as postman:
        api.closed[5] = refusal
        closed, other = await post_to(postman, 5, 6)
        assert (closed.state, other.state) == (State.CANCELLED, State.SENT)
        assert closed.error == obstacle


async def test_a_token_that_was_revoked_stops_the_platform_and_keeps_the_posts(database: Database) -> None:
    async with running_discord() as api, postman_to(database, api) as postman:
        api.is_revoked = True
        posts = await post_to(postman, 5, 6)
        assert {one.state for one in posts} == {State.PENDING}
        assert all(TOKEN not in (one.error or "") for one in posts)


async def test_a_message_that_is_unknown_when_it_is_repeated_did_arrive(database: Database) -> None:
    """Discord says this if the message of the first request has been deleted meanwhile."""
    async with running_discord() as api, postman_to(database, api) as postman:
        told = {"code": 10008, "message": "Unknown Message"}
        api.faults.extend([after(abort), before(lambda _: as_json(told, 404, {}))])
        [post] = await post_to(postman, CHANNEL)
        assert (post.state, len(api.messages)) == (State.SENT, 1)


async def test_one_that_is_unknown_at_first_is_dead(database: Database) -> None:
    async with running_discord() as api, postman_to(database, api) as postman:
        api.closed[5] = Refusal(404, 10008, "Unknown Message")
        [post] = await post_to(postman, 5)
        assert post.state is State.DEAD
