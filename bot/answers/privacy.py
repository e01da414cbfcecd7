"""Answers of the privacy commands."""

from __future__ import annotations

from bot.i18n import own, own_n
from bot.views.buttons import Control, ControlVerb
from bot.views.files import Document
from bot.views.model import Bullet, Button, Heading, Paragraph, View


def privacy_view(memory_days: int, retention_days: int) -> View:
    """Explains which data is stored, for how long, and how to see and delete it."""
    return View(
        (
            Heading(own("Privacy")),
            Bullet(
                own("I store the chat's subscriptions, posts and language, and the id of the person who subscribed.")
            ),
            Bullet(
                own("In a private chat I also store the stories that you follow, and what your reactions were about.")
            ),
            Bullet(
                own_n(
                    "I remember for {count} day which stories my answers were about. I do not store what you type.",
                    "I remember for {count} days which stories my answers were about. I do not store what you type.",
                    memory_days,
                )
            ),
            Bullet(
                own_n(
                    "An article that you paste in a private chat is visible only there. It is deleted after "
                    "{count} day.",
                    "An article that you paste in a private chat is visible only there. It is deleted after "
                    "{count} days.",
                    retention_days,
                )
            ),
            Bullet(own("I share nothing with anyone else. I run on my operator's machine.")),
            Bullet(own("/mydata sends you all your data. /forgetme deletes it.")),
        )
    )


def data_view(document: Document) -> View:
    """Returns the stored data as a file."""
    return View((Paragraph(own("All data stored about you and this chat.")),), document=document)


def sure_view() -> View:
    """Asks for confirmation before data is deleted."""
    return View(
        (
            Paragraph(
                own(
                    "This deletes the chat's subscriptions, language and memory, the stories that it follows, what "
                    "it likes, and the articles pasted here. To confirm, press the button or type /forgetme yes."
                )
            ),
        ),
        (Button(own("Delete all of it"), Control(ControlVerb.FORGET)),),
    )


def forgotten_view() -> View:
    """Says what was deleted and what was not."""
    return View(
        (
            Heading(own("Your data was deleted.")),
            Bullet(
                own(
                    "Deleted: subscriptions, records of posts, language, memory of answers, followed stories, what you "
                    "like, and articles pasted here."
                )
            ),
            Bullet(own("Not deleted: the messages in this chat. You can delete them here.")),
        )
    )


def forgot_person_view() -> View:
    """Says what was deleted for a member who may not delete the chat's data."""
    return View(
        (
            Heading(own("Your data was deleted.")),
            Bullet(own("Deleted: your id as the person who subscribed this chat.")),
            Bullet(own("Not deleted: the chat's subscriptions and memory. An administrator can delete them.")),
        )
    )
