"""The table of commands with their names, help texts and handlers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.answers import guide
from bot.commands import (
    changing,
    claims,
    dashboard,
    feeds,
    following,
    managed,
    mistakes,
    pictures,
    privacy,
    publishing,
    questions,
    source,
    subscribing,
    tastes,
)
from bot.commands import stories as story_commands
from bot.commands.context import Context, Request
from bot.commands.stories import Handler
from bot.i18n import Message, own
from bot.subscriptions.edits import Setting
from bot.views.model import Usage, View
from briefings.model import SectionKind


class OptionKind(StrEnum):
    """The type of an option's value, so that a platform can offer a suitable input."""

    STORY = "story"
    WORDS = "words"
    TIME = "time"
    ZONE = "zone"
    SETTING = "setting"
    VALUE = "value"
    NUMBER = "number"
    CHOICE = "choice"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command, for platforms that ask for each option separately.

    Attributes:
        title: Its name, translated into the bot's languages.
        setting: The setting of a new subscription that it is the value of.
    """

    kind: OptionKind
    title: Message
    help: Message
    is_required: bool = False
    setting: Setting | None = None

    @property
    def name(self) -> str:
        """The option's name in English."""
        return self.title.text


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its name, help text and handler.

    Attributes:
        title: Its name, translated into the bot's languages. Discord shows the translation.
        argument: The argument as help shows it, or None.
        kind: The kind of section that it shows, if it shows one.
        aliases: Other names.
        changes: Whether it changes stored data. A misspelt name then does not run it.
        options: The options in the order of the argument.
        manages: Whether it needs an administrator of the chat.
        is_personal: Whether only the user who asked may see the answer.
        is_for_everybody: Whether it works also for users without access, to stop posts or for privacy.
    """

    title: Message
    help: Message
    run: Handler
    argument: Message | None = None
    in_menu: bool = False
    kind: SectionKind | None = None
    aliases: tuple[str, ...] = ()
    changes: bool = False
    options: tuple[Option, ...] = ()
    manages: bool = False
    is_personal: bool = False
    is_for_everybody: bool = False

    @property
    def name(self) -> str:
        """The command's name in English."""
        return self.title.text

    @property
    def usage(self) -> Usage:
        """The command with its argument, as help shows it."""
        return Usage(self.name, self.help)


async def _start(context: Context, request: Request, words: str) -> View:
    return guide.start_view([command.usage for command in COMMANDS if command.name in _FIRST])


async def _help(context: Context, request: Request, words: str) -> View:
    is_operator = request.user in context.access.operators
    shown = [command for command in COMMANDS if is_operator or command.name not in _OPERATORS_ONLY]
    menu = [command.usage for command in shown if command.in_menu]
    return guide.help_view(menu, [command.usage for command in shown if not command.in_menu])


_OPERATORS_ONLY = frozenset({"feeds", "dashboard", "publish"})
_FIRST = ("latest", "brief", "summary", "who", "consequences", "digest", "subscribe")
_STORY = own("[words of a title]")
_WORDS = own("words")
_ABOUT = (Option(OptionKind.STORY, own("story"), own("Words from its title, or its number in the last answer")),)
_SPEAKER = (Option(OptionKind.WORDS, own("speaker"), own("A speaker, or a kind of statement such as “denies”")),)
_SOUGHT = (Option(OptionKind.WORDS, own("words"), own("Words to search for"), is_required=True),)
_QUESTION = (Option(OptionKind.WORDS, own("question"), own("What you want to know"), is_required=True),)
_WHEN = (
    Option(OptionKind.TIME, own("time"), own("When the digest is posted, such as 7:30")),
    Option(OptionKind.ZONE, own("zone"), own("Your time zone: a large city, or a time zone's name")),
    Option(OptionKind.CHOICE, own("days"), own("The days, such as mon-fri"), setting=Setting.DAYS),
    Option(OptionKind.CHOICE, own("mode"), own("A digest, each story as it arrives, or both"), setting=Setting.MODE),
    Option(OptionKind.CHOICE, own("silent"), own("Post without a notification sound"), setting=Setting.SILENT),
    Option(OptionKind.ROLE, own("role"), own("A role that each post pings"), setting=Setting.ROLE),
    Option(OptionKind.CHOICE, own("thread"), own("Open a thread below each post"), setting=Setting.THREAD),
    Option(OptionKind.CHOICE, own("publish"), own("Publish posts of an announcement channel"), setting=Setting.PUBLISH),
    Option(OptionKind.CHOICE, own("parts"), own("The sections of each story: who, why"), setting=Setting.SECTIONS),
    Option(OptionKind.CHOICE, own("tags"), own("Only stories from sources with these tags"), setting=Setting.TAGS),
    Option(OptionKind.CHOICE, own("with"), own("Only stories with one of these words"), setting=Setting.INCLUDE),
    Option(OptionKind.CHOICE, own("without"), own("No stories with one of these words"), setting=Setting.EXCLUDE),
)
_WRONG = (Option(OptionKind.WORDS, own("words"), own("What is wrong")),)
_CHANGE = (
    Option(OptionKind.SETTING, own("setting"), own("The setting to change")),
    Option(OptionKind.VALUE, own("value"), own("The new value")),
)
_WHICH = (Option(OptionKind.NUMBER, own("number"), own("The number of the subscription, if there are several")),)
_TAGS = (Option(OptionKind.WORDS, own("tags"), own("For example: #politics #local_news")),)
_FEED = (Option(OptionKind.WORDS, own("what"), own("For example: add https://www.example.org/")),)


def _section(title: Message, explained: Message, kind: SectionKind, in_menu: bool = False) -> Command:
    """A command that shows a section of a story."""
    run = story_commands.section(kind)
    return Command(title, explained, run, _STORY, in_menu, kind, options=_ABOUT)


COMMANDS: tuple[Command, ...] = (
    Command(
        own("summary"),
        own("The story in a few sentences"),
        story_commands.summary,
        _STORY,
        True,
        SectionKind.SUMMARY,
        options=_ABOUT,
    ),
    _section(own("what"), own("What happened"), SectionKind.WHAT, in_menu=True),
    Command(own("who"), own("Who is involved"), story_commands.who, _STORY, True, SectionKind.WHO, options=_ABOUT),
    _section(own("consequences"), own("What follows from it"), SectionKind.CONSEQUENCES, in_menu=True),
    Command(own("ask"), own("Ask a question about the story"), questions.ask, own("question"), True, options=_QUESTION),
    Command(own("claims"), own("Who says what about whom"), claims.claims, own("[speaker]"), True, options=_SPEAKER),
    Command(own("related"), own("Related stories"), story_commands.related, _STORY, True, options=_ABOUT),
    Command(own("latest"), own("The newest stories"), story_commands.latest, None, True),
    Command(own("brief"), own("A story on one screen"), story_commands.brief, _STORY, True, options=_ABOUT),
    Command(own("search"), own("Search all stories"), story_commands.search, _WORDS, True, options=_SOUGHT),
    Command(own("digest"), own("The digest of the last day, now"), story_commands.digest, None, True),
    Command(
        own("subscribe"),
        own("Post a digest here every day"),
        subscribing.subscribe,
        own("[time] [city]"),
        True,
        changes=True,
        options=_WHEN,
        manages=True,
    ),
    Command(
        own("settings"),
        own("Choose what is posted here, and when"),
        changing.change_settings,
        own("[setting] [value]"),
        True,
        changes=True,
        options=_CHANGE,
        manages=True,
    ),
    Command(
        own("subscriptions"),
        own("Your subscriptions, to change, pause or test them"),
        managed.list_subscriptions,
        is_personal=True,
    ),
    Command(own("following"), own("The stories that you follow"), following.list_followed, is_personal=True),
    Command(own("mytopics"), own("What you like, from your reactions"), tastes.my_topics, is_personal=True),
    Command(own("status"), own("The next and the last posts"), subscribing.status, None, True, is_personal=True),
    Command(own("help"), own("All commands"), _help, None, True),
    _section(own("when"), own("When it happened"), SectionKind.WHEN),
    _section(own("where"), own("Where it happened"), SectionKind.WHERE),
    _section(own("why"), own("Why it happened"), SectionKind.WHY),
    _section(own("how"), own("How it happened"), SectionKind.HOW),
    _section(own("background"), own("What came before"), SectionKind.BACKGROUND),
    _section(own("reactions"), own("What others say"), SectionKind.REACTIONS),
    _section(own("next"), own("What happens next"), SectionKind.NEXT),
    _section(own("unknowns"), own("What is not known"), SectionKind.UNKNOWNS),
    _section(own("advice"), own("What to do"), SectionKind.ADVICE),
    Command(own("card"), own("A picture of the story, to share"), pictures.card, _STORY, options=_ABOUT),
    Command(own("people"), own("The people named in the story"), story_commands.people, _STORY, options=_ABOUT),
    Command(own("quotes"), own("Direct quotations"), claims.quotes, _STORY, options=_ABOUT),
    Command(own("timeline"), own("The events in order of time"), story_commands.timeline, _STORY, options=_ABOUT),
    Command(own("numbers"), own("The numbers in the story"), story_commands.numbers, _STORY, options=_ABOUT),
    Command(own("sections"), own("The sections of the article"), story_commands.story_sections, _STORY, options=_ABOUT),
    Command(
        own("report"),
        own("Report a mistake to the operators"),
        mistakes.report_mistake,
        _WORDS,
        changes=True,
        options=_WRONG,
    ),
    Command(own("sources"), own("Where the stories come from"), story_commands.sources),
    Command(own("pause"), own("Pause posting"), subscribing.pause, changes=True, options=_WHICH, manages=True),
    Command(own("resume"), own("Resume posting"), subscribing.resume, changes=True, options=_WHICH, manages=True),
    Command(
        own("unsubscribe"),
        own("Stop posting here"),
        subscribing.unsubscribe,
        aliases=("stop",),
        changes=True,
        options=_WHICH,
        manages=True,
        is_for_everybody=True,
    ),
    Command(
        own("feeds"),
        own("The feeds of this bot, for operators"),
        feeds.manage,
        own("[add|remove|check] [address or number]"),
        changes=True,
        options=_FEED,
        is_personal=True,
    ),
    Command(
        own("dashboard"),
        own("Open the dashboard, for operators"),
        dashboard.sign_in,
        changes=True,
        is_personal=True,
    ),
    Command(
        own("source"),
        own("Turn this channel's posts into stories"),
        source.source,
        own("[#tag …|off]"),
        changes=True,
        options=_TAGS,
        is_personal=True,
    ),
    Command(
        own("publish"),
        own("Make an article of this chat public, for operators"),
        publishing.publish,
        own("[#tag …]"),
        changes=True,
        options=_TAGS,
        is_personal=True,
    ),
    Command(
        own("privacy"), own("Which data is stored about you"), privacy.explain, is_personal=True, is_for_everybody=True
    ),
    Command(
        own("mydata"),
        own("Download the data stored about you"),
        privacy.my_data,
        is_personal=True,
        is_for_everybody=True,
    ),
    Command(
        own("forgetme"),
        own("Delete the data stored about you"),
        privacy.forget_me,
        changes=True,
        is_personal=True,
        is_for_everybody=True,
    ),
    Command(own("start"), own("What this bot does"), _start),
)

BY_NAME: dict[str, Command] = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}
