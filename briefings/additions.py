"""Adds articles to the library: as new reports, as new versions of known ones, or not at all if they are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from briefings.analyst import Analyst
from briefings.corrections import CORRECTED_WITHIN, folded_title, is_another_story, is_correction
from briefings.drafts import address_key, draft_of_file, new_draft, report_key
from briefings.errors import LimitExceeded, StoryChanged, WorkFailed
from briefings.matching import title_terms
from briefings.model import Article, Version, version_id
from briefings.scope import Scope
from briefings.sources import read_article
from briefings.story_store import Draft, Report, StoryStore
from briefings.workers import Workers

_TRIES = 5


class Outcome(StrEnum):
    """The result of adding an article."""

    NEW = "new"
    UPDATED = "updated"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Added:
    """An article's version in the library, and whether it is new."""

    version: Version
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class FileRead:
    """The article in a file, not stored yet.

    Attributes:
        draft: The article as the first version of a report, if there was enough time to analyse it.
    """

    article: Article
    received: datetime
    scope: Scope
    draft: Draft | None = None

    @property
    def report(self) -> str:
        """Equal for two files that may be versions of one report: they have the same address, or the same title."""
        if self.article.url:
            return address_key(self.article.url, self.scope)
        return f"{self.scope.owner}|{folded_title(self.article)}"


class Additions:
    """Adds articles to a store."""

    def __init__(self, store: StoryStore, workers: Workers, analyst: Analyst | None) -> None:
        self._store = store
        self._workers = workers
        self._analyst = analyst

    async def add(self, article: Article, received: datetime, scope: Scope) -> Added:
        """Adds an article. See `briefings.library.Library.add`."""
        return await self._add(article, received, scope)

    async def read_file(self, raw: bytes, name: str, received: datetime, scope: Scope) -> FileRead:
        """Reads the article in a file. See `briefings.library.Library.read_file`."""
        work, finds_claims = draft_of_file, self._analyst is not None
        try:
            draft = await self._workers.run(work, raw, name, received, scope, finds_claims=finds_claims)
        except (LimitExceeded, WorkFailed):  # the article is worth storing without its claims
            return FileRead(await self._workers.run(read_article, raw, name), received, scope)
        return FileRead(draft.version.article, received, scope, draft)

    async def add_file(self, read: FileRead) -> Added:
        """Adds the article that `read_file` returned."""
        return await self._add(read.article, read.received, read.scope, read.draft)

    async def _add(self, article: Article, received: datetime, scope: Scope, new: Draft | None = None) -> Added:
        """Adds an article.

        Args:
            new: Its draft as the first version of a report, if the caller has it.
        """
        for _ in range(_TRIES):
            known = await self._store.keyed(report_key(article, scope))
            displaces = None
            if known and known.version.article != article and is_another_story(article, known.version.article):
                before = await self._shown_before(article, scope)
                displaces, known = None if before else known.version.id, before
            known = known or await self._corrected(article, received, scope)
            if known is not None and known.version.article.text == article.text:
                if scope.tags - known.scope.tags:
                    await self._store.tag(known.id, scope.tags)
                return Added(known.version, Outcome.KNOWN)
            draft = new if new and known is None else await self._draft(article, received, scope, known)
            draft = replace(draft, displaces=displaces)
            try:
                await self._store.add(draft)
            except StoryChanged:
                continue  # another task has added the same report meanwhile
            return Added(draft.version, Outcome.UPDATED if known else Outcome.NEW)
        raise StoryChanged(report_key(article, scope))

    async def _shown_before(self, article: Article, scope: Scope) -> Report | None:
        """Returns the report of an article whose address has shown others meanwhile, or None. It may have changed."""
        if same := await self._store.report_of(version_id(article, scope.owner)):
            return same
        displaced = await self._store.displaced(report_key(article, scope))
        return next((one for one in displaced if not is_another_story(article, one.version.article)), None)

    async def _corrected(self, article: Article, received: datetime, scope: Scope) -> Report | None:
        """Returns the report of which a text without an address is a new version, or None."""
        title = title_terms(article) if article.url is None else ()
        if not title:
            return None
        known = await self._store.with_title(scope.owner, title, received - CORRECTED_WITHIN)
        return next((one for one in known if is_correction(article, one.version.article)), None)

    async def _draft(self, article: Article, received: datetime, scope: Scope, known: Report | None) -> Draft:
        """Returns the draft of an article, ready to be stored."""
        before = known.version if known else None
        draft = await self._workers.run(new_draft, article, received, scope, before)
        draft = replace(draft, key=known.key) if known else draft
        if self._analyst is None:
            return draft
        found = await self._analyst.analyse(draft.version.briefing)
        return replace(draft, version=replace(draft.version, briefing=found.briefing), analysed_by=found.by)
