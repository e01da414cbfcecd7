"""Renders posts as parts, each of which fits into one message of the platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from bot.answers.digests import Place, Reason, Told, apart, heading, part_view, quiet_view, unread_note, why
from bot.i18n import Message, Translator
from bot.posting.compositions import Composition, PostRenderer, related_versions
from briefings.digest import Item
from briefings.library import Library
from briefings.model import SectionKind
from briefings.related import Related
from briefings.scope import Viewer
from briefings.story_store import Report

_CACHED = 2_000
#: While parts are filled, their number is unknown. Room is left for the longest heading.
_LONGEST_PLACE = 9


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a post, and the stories in it."""

    payload: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class PostContent:
    """Everything that decides what a post looks like. Chats with equal content share the rendered parts.

    Attributes:
        notes: The bot's own remarks above the stories.
        viewer: The chat's permissions, which decide the related stories that are shown.
        left: How many more stories there are than the post has room for.
        unread: The names of the sources that could not be read.
        day: The local day of the post.
        role: The id of the role that the post pings, or empty.
    """

    reason: Reason
    items: tuple[Item, ...]
    sections: tuple[SectionKind, ...]
    silent: bool
    language: str
    platform: str
    notes: tuple[Message, ...]
    viewer: Viewer
    left: int = 0
    unread: tuple[str, ...] = ()
    place: Place = Place.CHAT
    day: date | None = None
    role: str = ""

    @property
    def remarks(self) -> tuple[Message, ...]:
        """The lines above the stories."""
        return (*self.notes, unread_note(self.unread)) if self.unread else self.notes

    @property
    def key(self) -> object:
        """The key under which the rendered parts are cached."""
        shown = tuple((item.version.id, item.is_update, item.outlets, item.tags, item.words) for item in self.items)
        settings = (self.sections, self.silent, self.language, self.platform)
        place = (self.place, self.day, self.role)
        return self.reason, shown, *settings, repr(self.notes), self.viewer, self.left, self.unread, *place

    def composition(self, part: Part, number: int, parts: int, corrections: bool) -> Composition:
        """Returns the composition of one part: what an edit needs to rebuild it."""
        reports = {item.version.id: item.report.id for item in self.items}
        items = [
            {
                "report": reports[one.version.id],
                "version": one.version.id,
                "number": one.number,
                "update": one.is_update,
                "why": Translator(self.language).say(one.why) if one.why else None,
            }
            for one in part.told
        ]
        return Composition(
            self.reason,
            self.language,
            self.sections,
            self.silent,
            corrections,
            number,
            parts,
            len(self.items),
            items,
            related_versions(part.told),
            [Translator(self.language).say(note) for note in self.remarks] if number == 1 else [],
            self.left,
            self.place,
            self.day.isoformat() if self.day else "",
            self.role if number == 1 else "",
        )


class PartRenderer:
    """Renders posts and caches the parts."""

    def __init__(self, library: Library, renderers: Mapping[str, PostRenderer]) -> None:
        self._library = library
        self._renderers = renderers
        self._related: dict[tuple[Viewer, str], list[Related]] = {}
        self._parts: dict[object, list[Part]] = {}

    async def parts(self, content: PostContent) -> list[Part]:
        """Returns the parts of a post, from the cache if possible."""
        key = content.key
        if key not in self._parts:
            if len(self._parts) >= _CACHED:
                self._parts.clear()
            self._parts[key] = await self._render(content)
        return self._parts[key]

    async def told(self, items: Sequence[Item], viewer: Viewer) -> list[Told]:
        """Returns the stories as they are shown: numbered, each with the related stories that are none of them."""
        related = await self._related_to([item.report for item in items], viewer)
        told = [
            Told(number, item.version, found, item.is_update, outlets=item.outlets, why=why(item))
            for number, (item, found) in enumerate(zip(items, related, strict=True), start=1)
        ]
        return apart(told)

    async def _render(self, content: PostContent) -> list[Part]:
        renderer, translator = self._renderers[content.platform], Translator(content.language)
        if not content.items:
            quiet = quiet_view(content.unread, content.notes)
            return [Part(renderer.payload(quiet, translator, content.silent), ())]
        told = await self.told(content.items, content.viewer)
        groups = _fill(renderer, translator, content, told)
        parts = []
        for number, group in enumerate(groups, start=1):
            title = heading(content.reason, len(told), number, len(groups), content.day)
            notes = content.remarks if number == 1 else ()
            view = part_view(
                title,
                group,
                content.sections,
                notes,
                number == len(groups),
                left=content.left,
                place=content.place,
                day=content.day,
            )
            view = replace(view, mention=content.role if number == 1 else "")
            parts.append(Part(renderer.payload(view, translator, content.silent), tuple(group)))
        return parts

    async def _related_to(self, reports: Sequence[Report], viewer: Viewer) -> list[list[Related]]:
        """Returns the related stories of each report, from the cache if possible."""
        seen = replace(viewer, owner="")
        known = {one.version.id: self._related.get((seen, one.version.id)) for one in reports}
        missing = [(one.version, one) for one in reports if known[one.version.id] is None]
        if missing:
            found = await self._library.related_to(seen, missing)
            if len(self._related) >= _CACHED:
                self._related.clear()
            for (version, _), related in zip(missing, found, strict=True):
                known[version.id] = self._related[seen, version.id] = related
        return [known[one.version.id] or [] for one in reports]


def _fill(
    renderer: PostRenderer, translator: Translator, content: PostContent, told: Sequence[Told]
) -> list[list[Told]]:
    """Divides the stories into parts, as many in each as fit into one message."""
    longest = heading(content.reason, len(told), _LONGEST_PLACE, _LONGEST_PLACE, content.day)
    view = partial(
        part_view,
        longest,
        kinds=content.sections,
        notes=content.remarks,
        ending=True,
        left=content.left,
        place=content.place,
    )
    groups: list[list[Told]] = [[]]
    for one in told:
        fuller = replace(view(items=[*groups[-1], one]), mention=content.role)
        if groups[-1] and not renderer.fits(fuller, translator):
            groups.append([])
        groups[-1].append(one)
    return groups
