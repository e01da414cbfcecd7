"""Renders a post again, with only the stories that its chat may see now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.access import Access
from bot.answers.digests import Told, apart, heading, part_view, withdrawn_view
from bot.delivery.model import Delivery, Op
from bot.i18n import Message, Translator, own
from bot.posting.compositions import Composition, PostRenderer, related_versions
from bot.views.model import View
from briefings.library import Library
from briefings.model import Version
from briefings.scope import OPERATOR, Viewer
from briefings.story_store import Report

_LONGEST_LIFE = timedelta(days=1)


class Rebuilder:
    """Renders posts again without stories that were hidden, restricted or deleted. Numbers stay."""

    def __init__(self, library: Library, access: Access, renderers: Mapping[str, PostRenderer]) -> None:
        self._library = library
        self._access = access
        self._renderers = renderers

    async def rebuilt(self, post: Delivery, corrected: Report | None = None) -> Delivery | None:
        """The post with a new payload and composition. None if no story is left.

        Args:
            corrected: A report that is shown in its current version, with what is new in it.
        """
        composition = Composition.read(post.composition)
        if composition is None or post.destination.platform not in self._renderers:
            return None
        told, items = await self._told(post, composition, corrected)
        if not told:
            return None
        kept = replace(
            composition,
            total=composition.total - len(composition.items) + len(items),
            items=items,
            related=related_versions(told),
        )
        title = heading(kept.reason, kept.total, kept.part, kept.parts, kept.local_day)
        notes = tuple(own("{note}", note=note) for note in kept.notes)
        view = part_view(
            title, told, kept.kinds, notes, kept.is_last, left=kept.left, place=kept.place, day=kept.local_day
        )
        payload = self._payload(post, kept, replace(view, mention=kept.role))
        return replace(post, payload=payload, composition=kept.write())

    def withdrawn(self, post: Delivery) -> Delivery | None:
        """The post with a note that it was withdrawn. None if its content was deleted."""
        composition = Composition.read(post.composition)
        if composition is None or post.destination.platform not in self._renderers:
            return None
        empty = replace(composition, total=0, items=[], related=[])
        return replace(post, payload=self._payload(post, empty, withdrawn_view()), composition=empty.write())

    async def _told(
        self, post: Delivery, composition: Composition, corrected: Report | None
    ) -> tuple[list[Told], list[dict[str, Any]]]:
        reader = self._access.reader(post.destination)
        told: list[Told] = []
        items: list[dict[str, Any]] = []
        for item in composition.items:
            is_it = corrected is not None and item["report"] == corrected.id
            version = await self._visible(reader, corrected.version.id if corrected and is_it else item["version"])
            if version is None:
                continue
            is_corrected = is_it or item.get("corrected", False)
            related = await self._library.related(reader, version)
            outlets = await self._library.also_in(reader, [version])
            told.append(
                Told(
                    item["number"],
                    version,
                    related,
                    item["update"],
                    is_corrected,
                    outlets.get(version.id, ()),
                    _why(item),
                )
            )
            items.append(item | {"version": version.id, "corrected": is_corrected})
        return apart(told), items

    async def _visible(self, reader: Viewer, version_id: str) -> Version | None:
        report = await self._library.report_of(version_id)
        if report is None or report.is_hidden or not reader.sees(report.scope):
            return None
        return await self._library.get(OPERATOR, version_id)

    def _payload(self, post: Delivery, composition: Composition, view: View) -> str:
        renderer = self._renderers[post.destination.platform]
        return renderer.payload(view, Translator(composition.language), composition.silent)


def deletion_of(withdrawn: Delivery, now: datetime) -> Delivery:
    """The deletion of a post, once for ever. ``withdrawn`` replaces it if the platform cannot delete it."""
    return replace(edit_of(withdrawn, "", now), dedup=f"delete:{withdrawn.id}", op=Op.DELETE, composition=None)


def _why(item: dict[str, Any]) -> Message | None:
    said = item.get("why")
    return own("{note}", note=said) if said else None


def edit_of(rebuilt: Delivery, occasion: str, now: datetime) -> Delivery:
    """The edit that replaces a post. ``occasion`` makes it unique."""
    return Delivery(
        0,
        f"edit:{rebuilt.id}:{occasion}",
        rebuilt.subscription,
        rebuilt.destination,
        rebuilt.payload,
        now,
        now + _LONGEST_LIFE,
        Op.EDIT,
        rebuilt.remote_id,
        composition=rebuilt.composition,
        occasion=rebuilt.occasion,
    )
