"""Recognises commands and questions in what users type."""

from __future__ import annotations

import re

from bot.commands.names import command_named
from bot.commands.table import Command, OptionKind
from briefings.analysis.headings import classify_question
from briefings.analysis.questions import Asked, parse
from briefings.model import SectionKind
from briefings.sources.text import one_line

#: Only so many characters of a message are read as a command or a question.
MOST_TYPED = 500
#: A shorter caption of a picture or post in a channel is no article.
_LEAST_ARTICLE = 300
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
COMMAND = re.compile(r"/(?P<name>\w+)(?:@\w+)?(?:\s+(?P<words>.*))?", re.DOTALL)


def command_in(text: str) -> Command | None:
    """Returns the command that a text is, or None."""
    match = COMMAND.fullmatch(one_line(text[:MOST_TYPED]))
    return command_named(match["name"]) if match else None


def is_for_everybody(text: str) -> bool:
    """Returns whether a text is a command that works also for users without access."""
    command = command_in(text)
    return command is not None and command.is_for_everybody


def is_long_post(text: str) -> bool:
    """Returns whether a text can be an article, and is no command."""
    return len(text) >= _LEAST_ARTICLE and command_in(text) is None


def is_about_picture(caption: str) -> bool:
    """Returns whether a caption is a remark or a question about its picture, and neither a command nor an article."""
    return len(caption) < _LEAST_ARTICLE and command_in(caption) is None


def link_beside(text: str) -> tuple[str, str] | None:
    """Returns the only link in a text and the words beside it. None: the text has no link or several."""
    links = _LINK.findall(text)
    return (links[0], " ".join(text.replace(links[0], " ").split())) if len(links) == 1 else None


def asks(text: str) -> bool:
    """Returns whether a text is a command about a story or a question, other than for the briefing itself."""
    if COMMAND.fullmatch(text):
        command = command_in(text)
        return command is None or command.name != "brief"
    return any(map(str.isalnum, text)) and not (
        parse(text).asked is Asked.WORDS and classify_question(text) is SectionKind.OTHER
    )


def without_title(text: str) -> str:
    """Returns a command without the words of a title, which have been answered by a choice. Questions stay whole."""
    command = command_in(text) if text.startswith("/") else None
    names_story = command is not None and any(option.kind is OptionKind.STORY for option in command.options)
    return text.partition(" ")[0] if names_story else text
