"""Answers to texts that take more time or memory than one person is given."""

from __future__ import annotations

from bot.i18n import own
from bot.views.model import Paragraph, View


def limit_view(limit: str) -> View:
    """Says which limit was exceeded: ``queue`` if too many others wait, otherwise time or memory."""
    if limit == "queue":
        return View((Paragraph(own("I am reading many texts at the moment. Try again in a minute.")),))
    return View((Paragraph(own("This text takes too long to read. Send only the article, as plain text.")),))


def busy_view() -> View:
    """Says that too many people are being answered to take one more."""
    return View((Paragraph(own("Too many people are asking me at the moment. Please try again in a minute.")),))


def set_aside_view() -> View:
    """Says that a message could not be answered, and is not tried again."""
    said = own("I could not answer one of your messages, so I set it aside and told my operator.")
    return View((Paragraph(said),))


def flooded_view() -> View:
    """Says that messages were dropped, since too many others wait."""
    said = own("Too many of your messages are waiting. I dropped the last ones; send them again in a minute.")
    return View((Paragraph(said),))


def still_reading_view() -> View:
    """Says that the person's previous text is still being read."""
    return View((Paragraph(own("I am still reading your last text. Send the next one when I have answered.")),))
