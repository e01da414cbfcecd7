"""The bot's periodic jobs: posting what is due, housekeeping, and analysing old stories again."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.answers.feeds import state_message
from bot.app import Bot
from bot.delivery.inbox import SetAside
from bot.feeds.intervals import trouble
from bot.i18n import own
from bot.posting.steps import take_all
from bot.posting.warnings import warn
from bot.queues.model import Task, Tasks, Work
from bot.storage.database.backups import back_up_regularly
from bot.storage.database.errors import BackupFailed
from bot.storage.vitals import VitalsStore
from bot.subscriptions.edits import mended

#: Telegram repeats an update for at most a day. Its id is kept for twice as long.
_UPDATES_KEPT = timedelta(hours=48)
#: About a minute of work.
_REANALYSED_AT_ONCE = 100
_log = structlog.stdlib.get_logger("nutgraf")


async def post_due(bot: Bot) -> None:
    """Writes due posts and alerts to the ledger.

    Raises:
        StorageError: The database failed in one of the steps; the others were taken.
        StepFailed: A step failed because of a mistake of the program.
    """
    now = bot.clock()
    posting = bot.posting
    await take_all(
        partial(bot.ledger.expire, now),
        partial(posting.pause_ends.run, now),
        partial(posting.tick.run, now),
        partial(_compose, bot),
        partial(posting.alerts.run, now),
        partial(posting.notices.run, now),
        partial(_report_set_aside, bot, now),
        partial(_report_jobs, bot, now),
    )


async def poll_feeds(bot: Bot) -> None:
    """Has the feeds read that are due."""
    if bot.ingest is not None:
        await bot.ingest.poller.request()
        await bot.queue.run_waiting(tasks_of(bot), Task.POLL)


async def read_pages(bot: Bot) -> None:
    """Has stories made of the items that feeds have brought."""
    if bot.ingest is not None:
        await bot.ingest.intake.request()
        await bot.queue.run_waiting(tasks_of(bot), Task.READ, Task.ANALYSE)


def tasks_of(bot: Bot) -> Tasks:
    """Returns what each task of a job calls."""
    tasks: dict[Task, Work] = {Task.COMPOSE: bot.posting.composer.take}
    if bot.ingest is not None:
        poller, intake = bot.ingest.poller, bot.ingest.intake
        tasks |= {Task.POLL: poller.take, Task.READ: intake.read, Task.ANALYSE: intake.analyse}
    return tasks


async def _compose(bot: Bot) -> None:
    await bot.posting.composer.request()
    await bot.queue.run_waiting(tasks_of(bot), Task.COMPOSE)


async def keep_house(bot: Bot) -> None:
    """Deletes what is older than the settings allow, and repairs what a wrong clock has left.

    Raises:
        StorageError: The database failed in one of the steps; the others were taken.
        StepFailed: A step failed because of a mistake of the program.
    """
    now, policies = bot.clock(), bot.policies
    await take_all(
        partial(_prune_stories, bot, now),
        bot.chats.prune,
        partial(bot.inbox.prune, now - _UPDATES_KEPT),
        bot.sign_ins.prune,
        partial(bot.ledger.blank, now - policies.memory),
        partial(bot.occasions.prune, now - policies.memory),
        partial(_review_admission, bot, now),
        partial(_follow_clock, bot, now),
        partial(_prune_feeds, bot, now),
        partial(_report_feeds, bot, now),
        partial(_warn, bot, now),
        partial(_back_up, bot, now),
    )


async def _prune_stories(bot: Bot, now: datetime) -> None:
    if count := await bot.stories.prune(now - bot.policies.retention):
        _log.info("stories_pruned", count=count)


async def _prune_feeds(bot: Bot, now: datetime) -> None:
    if bot.ingest is not None:
        await bot.ingest.feeds.prune(now - bot.policies.retention)


async def _review_admission(bot: Bot, now: datetime) -> None:
    if count := await bot.posting.admission.review(now):
        _log.warning("chats_not_admitted", subscriptions=count)


async def _follow_clock(bot: Bot, now: datetime) -> None:
    if count := await bot.subscriptions.mend(now, partial(mended, now=now)):
        _log.warning("clock_corrected", subscriptions=count)


async def reanalyse(bot: Bot) -> None:
    """Finds claims in stories that an older model or older rules have analysed, some of them in each run."""
    count = 0
    if bot.reanalysis is not None:
        async for _ in bot.reanalysis.run(_REANALYSED_AT_ONCE):
            count += 1
    if count:
        _log.info("stories_reanalysed", count=count)


async def _report_set_aside(bot: Bot, now: datetime) -> None:
    """Tells operators of updates that were set aside: once for a reason and minute, when the minute is over."""
    current = f"{now:%Y-%m-%dT%H:%M}"
    groups: defaultdict[tuple[str, str, str], list[SetAside]] = defaultdict(list)
    for one in await bot.inbox.aside():
        groups[one.platform, one.reason, f"{one.received:%Y-%m-%dT%H:%M}"].append(one)
    for (platform, reason, minute), alike in groups.items():
        if minute == current:
            continue
        first, count = alike[0].id, len(alike)
        alone = own(
            "Message {id} on {platform} was set aside: {reason}. See “nutgraf inbox list”.",
            id=first,
            platform=platform,
            reason=reason,
        )
        many = own(
            "{count} messages on {platform} were set aside: {reason}. See “nutgraf inbox list”.",
            count=count,
            platform=platform,
            reason=reason,
        )
        await bot.posting.alerts.tell(f"inbox:{first}", alone if count == 1 else many, now)


async def _report_jobs(bot: Bot, now: datetime) -> None:
    """Tells operators of jobs that were set aside."""
    for job in await bot.job_runs.aside():
        said = own(
            "Job {task} {number} has ended the program {count} times and was set aside. Look for the reason in the log,"
            " or in the system's, and see “nutgraf jobs list”.",
            task=job.task,
            number=job.number,
            count=job.deaths,
        )
        await bot.posting.alerts.tell(f"job:{job.key}:{job.aside_until:%Y-%m-%dT%H:%M}", said, now)


async def _back_up(bot: Bot, now: datetime) -> None:
    """Backs up the database if the settings want it and it is time. Tells operators of a failure once a day."""
    if bot.rotation is None:
        return
    try:
        made = await back_up_regularly(bot.database, bot.rotation, now)
    except BackupFailed as error:
        _log.error("backup_failed", error=error.detail)
        said = own("No backup could be made: {detail}.", detail=error.detail)
        await bot.posting.alerts.tell(f"backup:{now:%Y-%m-%d}", said, now)
    else:
        if made is not None:
            _log.info("backup_made", file=str(made), bytes=made.stat().st_size)


async def _warn(bot: Bot, now: datetime) -> None:
    """Tells operators that no post has arrived for days, or that the disk is almost full."""
    await warn(VitalsStore(bot.database), await bot.subscriptions.all(), bot.posting.alerts, bot.limits, now)


async def _report_feeds(bot: Bot, now: datetime) -> None:
    """Tells operators of feeds that are gone, have failed for long, or are silent for unusually long."""
    for feed in await bot.ingest.feeds.all() if bot.ingest is not None else ():
        if (occasion := trouble(feed, now)) is not None:
            message = own(
                "Feed {number}, {name}: {state} See “/feeds”.",
                number=feed.id,
                name=feed.name,
                state=state_message(feed, now),
            )
            await bot.posting.alerts.tell(f"feed:{feed.id}:{occasion}", message, now)
