"""``nutgraf check``: checks the setup on each platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bot.cli.common import (
    BAD_INPUT,
    FAILED,
    AsJson,
    ConfigFile,
    Language,
    missing_settings,
    print_error,
    read_config,
    translator,
    with_bot,
)
from bot.runtime.terminal import emit, emit_json

if TYPE_CHECKING:  # slow to import
    from bot.app import Bot
    from bot.views.findings import Finding

_ADD_ONE = "Write a telegram or a discord section."


def check(config: ConfigFile = None, language: Language = None, as_json: AsJson = False) -> None:
    """Check the setup on each platform: token, command menu, webhook, and permissions in each subscribed chat."""
    from bot.platforms import registry as services

    settings = read_config(config)
    if settings.telegram is None and settings.discord is None:
        print_error(f"The settings name no platform to ask. {missing_settings(config) or _ADD_ONE}")
        raise typer.Exit(BAD_INPUT)

    async def work(bot: Bot) -> list[tuple[str, Finding]]:
        return await services.check(settings, bot.database, bot.subscriptions, bot.dispatcher.context.chats)

    said = translator(language)
    findings = with_bot(config, work)
    if as_json:
        emit_json([{"platform": p, "ok": not found.is_wrong, "finding": said.say(found.said)} for p, found in findings])
    else:
        for platform, finding in findings:
            emit(f"{'wrong' if finding.is_wrong else 'ok':<6} {platform:<9} {said.say(finding.said)}")
    if any(finding.is_wrong for _, finding in findings):
        raise typer.Exit(FAILED)
