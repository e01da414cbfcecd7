"""Health and metrics of a running program."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from tests.programs import running_program


async def asked(folder: Path, *options: str) -> tuple[int, str, str]:
    async with running_program(folder, "health", *options) as process:
        printed, complaints = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, printed.decode(), complaints.decode()


async def test_health_asks_the_running_bot(tmp_path: Path, unused_tcp_port: int) -> None:
    (tmp_path / "config.yaml").write_text(f"web: {{ enabled: true, port: {unused_tcp_port} }}\n")
    code, _, complaint = await asked(tmp_path)
    assert (code, "The bot does not answer on 127.0.0.1" in complaint) == (1, True)
    async with running_program(tmp_path, "run") as process:
        assert process.stderr is not None
        while b"web_started" not in await asyncio.wait_for(process.stderr.readline(), 60):
            pass
        assert (await asked(tmp_path))[:2] == (0, "ok     database\nok     tick\n")
        code, printed, _ = await asked(tmp_path, "--json")
        assert (code, '"ready": true' in printed) == (0, True)
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0


async def test_a_port_that_is_taken_does_not_stop_the_bot(tmp_path: Path, unused_tcp_port: int) -> None:
    (tmp_path / "config.yaml").write_text(f"web: {{ enabled: true, port: {unused_tcp_port} }}\n")
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", unused_tcp_port)
    async with taken, running_program(tmp_path, "run") as process:
        assert process.stderr is not None
        while b"web_unavailable" not in (line := await asyncio.wait_for(process.stderr.readline(), 60)):
            assert line
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0


@pytest.mark.parametrize("settings", ["", "web: { enabled: false }\n"])
async def test_without_the_setting_nothing_is_served(tmp_path: Path, settings: str) -> None:
    (tmp_path / "config.yaml").write_text(settings)
    code, _, complaint = await asked(tmp_path)
    assert (code, "write web: {enabled: true}" in complaint) == (2, True)
