"""``nutgraf run``: starts the bot."""

from __future__ import annotations

import asyncio
from functools import partial

import typer

from bot.cli.common import (
    BAD_INPUT,
    FAILED,
    ConfigFile,
    failures_told,
    missing_settings,
    print_error,
    read_again,
    read_config,
)
from bot.runtime.terminal import emit


def run(config: ConfigFile = None) -> None:
    """Run the bot until SIGTERM, or until you leave the console chat."""
    from bot.run import PlatformsStopped
    from bot.run import run as run_bot
    from bot.runtime.logging import set_up_logging

    settings = read_config(config)
    if note := missing_settings(config):
        emit(f"Note: {note} Until then all settings have their defaults.", err=True)
    if not settings.console.enabled and settings.telegram is None and settings.discord is None:
        print_error("No platform is configured; write a telegram or a discord section, or leave the console enabled.")
        raise typer.Exit(BAD_INPUT)
    set_up_logging(settings.log.level, settings.log.format == "json", settings.secrets())
    with failures_told():
        try:
            asyncio.run(run_bot(settings, partial(read_again, config)))
        except PlatformsStopped as stopped:
            for platform, reason in stopped.reasons.items():
                print_error(f"{platform}: {reason}. `nutgraf check` says what to do.")
            raise typer.Exit(FAILED) from stopped
