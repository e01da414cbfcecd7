"""Answers about the stories that a person follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.guide import with_note
from bot.answers.stories import list_view
from bot.i18n import own
from bot.subscriptions.following import MOST_FOLLOWED
from bot.views.buttons import Action, Verb
from bot.views.model import Button, Heading, Paragraph, View
from briefings.model import SectionKind, Version

#: Stands above a post about a story that its reader follows.
UPDATE_NOTE = own("News of a story that you follow. To stop: /following")


def followable(view: View, version: Version, is_followed: bool, kind: SectionKind | None = None) -> View:
    """Returns a view of a story with a button to follow it, or to follow it no more.

    Args:
        kind: What the view shows, which stays when the button is pressed. None: the briefing.
    """
    verb, label = (Verb.UNFOLLOW, own("Unfollow")) if is_followed else (Verb.FOLLOW, own("Follow"))
    return replace(view, buttons=(*view.buttons, Button(label, Action(verb, version.id, kind))))


def changed_view(view: View, is_followed: bool) -> View:
    """Says above a story whether it is followed now."""
    started = own("I will send you what is new about this story, here. /following lists what you follow.")
    said = started if is_followed else own("You do not follow this story any more.")
    return with_note(view, Paragraph(said))


def too_many_view() -> View:
    """Says that no more stories can be followed."""
    said = own("You follow {count} stories, which is the most I can do. /following lists them.", count=MOST_FOLLOWED)
    return View((Paragraph(said),))


def only_in_private_view() -> View:
    """Says where stories can be followed."""
    return View((Paragraph(own("You can follow stories in a private chat with me.")),))


def own_article_view() -> View:
    """Says that an article that was sent by the user does not change."""
    return View((Paragraph(own("I cannot follow an article that you sent me yourself: nobody else reports on it.")),))


def following_view(versions: Sequence[Version]) -> View:
    """Lists the stories that a chat follows."""
    if not versions:
        said = own("You follow no stories. Open one in a private chat with me and press “Follow”.")
        return View((Heading(own("Stories you follow")), Paragraph(said)))
    return list_view(own("Stories you follow"), tuple(versions))
