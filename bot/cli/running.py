"""``nutgraf run``: the bot itself."""

from __future__ import annotations

import asyncio

from bot.cli.common import ConfigFile, read_config, storage_complaints


def run(config: ConfigFile = None) -> None:
    """Run the bot: what the settings say, until SIGTERM or until you leave."""
    from bot.app import run as run_bot
    from bot.log import set_up_logging

    settings = read_config(config)
    set_up_logging(settings.log.level, settings.log.format == "json")
    with storage_complaints():
        asyncio.run(run_bot(settings))
