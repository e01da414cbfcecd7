"""Credits of an article: its outlet, its author and its day."""

from __future__ import annotations

from datetime import date

from bot.i18n import Day, Message, own
from bot.views.model import Block, Paragraph
from briefings.model import Version


def origin(version: Version, today: date | None = None) -> tuple[Message, ...]:
    """Returns the outlet and the date, if the article gives them.

    Args:
        today: The day on which it is shown. Its year need not be said.
    """
    outlet, published = version.article.outlet, version.article.published
    if published is None:
        return (own("{outlet}", outlet=outlet),) if outlet else ()
    is_near = today is not None and published.year == today.year
    day = own("{published}", published=Day(published) if is_near else published)
    return (own("{outlet} · {credits}", outlet=outlet, credits=day) if outlet else day,)


def byline(version: Version) -> list[Block]:
    """Returns the outlet, the author and the date, if the article gives them."""
    article = version.article
    outlet = article.outlet or ""
    match (article.byline, article.published):
        case (None, None):
            return [Paragraph(own("{outlet}", outlet=outlet))] if outlet else []
        case (None, published):
            said = own("{published}", published=published)
        case (author, None):
            said = own("By {byline}", byline=author)
        case (author, published):
            said = own("By {byline}, {published}", byline=author, published=published)
    return [Paragraph(own("{outlet} · {credits}", outlet=outlet, credits=said) if outlet else said)]
