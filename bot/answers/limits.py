"""Answers to requests that exceed a limit."""

from __future__ import annotations

from bot.i18n import own
from bot.views.model import Paragraph, View


def limit_view(limit: str) -> View:
    """Says which limit was exceeded: ``queue`` if too many others wait, otherwise time or memory."""
    if limit == "queue":
        return View((Paragraph(own("I am busy reading other texts. Try again in a minute.")),))
    return View((Paragraph(own("This text took too long to read. Send only the article, as plain text.")),))


def busy_view() -> View:
    """Says that there are too many requests at the moment."""
    return View((Paragraph(own("I am getting too many requests at the moment. Try again in a minute.")),))


def too_fast_view() -> View:
    """Says again that the user sends too many requests."""
    return View((Paragraph(own("You are sending requests too fast. Try again in a minute.")),))


def set_aside_view() -> View:
    """Says that a message could not be answered."""
    said = own("I could not answer one of your messages. My operator has been told.")
    return View((Paragraph(said),))


def flooded_view() -> View:
    """Says that messages were dropped because too many are waiting."""
    said = own("Too many of your messages are waiting. I dropped the last ones; send them again in a minute.")
    return View((Paragraph(said),))


def still_reading_view() -> View:
    """Says that the user's previous text is still being read."""
    return View((Paragraph(own("I am still reading your last text. Send the next one when I have answered.")),))
