"""Answers about related stories, each with the reason why it is related."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.common import LIST_TITLE, headline, open_buttons, section_buttons, story_buttons, title
from bot.i18n import Message, own
from bot.views.buttons import Verb
from bot.views.layout import web_link
from bot.views.model import Heading, ListedTitle, Paragraph, Reference, Story, View
from briefings.model import Version
from briefings.related import ListedByPage, Related, SameEvent, SharedNames, When

_MOST_RELATED = 8


def related_view(version: Version, related: Sequence[Related]) -> View:
    """Lists related stories, each with the reason."""
    if not related:
        nothing = Paragraph(own("No related stories found."))
        buttons = (*section_buttons(version), *story_buttons(version, leave_out=[Verb.RELATED]))
        return View((title(version), nothing), buttons, (version.id,))
    shown = related[:_MOST_RELATED]
    opened = [item for item in shown if item.version]
    others = [item for item in shown if not item.version]
    stories = [
        Story(number, each.title, each.url, (each.reason,) if each.reason else ())
        for number, each in [
            *enumerate((reference(version, item) for item in opened), start=1),
            *((None, reference(version, item)) for item in others),
        ]
    ]
    versions = [item.version for item in opened if item.version]
    return View(
        (title(version), Heading(own("Related stories")), *stories),
        (*open_buttons(list(enumerate(versions, start=1))), *story_buttons(version, leave_out=[Verb.RELATED])),
        tuple(one.id for one in versions) or (version.id,),
        story=version.id,
    )


def linked_references(version: Version, related: Sequence[Related]) -> tuple[Reference, ...]:
    """Returns the related stories below a story in a post, each with its link. A page's own list needs no reason."""
    shown = [(item, reference(version, item)) for item in related]
    return tuple(
        replace(one, url=address_of(item), reason=None if isinstance(item.reason, ListedByPage) else one.reason)
        for item, one in shown
    )


def address_of(item: Related) -> str | None:
    """Returns the address of a related story if platforms can link to it."""
    return web_link(item.url or (item.version.article.url if item.version else None))


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
