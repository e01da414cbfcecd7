"""The library: adds articles and answers queries about the stored stories."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate

from briefings.additions import Added, Additions, FileRead
from briefings.addresses import web_address
from briefings.analysis.questions import has_own_subject
from briefings.analysis.terms import beginning
from briefings.analyst import Analyst
from briefings.drafts import address_key
from briefings.matching import (
    beginning_with,
    best_lines,
    corrected,
    count_matching,
    having_all,
    is_about_only,
    is_in_its_language,
    missing_terms,
    named_in_title,
    names_asked,
    query_terms,
    title_rank,
    title_terms,
)
from briefings.model import Article, Span, Version
from briefings.phrases import fold
from briefings.related import Related, explain, listed, merged, names_in
from briefings.scope import Scope, Viewer
from briefings.search import any_of, parse_search
from briefings.similarity import article_profile
from briefings.story_store import Report, StoryStore, WindowEntry
from briefings.workers import Arguments, InProcess, Result, Workers

_MOST_RELATED = 5
#: Reports among which the related ones are chosen.
_CANDIDATES = 10
_MOST_TITLED = 50
#: Among so many of the newest stories words without meaning are looked for.
_MOST_SUGGESTED = 100
_MOST_MEANT = 5
#: Texts with more characters in total are read in a worker process. For shorter ones the transfer would take longer.
_LONG = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """A search result: a version and its best matching line."""

    version: Version
    line: Span


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best results of a search.

    Attributes:
        total: How many reports match in all, counted up to 1000.
        is_too_common: Whether nothing was searched for, because all words occur in nearly every text: "who is".
    """

    found: tuple[Found, ...]
    total: int
    is_too_common: bool = False


class Library:
    """The use cases over a `StoryStore`."""

    def __init__(self, store: StoryStore, workers: Workers | None = None, analyst: Analyst | None = None) -> None:
        """Stores the arguments.

        Args:
            workers: Run the analysis. None: it runs in this process.
            analyst: Finds claims. None: nobody does.
        """
        self._store = store
        self._workers = workers or InProcess()
        self._additions = Additions(store, self._workers, analyst)

    async def add(self, article: Article, received: datetime, scope: Scope = Scope()) -> Added:  # noqa: B008  # frozen
        """Stores the briefing of ``article``.

        A known address with a changed text becomes a new version, and so does a corrected text without an address. A
        known text only gets the tags that are new.
        """
        return await self._additions.add(article, received, scope)

    async def read_file(self, raw: bytes, name: str, received: datetime, scope: Scope) -> FileRead:
        """Reads and analyses the article in a file, in one task of a worker.

        Raises:
            SourceError: The file has no article.
            LimitExceeded: It takes too much time or memory to read.
        """
        return await self._additions.read_file(raw, name, received, scope)

    async def add_file(self, read: FileRead) -> Added:
        """Stores the article that `read_file` returned, as `add` does."""
        return await self._additions.add_file(read)

    async def get(self, viewer: Viewer, version: str) -> Version | None:
        """Returns the version with that id, or None if the viewer may not see it or it no longer exists."""
        return await self._store.get(viewer, version)

    async def at(self, viewer: Viewer, address: str) -> Version | None:
        """Returns the public story at an address, or None if there is none or the viewer may not see it."""
        known = await self._store.keyed(address_key(address, Scope())) if web_address(address) else None
        return await self.get(viewer, known.version.id) if known else None

    async def newest(self, viewer: Viewer, most: int) -> list[Version]:
        """Returns the newest stories, the newest first, each as its newest report."""
        told: dict[int, Version] = {}
        seen = 0
        while len(told) < most:
            reports = await self._store.newest(viewer, 2 * most, seen)
            for report in reports:
                told.setdefault(report.story, report.version)
            seen += len(reports)
            if len(reports) < 2 * most:
                break
        return list(told.values())[:most]

    async def titled(self, viewer: Viewer, words: str) -> list[Version]:
        """Returns the stories whose titles match ``words`` best: several if they match equally well."""
        wanted = {beginning(term) for term in query_terms(words)}
        if not wanted:
            return []
        candidates = await self._store.titled(viewer, sorted(wanted), _MOST_TITLED)
        shared = [count_matching(wanted, title_terms(version.article)) for version in candidates]
        best = max(shared, default=0)
        return [version for version, count in zip(candidates, shared, strict=True) if count == best]

    async def corrected(self, viewer: Viewer, words: str) -> str:
        """Returns the words with the misspelt ones as the newest titles spell them. Empty: no word is misspelt."""
        return corrected(words, await self.newest(viewer, _MOST_SUGGESTED))

    async def suggested(self, viewer: Viewer, typed: str, most: int) -> list[Version]:
        """Returns the stories to suggest while somebody types, best first; the newest ones if nothing is typed.

        Words without meaning count too: "who is" finds "Who is the new mayor?" among the newest stories.
        """
        newest = await self.newest(viewer, _MOST_SUGGESTED)
        if not fold(typed):
            return newest[:most]
        found = {version.id: version for version in [*newest, *await self._with_all_words(viewer, typed)]}
        ranks = {one.id: title_rank(one.article, typed) for one in found.values()}
        fitting = sorted((rank, place, name) for place, (name, rank) in enumerate(ranks.items()) if rank is not None)
        named = [found[name] for _, _, name in fitting]
        return (named or await self.titled(viewer, typed))[:most]

    async def _with_all_words(self, viewer: Viewer, typed: str) -> list[Version]:
        wanted = {beginning(term) for term in query_terms(typed)}
        return await self._store.titled(viewer, sorted(wanted), _MOST_TITLED) if wanted else []

    async def meant(self, viewer: Viewer, question: str, current: Version) -> list[Version]:
        """Returns the stories that a question can be about: usually one, several if they match equally well.

        It is about another story than the current one if that story's title or summary has a name from the question
        that the current one lacks, or if the current one has no word of it and both have one language. A question
        about nothing but a name is about the stories that have it anywhere. If there is none, nothing is returned.
        """
        wanted = {beginning(term) for term in query_terms(question)}
        missing = await self.read_from(missing_terms, [current], wanted)
        if not missing or not has_own_subject(question, current.article.language):
            return [current]
        titled = await self.titled(viewer, question)
        named = await self.read_from(named_in_title, titled, missing)
        strange = missing & names_asked(question, current.article.language).keys()
        if not named and strange:
            found = [report.version for report in await self._store.search(viewer, any_of(tuple(strange)), _MOST_MEANT)]
            is_about_name = is_about_only(question, missing)
            if not found and is_about_name:
                return []
            named = await self.read_from(beginning_with, found, strange)
            if not named and is_about_name:
                named = await self.read_from(having_all, found, strange)
        elif not named and missing == wanted:
            named = titled
            if not titled and is_in_its_language(question, current.article):
                search = any_of(tuple(wanted))
                named = [report.version for report in await self._store.search(viewer, search, _MOST_MEANT)]
        return [version for version in named if version.id != current.id] or [current]

    async def search(self, viewer: Viewer, typed: str, most: int, now: datetime) -> SearchResult:
        """Returns the reports that match what a person typed, best first, each with its best matching line.

        If no report has all of the words, those that have some of them are returned.
        """
        search = parse_search(typed, now.date())
        if search.is_empty:
            return SearchResult((), 0, is_too_common=True)
        reports = await self._store.search(viewer, search, most)
        if not reports and len(search.groups) > 1:
            search = search.any_word()
            reports = await self._store.search(viewer, search, most)
        total = await self._store.count_matches(viewer, search) if len(reports) == most else len(reports)
        versions = [report.version for report in reports]
        lines = await self.read_from(best_lines, versions, list(search.words))
        found = [Found(version, line) for version, line in zip(versions, lines, strict=True)]
        return SearchResult(tuple(found), total)

    async def read_from(
        self,
        work: Callable[Concatenate[Sequence[Version], Arguments], Result],
        versions: Sequence[Version],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Returns the result of ``work`` on the versions. Long texts are read in a worker, off the event loop.

        Raises:
            LimitExceeded: The work takes too long.
        """
        if sum(len(version.article.text) for version in versions) < _LONG:
            return work(versions, *args, **kwargs)
        return await self._workers.run(work, versions, *args, **kwargs)

    async def related(self, viewer: Viewer, version: Version) -> list[Related]:
        """Returns the related stories that the page lists, then the most similar ones in the library."""
        [found] = await self.related_to(viewer, [(version, await self._store.report_of(version.id))])
        return found

    async def related_to(self, viewer: Viewer, stories: Sequence[tuple[Version, Report | None]]) -> list[list[Related]]:
        """Returns the related stories of versions, each given with its report. Together they take half the time."""
        wanted = [(article_profile(version.article), version.received) for version, _ in stories]
        similar = await self._store.similar(viewer, wanted, _CANDIDATES)
        others = [_without(own, version, found) for (version, own), found in zip(stories, similar, strict=True)]
        known = await self._store.frequencies(frozenset().union(*(names_in(version) for version, _ in stories)))
        alike = [
            explain(version, own.story if own else 0, found, known)[:_MOST_RELATED]
            for (version, own), found in zip(stories, others, strict=True)
        ]
        return [merged(listed(version.article), found) for (version, _), found in zip(stories, alike, strict=True)]

    async def told_alike(self, viewer: Viewer, version: Version) -> list[Version]:
        """Other outlets' reports of the same story, the newest first."""
        return [report.version for report in await self._store.of_same_story(viewer, version.id)]

    async def window(self, viewer: Viewer, since: datetime, until: datetime) -> list[WindowEntry]:
        """Returns the reports whose current version was received in ``(since, until]``, the newest first."""
        return await self._store.window(viewer, since, until)

    async def reports(self, numbers: Sequence[int]) -> list[Report]:
        """Returns the reports of these numbers, in their order. Those that no longer exist are left out."""
        return await self._store.reports(numbers)

    async def also_in(self, viewer: Viewer, versions: Sequence[Version]) -> Mapping[str, tuple[str, ...]]:
        """Returns, by the version's id, the other outlets that report its story."""
        return await self._store.also_in(viewer, [version.id for version in versions])

    async def report_of(self, version: str) -> Report | None:
        """Returns the report of a version, also if it is hidden."""
        return await self._store.report_of(version)

    async def outlets(self, viewer: Viewer, most: int) -> list[tuple[str | None, int]]:
        """Returns each outlet with its number of reports, the largest first. None: reports without an outlet."""
        return await self._store.outlets(viewer, most)


def _without(own: Report | None, version: Version, found: Sequence[Report]) -> list[Report]:
    """Returns the reports without the version's own one."""
    url, number = version.article.url, own.id if own else None
    return [one for one in found if one.id != number and (url is None or one.version.article.url != url)]
