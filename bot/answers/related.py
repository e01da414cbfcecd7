"""Answers about related stories, each with the reason why it is related."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.common import LIST_TITLE, headline, section_buttons, story_buttons, title
from bot.i18n import Message, own
from bot.views.buttons import Action, Verb
from bot.views.model import Button, Heading, ListedTitle, Paragraph, Reference, Story, View
from briefings.model import Version
from briefings.related import ListedByPage, Related, SameEvent, SharedNames, When

_MOST_RELATED = 8


def related_view(version: Version, related: Sequence[Related]) -> View:
    """Lists related stories, each with the reason."""
    if not related:
        nothing = Paragraph(own("No related stories found."))
        return View((title(version), nothing), tuple(section_buttons(version)), (version.id,))
    references = [reference(version, item) for item in related[:_MOST_RELATED]]
    stories = [Story(None, each.title, each.url, (each.reason,)) for each in references]
    opened = [item.version for item in related[:_MOST_RELATED] if item.version]
    buttons = [Button(headline(other, 30), Action(Verb.BRIEF, other.id)) for other in opened]
    return View(
        (title(version), Heading(own("Related stories")), *stories),
        (*buttons, *story_buttons(version, leave_out=[Verb.RELATED])),
        (version.id,),
    )


def reference(version: Version, item: Related) -> Reference:
    """Returns a related story for the list below another one, with its reason."""
    if item.version is not None and not isinstance(item.reason, ListedByPage):
        return Reference(headline(item.version, LIST_TITLE), item.url, _reason(item))
    titles = [listed.title for listed in version.article.related]
    return Reference(ListedTitle(version, titles.index(item.title)), item.url, _reason(item))


def _reason(item: Related) -> Message:
    match item.reason:
        case ListedByPage():
            return own("listed on the article's page")
        case SameEvent(outlet=None):
            return own("another report of the same event")
        case SameEvent(outlet):
            return own("the same event, in {outlet}", outlet=outlet)
        case SharedNames(when=When.EARLIER) as shared:
            return own("earlier; {reason}", reason=_shared(shared))
        case SharedNames(when=When.LATER) as shared:
            return own("later; {reason}", reason=_shared(shared))
        case SharedNames() as shared:
            return _shared(shared)


def _shared(shared: SharedNames) -> Message:
    names, places = ", ".join(shared.names), ", ".join(shared.places)
    if names and places:
        return own("both name {names} and are about {places}", names=names, places=places)
    if names:
        return own("both name {names}", names=names)
    return own("both are about {places}", places=places) if places else own("on the same subject")
