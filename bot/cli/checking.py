"""``nutgraf check``: asks the platforms whether everything is as the bot needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bot.cli.common import BAD_INPUT, FAILED, ConfigFile, Language, complain, read_config, translator, with_bot

if TYPE_CHECKING:  # slow to import
    from bot.app import Bot
    from bot.platforms.telegram.checkup import Finding


def check(config: ConfigFile = None, language: Language = None) -> None:
    """Ask the platforms: the token, the menu, who else listens, the rights in each subscribed chat."""
    from bot.app import check_telegram

    settings = read_config(config)
    if settings.telegram is None:
        complain("The settings name no platform to ask; write a telegram section.")
        raise typer.Exit(BAD_INPUT)
    telegram = settings.telegram

    async def work(bot: Bot) -> list[Finding]:
        return await check_telegram(telegram, bot)

    said = translator(language)
    findings = with_bot(config, work)
    for finding in findings:
        typer.echo(f"{'wrong' if finding.is_wrong else 'ok':<6} telegram  {said.say(finding.said)}")
    if any(finding.is_wrong for finding in findings):
        raise typer.Exit(FAILED)
