"""``nutgraf worker``: takes jobs that fetch, analyse and compose."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import BAD_INPUT, ConfigFile, failures_told, missing_settings, print_error, read_again, read_config

if TYPE_CHECKING:  # slow to import
    from bot.queues.model import Queue
    from bot.settings.model import Config

Queues = Annotated[str, typer.Option(help="Whose jobs it takes: fetch, analyse, compose; separated by commas.")]
Concurrency = Annotated[int, typer.Option(min=1, max=64, help="How many articles are analysed at the same time.")]
Port = Annotated[int | None, typer.Option(min=1, max=65_535, help="The port of its metrics, instead of `web.port`.")]


def worker(
    config: ConfigFile = None, queues: Queues = "fetch,analyse,compose", concurrency: Concurrency = 1, port: Port = None
) -> None:
    """Take jobs until SIGTERM: fetch, analyse and compose. Needs PostgreSQL and a running `nutgraf run`."""
    from bot.runtime.logging import set_up_logging
    from bot.worker import work

    settings, chosen = _with_port(read_config(config), port), _queues(queues)
    if settings.is_on_sqlite:
        said = "Workers need PostgreSQL; with SQLite, `nutgraf run` does everything itself."
        print_error(f"{said} {missing_settings(config)}".rstrip())
        raise typer.Exit(BAD_INPUT)
    set_up_logging(settings.log.level, settings.log.format == "json", settings.secrets())
    with failures_told():
        asyncio.run(work(settings, lambda: _with_port(read_again(config), port), chosen, concurrency))


def _with_port(settings: Config, port: int | None) -> Config:
    if port is None:
        return settings
    return settings.model_copy(update={"web": settings.web.model_copy(update={"enabled": True, "port": port})})


def _queues(names: str) -> list[Queue]:
    from bot.queues.model import Queue

    wanted = [name.strip() for name in names.split(",")]
    if unknown := [name for name in wanted if name not in set(Queue)]:
        print_error(f"There is no queue {unknown[0]}; write one or more of {', '.join(Queue)}.")
        raise typer.Exit(BAD_INPUT)
    return [queue for queue in Queue if queue in wanted]
