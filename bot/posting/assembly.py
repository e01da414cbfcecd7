"""Creates everything that posts by itself, for `bot.app`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.access import Access
from bot.posting.admission import Admission
from bot.posting.alerts import Alerts
from bot.posting.composer import Composer
from bot.posting.compositions import PostRenderer
from bot.posting.followed import FollowedStories
from bot.posting.news import NewsFinder
from bot.posting.notices import Notices
from bot.posting.parts import PartRenderer
from bot.posting.pause_ends import PauseEnds
from bot.posting.pause_notices import PauseNotices
from bot.posting.previews import Previews
from bot.posting.rebuilding import Rebuilder
from bot.posting.tick import Tick
from bot.posting.trials import Trials
from bot.posting.withdrawals import Withdrawals
from bot.queues.model import JobQueue
from bot.storage.ledger import Deliveries
from bot.storage.stores import Stores
from briefings.library import Library


@dataclass(frozen=True)
class Posting:
    """The objects that turn stories into scheduled posts."""

    tick: Tick
    composer: Composer
    previews: Previews
    trials: Trials
    alerts: Alerts
    withdrawals: Withdrawals
    admission: Admission
    notices: PauseNotices
    pause_ends: PauseEnds


def assemble_posting(
    stores: Stores,
    library: Library,
    ledger: Deliveries,
    access: Access,
    *,
    renderers: Mapping[str, PostRenderer],
    language: str,
    queue: JobQueue,
    now: Callable[[], datetime],
) -> Posting:
    """Creates everything that posts by itself, and connects it."""
    occasions, subscriptions, chats = stores.occasions, stores.subscriptions, stores.chats
    finder, parts = NewsFinder(occasions, library, access, stores.tastes), PartRenderer(library, renderers)
    rebuilder, previews = Rebuilder(library, access, renderers), Previews(finder, parts, occasions.held, now)
    followed = FollowedStories(stores.following, parts, chats, access, renderers=renderers, language=language)
    notices = Notices(occasions, chats, renderers=renderers, language=language)
    return Posting(
        tick=Tick(occasions, library, access, rebuilder, followed),
        composer=Composer(
            *(occasions, subscriptions, chats),
            access,
            queue=queue,
            finder=finder,
            parts=parts,
            feeds=stores.feeds,
            platforms=list(renderers),
            clock=now,
            language=language,
        ),
        previews=previews,
        trials=Trials(previews, parts, occasions, chats, platforms=list(renderers), clock=now, language=language),
        alerts=Alerts(ledger, occasions, access=access, renderers=renderers, language=language, started=now()),
        withdrawals=Withdrawals(stores.stories, occasions, rebuilder),
        admission=Admission(subscriptions, access),
        notices=PauseNotices(subscriptions, notices, chats, access),
        pause_ends=PauseEnds(subscriptions, notices, previews),
    )
