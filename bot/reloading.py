"""Reads config.yaml again while the bot runs, when the process receives SIGHUP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from bot.app import Bot, access_rules
from bot.settings.load import ConfigInvalid
from bot.settings.model import Config

_log = structlog.stdlib.get_logger("nutgraf")

#: The settings that change at once. All others need a restart.
_AT_ONCE = frozenset({"access", "operators", "allow", "restricted_tags", "pasted_articles", "feeds"})

ReadConfig = Callable[[], Config]


async def reload_when_told(bot: Bot, config: Config, read: ReadConfig, told: asyncio.Event) -> bool:
    """Reloads the settings each time ``told`` is set. Returns only by being cancelled."""
    while True:
        await told.wait()
        told.clear()
        try:
            config = await reload(bot, config, read)
        except Exception:  # noqa: BLE001  # the bot runs on with the settings that it has
            _log.exception("reload_failed")


async def reload(bot: Bot, before: Config, read: ReadConfig) -> Config:
    """Reads the settings, and changes what can be changed at run time: access, tags and feeds.

    Returns:
        The settings that are in force now. They are ``before`` if the new ones have mistakes.
    """
    try:
        after = read()
    except ConfigInvalid as error:
        _log.error("settings_invalid", mistakes=list(map(str, error.mistakes)))
        return before
    except OSError as error:
        _log.error("settings_invalid", mistakes=[error.strerror or str(error)])
        return before
    changed = _changed(before, after)
    bot.dispatcher.context.access.take_over(access_rules(after))
    if bot.ingest is not None:
        await bot.ingest.declare(feed.source() for feed in after.feeds)
    await bot.posting.admission.review(bot.clock())
    _log.info("settings_reloaded", changed=sorted(changed & _AT_ONCE))
    if needing := sorted(changed - _AT_ONCE):
        _log.warning("restart_needed", settings=needing)
    return after


def _changed(before: Config, after: Config) -> set[str]:
    """Returns the names of the settings that differ."""
    changed = {name for name in Config.model_fields if getattr(before, name) != getattr(after, name)}
    if "fetching" in changed:
        same_links = after.fetching.model_copy(update={"allow_links": before.fetching.allow_links})
        if same_links == before.fetching:
            changed.remove("fetching")
    return changed
