"""The service: polling, the webhook, secrets, other instances, and restarts."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs
from telegram.error import Conflict, InvalidToken, NetworkError

from bot.answers.stories import brief_view
from bot.app import build, open_database
from bot.chats import Destination
from bot.commands.context import Policies, Request
from bot.delivery.courier import Timing
from bot.delivery.inbox import Answered, Incoming
from bot.i18n import LOCALES, Translator
from bot.platforms.telegram import token_check
from bot.platforms.telegram.checkup import check
from bot.platforms.telegram.client import new_bot
from bot.platforms.telegram.polling import Patience
from bot.platforms.telegram.posts import Draft
from bot.platforms.telegram.replies import Reply
from bot.platforms.telegram.service import Settings, TelegramService
from bot.platforms.telegram.token_check import watch_token
from bot.platforms.telegram.webhook import listening, secret_header, secret_path
from bot.runtime.clock import clock
from bot.runtime.logging import set_up_logging
from bot.storage.database.errors import DatabaseLocked, DatabaseUnreachable
from bot.views.shown import shown_versions
from tests.fakes import OPEN, article, until, yes
from tests.telegram.server import TOKEN, BotApi, Refusal, running_bot_api
from tests.telegram.talk import ANN, CHANNEL, GROUP, QUICK, chat_of, person, telegram_talk

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def command(text: str, chat: int = ANN) -> dict[str, Any]:
    return {"message_id": 1, "date": 1_700_000_000, "chat": chat_of(chat), "from": person(ANN), "text": text}


def service_over(bot: Any, url: str, **more: Any) -> TelegramService:
    return TelegramService(
        Settings(TOKEN, url, **({"patience": QUICK} | more)),
        dispatcher=bot.dispatcher,
        ledger=bot.ledger,
        inbox=bot.inbox,
        timing=Timing(clock, beat=0.05),
        language="en",
    )


async def ignore(updates: Sequence[dict[str, object]]) -> None:
    del updates


class TestPolling:
    async def test_what_is_told_twice_is_answered_once(self) -> None:
        async with telegram_talk() as talk:
            await talk.says("/help")
            talk.api.updates.append({"update_id": 1001, "message": command("/help")})
            talk.api._arrived.set()
            await talk.says("/latest")
            assert len(talk.api.texts()) == 2

    async def test_an_update_that_makes_no_sense_holds_up_no_other(self) -> None:
        async with telegram_talk() as talk:
            talk.api.say(message={"message_id": "what?"})
            talk.api.say(poll={"id": "1"})
            talk.api.say(message=command("/help") | {"new_field_of_next_year": {"deep": 1}})
            await talk.says("/latest")
            assert [text.splitlines()[0] for text in talk.api.texts()] == ["Commands", "Latest stories"]

    async def test_another_instance_makes_it_stand_by(self) -> None:
        async with telegram_talk() as talk:
            other = new_bot(TOKEN, talk.api.url)
            await other.open()
            for _ in range(3):
                with suppress(Conflict):  # one of the two is refused
                    await other.raw_updates(None, 1)
            await other.close_connections()
            assert len(await talk.says("/help")) == 1

    async def test_a_poll_that_has_gone_deaf_is_begun_anew(self) -> None:
        patience = Patience(poll=60, deaf=0.3, first=0.05, longest=0.1, standby=0.1)
        async with telegram_talk(settings=None) as first:
            service = service_over(first.bot, first.api.url, patience=patience)
            first.service.stop()
            await asyncio.sleep(0.3)
            running = asyncio.create_task(service.run())
            await asyncio.sleep(1)
            assert len(await first.says("/help")) == 1
            service.stop()
            await running

    async def test_telegram_may_be_away_at_the_start_and_in_between(self, tmp_path: Path) -> None:
        async with open_database(f"sqlite:///{tmp_path}/n.db") as database:
            bot = build(database, OPEN, Policies())
            service = service_over(bot, "http://127.0.0.1:1")
            running = asyncio.create_task(service.run())
            await asyncio.sleep(0.2)
            assert not running.done()
            service.stop()
            await running

    async def test_a_webhook_that_is_left_over_is_removed(self) -> None:
        async with telegram_talk(api_state={"webhook": "https://old.example/x"}) as talk:
            assert len(await talk.says("/help")) == 1
            assert talk.api.webhook == ""

    async def test_a_token_that_is_revoked_stops_the_platform_loudly(self) -> None:
        async with telegram_talk() as talk:
            await talk.says("/help")
            talk.api.is_revoked = True
            talk.api._arrived.set()
            await until(lambda: talk.service.stopped_because is not None)
            assert talk.service.stopped_because == "Telegram rejects the bot's token"

    async def test_a_refusal_in_any_request_is_checked_while_a_poll_goes_on(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(token_check, "BEFORE_CHECK", 0.0)
        monkeypatch.setattr(token_check, "_BETWEEN_CHECKS", 0.0)
        async with running_bot_api(refused_once={"sendMessage"}) as api:
            client = new_bot(TOKEN, api.url)
            await client.open()
            watching = asyncio.create_task(watch_token(client))
            with pytest.raises(InvalidToken):
                await client.say(Destination("telegram", str(ANN)), "x", None, None)
            await until(lambda: any(method == "getMe" for method, _ in api.requests))
            assert not watching.done()  # a single refusal is not believed
            api.is_revoked = True
            with pytest.raises(InvalidToken):
                await client.say(Destination("telegram", str(ANN)), "x", None, None)
            with pytest.raises(InvalidToken):
                await asyncio.wait_for(watching, 60)
            await client.close_connections()

    @pytest.mark.parametrize("method", ["getUpdates", "getMe", "getMyCommands"])
    async def test_a_single_refusal_of_the_token_is_not_believed(
        self, method: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.runtime.restarts._FIRST", 0.05)
        async with telegram_talk(api_state={"refused_once": {method}}) as talk:
            await until(lambda: not talk.api.refused_once)
            assert len(await talk.says("/help")) == 1
            assert talk.service.stopped_because is None


class TestTroubles:
    async def test_a_mark_that_cannot_be_written_repeats_neither_command_nor_answer(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with telegram_talk() as talk:
            done, failures = talk.bot.inbox.done, iter(range(2))

            async def failing(answered: Sequence[Answered]) -> None:
                if next(failures, None) is not None:
                    raise DatabaseLocked("it")
                await done(answered)

            monkeypatch.setattr(talk.bot.inbox, "done", failing)
            assert len(await talk.says("/subscribe 8:00")) == 1
            assert len(await talk.bot.subscriptions.all()) == 1
            assert len(talk.api.messages) == 1

    async def test_a_database_that_is_away_is_waited_for_and_the_order_is_kept(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with telegram_talk() as talk:
            handled, failures = talk.bot.inbox.handled, iter(range(2))

            async def failing(incoming: int, reply: str | None) -> None:
                if next(failures, None) is not None:
                    raise DatabaseLocked("it")
                await handled(incoming, reply)

            monkeypatch.setattr(talk.bot.inbox, "handled", failing)
            talk.api.say(message=command("/subscribe 8:00"))
            await talk.says("/unsubscribe")
            assert [text.splitlines()[0] for text in talk.api.texts()] == [
                "Subscribed.",
                "Unsubscribed. Nothing more will be posted.",
            ]

    @pytest.mark.parametrize("place", ["store", "unit_of_work"])
    async def test_a_commit_whose_outcome_is_unknown_delays_the_answer_for_a_moment_only(
        self, monkeypatch: pytest.MonkeyPatch, place: str
    ) -> None:
        """The server has committed, and its connection was lost before it could say so."""
        async with telegram_talk() as talk:
            inbox, losses = talk.bot.inbox, iter(range(1))
            stores, works = inbox.store, inbox.unit_of_work

            def lose() -> None:
                if next(losses, None) is not None:
                    raise DatabaseUnreachable("it", "the connection was lost")

            async def store(*arguments: Any) -> list[Incoming]:
                stored = await stores(*arguments)
                lose()
                return stored

            @asynccontextmanager
            async def unit_of_work() -> AsyncIterator[None]:
                async with works():
                    yield
                lose()

            monkeypatch.setattr(inbox, place, {"store": store, "unit_of_work": unit_of_work}[place])
            assert len(await talk.says("/subscribe 8:00")) == 1
            assert len(await talk.bot.subscriptions.all()) == 1
            assert len(talk.api.messages) == 1

    async def test_a_group_that_floods_holds_up_nobody_else(self) -> None:
        async with telegram_talk() as talk:
            for _ in range(420):
                talk.api.say(message=command("/help", chat=GROUP))
            said = await asyncio.wait_for(talk.says("/help", chat=8, user=8), 60)
            assert [one for one in said if one.chat == 8]

    async def test_half_a_letter_holds_up_no_other_update(self) -> None:
        async with telegram_talk() as talk:
            talk.api.say(message=command("who is \ud800?"))
            assert "Commands" in "".join(one.parsed.text for one in await talk.says("/help"))

    async def test_an_answer_follows_a_group_that_moves_under_way(self) -> None:
        async with telegram_talk() as talk:
            talk.api.closed[-5] = Refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1005)
            await talk.says("/help", chat=-5)
            assert [one.chat for one in talk.api.messages] == [-1005]


class TestRestarts:
    async def test_what_was_stored_and_not_answered_is_answered(self, tmp_path: Path) -> None:
        async with open_database(f"sqlite:///{tmp_path}/n.db") as database, running_bot_api() as api:
            bot = build(database, OPEN, Policies())
            body = json.dumps({"update_id": 5, "message": command("/help")})
            await bot.inbox.store("telegram", [(5, body)], clock())
            service = service_over(bot, api.url)
            running = asyncio.create_task(service.run())
            await until(lambda: len(api.messages) == 1)
            service.stop()
            await running
            assert await bot.inbox.claim("telegram", with_own=True) == []

    @pytest.mark.parametrize("body", ["{", "[]", "7", '{"message": 5}', '{"message": {"chat": []}}'])
    async def test_a_stored_update_that_cannot_be_read_holds_up_no_other(self, tmp_path: Path, body: str) -> None:
        async with open_database(f"sqlite:///{tmp_path}/n.db") as database, running_bot_api() as api:
            bot = build(database, OPEN, Policies())
            good = json.dumps({"update_id": 6, "message": command("/help")})
            await bot.inbox.store("telegram", [(5, body), (6, good)], clock())
            service = service_over(bot, api.url)
            running = asyncio.create_task(service.run())
            await until(lambda: len(api.messages) == 1)
            service.stop()
            await running
            assert await bot.inbox.claim("telegram", with_own=True) == []

    async def test_what_was_done_and_not_said_is_said_and_not_done_again(self, tmp_path: Path) -> None:
        async with open_database(f"sqlite:///{tmp_path}/n.db") as database, running_bot_api() as api:
            bot = build(database, OPEN, Policies())
            body = json.dumps({"update_id": 5, "message": command("/subscribe 8:00")})
            [incoming] = await bot.inbox.store("telegram", [(5, body)], clock())
            reply = Reply(Destination("telegram", str(ANN)), (Draft("Subscribed.", "Subscribed."),))
            await bot.inbox.handled(incoming.id, reply.write())
            service = service_over(bot, api.url)
            running = asyncio.create_task(service.run())
            await until(lambda: len(api.messages) == 1)
            service.stop()
            await running
            assert api.texts() == ["Subscribed."]
            assert await bot.subscriptions.all() == []
            assert await bot.inbox.claim("telegram", with_own=True) == []

    @pytest.mark.parametrize("is_hidden", [True, False])
    async def test_what_was_not_said_is_checked_before_it_is(self, tmp_path: Path, is_hidden: bool) -> None:
        async with open_database(f"sqlite:///{tmp_path}/n.db") as database, running_bot_api() as api:
            bot = build(database, OPEN, Policies())
            added = await bot.dispatcher.context.library.add(article("Bridge collapses", "It fell."), clock())
            [incoming] = await bot.inbox.store("telegram", [(5, "{}")], clock())
            said = (Draft("Bridge collapses", "Bridge collapses"),)
            reply = Reply(Destination("telegram", str(ANN)), said, shows=shown_versions(brief_view(added.version)))
            await bot.inbox.handled(incoming.id, reply.write())
            report = await bot.stories.report_of(added.version.id)
            assert report is not None
            await bot.stories.hide(report.id, is_hidden)
            service = service_over(bot, api.url)
            running = asyncio.create_task(service.run())
            await until(lambda: len(api.messages) == 1)
            service.stop()
            await running
            assert ("Bridge" in api.texts()[0], "no longer here" in api.texts()[0]) == (not is_hidden, is_hidden)

    async def test_a_change_is_kept_together_with_the_mark_or_not_at_all(self, tmp_path: Path) -> None:
        async with open_database(f"sqlite:///{tmp_path}/n.db") as database:
            bot = build(database, OPEN, Policies())
            [incoming] = await bot.inbox.store("telegram", [(5, "{}")], clock())
            request = Request(
                Destination("telegram", str(ANN)), "/subscribe 8:00", "telegram:7", is_private=True, may_manage=yes
            )
            with pytest.raises(ZeroDivisionError):
                async with bot.inbox.unit_of_work():
                    await bot.dispatcher.answer(request)
                    await bot.inbox.handled(incoming.id, "what is to be said")
                    raise ZeroDivisionError  # as if the process ended here
            assert await bot.subscriptions.all() == []
            assert await bot.inbox.claim("telegram", with_own=True) == [incoming]

    async def test_what_people_wrote_is_not_kept_when_it_was_answered(self) -> None:
        async with telegram_talk() as talk:
            await talk.says("/search a-word-of-mine")
            async with talk.bot.database.read() as connection:
                rows = (await connection.execute(text("SELECT body, reply FROM inbox"))).all()
            assert rows
            assert not any("a-word-of-mine" in str(row) for row in rows)


class TestWebhook:
    @pytest.fixture(name="hooked")
    async def _hooked(self, unused_tcp_port: int) -> AsyncIterator[tuple[BotApi, str]]:
        settings = {"webhook": "https://bot.example.org/hooks/", "port": unused_tcp_port}
        async with telegram_talk(settings=settings) as talk:
            await until(lambda: bool(talk.api.webhook))
            yield talk.api, f"http://127.0.0.1:{unused_tcp_port}"

    async def test_telegram_tells_and_is_answered(self, hooked: tuple[BotApi, str]) -> None:
        api, url = hooked
        path = secret_path(TOKEN)
        assert api.webhook == f"https://bot.example.org/hooks{path}"
        update = {"update_id": 9, "message": command("/help")}
        async with aiohttp.ClientSession() as session:
            for _ in range(2):  # it may be told twice
                async with session.post(url + path, json=update, headers={HEADER: secret_header(TOKEN)}) as response:
                    assert response.status == 200
        await until(lambda: len(api.messages) == 1)

    @pytest.mark.parametrize(
        ("path", "header", "body", "status"),
        [
            (None, None, b"{}", 403),
            (None, "wrong", b"{}", 403),
            ("/telegram/guessed", "", b"{}", 404),
            (None, "", b"no JSON", 400),
            (None, "", b'{"update_id": "x"}', 400),
            (None, "", b"[" * 2_000_000, 413),
        ],
        ids=["no secret", "a wrong secret", "a guessed path", "garbage", "no update", "too much"],
    )
    async def test_others_are_refused(
        self, hooked: tuple[BotApi, str], path: str | None, header: str | None, body: bytes, status: int
    ) -> None:
        _, url = hooked
        headers = {} if header is None else {HEADER: header or secret_header(TOKEN)}
        async with (
            aiohttp.ClientSession() as session,
            session.post(url + (path or secret_path(TOKEN)), data=BytesIO(body), headers=headers) as response,
        ):
            assert response.status == status

    async def test_a_webhook_that_somebody_else_removed_is_registered_again(self, unused_tcp_port: int) -> None:
        settings = {"webhook": "https://bot.example.org/", "port": unused_tcp_port, "webhook_check": 0.05}
        with capture_logs() as log:
            async with telegram_talk(settings=settings) as talk:
                for there in ("", "https://another.example/x"):
                    await until(lambda: talk.api.webhook.startswith("https://bot.example.org/telegram/"))
                    talk.api.webhook = there
                await until(lambda: talk.api.webhook.startswith("https://bot.example.org/telegram/"))
        assert [one["event"] for one in log].count("webhook_lost") == 2

    async def test_a_registration_that_fails_is_tried_again(self, unused_tcp_port: int) -> None:
        settings = {"webhook": "https://bot.example.org/", "port": unused_tcp_port, "webhook_check": 0.05}
        with capture_logs() as log:
            async with telegram_talk(settings=settings, api_state={"webhook_refusals": 2}) as talk:
                await until(lambda: bool(talk.api.webhook))
        events = [one["event"] for one in log]
        assert events.count("webhook_check_failed") == 2
        assert "telegram_failed" not in events

    async def test_wrong_secrets_are_logged_in_one_line_a_minute(self, hooked: tuple[BotApi, str]) -> None:
        _, url = hooked
        with capture_logs() as log:
            async with aiohttp.ClientSession() as session:
                for _ in range(5):
                    async with session.post(url + secret_path(TOKEN), json={}) as response:
                        assert response.status == 403
        assert [one["event"] for one in log] == ["webhook_secret_refused"]

    async def test_a_port_that_is_taken_stops_the_platform(self, unused_tcp_port: int) -> None:
        async with listening(TOKEN, "127.0.0.1", unused_tcp_port, ignore):
            settings = {"webhook": "https://bot.example.org/", "port": unused_tcp_port}
            with capture_logs() as log:
                async with telegram_talk(settings=settings) as talk:
                    await until(lambda: talk.service.stopped_because is not None)
        assert talk.service.stopped_because == (
            f"Its webhook cannot listen on 127.0.0.1, port {unused_tcp_port}: another program may use that port"
        )
        assert "telegram_failed" not in [one["event"] for one in log]

    def test_the_path_tells_nothing_of_the_token(self) -> None:
        assert TOKEN not in secret_path(TOKEN)
        assert secret_path(TOKEN) != secret_path(TOKEN + "x")
        assert secret_path(TOKEN).rpartition("/")[2] != secret_header(TOKEN)


class TestSecrets:
    """Each way in which a token has been seen to reach a log."""

    @pytest.fixture(name="log")
    def _log(self, monkeypatch: pytest.MonkeyPatch) -> StringIO:
        root = logging.getLogger()
        monkeypatch.setattr(root, "handlers", [])
        set_up_logging("debug", as_json=False, secrets=[TOKEN])
        log = StringIO()
        handler = root.handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(log)
        for name in ("telegram", "httpx", "aiohttp"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        return log

    def test_a_url_in_a_librarys_log(self, log: StringIO) -> None:
        logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot%s/getMe", TOKEN)
        assert TOKEN not in log.getvalue()
        assert "[secret]" in log.getvalue()

    def test_a_traceback(self, log: StringIO) -> None:
        def rejected() -> None:
            raise InvalidToken(f"The token `{TOKEN}` was rejected by the server.")

        try:
            rejected()
        except InvalidToken:
            logging.getLogger("anything").exception("failed")
        assert TOKEN not in log.getvalue()
        assert "rejected by the server" in log.getvalue()

    def test_another_bots_token(self, log: StringIO) -> None:
        other = "987654321:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
        logging.getLogger("anything").warning("see %s", other)
        assert other not in log.getvalue()

    def test_a_repr(self) -> None:
        assert TOKEN not in repr(new_bot(TOKEN))
        assert TOKEN not in repr(Settings(TOKEN))
        assert TOKEN not in str(new_bot(TOKEN))

    async def test_requests_that_fail(self, log: StringIO) -> None:
        client = new_bot(TOKEN, "http://127.0.0.1:1")
        await client.open()
        try:
            await client.get_me()
        except NetworkError:
            logging.getLogger("anything").exception("failed")
        await client.close_connections()
        assert "failed" in log.getvalue()
        assert TOKEN not in log.getvalue()

    async def test_a_refusal_and_a_whole_conversation(self, log: StringIO) -> None:
        async with telegram_talk() as talk:
            await talk.says("/help")
            talk.api.is_revoked = True
            talk.api._arrived.set()
            await until(lambda: talk.service.stopped_because is not None)
        assert log.getvalue()
        assert TOKEN not in log.getvalue()


class TestCheck:
    async def said(
        self, api: BotApi, *where: Destination, token: str = TOKEN, has_webhook: bool = False, may_poll: bool = True
    ) -> list[str]:
        client = new_bot(token, api.url)
        await client.open()
        findings = await check(client, where, has_webhook=has_webhook, may_poll=may_poll, listening=1)
        await client.close_connections()
        return [("WRONG " if one.is_wrong else "") + Translator("en").say(one.said) for one in findings]

    async def test_everything_in_order(self) -> None:
        async with telegram_talk() as talk:
            await talk.says("/help")
            await until(lambda: len(talk.api.descriptions) == 2 * len(LOCALES))
            talk.api.members[CHANNEL, 123456789] = "administrator"
            where = [Destination("telegram", str(chat)) for chat in (ANN, GROUP, CHANNEL)]
            said = await self.said(talk.api, *where, may_poll=False)
        assert not [one for one in said if one.startswith("WRONG")]
        assert said[0] == "The token belongs to @nutgraf_test_bot (Nutgraf)."

    async def test_a_chat_that_telegram_does_not_name_has_its_known_title(self) -> None:
        group = Destination("telegram", str(GROUP))
        async with running_bot_api() as api:
            api.untold[GROUP] = Refusal(403, "Forbidden: bot was kicked from the supergroup chat")
            client = new_bot(TOKEN, api.url)
            await client.open()
            titles = {group: "Norby News"}
            findings = await check(client, [group], has_webhook=False, may_poll=False, titles=titles)
            await client.close_connections()
        said = Translator("en").say(findings[-1].said)
        assert said == f"Norby News ({group}): the bot was removed from the chat. Add it again."

    async def test_a_wrong_token(self) -> None:
        async with running_bot_api() as api:
            [said] = await self.said(api, token="123456789:" + "x" * 35)
        assert said.startswith("WRONG Telegram rejects the token.")

    async def test_a_telegram_that_is_away(self) -> None:
        [said] = await self.said(BotApi("http://127.0.0.1:1"))
        assert said.startswith("WRONG Telegram cannot be reached: no connection to 127.0.0.1: Connection refused")

    async def test_a_menu_that_is_not_there_yet(self) -> None:
        async with running_bot_api() as api:
            assert "There is no command menu yet" in " ".join(await self.said(api))
            api.commands["all_private_chats"] = [{"command": "old", "description": "of another version"}]
            assert "WRONG The command menu is out of date." in " ".join(await self.said(api))

    async def test_a_webhook_that_is_too_much_or_too_little(self) -> None:
        async with running_bot_api(webhook="https://x.example/") as api:
            assert "WRONG Telegram has a webhook" in " ".join(await self.said(api))
        async with running_bot_api() as api:
            assert "WRONG No webhook is registered" in " ".join(await self.said(api, has_webhook=True))

    async def test_another_program_that_polls(self) -> None:
        async with telegram_talk() as talk:
            await talk.says("/help")
            assert "WRONG Another program is receiving" in " ".join(await self.said(talk.api))

    async def test_a_chat_that_it_may_not_post_to(self) -> None:
        where = [Destination("telegram", str(chat)) for chat in (GROUP, CHANNEL)]
        async with running_bot_api() as api:
            api.members[GROUP, 123456789] = "left"
            api.closed[CHANNEL] = Refusal(403, "Forbidden: bot was kicked from the channel chat")
            group, channel = (await self.said(api, *where))[-2:]
        assert group == f"WRONG A chat (telegram:{GROUP}): the bot was removed from the chat. Add it again."
        assert channel == f"WRONG telegram:{CHANNEL}: the bot was removed from the chat. Add it again."
