"""The composition of a post, and the renderer of a platform. Used by the tick and the composer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from bot.answers.digests import Place, Reason, Told
from bot.delivery.model import Op
from bot.i18n import Translator
from bot.subscriptions.model import Settings
from bot.views.model import View
from briefings.digest import Wishes
from briefings.model import SectionKind


class PostRenderer(Protocol):
    """Renders views as messages of a platform."""

    def payload(self, view: View, translator: Translator, silent: bool) -> str:
        """The message in the form that the platform's sender takes."""

    def fits(self, view: View, translator: Translator) -> bool:
        """Whether the view fits into one message."""


@dataclass
class Composition:
    """The content of one part. It is stored with the payload so that an edit can rebuild the message.

    Attributes:
        related: The ids of the library's stories that are named as related.
        notes: The bot's remarks above the stories, in the language of the post.
        left: The number of stories that did not fit into the post.
        place: The kind of place that it was written for.
        day: The local day of the post as an ISO date, or empty if its heading names none.
        role: The id of the role that the post pings, or empty.
        steps: What is done with the post after it was sent, as names of `bot.delivery.model.Op`.
    """

    reason: Reason
    language: str
    kinds: tuple[SectionKind, ...]
    silent: bool
    corrections: bool
    part: int
    parts: int
    total: int
    items: list[dict[str, Any]] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left: int = 0
    place: Place = Place.CHAT
    day: str = ""
    role: str = ""
    steps: list[str] = field(default_factory=list)

    @property
    def local_day(self) -> date | None:
        """The local day of the post."""
        return date.fromisoformat(self.day) if self.day else None

    @property
    def is_last(self) -> bool:
        """Whether this is the last part."""
        return self.part == self.parts

    def write(self) -> str:
        """The composition as JSON."""
        return json.dumps(self.__dict__)

    @classmethod
    def read(cls, text: str | None) -> Composition | None:
        """Parses a composition. Returns None if its content was deleted."""
        if text is None:
            return None
        found = cls(**json.loads(text))
        found.kinds = tuple(map(SectionKind, found.kinds))
        found.reason = Reason(found.reason)
        found.place = Place(found.place)
        return found


def related_versions(told: Sequence[Told]) -> list[str]:
    """The ids of the related stories that a part shows."""
    shown = [related.version for one in told for related in one.related if related.version]
    return list(dict.fromkeys(version.id for version in shown))


def steps_after(settings: Settings, part: int) -> list[str]:
    """Returns what is done with a part of a post after it was sent. The first part has the thread."""
    wanted = ((Op.THREAD, settings.thread and part == 1), (Op.PUBLISH, settings.publish))
    return [op.value for op, is_wanted in wanted if is_wanted]


def wishes(settings: Settings) -> Wishes:
    """The filters of a subscription."""
    return Wishes(settings.tags, settings.include, settings.exclude, settings.stories)
