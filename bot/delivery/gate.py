"""The gate: every post, edit, resend and alert passes it at the moment it is claimed for sending."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Protocol

from bot.delivery.model import Delivery
from briefings.scope import Scope


@dataclass(frozen=True, slots=True)
class Standing:
    """What the library says about a story at this moment."""

    scope: Scope
    is_hidden: bool


class Gate(Protocol):
    """Decides whether a delivery may leave as it is."""

    def refusal(self, delivery: Delivery, subscriber: str) -> str | None:
        """Why nothing may be sent there; None: it may.

        Args:
            subscriber: Who subscribed, as ``platform:user``; empty where that is not known (any more).
        """

    def allows(self, delivery: Delivery, story: Standing | None) -> bool:
        """Whether the delivery's chat may see a story; None stands for one that was deleted."""

    async def rebuilt(self, delivery: Delivery) -> Delivery | None:
        """The delivery without the stories that its chat may not see; None: nothing is left of it."""


def told_versions(composition: str | None) -> list[str]:
    """The ids of all versions that a composition shows something of, related stories included.

    Raises:
        ValueError: It is no composition that this version knows; so say `KeyError`, `TypeError` and `AttributeError`.
    """
    if composition is None:
        return []
    found = json.loads(composition)
    items = found.get("items", [])
    names = [*(item["version"] for item in items), *found.get("related", [])]
    if not all(isinstance(one, str) for one in names) or not all(isinstance(item["number"], int) for item in items):
        raise ValueError(composition)
    return names
