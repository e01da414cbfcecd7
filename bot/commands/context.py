"""The request, the context of the commands, and the search for the story that a request is about."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Concatenate

from bot.access import Access
from bot.answers import guide, stories
from bot.chats import ChatStore, Destination
from bot.commands.drawing import draw_view, versions_in
from bot.commands.last_questions import LastQuestions
from bot.commands.pending import PendingCommands
from bot.commands.stores import Operators, PostStore, Previews, PrivacyStore, TagStore, Trials
from bot.feeds.channels import ChannelPost
from bot.ingest.service import IngestService
from bot.storage.sign_ins import SignIns
from bot.subscriptions.following import FollowStore
from bot.subscriptions.model import Settings, SubscriptionStore
from bot.subscriptions.obstacles import Obstacle
from bot.subscriptions.tastes import TasteStore
from bot.views.model import View
from briefings.analysis.terms import beginning
from briefings.library import Library
from briefings.matching import has_query_terms, having_all, query_terms
from briefings.model import Version
from briefings.scope import Viewer
from briefings.workers import Arguments, InProcess, Workers

_MEDIA_WITHOUT_TEXT = ("image/", "video/", "audio/", "font/")
#: Stories that a command can be about because of words in their text, where no title has them.
_MOST_FITTING = 3
_NUMBER = re.compile(r"#?(\d{1,2})\.?")


async def _never() -> bool:
    return False


async def _unknown() -> Obstacle | None:
    return None


def _nothing_missing(_: Settings) -> Sequence[Obstacle]:
    return ()


@dataclass(frozen=True)
class SentFile:
    """A file that a user has sent.

    Attributes:
        size: Its size in bytes as the platform tells it; 0 if it does not.
        media: Its media type as the platform tells it.
        others: How many more files came with the same message. Only one is read.
        download: Returns its bytes, at most one more than the limit of `briefings.sources`. It raises a `SourceError`
            if the platform does not hand them out.
    """

    name: str
    size: int
    media: str
    download: Callable[[], Awaitable[bytes]] = field(repr=False)
    others: int = 0

    @property
    def is_without_text(self) -> bool:
        """Whether it is a picture, a video, a sound or a font."""
        return self.media.startswith(_MEDIA_WITHOUT_TEXT)


class LookupFailed(Exception):
    """The platform did not answer a question about a chat or a member. The text says why.

    Attributes:
        is_refused: Whether the bot has no right to ask, so that asking again later does not help.
    """

    def __init__(self, reason: str, *, is_refused: bool = False) -> None:
        super().__init__(reason)
        self.is_refused = is_refused


@dataclass(frozen=True)
class Request:
    """A message from a user, or the data of a button that they pressed.

    Attributes:
        user: The user, as ``platform:id``.
        replies_to: The platform's id of the message that this one replies to.
        about: The ids of the versions in the message that this one replies to, if the platform knows them. The index
            is the number that the message gave to the story; an empty id means that it has no such number.
        quote: The part of the message that the user has quoted in the reply.
        is_private: Whether only the user reads the chat.
        locale: The locale of the user's client, such as ``en-US``, or empty.
        is_channel: Whether only administrators write in the chat. All posts of a channel reach the bot.
        title: The name of the chat, for chats with several members.
        manages: Tells the other chats that the user manages, if only the user sees the answer.
        may_manage: Asks the platform now whether the user may change the chat's subscriptions. Raises `LookupFailed`.
        obstacle: Asks the platform now what keeps the bot from posting in the chat.
        missing: Tells what keeps settings of a subscription in the chat from working, such as a role that may not be
            pinged.
        role: Returns a role that was typed by its name as `edits` takes it. Other words stay as they are.
        file: The file that came with the message.
        message: The platform's id of the message.
        sent: When the platform says that it was sent.
        forwarded: The channel post that the message forwards.
        is_edit: Whether the user has edited a message that was answered before.
        is_overheard: Whether the message may be a remark to other people. It is answered only if it asks something.
        working: Shows in the chat that the bot is working, such as “typing…”, until the block ends.
    """

    where: Destination
    text: str
    user: str = ""
    replies_to: str | None = None
    about: tuple[str, ...] = ()
    quote: str = ""
    is_private: bool = False
    locale: str = ""
    is_channel: bool = False
    title: str = ""
    manages: Callable[[], frozenset[str]] = field(default=frozenset, repr=False)
    may_manage: Callable[[], Awaitable[bool]] = field(default=_never, repr=False)
    obstacle: Callable[[], Awaitable[Obstacle | None]] = field(default=_unknown, repr=False)
    missing: Callable[[Settings], Sequence[Obstacle]] = field(default=_nothing_missing, repr=False)
    role: Callable[[str], str] = field(default=str, repr=False)
    file: SentFile | None = None
    message: str = ""
    sent: datetime | None = None
    forwarded: ChannelPost | None = None
    is_edit: bool = False
    is_overheard: bool = False
    working: Callable[[], AbstractAsyncContextManager[object]] = field(default=nullcontext, repr=False)

    async def surely_manages(self) -> bool:
        """Whether the user may change the chat's subscriptions. False where the bot has no right to ask."""
        try:
            return await self.may_manage()
        except LookupFailed as error:
            if error.is_refused:
                return False
            raise


@dataclass(frozen=True)
class Policies:
    """The operator's settings for all chats.

    Attributes:
        subscribing: The settings of a new subscription.
        memory: How long the bot remembers which stories an answer was about.
        retention: How long a story is kept.
        language: The bot's language, until a chat chooses another.
        dashboard: The address of the dashboard, or empty if it is off.
    """

    subscribing: Settings = field(default_factory=Settings)
    memory: timedelta = timedelta(days=30)
    retention: timedelta = timedelta(days=90)
    language: str = "en"
    dashboard: str = ""


@dataclass(frozen=True)
class Context:
    """The stores and policies that every command uses.

    Attributes:
        workers: Run the analysis of users' texts.
        following: The stories that chats follow. None: no platform can be posted to.
    """

    library: Library
    chats: ChatStore
    subscriptions: SubscriptionStore
    privacy: PrivacyStore
    posts: PostStore
    previews: Previews
    trials: Trials
    operators: Operators
    tags: TagStore
    access: Access
    clock: Callable[[], datetime]
    policies: Policies = field(default_factory=Policies)
    workers: Workers = field(default_factory=InProcess)
    last: LastQuestions = field(default_factory=LastQuestions)
    pending: PendingCommands = field(default_factory=PendingCommands)
    ingest: IngestService | None = None
    sign_ins: SignIns | None = None
    following: FollowStore | None = None
    tastes: TasteStore | None = None

    async def drawn(
        self,
        draw: Callable[Concatenate[Version, Arguments], View],
        version: Version,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> View:
        """Returns the view that ``draw`` renders of a version. Long articles are rendered in a worker."""
        versions = [version, *versions_in(args)]
        return (await self.library.read_from(draw_view, versions, draw, *args, **kwargs)).view(versions)

    async def brief(self, request: Request, version: Version) -> View:
        """The view of a version on one screen, with the other outlets that report its story."""
        outlets = await self.library.also_in(self.viewer(request), [version])
        return await self.drawn(stories.brief_view, version, outlets.get(version.id, ()))

    def viewer(self, request: Request) -> Viewer:
        """Returns the viewer whose permissions apply to ``request``."""
        return self.access.viewer(request.where, request.user, request.is_private)

    async def story(self, request: Request, words: str) -> Version | View:
        """Returns the story that a command is about, or a view that asks which one or says that there is none.

        In this order: the story that the request replies to; the one that ``words`` name by its number in the last
        answer, by its title, by words in its text or by a title almost like them; the last one shown in the chat; the
        newest.
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
        """Returns the last story that was shown alone in the chat, or else the newest."""
        viewer = self.viewer(request)
        last = await self.chats.story(request.where)
        version = await self.library.get(viewer, last) if last else None
        return version or next(iter(await self.library.newest(viewer, 1)), None)

    async def _fitting(self, request: Request, words: str) -> list[Version]:
        """Returns the stories that the request replies to, that match ``words``, or both."""
        viewer = self.viewer(request)
        named = await self.library.titled(viewer, words)
        if not named and not request.about and has_query_terms(words):
            named = await self._having(viewer, words) or await self._misspelt(viewer, words)
        replied = [version for one in request.about if one and (version := await self.library.get(viewer, one))]
        if request.quote:
            quoted = await self.library.read_from(_quoted, replied, request.quote)
            replied = [version for version in replied if version.id in quoted] or replied
        if request.about:
            names = {version.id for version in named}
            return [version for version in replied if version.id in names] or replied
        return named

    async def _misspelt(self, viewer: Viewer, words: str) -> list[Version]:
        """Returns the stories whose titles match the words if these are misspelt."""
        corrected = await self.library.corrected(viewer, words)
        return await self.library.titled(viewer, corrected) if corrected else []

    async def _having(self, viewer: Viewer, words: str) -> list[Version]:
        """Returns the stories that have all the words anywhere in their text, the best first."""
        found = (await self.library.search(viewer, words, _MOST_FITTING, self.clock())).found
        wanted = [beginning(term) for term in query_terms(words)]
        return await self.library.read_from(having_all, [one.version for one in found], wanted)

    async def _numbered(self, request: Request, told: tuple[str, ...], number: int) -> Version | View:
        if not 0 < number <= len(told):
            return guide.no_such_number_view(number)
        if not told[number - 1]:
            return guide.no_such_number_view(number)
        return await self.library.get(self.viewer(request), told[number - 1]) or guide.gone_view()


def _quoted(versions: Sequence[Version], quote: str) -> set[str]:
    """Returns the ids of the versions that have the quoted part of a message in their text."""
    words = " ".join(quote.split()).rstrip("….")
    return {one.id for one in versions if words and words in " ".join(one.article.text.split())}
