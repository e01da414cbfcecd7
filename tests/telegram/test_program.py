"""The program in a process of its own, against the loopback server."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.programs import Program, running_program
from tests.telegram.server import TOKEN, BotApi, running_bot_api
from tests.telegram.talk import ANN, chat_of, person


def configured(folder: Path, api: BotApi, *, more: str = "", has_console: bool = False) -> None:
    telegram = f"telegram:\n  token: ${{TELEGRAM_TOKEN}}\n  base_url: {api.url}\n"
    console = "" if has_console else "console:\n  enabled: false\n"
    (folder / "config.yaml").write_text(f"{telegram}{more}access: open\n{console}", encoding="utf-8")


def program(folder: Path, *arguments: str) -> AbstractAsyncContextManager[Program]:
    return running_program(folder, *arguments, TELEGRAM_TOKEN=TOKEN)


async def test_it_answers_and_stops_cleanly_on_sigterm(tmp_path: Path) -> None:
    async with running_bot_api() as api:
        configured(tmp_path, api)
        message = {"message_id": 1, "date": 1_700_000_000, "chat": chat_of(ANN), "from": person(ANN), "text": "/help"}
        api.say(message=message)
        async with program(tmp_path, "run") as process:
            for _ in range(1500):
                if api.messages:
                    break
                await asyncio.sleep(0.01)
            process.send_signal(signal.SIGTERM)
            _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert api.texts()[0].startswith("Commands")
    assert process.returncode == 0
    assert b"stopped" in errors
    assert TOKEN.encode() not in errors


async def test_a_token_that_telegram_does_not_know_ends_it(tmp_path: Path) -> None:
    async with running_bot_api(is_revoked=True) as api:
        configured(tmp_path, api)
        async with program(tmp_path, "run") as process:
            _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert b"Telegram rejects the bot's token. `nutgraf check` says what to do." in errors
    assert TOKEN.encode() not in errors


async def test_a_console_that_nobody_reads_does_not_keep_it_alive(tmp_path: Path) -> None:
    async with running_bot_api(is_revoked=True) as api:
        configured(tmp_path, api, has_console=True)
        async with program(tmp_path, "run") as process:
            _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert b"Telegram rejects the bot's token" in errors


async def test_a_port_that_is_taken_ends_it_in_a_line(tmp_path: Path) -> None:
    async with running_bot_api() as api:
        port = api.url.rpartition(":")[2]
        webhook = f"  webhook:\n    url: https://bot.example.org/\n    port: {port}\n"
        configured(tmp_path, api, more=webhook)
        async with program(tmp_path, "run") as process:
            _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert f"cannot listen on 127.0.0.1, port {port}".encode() in errors
    assert b"Traceback" not in errors


async def test_a_database_file_that_is_deleted_ends_it_in_a_line(tmp_path: Path) -> None:
    async with running_bot_api() as api:
        configured(tmp_path, api)
        api.say(
            message={"message_id": 1, "date": 1_700_000_000, "chat": chat_of(ANN), "from": person(ANN), "text": "/help"}
        )
        async with program(tmp_path, "run") as process:
            async with asyncio.timeout(60):
                while not api.messages:
                    await asyncio.sleep(0.05)
            (tmp_path / "nutgraf.db").unlink()
            _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert b"was deleted or replaced while the bot was running (it was deleted)" in errors
    assert b"Traceback" not in errors


async def test_check_says_what_is_wrong_and_where(tmp_path: Path) -> None:
    async with running_bot_api() as api:
        configured(tmp_path, api)
        async with program(tmp_path, "check") as process:
            said, _ = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 0, said
        api.is_revoked = True
        async with program(tmp_path, "check") as process:
            said, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert said.decode().startswith("wrong  telegram  Telegram rejects the token. Copy it from @BotFather")


async def test_no_platform_at_all_is_a_complaint(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("console:\n  enabled: false\n", encoding="utf-8")
    async with program(tmp_path, "run") as process:
        _, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 2
    assert b"No platform is configured" in errors
