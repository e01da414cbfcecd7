"""Creates the parts that post by themselves, for `bot.app`."""

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
from bot.posting.parts import PartRenderer
from bot.posting.pause_notices import PauseNotices
from bot.posting.previews import Previews
from bot.posting.rebuilding import Rebuilder
from bot.posting.tick import Tick
from bot.posting.trials import Trials
from bot.posting.withdrawals import Withdrawals
from bot.queues.model import JobQueue
from bot.storage.chats import Chats
from bot.storage.feeds import Feeds
from bot.storage.following import Following
from bot.storage.ledger import Deliveries
from bot.storage.occasions import Occasions
from bot.storage.subscriptions import Subscriptions
from bot.storage.tastes import TasteScores
from briefings.library import Library
from briefings.story_store import StoryStore


@dataclass(frozen=True)
class Posting:
    """The parts that turn stories into scheduled posts."""

    tick: Tick
    composer: Composer
    previews: Previews
    trials: Trials
    alerts: Alerts
    withdrawals: Withdrawals
    admission: Admission
    notices: PauseNotices


def assemble_posting(  # noqa: PLR0917  # the parts that `build` has created, one each
    feeds: Feeds,
    stories: StoryStore,
    library: Library,
    ledger: Deliveries,
    chats: Chats,
    occasions: Occasions,
    subscriptions: Subscriptions,
    following: Following,
    tastes: TasteScores,
    access: Access,
    renderers: Mapping[str, PostRenderer],
    language: str,
    queue: JobQueue,
    now: Callable[[], datetime],
) -> Posting:
    """Creates all parts and connects them."""
    finder, parts = NewsFinder(occasions, library, access, tastes), PartRenderer(library, renderers)
    rebuilder, previews = Rebuilder(library, access, renderers), Previews(finder, parts, occasions.held, now)
    followed = FollowedStories(following, parts, chats, access, renderers=renderers, language=language)
    return Posting(
        Tick(occasions, library, access, rebuilder, followed),
        Composer(
            *(occasions, subscriptions, chats),
            access,
            queue=queue,
            finder=finder,
            parts=parts,
            feeds=feeds,
            platforms=list(renderers),
            clock=now,
            language=language,
        ),
        previews,
        Trials(previews, parts, occasions, chats, platforms=list(renderers), clock=now, language=language),
        Alerts(ledger, occasions, access=access, renderers=renderers, language=language, started=now()),
        Withdrawals(stories, occasions, rebuilder),
        Admission(subscriptions, access),
        PauseNotices(subscriptions, occasions, chats, access, renderers=renderers, language=language),
    )
