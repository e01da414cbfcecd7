"""The stores and services that commands use, as interfaces."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from bot.answers.pauses import Missed
from bot.chats import Destination
from bot.delivery.model import Delivery, State
from bot.delivery.occasions import Held
from bot.delivery.troubles import Trouble
from bot.i18n import Message
from bot.subscriptions.model import Subscription
from bot.views.model import View
from briefings.scope import Viewer


class PrivacyStore(Protocol):
    """Reads and deletes the data stored about a user and a chat."""

    async def data(self, where: Destination, user: str, is_private: bool) -> dict[str, Any]:
        """Returns all data stored about a chat and about ``user``, ready for JSON.

        Args:
            is_private: Whether only the user reads the answer. Otherwise it includes nothing about other chats.
        """

    async def forget(self, where: Destination, user: str) -> None:
        """Deletes the data that `data` returns."""

    async def forget_person(self, user: str) -> None:
        """Deletes the data stored about a user. Their chats keep their subscriptions."""


class PostStore(Protocol):
    """Reads the posts of a chat and resolves uncertain ones."""

    async def latest(self, most: int, where: Destination | None = None) -> list[Delivery]:
        """Returns the newest deliveries of a destination."""

    async def get(self, number: int) -> Delivery | None:
        """Returns the delivery with that number, or None."""

    async def failed(self, trouble: Trouble) -> list[Delivery]:
        """The posts that failed in one way and that nobody has decided about."""

    async def decide(self, seen: Delivery, state: State, now: datetime, expires_at: datetime) -> bool:
        """Sets the state of an uncertain or dead delivery. Returns False if it has changed since it was seen."""


class Operators(Protocol):
    """Sends messages to the operators."""

    async def tell(self, key: str, said: Message, now: datetime) -> None:
        """Tells every operator something, once for ever for each key."""


class Previews(Protocol):
    """Renders sample digests."""

    async def sample(self, subscription: Subscription) -> View:
        """Returns a digest of the last day with the subscription's settings. Nothing is sent or stored."""

    async def skipped(self, before: Subscription, after: Subscription) -> Missed | None:
        """Returns what a subscription missed during a pause. A digest that is still to come has the rest."""

    async def missed(self, subscription: Subscription, since: datetime, until: datetime | None) -> View:
        """Returns a digest of the stories that arrived in some time, by default until now, and that were not told."""

    async def held(self, subscription: Subscription) -> Held | None:
        """Returns how many stories of a subscription wait, and until when, or None if none does."""

    async def release(self, subscription: Subscription, due: datetime) -> None:
        """Has the stories that wait posted at another time."""


class TagStore(Protocol):
    """Reads the tags that are in use."""

    async def used(self, viewer: Viewer) -> list[str]:
        """Returns the tags of the newest public stories that a viewer may see, the most frequent first."""


class Trials(Protocol):
    """Sends sample digests."""

    async def send(self, one: Subscription) -> bool:
        """Sends a digest of the last day to the subscription's chat. Returns whether its platform can."""
