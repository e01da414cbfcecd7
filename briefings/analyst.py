"""Finds the claims of an article in a process of its own, and says which rules found them."""

from __future__ import annotations

from dataclasses import dataclass

from briefings.analysis.attribution import analyser, attributed, attribution_of
from briefings.errors import LimitExceeded, WorkFailed
from briefings.model import Briefing
from briefings.workers import Workers

__all__ = ["Analysed", "Analyst", "analyser"]


@dataclass(frozen=True, slots=True)
class Analysed:
    """A briefing with what was found in it.

    Attributes:
        by: The model and the rules, as `analyser` names them; None where the article waits for its turn.
    """

    briefing: Briefing
    by: str | None


class Analyst:
    """Runs the analysis that loads a language model."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    async def analyse(self, briefing: Briefing) -> Analysed:
        """Returns the briefing with its claims, or without them if finding them fails: the article is worth more."""
        try:
            found = await self._workers.run(attribution_of, briefing.article)
        except LimitExceeded as error:
            return Analysed(briefing, None if error.limit == "queue" else analyser())
        except WorkFailed:
            return Analysed(briefing, analyser())
        return Analysed(attributed(briefing, found), analyser())
