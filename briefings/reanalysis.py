"""Finds the claims of stored stories again after the model or the rules have changed, the newest first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from briefings.analyst import Analyst, analyser
from briefings.model import Briefing, Version


class AttributionStore(Protocol):
    """Stores the claims of versions beside the name of the rules that found them."""

    async def count_outdated(self, by: str) -> int:
        """Returns how many versions were analysed by other rules, or never."""

    async def outdated(self, by: str, most: int) -> list[Version]:
        """Returns the newest of these versions."""

    async def keep_attribution(self, version: str, briefing: Briefing, by: str) -> None:
        """Replaces the claims and entities of a version, if it is still there."""


class Reanalysis:
    """Analyses outdated versions one after the other, so that new articles never wait long."""

    def __init__(self, store: AttributionStore, analyst: Analyst) -> None:
        self._store = store
        self._analyst = analyst

    async def count(self) -> int:
        """Returns how many versions are outdated."""
        return await self._store.count_outdated(analyser())

    async def run(self, most: int) -> AsyncIterator[Version]:
        """Analyses up to ``most`` outdated versions, the newest first, and yields each when it is stored."""
        for version in await self._store.outdated(analyser(), most):
            found = await self._analyst.analyse(version.briefing)
            if found.by is None:  # too much waits already: later
                return
            await self._store.keep_attribution(version.id, found.briefing, found.by)
            yield version
