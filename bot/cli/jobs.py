"""``nutgraf jobs``: jobs that were set aside, since they ended the process that ran them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli.common import BAD_INPUT, AsJson, ConfigFile, print_error, print_table, with_bot
from bot.cli.plain_help import Commands
from bot.runtime.terminal import emit, emit_json

app = Commands(help="List jobs that ended their process again and again.")

Task = Annotated[str, typer.Argument(help="What the job does, as `jobs list` prints it.")]
Number = Annotated[int, typer.Argument(help="The job's number, as `jobs list` prints it.")]


@app.command("list")
def list_jobs(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """List the jobs that were set aside, and when each is tried again."""
    found = with_bot(config, lambda bot: bot.job_runs.aside())
    if as_json:
        emit_json([asdict(one) | {"aside_until": f"{one.aside_until:%Y-%m-%dT%H:%M:%SZ}"} for one in found])
        return
    rows = [(one.task, str(one.number), str(one.deaths), f"{one.aside_until:%Y-%m-%d %H:%M}") for one in found]
    print_table(("task", "number", "processes that died", "tried again (UTC)"), rows)


@app.command()
def retry(task: Task, number: Number, config: ConfigFile = None) -> None:
    """Run a job again that was set aside, for example after an upgrade."""
    if not with_bot(config, lambda bot: bot.job_runs.retry(task, number)):
        print_error(f"No job {task} {number} was set aside; `nutgraf jobs list` lists them.")
        raise typer.Exit(BAD_INPUT)
    emit(f"Job {task} {number} is run as soon as the bot finds it.")
