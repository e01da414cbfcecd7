"""The port of the library: reports, drafts and the store that keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from briefings.model import Version
from briefings.scope import Scope, Viewer
from briefings.search import Search
from briefings.similarity import Frequencies, Profile


@dataclass(frozen=True, slots=True)
class Report:
    """One outlet's article at one canonical address, with its current version.

    Attributes:
        id: Its number in the library.
        story: The number of the story that it belongs to: one event, told by one outlet or more.
        is_hidden: Whether an operator took it from everybody's eyes.
    """

    id: int
    story: int
    scope: Scope
    version: Version
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A version on its way into the library.

    Attributes:
        key: What makes its report the same report.
        follows: The id of the version that it replaces, or None if it opens a report.
        is_grouped: Whether it joins the story about the same event, if there is one. Otherwise it opens a story.
        title_terms: The terms of its title, and ``text_terms`` those of its text, in their order.
        analysed_by: The model and the rules that found its claims; None where it was not searched for them.
    """

    key: str
    scope: Scope
    version: Version
    follows: str | None = None
    is_grouped: bool = True
    title_terms: tuple[str, ...] = field(default=(), repr=False)
    text_terms: tuple[str, ...] = field(default=(), repr=False)
    analysed_by: str | None = None


class StoryStore(Protocol):
    """Where stories are kept.

    Terms are those of `briefings.analysis.terms`; in a query one that ends in ``*`` stands for all that begin so.
    """

    async def add(self, draft: Draft) -> None:
        """Keeps a version, all of it or nothing.

        Raises:
            StoryChanged: The report has another current version than ``draft.follows``.
        """

    async def also_in(self, viewer: Viewer, versions: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Returns the other outlets that report each version's story, the first one to report it first."""

    async def tag(self, report: int, tags: frozenset[str]) -> None:
        """Adds tags to a report."""

    async def keyed(self, key: str) -> Report | None:
        """The report of that key, hidden or not."""

    async def get(self, viewer: Viewer, version: str) -> Version | None:
        """The version of that id, whichever of its report's versions it is."""

    async def newest(self, viewer: Viewer, most: int, skip: int = 0) -> list[Report]:
        """The reports whose current version came in last, the newest first."""

    async def window(self, viewer: Viewer, since: datetime, until: datetime, most: int) -> list[Report]:
        """The reports whose current version came in the window ``(since, until]``, the newest first."""

    async def report_of(self, version: str) -> Report | None:
        """The report that a version is of, hidden or not, by the version's id or its unmistakable beginning."""

    async def of_same_story(self, viewer: Viewer, version: str) -> list[Report]:
        """The newest other reports of the story that a version tells; a handful at the most."""

    async def titled(self, viewer: Viewer, words: Sequence[str], most: int) -> list[Version]:
        """Those whose title has any of the terms, most shared terms first, then the newest."""

    async def search(self, viewer: Viewer, search: Search, most: int) -> list[Report]:
        """Returns the best matching reports, best first. Of very many matches only the newest are ranked."""

    async def count_matches(self, viewer: Viewer, search: Search) -> int:
        """Returns how many reports match, at most 1000."""

    async def similar(self, viewer: Viewer, found: Profile, moment: datetime, most: int) -> list[Report]:
        """Returns the reports most similar to a text, best first. Those near ``moment`` rank a little higher."""

    async def frequencies(self, words: Iterable[str]) -> Frequencies:
        """In how many of everybody's reports each of these terms occurs."""

    async def outlets(self, viewer: Viewer, most: int) -> list[tuple[str | None, int]]:
        """How many reports each outlet has, the largest first."""

    async def join(self, reports: Sequence[int]) -> None:
        """Makes one story of the stories of some reports. It is never merged with others automatically."""

    async def split(self, report: int) -> None:
        """Moves a report into a story of its own, which is never merged with others automatically."""

    async def hide(self, report: int, hidden: bool) -> None:
        """Takes a report from everybody's eyes, or gives it back."""

    async def remove(self, report: int) -> None:
        """Deletes a report with all its versions."""

    async def prune(self, before: datetime) -> int:
        """Deletes the reports whose current version came in before then; returns how many."""
