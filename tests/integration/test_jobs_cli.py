"""``nutgraf jobs``: jobs that were set aside."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from typer.testing import CliRunner

from bot.app import open_database
from bot.cli import app
from bot.queues.model import Job, Task
from bot.runtime.clock import clock
from bot.storage.job_runs import StoredJobRuns


def test_they_are_listed_and_can_be_run_again(tmp_path: Path) -> None:
    url, config = f"sqlite:///{tmp_path}/n.db", tmp_path / "config.yaml"
    config.write_text(json.dumps({"database": url}))

    async def set_aside() -> None:
        async with open_database(url) as database:
            runs = StoredJobRuns(database, clock)
            for _ in range(3):
                await runs.begin(Job(Task.READ, 5))
                await runs.died()

    def jobs(*arguments: str) -> tuple[int, str]:
        found = CliRunner().invoke(app, ["jobs", *arguments, "--config", str(config)])
        return found.exit_code, found.output

    asyncio.run(set_aside())
    code, listed = jobs("list", "--json")
    [one] = json.loads(listed)
    assert (code, one["task"], one["number"], one["deaths"]) == (0, "read", 5, 3)
    assert "read\t5\t3\t" in jobs("list")[1]
    assert jobs("retry", "read", "5") == (0, "Job read 5 is run as soon as the bot finds it.\n")
    code, complaint = jobs("retry", "read", "5")
    assert (code, "No job read 5 was set aside" in complaint) == (2, True)
