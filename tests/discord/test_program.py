"""The program in a process of its own, against the loopback server."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.discord.server import TOKEN, DiscordApi, running_discord
from tests.programs import Program, running_program

LATEST = {"id": "1", "name": "latest", "type": 1, "options": []}


def program(folder: Path, api: DiscordApi, *arguments: str) -> AbstractAsyncContextManager[Program]:
    """Runs over settings that name Discord and nothing else."""
    (folder / "config.yaml").write_text(
        f"discord:\n  token: ${{DISCORD_TOKEN}}\n  base_url: {api.url}\naccess: open\nconsole:\n  enabled: false\n",
        encoding="utf-8",
    )
    return running_program(folder, *arguments, DISCORD_TOKEN=TOKEN)


async def test_it_answers_and_stops_cleanly_on_sigterm(tmp_path: Path) -> None:
    async with running_discord() as api:
        async with program(tmp_path, api, "run") as process:
            for _ in range(1500):
                if api.identified and api.commands.get(0):
                    break
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.3)
            found = await api.interact(2, LATEST)
            process.send_signal(signal.SIGTERM)
            _, errors = await asyncio.wait_for(process.communicate(), 60)
        assert "no stories yet" in str(found.callbacks)
        assert process.returncode == 0
        assert b"stopped" in errors
        assert TOKEN.encode() not in errors


async def test_a_token_that_discord_does_not_know_ends_it(tmp_path: Path) -> None:
    async with running_discord(is_revoked=True) as api:
        async with program(tmp_path, api, "run") as process:
            _, errors = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 1
        assert b"Discord rejects the bot's token. `nutgraf check` says what to do." in errors
        assert TOKEN.encode() not in errors


async def test_check_says_what_is_right_and_what_is_wrong(tmp_path: Path) -> None:
    async with running_discord() as api:
        async with program(tmp_path, api, "check") as process:
            said, _ = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 0, said
        assert b"oauth2/authorize" in said
        api.is_revoked = True
        async with program(tmp_path, api, "check") as process:
            said, _ = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 1
        assert b"Discord rejects the token" in said
