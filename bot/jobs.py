"""The bot's periodic jobs: posting what is due, housekeeping, and analysing old stories again."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.answers.feeds import state_message
from bot.app import Bot
from bot.feeds.intervals import trouble
from bot.i18n import own
from bot.ingest.desk import IngestDesk
from bot.subscriptions.edits import mended

#: Telegram repeats an update for at most a day. Its id is kept for twice as long.
_UPDATES_KEPT = timedelta(hours=48)
#: About a minute of work.
_REANALYSED_AT_ONCE = 100
_log = structlog.stdlib.get_logger("nutgraf")


async def post_due(bot: Bot) -> None:
    """Writes due posts and alerts to the ledger. A step that fails does not stop the next one.

    Raises:
        Exception: The first error, after all steps.
    """
    now = bot.clock()
    posting = bot.posting
    errors: list[Exception] = []
    steps = (
        partial(bot.ledger.expire, now),
        partial(posting.tick.run, now),
        posting.composer.run,
        partial(posting.alerts.run, now),
        partial(_report_set_aside, bot, now),
    )
    for step in steps:
        try:
            await step()
        except Exception as error:  # noqa: BLE001  # raised again after the other steps
            errors.append(error)
    if errors:
        raise errors[0]


async def poll_feeds(bot: Bot) -> None:
    """Reads the feeds that are due."""
    if bot.ingest is not None:
        await bot.ingest.poller.run()


async def read_pages(bot: Bot) -> None:
    """Makes stories of the items that feeds have brought."""
    if bot.ingest is not None:
        await bot.ingest.intake.run()


async def keep_house(bot: Bot) -> None:
    """Deletes what is older than the settings allow, and repairs what a wrong clock has left."""
    now = bot.clock()
    pruned = await bot.stories.prune(now - bot.policies.retention)
    await bot.chats.prune()
    await bot.inbox.prune(now - _UPDATES_KEPT)
    await bot.ledger.blank(now - bot.policies.memory)
    await bot.occasions.prune(now - bot.policies.memory)
    if count := await bot.posting.admission.review(now):
        _log.warning("chats_not_admitted", subscriptions=count)
    if count := await bot.subscriptions.mend(now, partial(mended, now=now)):
        _log.warning("clock_corrected", subscriptions=count)
    if pruned:
        _log.info("stories_pruned", count=pruned)
    if bot.ingest is not None:
        await bot.ingest.feeds.prune(now - bot.policies.retention)
        await _report_feeds(bot, bot.ingest, now)


async def reanalyse(bot: Bot) -> None:
    """Finds claims in stories that an older model or older rules have analysed, some of them in each run."""
    count = 0
    if bot.reanalysis is not None:
        async for _ in bot.reanalysis.run(_REANALYSED_AT_ONCE):
            count += 1
    if count:
        _log.info("stories_reanalysed", count=count)


async def _report_set_aside(bot: Bot, now: datetime) -> None:
    for one in await bot.inbox.aside():
        message = own(
            "Message {id} on {platform} was set aside: {reason}. See “nutgraf inbox list”.",
            id=one.id,
            platform=one.platform,
            reason=one.reason,
        )
        await bot.posting.alerts.tell(f"inbox:{one.id}", message, now)


async def _report_feeds(bot: Bot, desk: IngestDesk, now: datetime) -> None:
    """Tells operators of feeds that are gone, have failed for long, or are silent for unusually long."""
    for feed in await desk.feeds.all():
        if (occasion := trouble(feed, now)) is not None:
            message = own(
                "Feed {number}, {name}: {state} See “/feeds”.",
                number=feed.id,
                name=feed.name,
                state=state_message(feed, now),
            )
            await bot.posting.alerts.tell(f"feed:{feed.id}:{occasion}", message, now)
