"""Checks before sending: is the chat still admitted, and may it see every story in the message?"""

from __future__ import annotations

from bot.access import NOT_ADMITTED, Access
from bot.delivery.gate import Standing
from bot.delivery.model import FOLLOWED, NOTICE, Delivery, Op
from bot.posting.rebuilding import Rebuilder


class DeliveryGate:
    """A `bot.delivery.gate.Gate` that follows the operator's rules."""

    def __init__(self, access: Access, rebuilder: Rebuilder) -> None:
        self._access = access
        self._rebuilder = rebuilder

    def refusal(self, delivery: Delivery, subscriber: str) -> str | None:
        """The reason not to send. None if it may be sent."""
        if delivery.op is Op.DELETE:  # a deletion shows nothing, so it is always allowed
            return None
        if delivery.dedup.startswith((NOTICE, FOLLOWED)):  # its reader subscribed somewhere, or follows a story
            return None if self._access.admits(delivery.destination, str(delivery.destination)) else NOT_ADMITTED
        if not delivery.subscription:  # alerts go to operators only
            return None if str(delivery.destination) in self._access.operators else "its reader is no operator any more"
        return None if self._access.admits(delivery.destination, subscriber) else NOT_ADMITTED

    def allows(self, delivery: Delivery, story: Standing | None) -> bool:
        """Whether the delivery's chat may see a story."""
        return story is not None and not story.is_hidden and self._access.reader(delivery.destination).sees(story.scope)

    async def rebuilt(self, delivery: Delivery) -> Delivery | None:
        """The delivery without the stories that its chat may not see."""
        return await self._rebuilder.rebuilt(delivery)
