"""Answers about the bot itself: start, help, and messages that it did not understand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.i18n import own
from bot.views.model import Block, Heading, Paragraph, Usage, View

_MOST_ECHO = 40


def start_view(usages: Sequence[Usage]) -> View:
    """Introduces the bot and the first commands."""
    return View(
        (
            Heading(own("Nutgraf briefs the news.")),
            Paragraph(own("Ask about a story with a command, or in your own words: “who did it?”")),
            Paragraph(
                own(
                    "Every line of a story is quoted from its article. If the article does not say something,"
                    " I tell you."
                )
            ),
            *usages,
            Paragraph(own("/help lists all commands.")),
        )
    )


def help_view(menu: Sequence[Usage], others: Sequence[Usage]) -> View:
    """Lists all commands."""
    return View(
        (
            Heading(own("Commands")),
            *menu,
            Heading(own("Also")),
            *others,
            Paragraph(
                own("Commands are about the last story shown. For another one, add words from its title: /who kremlin.")
            ),
        )
    )


def welcome_view() -> View:
    """Answers thanks."""
    return View((Paragraph(own("You are welcome.")),))


def not_understood_view(words: str) -> View:
    """Says that the message was not understood."""
    return View(
        (
            Paragraph(own("I did not understand “{words}”.", words=echo(words))),
            Paragraph(own("Ask who, what, when, where, why, or what the consequences are; /help lists all commands.")),
        ),
        is_unsure=True,
    )


def wordless_view() -> View:
    """Answers a picture, a sound, a sticker, a place or the like, without any words."""
    said = own("I read only text. Write your question, or send an article as text, a link, or a file with text.")
    return View((Paragraph(said),), is_unsure=True)


def not_repeated_view(command: str) -> View:
    """Says that an edited command was not carried out a second time."""
    said = own(
        "I do not carry out {command} again when a message is edited. Send it as a new message.", command=command
    )
    return View((Paragraph(said),), is_refusal=True)


def no_links_view() -> View:
    """Says that the bot cannot open links."""
    said = own("I cannot open links. Paste the text of the article here and I will brief it.")
    return View((Paragraph(said),), is_unsure=True)


def no_article_view(may_be_briefed: bool) -> View:
    """Says that a text is not an article, or that articles are not accepted."""
    if not may_be_briefed:
        return View((Paragraph(own("This bot does not accept articles from users.")),))
    return View((Paragraph(own("No article found in that message: it has too few sentences.")),))


def not_mine_view() -> View:
    """Says that a message is not from the bot."""
    said = own("That message is not mine. Choose one of my answers or digests. For articles, use “Brief this”.")
    return View((Paragraph(said),))


def no_stories_view() -> View:
    """Says that the library is empty."""
    return View((Paragraph(own("There are no stories yet.")),))


def no_such_story_view(words: str) -> View:
    """Says that no title matches the words."""
    return View(
        (
            Paragraph(own("No story title matches “{words}”.", words=echo(words))),
            Paragraph(own("/latest lists the newest stories, /search looks inside them.")),
        )
    )


def no_such_number_view(number: int) -> View:
    """Says that the last answer had no story with that number."""
    return View(
        (
            Paragraph(own("The last answer had no story number {number}.", number=number)),
            Paragraph(own("/latest lists the newest stories, /search looks inside them.")),
        )
    )


def did_you_mean_view(typed: str, usages: Sequence[Usage]) -> View:
    """Suggests commands, where running one would change stored data or where it is not sure that one is meant."""
    said = own("I did not understand “{typed}”. Did you mean this?", typed=echo(typed))
    return View((Paragraph(said), *usages), is_unsure=True)


def search_words_view() -> View:
    """Asks what to search for."""
    return View((Paragraph(own("What should I search for? For example: /search kremlin drones")),))


def gone_view() -> View:
    """Says that the story of a button no longer exists."""
    return View((Paragraph(own("That story is no longer here. /latest lists the newest ones.")),))


def with_note(view: View, note: Block) -> View:
    """Returns the answer with a note before it."""
    return replace(view, blocks=(note, *view.blocks))


#: Says why a story is shown that nobody has asked for by its title.
SOME_WORDS = Paragraph(own("This story has some of your words in its title."))


def nearest_note(typed: str, nearest: str) -> Block:
    """Says that the command is unknown and that the nearest one was run."""
    return Paragraph(own("There is no {typed}. Showing {nearest}.", typed=echo(typed), nearest=nearest))


def echo(typed: str) -> str:
    """Returns what the user typed, shortened for a message."""
    return typed if len(typed) <= _MOST_ECHO else typed[: _MOST_ECHO - 1] + "…"
