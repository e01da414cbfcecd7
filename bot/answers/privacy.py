"""Answers about what is stored of a person and a chat."""

from __future__ import annotations

from bot.i18n import own, own_n
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Bullet, Button, Document, Heading, Paragraph, View


def privacy_view(memory_days: int, retention_days: int) -> View:
    """What is stored, for how long, and how to see and delete it, in six lines."""
    return View(
        (
            Heading(own("Privacy")),
            Bullet(own("I store what a chat subscribes to and was posted, its language, and who subscribed.")),
            Bullet(
                own_n(
                    "I remember which stories an answer was about for {count} day; I do not keep what you type.",
                    "I remember which stories an answer was about for {count} days; I do not keep what you type.",
                    memory_days,
                )
            ),
            Bullet(
                own_n(
                    "An article that you paste in a private chat is for that chat alone, and kept for {count} day.",
                    "An article that you paste in a private chat is for that chat alone, and kept for {count} days.",
                    retention_days,
                )
            ),
            Bullet(own("Nothing goes to anybody else: I run on my operator's own machine.")),
            Bullet(own("/mydata sends you all of it; /forgetme deletes it.")),
        )
    )


def data_view(document: Document) -> View:
    """What is stored, as a file."""
    return View((Paragraph(own("This is all that is stored about you and this chat.")),), document=document)


def sure_view() -> View:
    """A question back: what would be deleted cannot be had again."""
    return View(
        (
            Paragraph(
                own(
                    "This deletes the subscriptions of this chat, its language, what it remembers, and the articles"
                    " pasted here. Press the button, or type /forgetme yes."
                )
            ),
        ),
        (Button(own("Delete all of it"), Control(ControlVerb.FORGET)),),
    )


def forgotten_view() -> View:
    """What was deleted, and what stays."""
    return View(
        (
            Heading(own("Forgotten.")),
            Bullet(
                own("Deleted: subscriptions, records of posts, language, memory of answers, and articles pasted here.")
            ),
            Bullet(own("What stays: the messages in this chat, which you can delete here.")),
        )
    )


def forgot_person_view() -> View:
    """What was deleted of a member who may not delete the chat's own data."""
    return View(
        (
            Heading(own("Forgotten.")),
            Bullet(own("Deleted: that it was you who subscribed this chat, if it was.")),
            Bullet(own("What stays: the chat's own subscriptions and memory, which an administrator can delete.")),
        )
    )
