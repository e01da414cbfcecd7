"""Refusals: no access, too many requests, or not an administrator."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.i18n import Message, own, own_n
from bot.views.model import Heading, Paragraph, View

#: Why a press or a command was refused.
ONLY_ADMINISTRATORS = own("Only an administrator of this chat may change what is posted here.")


def stranger_view(user: str) -> View:
    """Says that the bot is private, and shows the id that the operator needs to give access."""
    return View(
        (Paragraph(own("This bot is private. To get access, send your id to its operator: {user}", user=user)),)
    )


def not_administrator_view(chat: str) -> View:
    """Says that the user may not change the subscriptions of a chat that they named."""
    said = own(
        "You are not an administrator of {chat}, or I am not in it. Add me there as an administrator, then try again.",
        chat=chat,
    )
    return View((Paragraph(said),))


def no_member_view() -> View:
    """Says that the bot cannot post in a server that it is no member of."""
    said = own(
        "I am not a member of this server, so I cannot post here. Somebody who manages the server can add me: open my"
        " profile and choose “Add App”."
    )
    return View((Paragraph(said),))


def named(chat: str) -> Message:
    """Returns the name of a chat as a message."""
    return own("{chat}", chat=chat)


def in_chat(view: View, chat: str) -> View:
    """Adds the name of the chat that an answer is about, if it is sent to another chat and no heading has the name."""
    if Heading(named(chat)) in view.blocks:
        return view
    return replace(view, blocks=(Paragraph(own("In {chat}:", chat=chat)), *view.blocks))


def throttled_view(wait: timedelta) -> View:
    """Says that the user has sent too many requests."""
    seconds = max(1, round(wait.total_seconds()))
    text = own_n(
        "You are sending requests too fast. Try again in {count} second.",
        "You are sending requests too fast. Try again in {count} seconds.",
        seconds,
    )
    return View((Paragraph(text),), is_refusal=True)


def unavailable_view() -> View:
    """Says that an internal error has occurred."""
    return View((Paragraph(own("Something went wrong. The error was logged. Try again in a minute.")),))


def lookup_failed(is_refused: bool) -> Message:
    """Says that the platform did not say who may do what.

    Args:
        is_refused: Whether the bot has no right to ask.
    """
    if is_refused:
        return own("I am not allowed to look up who manages this chat. Make me an administrator there, then try again.")
    return own("I could not look up this chat or your rights in it. Nothing was changed. Try again in a minute.")


def unsent_view() -> View:
    """Says that part of an answer may not have arrived."""
    said = own("Part of my answer may not have reached you. If something is missing, ask again.")
    return View((Paragraph(said),))


def administrators_only_view() -> View:
    """Says that only an administrator of the chat may do this."""
    return View((Paragraph(ONLY_ADMINISTRATORS),))
