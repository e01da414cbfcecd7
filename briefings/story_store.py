"""Reports, drafts, and the interface of the store that the library uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from briefings.model import Version
from briefings.scope import Scope, Viewer
from briefings.search import Search
from briefings.similarity import Frequencies, ProfileAt


@dataclass(frozen=True, slots=True)
class Report:
    """One outlet's article at one canonical address, with its current version.

    Attributes:
        id: Its number in the library.
        story: The number of its story: one event, reported by one or more outlets.
        is_hidden: Whether an operator has hidden it.
        key: Its key in the store.
    """

    id: int
    story: int
    scope: Scope
    version: Version
    is_hidden: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class WindowEntry:
    """A report that came in, without its text: a day can bring thousands.

    Attributes:
        number: The number of its current version.
        received: When that version was received.
    """

    report: int
    story: int
    number: int
    received: datetime
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Draft:
    """A version before it is stored.

    Attributes:
        key: The key of its report.
        follows: The id of the version that it replaces, or None if it opens a report.
        displaces: The id of the current version of another story's report that had the key until now, if there is one.
        is_grouped: Whether it joins the story about the same event, if there is one. Otherwise it opens a story.
        title_terms: The terms of its title, in order.
        text_terms: The terms of its text, in order.
        name_terms: The terms of the names in its text.
        analysed_by: The model and the rules that found its claims; None where it was not searched for them.
    """

    key: str
    scope: Scope
    version: Version
    follows: str | None = None
    is_grouped: bool = True
    title_terms: tuple[str, ...] = field(default=(), repr=False)
    text_terms: tuple[str, ...] = field(default=(), repr=False)
    name_terms: frozenset[str] = field(default=frozenset(), repr=False)
    analysed_by: str | None = None
    displaces: str | None = None


class StoryStore(Protocol):
    """Stores stories.

    Terms are those of `briefings.analysis.terms`. In a query, a term that ends in ``*`` matches all that begin with it.
    """

    async def add(self, draft: Draft) -> None:
        """Stores a version, completely or not at all.

        Raises:
            StoryChanged: The current version of the report is neither ``draft.follows`` nor ``draft.displaces``.
        """

    async def also_in(self, viewer: Viewer, versions: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Returns the other outlets that report each version's story, the first one to report it first."""

    async def tag(self, report: int, tags: frozenset[str]) -> None:
        """Adds tags to a report."""

    async def keyed(self, key: str) -> Report | None:
        """Returns the report with that key, also if it is hidden."""

    async def displaced(self, key: str) -> list[Report]:
        """Returns the newest reports that had that key before others, at most a handful, also hidden ones."""

    async def with_title(self, owner: str, title: Sequence[str], since: datetime) -> list[Report]:
        """Returns an owner's newest reports with all these terms in their titles, at most a handful, also hidden ones.

        Args:
            since: Reports whose current version was received before are left out.
        """

    async def get(self, viewer: Viewer, version: str) -> Version | None:
        """Returns the version with that id, also if it is not the current one."""

    async def newest(self, viewer: Viewer, most: int, skip: int = 0) -> list[Report]:
        """Returns the reports whose current version was received last, the newest first."""

    async def window(self, viewer: Viewer, since: datetime, until: datetime) -> list[WindowEntry]:
        """Returns the reports whose current version was received in ``(since, until]``, the newest first."""

    async def reports(self, numbers: Sequence[int]) -> list[Report]:
        """Returns the reports of these numbers, in their order."""

    async def report_of(self, version: str) -> Report | None:
        """Returns the report of a version, also if it is hidden. A unique prefix of the version's id is enough."""

    async def of_same_story(self, viewer: Viewer, version: str) -> list[Report]:
        """Returns the newest other reports of the version's story, at most a handful."""

    async def titled(self, viewer: Viewer, words: Sequence[str], most: int) -> list[Version]:
        """Returns versions with any of the terms in the title, most shared terms first, then the newest."""

    async def search(self, viewer: Viewer, search: Search, most: int) -> list[Report]:
        """Returns the best matching reports, best first. Of very many matches only the newest are ranked."""

    async def count_matches(self, viewer: Viewer, search: Search) -> int:
        """Returns how many reports match, at most 1000."""

    async def similar(self, viewer: Viewer, wanted: Sequence[ProfileAt], most: int) -> list[list[Report]]:
        """Returns the reports most similar to each text, best first. Those near its moment rank a little higher."""

    async def frequencies(self, words: Iterable[str]) -> Frequencies:
        """Returns in how many public reports each term occurs."""

    async def outlets(self, viewer: Viewer, most: int) -> list[tuple[str | None, int]]:
        """Returns each outlet with its number of reports, the largest first."""

    async def join(self, reports: Sequence[int]) -> None:
        """Makes one story of the stories of some reports. It is never merged with others automatically."""

    async def split(self, report: int) -> None:
        """Moves a report into a story of its own, which is never merged with others automatically."""

    async def hide(self, report: int, hidden: bool) -> None:
        """Hides a report or shows it again."""

    async def remove(self, report: int) -> None:
        """Deletes a report with all its versions."""

    async def prune(self, before: datetime) -> int:
        """Deletes the reports whose current version was received before then. Returns how many."""
