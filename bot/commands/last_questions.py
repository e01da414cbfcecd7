"""The last question of each user in each chat, so that "and why?" can follow it up."""

from __future__ import annotations

from collections import OrderedDict

from briefings.analysis.questions import Question
from briefings.caches import register

_MOST_KEPT = 2_000


class LastQuestions:
    """Keeps the latest questions in memory. They are lost in a restart."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, Question]] = OrderedDict()
        register(self)

    def clear(self) -> None:
        """Deletes all questions."""
        self._kept.clear()

    def about(self, who: str, version: str) -> Question | None:
        """Returns the user's previous question if it was about the same version."""
        told, question = self._kept.get(who, ("", None))
        return question if told == version else None

    def keep(self, who: str, version: str, question: Question) -> None:
        """Stores a question that has a subject. If there are too many, the oldest is deleted."""
        if question.terms:
            self._kept[who] = version, question
            self._kept.move_to_end(who)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
