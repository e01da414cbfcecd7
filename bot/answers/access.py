"""Answers to those who may not: strangers, flooders, members who are no administrators."""

from __future__ import annotations

from datetime import timedelta

from bot.i18n import own, own_n
from bot.views.model import Block, Paragraph, View


def stranger_view(user: str) -> View:
    """One polite line, with what the operator needs to let this person in."""
    return View((Paragraph(own("This bot is private. To be let in, send its operator your id: {user}", user=user)),))


def not_administrator_view(chat: str) -> View:
    """That somebody may change nothing in a chat that they named."""
    said = own(
        "You are no administrator of {chat}, or I am not in it. Add me there as an administrator, then ask again.",
        chat=chat,
    )
    return View((Paragraph(said),))


def in_chat(chat: str) -> Block:
    """Which chat an answer is about that is given elsewhere."""
    return Paragraph(own("In {chat}:", chat=chat))


def throttled_view(wait: timedelta) -> View:
    """That there were too many requests."""
    seconds = max(1, round(wait.total_seconds()))
    text = own_n(
        "That was a lot at once. Please try again in {count} second.",
        "That was a lot at once. Please try again in {count} seconds.",
        seconds,
    )
    return View((Paragraph(text),))


def unavailable_view() -> View:
    """That something failed that is not the person's fault."""
    return View((Paragraph(own("Something went wrong on my side. Please try again in a minute.")),))


def unsent_view() -> View:
    """That an answer, or a part of it, could not be sent."""
    said = own("My answer may not have reached you, or not all of it. If something is missing, please ask again.")
    return View((Paragraph(said),))


def administrators_only_view() -> View:
    """That only an administrator of the chat may do this."""
    return View((Paragraph(own("Only an administrator of this chat may change what is posted here.")),))
