"""The commands: one table, from which every platform is generated."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches

from bot.answers import guide, sections, stories
from bot.conversations import ConversationStore
from bot.i18n import Message, own
from bot.views import Action, Usage, Verb, View
from briefings.analysis.headings import classify_question
from briefings.digest import pick
from briefings.library import Library, holds_any, names_something
from briefings.model import SectionKind, Version
from briefings.sources.text import one_line

_MOST_STORIES = 8
_DIGEST_STORIES = 5
_DIGEST_WINDOW = timedelta(days=1)
_MOST_TYPED = 500
_COMMAND = re.compile(r"/(?P<name>\w+)(?:@\w+)?(?:\s+(?P<words>.*))?", re.DOTALL)
_NUMBER = re.compile(r"#?(\d{1,2})\.?")


@dataclass(frozen=True, slots=True)
class Request:
    """What a person typed, wherever.

    Attributes:
        chat: What the platform calls the chat.
        about: The ids of the versions that the message replied to tells of, in its order.
    """

    chat: str
    text: str
    about: tuple[str, ...] = ()


class Desk:
    """Answers requests from a library; the same on every platform."""

    def __init__(self, library: Library, conversations: ConversationStore, clock: Callable[[], datetime]) -> None:
        self.library = library
        self.clock = clock
        self._conversations = conversations

    async def answer(self, request: Request) -> View:
        """The answer to a command or a free question, however it is spelled."""
        view = await self._answer(request, one_line(request.text[:_MOST_TYPED]))
        if view.about:
            await self._conversations.remember(request.chat, view.about)
        return view

    async def press(self, chat: str, encoded: str) -> View:
        """The answer to a press of a button, which a client may have forged."""
        action = Action.decode(encoded)
        version = await self.library.get(action.version) if action else None
        if action is None or version is None:
            return guide.gone_view()
        view = await self._pressed(action, version)
        await self._conversations.remember(chat, view.about)
        return view

    async def story(self, request: Request, words: str) -> Version | View:
        """The story that a command is about, or the view that asks or tells why there is none.

        The one replied to; else the one that ``words`` name, by its number in the last answer or by
        its title; else the last one shown in this chat; else the newest.
        """
        if number := _NUMBER.fullmatch(words):
            told = request.about or await self._conversations.told(request.chat)
            return await self._numbered(told, int(number.group(1)))
        fitting = await self._fitting(request, words)
        if request.about and not fitting:
            return guide.gone_view()
        if len(fitting) > 1:
            return stories.choice_view(fitting)
        if fitting or names_something(words):
            return fitting[0] if fitting else guide.no_such_story_view(words)
        return await self._current(request) or guide.no_stories_view()

    async def _current(self, request: Request) -> Version | None:
        """The story last shown in the chat by itself, else the newest."""
        last = await self._conversations.story(request.chat)
        version = await self.library.get(last) if last else None
        return version or next(iter(await self.library.newest(1)), None)

    async def _fitting(self, request: Request, words: str) -> list[Version]:
        """The stories replied to, or those whose title fits ``words``; where both, what they share."""
        named = await self.library.titled(words)
        replied = [version for one in request.about if (version := await self.library.get(one))]
        if request.about:
            return [version for version in replied if version in named] or replied
        return named

    async def _answer(self, request: Request, text: str) -> View:
        match = _COMMAND.fullmatch(text)
        if match is None:
            return await self._question(request, text)
        name, words = match["name"].lower(), (match["words"] or "").strip()
        if command := BY_NAME.get(name):
            return await command.run(self, request, words)
        nearest = get_close_matches(name, BY_NAME, n=1, cutoff=0.6)
        if not nearest:
            return guide.not_understood_view(f"/{name}")
        view = await BY_NAME[nearest[0]].run(self, request, words)
        return guide.with_note(view, guide.nearest_note(f"/{name}", f"/{nearest[0]}"))

    async def _question(self, request: Request, text: str) -> View:
        kind = classify_question(text)
        named = [] if request.about else await self.library.titled(text)
        if kind is SectionKind.OTHER:
            if not named:
                return guide.not_understood_view(text)
            return stories.brief_view(named[0]) if len(named) == 1 else stories.choice_view(named)
        command = next(command for command in COMMANDS if command.kind is kind)
        if len(named) == 1 and await self._is_foreign(request, text):
            return await command.run(self, replace(request, about=(named[0].id,)), "")
        return await command.run(self, request, "")

    async def _is_foreign(self, request: Request, text: str) -> bool:
        """Whether a question has words that the chat's current story does not have at all."""
        current = await self._current(request)
        return current is not None and not holds_any(current, text)

    async def _numbered(self, told: tuple[str, ...], number: int) -> Version | View:
        version = await self.library.get(told[number - 1]) if 0 < number <= len(told) else None
        return version or guide.no_such_number_view(number)

    async def _pressed(self, action: Action, version: Version) -> View:
        match action.verb:
            case Verb.KEY:
                return sections.section_view(version, action.kind or SectionKind.OTHER, action.ordinal)
            case Verb.FULL:
                return sections.full_view(version, action)
            case Verb.SUMMARY:
                return stories.summary_view(version)
            case Verb.RELATED:
                return stories.related_view(version, await self.library.related(version))
            case Verb.BRIEF:
                return stories.brief_view(version)


Handler = Callable[[Desk, Request, str], Awaitable[View]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what it is called, what it does, and whether menus show it.

    Attributes:
        argument: What may follow it, as a person reads it, or None.
        kind: The section that it asks for, if it asks for one.
    """

    name: str
    help: Message
    run: Handler
    argument: Message | None = None
    in_menu: bool = False
    kind: SectionKind | None = None

    @property
    def usage(self) -> Usage:
        """How help shows it."""
        return Usage(self.name, self.help)


def _about_story(answer: Callable[[Desk, Version], Awaitable[View]]) -> Handler:
    async def run(desk: Desk, request: Request, words: str) -> View:
        found = await desk.story(request, words)
        return found if isinstance(found, View) else await answer(desk, found)

    return run


def _section(kind: SectionKind) -> Handler:
    async def answer(desk: Desk, version: Version) -> View:
        return sections.section_view(version, kind)

    return _about_story(answer)


async def _summary(desk: Desk, version: Version) -> View:
    return stories.summary_view(version)


async def _brief(desk: Desk, version: Version) -> View:
    return stories.brief_view(version)


async def _sections(desk: Desk, version: Version) -> View:
    return sections.sections_view(version)


async def _related(desk: Desk, version: Version) -> View:
    return stories.related_view(version, await desk.library.related(version))


async def _latest(desk: Desk, request: Request, words: str) -> View:
    return stories.list_view(own("Latest stories"), await desk.library.newest(_MOST_STORIES))


async def _search(desk: Desk, request: Request, words: str) -> View:
    if not words:
        return guide.search_words_view()
    return stories.found_view(words, await desk.library.search(words, _MOST_STORIES))


async def _digest(desk: Desk, request: Request, words: str) -> View:
    now = desk.clock()
    newest = await desk.library.newest(_DIGEST_STORIES)
    picked = pick(newest, now - _DIGEST_WINDOW, now, _DIGEST_STORIES)
    return stories.digest_view([(version, await desk.library.related(version)) for version in picked])


async def _sources(desk: Desk, request: Request, words: str) -> View:
    return stories.sources_view(await desk.library.newest(1000))


async def _start(desk: Desk, request: Request, words: str) -> View:
    return guide.start_view([command.usage for command in COMMANDS if command.name in _FIRST])


async def _help(desk: Desk, request: Request, words: str) -> View:
    menu = [command.usage for command in COMMANDS if command.in_menu]
    return guide.help_view(menu, [command.usage for command in COMMANDS if not command.in_menu])


_FIRST = ("latest", "brief", "summary", "who", "consequences", "digest")
_STORY = own("[words of a title]")
_WORDS = own("words")

COMMANDS: tuple[Command, ...] = (
    Command("summary", own("The story in a few sentences"), _about_story(_summary), _STORY, True, SectionKind.SUMMARY),
    Command("what", own("What happened"), _section(SectionKind.WHAT), _STORY, True, SectionKind.WHAT),
    Command("who", own("Who is behind it"), _section(SectionKind.WHO), _STORY, True, SectionKind.WHO),
    Command(
        "consequences",
        own("What follows from it"),
        _section(SectionKind.CONSEQUENCES),
        _STORY,
        True,
        SectionKind.CONSEQUENCES,
    ),
    Command("related", own("Related stories"), _about_story(_related), _STORY, True),
    Command("latest", own("The newest stories"), _latest, None, True),
    Command("brief", own("A story on one screen"), _about_story(_brief), _STORY, True),
    Command("search", own("Search all stories"), _search, _WORDS, True),
    Command("digest", own("The digest of the last day, now"), _digest, None, True),
    Command("help", own("All commands"), _help, None, True),
    Command("when", own("When it happened"), _section(SectionKind.WHEN), _STORY, kind=SectionKind.WHEN),
    Command("where", own("Where it happened"), _section(SectionKind.WHERE), _STORY, kind=SectionKind.WHERE),
    Command("why", own("Why it happened"), _section(SectionKind.WHY), _STORY, kind=SectionKind.WHY),
    Command("how", own("How it happened"), _section(SectionKind.HOW), _STORY, kind=SectionKind.HOW),
    Command(
        "background", own("What came before"), _section(SectionKind.BACKGROUND), _STORY, kind=SectionKind.BACKGROUND
    ),
    Command("reactions", own("What others say"), _section(SectionKind.REACTIONS), _STORY, kind=SectionKind.REACTIONS),
    Command("next", own("What happens next"), _section(SectionKind.NEXT), _STORY, kind=SectionKind.NEXT),
    Command("unknowns", own("What is not known"), _section(SectionKind.UNKNOWNS), _STORY, kind=SectionKind.UNKNOWNS),
    Command("advice", own("What to do"), _section(SectionKind.ADVICE), _STORY, kind=SectionKind.ADVICE),
    Command("sections", own("What the story has sections on"), _about_story(_sections), _STORY),
    Command("sources", own("Where the stories come from"), _sources),
    Command("start", own("What this bot does"), _start),
)

BY_NAME: dict[str, Command] = {command.name: command for command in COMMANDS}
