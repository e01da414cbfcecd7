"""``nutgraf worker``: what it refuses, and how it stops."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.programs import running_program


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Workers need PostgreSQL; with SQLite, `nutgraf run` does everything itself."),
        (["--queues", "fetch,send"], "There is no queue send; write one or more of fetch, analyse, compose."),
    ],
)
def test_what_it_refuses(tmp_path: Path, arguments: list[str], said: str) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("{}")
    result = CliRunner().invoke(app, ["worker", "-c", str(config), *arguments])
    assert (result.exit_code, result.stderr.strip()) == (2, f"nutgraf: {said}")


def test_a_database_that_does_not_exist_is_told(tmp_path: Path, postgres_url: str) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(json.dumps({"database": postgres_url.replace("/test", "/no_such")}))
    result = CliRunner().invoke(app, ["worker", "-c", str(config)])
    assert result.exit_code == 1
    assert "Cannot open the database" in result.stderr


async def test_it_reads_its_settings_again_and_stops_when_it_is_told_to(tmp_path: Path, postgres_url: str) -> None:
    (tmp_path / "config.yaml").write_text(json.dumps({"database": postgres_url}))
    log = tmp_path / "log"
    async with running_program(tmp_path, "worker", "--queues", "compose", log=log) as program:
        async with asyncio.timeout(60):
            while "worker_started" not in log.read_text():
                await asyncio.sleep(0.1)
        (tmp_path / "config.yaml").write_text(json.dumps({"database": postgres_url, "access": "open"}))
        program.send_signal(signal.SIGHUP)
        async with asyncio.timeout(60):
            while "changed=['access']" not in log.read_text():
                await asyncio.sleep(0.1)
        program.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(program.wait(), 60) == 0
    assert "queues=['compose']" in log.read_text()
    assert "worker_stopped" in log.read_text()
