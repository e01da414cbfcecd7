"""What the commands work with: a request, the stores, and how the story that a request is about is found."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Concatenate, Protocol

from bot.access import Access
from bot.answers import guide, stories
from bot.chats import ChatStore, Destination
from bot.commands.last_questions import LastQuestions
from bot.delivery.model import Delivery, State
from bot.delivery.troubles import Trouble
from bot.i18n import Message
from bot.ingest.desk import IngestDesk
from bot.subscriptions.model import Settings, Subscription, SubscriptionStore
from bot.views.model import View
from briefings.library import Library
from briefings.matching import has_query_terms
from briefings.model import Version
from briefings.scope import Viewer
from briefings.workers import Arguments, InProcess, Workers

_NUMBER = re.compile(r"#?(\d{1,2})\.?")


class PrivacyStore(Protocol):
    """What is stored about a person and a chat."""

    async def data(self, where: Destination, user: str, is_private: bool) -> dict[str, Any]:
        """Everything that is stored about a chat, and about ``user``; it is JSON.

        Args:
            is_private: Whether nobody else reads it: else it tells nothing of other chats.
        """

    async def forget(self, where: Destination, user: str) -> None:
        """Deletes all of that."""

    async def forget_person(self, user: str) -> None:
        """Deletes what is stored about a person, and leaves their chats theirs."""


class PostStore(Protocol):
    """What became of the posts of a chat."""

    async def latest(self, most: int, where: Destination | None = None) -> list[Delivery]:
        """The newest deliveries of a destination."""

    async def get(self, number: int) -> Delivery | None:
        """The delivery of that number."""

    async def failed(self, trouble: Trouble) -> list[Delivery]:
        """The posts that failed in one way and that nobody has decided about."""

    async def decide(self, number: int, state: State, now: datetime, expires_at: datetime) -> bool:
        """A person's word on a delivery that is uncertain or dead; whether there was anything to decide."""


class Operators(Protocol):
    """Where the operators are told something."""

    async def tell(self, key: str, said: Message, now: datetime) -> None:
        """Tells every operator something, once for ever for each key."""


class Previews(Protocol):
    """What a subscription would post."""

    async def sample(self, subscription: Subscription) -> View:
        """A digest of the last day as the subscription wishes it; nothing is sent, and nothing moves on."""


async def _never() -> bool:
    return False


@dataclass(frozen=True)
class Request:
    """What a person typed, or the bytes of the button that they pressed, wherever.

    Attributes:
        user: Who, as ``platform:id``.
        replies_to: What the platform calls the message that this one replies to.
        about: The ids of the versions that it replies to, where the platform knows them by itself; by the numbers that
            the message gave them, and empty where it has none of that number.
        quote: The part of the message that it replies to, where the platform has such.
        is_private: Whether nobody else reads the chat.
        may_manage: Asks the platform, at that moment, whether the person may change what is posted there.
    """

    where: Destination
    text: str
    user: str = ""
    replies_to: str | None = None
    about: tuple[str, ...] = ()
    quote: str = ""
    is_private: bool = False
    may_manage: Callable[[], Awaitable[bool]] = field(default=_never, repr=False)


@dataclass(frozen=True)
class Policies:
    """What the operator decides for all chats.

    Attributes:
        subscribing: What a new subscription wants, until its chat changes it.
        memory: For how long it is remembered what an answer was about.
        retention: For how long a story is kept.
        language: The bot's own, until a chat chooses another.
    """

    subscribing: Settings = field(default_factory=Settings)
    memory: timedelta = timedelta(days=30)
    retention: timedelta = timedelta(days=90)
    language: str = "en"


@dataclass(frozen=True)
class Context:
    """The stores and the rules that every command works with.

    Attributes:
        workers: Where the texts of people are read.
    """

    library: Library
    chats: ChatStore
    subscriptions: SubscriptionStore
    privacy: PrivacyStore
    posts: PostStore
    previews: Previews
    operators: Operators
    access: Access
    clock: Callable[[], datetime]
    policies: Policies = field(default_factory=Policies)
    workers: Workers = field(default_factory=InProcess)
    last: LastQuestions = field(default_factory=LastQuestions)
    ingest: IngestDesk | None = None

    async def drawn(
        self,
        draw: Callable[Concatenate[Version, Arguments], View],
        version: Version,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> View:
        """The view that ``draw`` makes of a version, in a worker if the article is long."""
        return await self.library.read_from(_draw, [version], draw, *args, **kwargs)

    async def brief(self, request: Request, version: Version) -> View:
        """The view of a version on one screen, with the other outlets that report its story."""
        outlets = await self.library.also_in(self.viewer(request), [version])
        return await self.drawn(stories.brief_view, version, outlets.get(version.id, ()))

    def viewer(self, request: Request) -> Viewer:
        """For whose eyes an answer to ``request`` is."""
        return self.access.viewer(request.where)

    async def story(self, request: Request, words: str) -> Version | View:
        """The story that a command is about, or the view that asks or tells why there is none.

        The one replied to; else the one that ``words`` name, by its number in the last answer or by
        its title; else the last one shown in this chat; else the newest.
        """
        if number := _NUMBER.fullmatch(words):
            told = request.about or await self.chats.told(request.where)
            return await self._numbered(request, told, int(number.group(1)))
        fitting = await self._fitting(request, words)
        if request.about and not fitting:
            return guide.gone_view()
        if len(fitting) > 1:
            return stories.choice_view(fitting)
        if fitting or has_query_terms(words):
            return fitting[0] if fitting else guide.no_such_story_view(words)
        return await self.current(request) or guide.no_stories_view()

    async def current(self, request: Request) -> Version | None:
        """The story last shown in the chat by itself, else the newest."""
        viewer = self.viewer(request)
        last = await self.chats.story(request.where)
        version = await self.library.get(viewer, last) if last else None
        return version or next(iter(await self.library.newest(viewer, 1)), None)

    async def _fitting(self, request: Request, words: str) -> list[Version]:
        """The stories replied to, or those whose title fits ``words``; where both, what they share."""
        viewer = self.viewer(request)
        named = await self.library.titled(viewer, words)
        replied = [version for one in request.about if one and (version := await self.library.get(viewer, one))]
        if request.quote:
            replied = [version for version in replied if _is_quoted(version, request.quote)] or replied
        if request.about:
            return [version for version in replied if version in named] or replied
        return named

    async def _numbered(self, request: Request, told: tuple[str, ...], number: int) -> Version | View:
        if not 0 < number <= len(told):
            return guide.no_such_number_view(number)
        if not told[number - 1]:
            return guide.no_such_number_view(number)
        return await self.library.get(self.viewer(request), told[number - 1]) or guide.gone_view()


def _draw(versions: Sequence[Version], /, draw: Callable[..., View], *args: object, **kwargs: object) -> View:
    return draw(versions[0], *args, **kwargs)


def _is_quoted(version: Version, quote: str) -> bool:
    """Whether a quoted part of a message is of what it told of a story."""
    words = " ".join(quote.split()).rstrip("….")
    return bool(words) and words in " ".join(version.article.text.split())
