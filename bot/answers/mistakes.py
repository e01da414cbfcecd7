"""Reports of mistakes: what the person is told, and what the operators are."""

from __future__ import annotations

from bot.answers.common import LIST_TITLE, headline
from bot.i18n import Message, own
from bot.views.model import Paragraph, View
from briefings.model import Version


def thanks_view(version: Version) -> View:
    """Thanks the user for reporting a mistake in a story."""
    title = headline(version, LIST_TITLE).text
    said = own(
        "Thank you. The operators have been told about “{title}” and can remove the line or the story.", title=title
    )
    return View((Paragraph(said),))


def mistake_alert(version: Version, line: str, is_private: bool) -> Message:
    """Reports a mistake to the operators.

    Args:
        line: What the person said was wrong, or the part of the answer; empty where they said nothing.
        is_private: Whether one chat alone sees the story: then nothing of its words is told.
    """
    if is_private:
        return own("Somebody reports a mistake in story {id}, which a chat pasted for itself.", id=version.id)
    title = headline(version).text
    if line:
        return own(
            "Somebody reports a mistake in “{title}”: {line}. Hide the line with"
            " “nutgraf stories hide {id} --line WORDS”, the story with “nutgraf stories hide {id}”.",
            title=title,
            line=line,
            id=version.id,
        )
    return own(
        "Somebody reports a mistake in “{title}”. See it with “nutgraf stories show {id}”; hide it with"
        " “nutgraf stories hide {id}”.",
        title=title,
        id=version.id,
    )
