"""The gate: the last check of every post, edit, resend and alert, at the moment when it is claimed for sending."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Protocol

from bot.delivery.model import Delivery
from briefings.scope import Scope


@dataclass(frozen=True, slots=True)
class Standing:
    """The current state of a story in the library."""

    scope: Scope
    is_hidden: bool


class Gate(Protocol):
    """Decides whether a delivery may leave as it is."""

    def refusal(self, delivery: Delivery, subscriber: str) -> str | None:
        """The reason not to send. None if it may be sent.

        Args:
            subscriber: The person who subscribed, as ``platform:user``. Empty if unknown.
        """

    def allows(self, delivery: Delivery, story: Standing | None) -> bool:
        """Whether the delivery's chat may see a story. None for ``story`` means that it was deleted."""

    async def rebuilt(self, delivery: Delivery) -> Delivery | None:
        """The delivery without the stories that its chat may not see. None if no story is left."""


def told_versions(composition: str | None) -> list[str]:
    """The ids of all versions that a composition shows, related stories included.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: The text is not a composition that this release can read.
    """
    if composition is None:
        return []
    found = json.loads(composition)
    items = found.get("items", [])
    names = [*(item["version"] for item in items), *found.get("related", [])]
    if not all(isinstance(one, str) for one in names) or not all(isinstance(item["number"], int) for item in items):
        raise ValueError(composition)
    return names
