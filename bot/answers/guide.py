"""Answers about the bot itself: start, help, and what it did not understand."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n import own
from bot.views.model import Block, Heading, Paragraph, Usage, View

_MOST_ECHO = 40


def start_view(usages: Sequence[Usage]) -> View:
    """What the bot is, and what to type first."""
    return View(
        (
            Heading(own("Nutgraf briefs the news.")),
            Paragraph(own("Ask about a story, by command or in your own words: “who did it?”")),
            Paragraph(
                own("Every line of a story is quoted from its article. Where the article does not say, I say so.")
            ),
            *usages,
            Paragraph(own("/help lists all commands.")),
        )
    )


def help_view(menu: Sequence[Usage], others: Sequence[Usage]) -> View:
    """All commands."""
    return View(
        (
            Heading(own("Commands")),
            *menu,
            Heading(own("Also")),
            *others,
            Paragraph(
                own("A command is about the story last shown. Name another by words of its title: /who kremlin.")
            ),
        )
    )


def not_understood_view(words: str) -> View:
    """A question that asks for nothing that the bot can answer."""
    return View(
        (
            Paragraph(own("I did not understand “{words}”.", words=echo(words))),
            Paragraph(own("Ask who, what, when, where, why, or what the consequences are; /help lists all commands.")),
        )
    )


def no_links_view() -> View:
    """That a link was sent, which is not followed."""
    return View((Paragraph(own("I cannot open links. Paste the text of the article here, and I brief it.")),))


def no_article_view(may_be_briefed: bool) -> View:
    """That a text is no article, or that none is briefed here."""
    if not may_be_briefed:
        return View((Paragraph(own("This bot briefs no articles that people send.")),))
    return View((Paragraph(own("I find no article in that message: it has too few sentences.")),))


def not_mine_view() -> View:
    """That a message is somebody else's, of which nothing is known."""
    said = own("That is no message of mine. Choose one of my answers or digests; “Brief this” is for articles.")
    return View((Paragraph(said),))


def no_stories_view() -> View:
    """There is nothing to ask about."""
    return View((Paragraph(own("There are no stories yet.")),))


def no_such_story_view(words: str) -> View:
    """No title has these words."""
    return View(
        (
            Paragraph(own("No story is titled like “{words}”.", words=echo(words))),
            Paragraph(own("/latest lists the newest stories, /search looks inside them.")),
        )
    )


def no_such_number_view(number: int) -> View:
    """The last answer had fewer stories."""
    return View(
        (
            Paragraph(own("The last answer had no story number {number}.", number=number)),
            Paragraph(own("/latest lists the newest stories, /search looks inside them.")),
        )
    )


def did_you_mean_view(typed: str, nearest: str) -> View:
    """That a command was not known, where the nearest one would change something."""
    text = own("There is no {typed}. Did you mean {nearest}?", typed=echo(typed), nearest=nearest)
    return View((Paragraph(text),))


def search_words_view() -> View:
    """A search without words."""
    return View((Paragraph(own("What should I search for? For example: /search kremlin drones")),))


def gone_view() -> View:
    """A button whose story is not there any more."""
    return View((Paragraph(own("That story is no longer here. /latest lists the newest ones.")),))


def with_note(view: View, note: Block) -> View:
    """The same answer with a line of the bot's before it."""
    return View((note, *view.blocks), view.buttons, view.about)


def nearest_note(typed: str, nearest: str) -> Block:
    """That a command was not known and the nearest one is answered."""
    return Paragraph(own("There is no {typed}; here is {nearest}.", typed=echo(typed), nearest=nearest))


def echo(typed: str) -> str:
    """What a person typed, short enough to be said back."""
    return typed if len(typed) <= _MOST_ECHO else typed[: _MOST_ECHO - 1] + "…"
