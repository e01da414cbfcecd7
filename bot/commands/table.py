"""The table of commands: name, help, handler."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers import guide
from bot.commands import privacy, subscribing, telling
from bot.commands.desk import Desk, Request
from bot.commands.telling import Handler
from bot.i18n import Message, own
from bot.views import Usage, View
from briefings.model import SectionKind


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what it is called, what it does, and whether menus show it.

    Attributes:
        argument: What may follow it, as a person reads it, or None.
        kind: The section that it asks for, if it asks for one.
        aliases: What else it is called.
        changes: Whether it changes what is kept, so that a mistyped name must not run it.
    """

    name: str
    help: Message
    run: Handler
    argument: Message | None = None
    in_menu: bool = False
    kind: SectionKind | None = None
    aliases: tuple[str, ...] = ()
    changes: bool = False

    @property
    def usage(self) -> Usage:
        """How help shows it."""
        return Usage(self.name, self.help)


async def _start(desk: Desk, request: Request, words: str) -> View:
    return guide.start_view([command.usage for command in COMMANDS if command.name in _FIRST])


async def _help(desk: Desk, request: Request, words: str) -> View:
    menu = [command.usage for command in COMMANDS if command.in_menu]
    return guide.help_view(menu, [command.usage for command in COMMANDS if not command.in_menu])


_FIRST = ("latest", "brief", "summary", "who", "consequences", "digest", "subscribe")
_STORY = own("[words of a title]")
_WORDS = own("words")

COMMANDS: tuple[Command, ...] = (
    Command("summary", own("The story in a few sentences"), telling.summary, _STORY, True, SectionKind.SUMMARY),
    Command("what", own("What happened"), telling.section(SectionKind.WHAT), _STORY, True, SectionKind.WHAT),
    Command("who", own("Who is behind it"), telling.section(SectionKind.WHO), _STORY, True, SectionKind.WHO),
    Command(
        "consequences",
        own("What follows from it"),
        telling.section(SectionKind.CONSEQUENCES),
        _STORY,
        True,
        SectionKind.CONSEQUENCES,
    ),
    Command("related", own("Related stories"), telling.related, _STORY, True),
    Command("latest", own("The newest stories"), telling.latest, None, True),
    Command("brief", own("A story on one screen"), telling.brief, _STORY, True),
    Command("search", own("Search all stories"), telling.search, _WORDS, True),
    Command("digest", own("The digest of the last day, now"), telling.digest, None, True),
    Command(
        "subscribe",
        own("Post a digest here every day"),
        subscribing.subscribe,
        own("[time] [city]"),
        True,
        changes=True,
    ),
    Command(
        "settings",
        own("What is posted here, and when"),
        subscribing.change_settings,
        own("[setting] [value]"),
        True,
        changes=True,
    ),
    Command("status", own("The next posts, and the last ones"), subscribing.status, None, True),
    Command("help", own("All commands"), _help, None, True),
    Command("when", own("When it happened"), telling.section(SectionKind.WHEN), _STORY, kind=SectionKind.WHEN),
    Command("where", own("Where it happened"), telling.section(SectionKind.WHERE), _STORY, kind=SectionKind.WHERE),
    Command("why", own("Why it happened"), telling.section(SectionKind.WHY), _STORY, kind=SectionKind.WHY),
    Command("how", own("How it happened"), telling.section(SectionKind.HOW), _STORY, kind=SectionKind.HOW),
    Command(
        "background",
        own("What came before"),
        telling.section(SectionKind.BACKGROUND),
        _STORY,
        kind=SectionKind.BACKGROUND,
    ),
    Command(
        "reactions", own("What others say"), telling.section(SectionKind.REACTIONS), _STORY, kind=SectionKind.REACTIONS
    ),
    Command("next", own("What happens next"), telling.section(SectionKind.NEXT), _STORY, kind=SectionKind.NEXT),
    Command(
        "unknowns", own("What is not known"), telling.section(SectionKind.UNKNOWNS), _STORY, kind=SectionKind.UNKNOWNS
    ),
    Command("advice", own("What to do"), telling.section(SectionKind.ADVICE), _STORY, kind=SectionKind.ADVICE),
    Command("sections", own("What the story has sections on"), telling.story_sections, _STORY),
    Command("sources", own("Where the stories come from"), telling.sources),
    Command("pause", own("Post nothing for now"), subscribing.pause, changes=True),
    Command("resume", own("Post again"), subscribing.resume, changes=True),
    Command("unsubscribe", own("Post nothing any more"), subscribing.unsubscribe, aliases=("stop",), changes=True),
    Command("privacy", own("What is stored about you"), privacy.explain),
    Command("mydata", own("All that is stored about you, as a file"), privacy.my_data),
    Command("forgetme", own("Delete what is stored about you"), privacy.forget_me, changes=True),
    Command("start", own("What this bot does"), _start),
)

BY_NAME: dict[str, Command] = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}
