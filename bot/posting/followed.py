"""Posts about stories that people follow: one for each new report and for each version with news."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from bot.access import Access
from bot.answers.digests import Place, Reason
from bot.answers.following import UPDATE_NOTE
from bot.chats import ChatStore, Destination
from bot.delivery.model import FOLLOWED, Delivery
from bot.posting.compositions import PostRenderer
from bot.posting.parts import PartRenderer, PostContent
from bot.subscriptions.following import Follower, FollowStore
from briefings.digest import Item
from briefings.model import SectionKind
from briefings.story_store import Report

_LIFE = timedelta(days=1)
_SECTIONS = (SectionKind.WHO, SectionKind.CONSEQUENCES)


class FollowedStories:
    """Writes what followers are told."""

    def __init__(
        self,
        store: FollowStore,
        parts: PartRenderer,
        chats: ChatStore,
        access: Access,
        *,
        renderers: Mapping[str, PostRenderer],
        language: str,
    ) -> None:
        self._store = store
        self._parts = parts
        self._chats = chats
        self._access = access
        self._platforms = frozenset(renderers)
        self._language = language

    async def posts(self, report: Report, told: Collection[Destination], now: datetime) -> list[Delivery]:
        """Returns the posts about a report that has just arrived, or that has a new version.

        Args:
            told: Chats that are told anyway, because they are subscribed to each story as it arrives.
        """
        if report.is_hidden or not _is_news(report):
            return []
        followers = (await self._store.followers([report.story])).get(report.story, [])
        wanting = [one for one in followers if one.destination not in told and self._may_be_told(one, report)]
        return [await self._post(one.destination, report, now) for one in wanting]

    def _may_be_told(self, follower: Follower, report: Report) -> bool:
        where = follower.destination
        is_new = report.version.received > follower.since
        return is_new and where.platform in self._platforms and self._access.reader(where).sees(report.scope)

    async def _post(self, where: Destination, report: Report, now: datetime) -> Delivery:
        version = report.version
        content = PostContent(
            Reason.REPORT,
            (Item(report, is_update=version.number > 1),),
            _SECTIONS,
            silent=False,
            language=await self._chats.language(where) or self._language,
            platform=where.platform,
            notes=(UPDATE_NOTE,),
            viewer=self._access.reader(where),
            place=Place.ANSWER,
        )
        [part] = await self._parts.parts(content)
        composition = content.composition(part, 1, 1, corrections=False).write()
        key = f"{FOLLOWED}{where}:{report.id}:v{version.number}"
        return Delivery(0, key, 0, where, part.payload, now, now + _LIFE, composition=composition)


def _is_news(report: Report) -> bool:
    """Whether it is a new report, or its new version says something new."""
    changes = report.version.changes
    return report.version.number == 1 or (changes is not None and bool(changes.added))
