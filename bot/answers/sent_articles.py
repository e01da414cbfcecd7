"""Answers to articles that users send: refusals, and what was published."""

from __future__ import annotations

from collections.abc import Collection

from bot.answers.common import headline
from bot.answers.errors import error_message
from bot.i18n import Message, own, own_n
from bot.views.model import Paragraph, Title, View
from briefings.errors import SourceError
from briefings.model import Version


def unreadable_view(error: SourceError) -> View:
    """Says why a link or a file has no article."""
    return _view(error_message(error))


def file_refused_view(is_private: bool, is_read_in_private: bool) -> View:
    """Says that files are not read in this chat, and where they are.

    Args:
        is_read_in_private: Whether files are read in private chats.
    """
    if is_read_in_private and not is_private:
        return _view(own("I do not read files in this chat. Send the file to me in a private chat."))
    return _view(own("I do not read files in this chat. The operator of this bot can allow it."))


def others_unread(count: int) -> Paragraph:
    """Says that only one of several files was read."""
    return Paragraph(
        own_n(
            "I read one file of a message. {count} more was not read.",
            "I read one file of a message. {count} more were not read.",
            count,
        )
    )


def published_view(version: Version, tags: Collection[str]) -> View:
    """Says that a story is public now."""
    title = Title(headline(version), version.article.url)
    if tags:
        said = own("This story is public now, with the tags {tags}.", tags=", ".join(sorted(tags)))
    else:
        said = own("This story is public now.")
    return View((title, Paragraph(said)), about=(version.id,))


def publishers_only_view() -> View:
    """Says that only an operator may publish a story."""
    return _view(own("Only an operator of this bot may publish stories."))


def _view(message: Message) -> View:
    return View((Paragraph(message),))
