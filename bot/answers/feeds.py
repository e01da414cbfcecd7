"""Answers about feeds: the list with the health of each, and what became of a command."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.answers.errors import MEGABYTE, error_message
from bot.answers.fetch_errors import LOGIN
from bot.chats import Destination
from bot.feeds.intervals import is_silent
from bot.feeds.model import Feed, FeedCounts
from bot.i18n import Message, own
from bot.views.model import Block, Paragraph, View
from briefings.errors import SourceError, SourceTooLarge, StatusRefused

_MOST_LISTED = 40

Tags = Collection[str]


def feed_message(error: SourceError) -> Message:
    """Returns the message for a feed that could not be read. Its text cannot be pasted instead, like that of a page."""
    name = error.name
    if isinstance(error, SourceTooLarge):
        size = error.limit // MEGABYTE
        return own("{name} is larger than {size} MB. Look for a shorter feed of this site.", name=name, size=size)
    if isinstance(error, StatusRefused) and error.status in LOGIN:
        return own(
            "{name}: the server refuses bots, or requires a login ({status}). Ask the site for an open feed.",
            name=name,
            status=error.status,
        )
    return error_message(error)


def state_message(feed: Feed, now: datetime) -> Message:
    """Returns the state of a feed: its error, or that it has none."""
    if feed.ended:
        return own("gone for good")
    if feed.merged_into is not None:
        return own("moved to the address of feed {number}, which is read instead", number=feed.merged_into)
    if feed.error is not None:
        return feed_message(feed.error)
    if feed.last_read is None:
        return own("not read yet")
    if feed.newest is not None and is_silent(feed, now):
        return own("silent since {day}", day=feed.newest.date())
    return own("works")


def feeds_view(
    feeds: Sequence[Feed], counts: Mapping[int, FeedCounts], channels: Sequence[tuple[Destination, Tags]], now: datetime
) -> View:
    """The feeds and how each is, and the channels whose posts become stories."""
    if not feeds and not channels:
        return _view(own("No feeds yet. Add one with “/feeds add” and the address of a site or of a feed."))
    lines: list[Block] = []
    for feed in feeds[:_MOST_LISTED]:
        week = counts.get(feed.id, FeedCounts())
        lines.append(
            Paragraph(
                own(
                    "{number}. {name}: {state} (stories this week: {stories})",
                    number=feed.id,
                    name=feed.name,
                    state=state_message(feed, now),
                    stories=week.stories,
                )
            )
        )
    if len(feeds) > _MOST_LISTED:
        lines.append(
            Paragraph(own("And {count} more. To see all: nutgraf feeds list.", count=len(feeds) - _MOST_LISTED))
        )
    for chat, tags in channels[:_MOST_LISTED]:
        said = own("{chat}: a channel whose posts become stories. {tags}", chat=str(chat), tags=", ".join(sorted(tags)))
        lines.append(Paragraph(said))
    lines.append(Paragraph(own("/feeds add ADDRESS, /feeds remove NUMBER, /feeds check NUMBER")))
    return View(tuple(lines))


def not_understood(words: str) -> Paragraph:
    """Says that the words after /feeds have no meaning."""
    return Paragraph(own("I did not understand “{words}”.", words=words))


def added_view(title: str, address: str) -> View:
    """That a feed was added."""
    return _view(own("Added: {title} ({address}). Its newest stories come in a minute.", title=title, address=address))


def known_view(address: str) -> View:
    """That a feed was there already."""
    return _view(own("{address} was added before.", address=address))


def choice_view(address: str, found: Sequence[tuple[str, str]]) -> View:
    """The feeds of a site, of which one is to be named.

    Args:
        found: Title and address of each.
    """
    lines: list[Block] = [Paragraph(own("{address} has several feeds. Send one of these:", address=address))]
    lines += [Paragraph(own("/feeds add {address} ({title})", address=feed, title=title)) for title, feed in found]
    return View(tuple(lines))


def no_address_view() -> View:
    """Says that an address is missing."""
    return _view(own("Which feed? Write “/feeds add” and the address of a site or of a feed."))


def none_found_view(address: str) -> View:
    """That a site has no feed."""
    return _view(own("No feed was found at {address}.", address=address))


def removed_view(name: str) -> View:
    """That a feed was removed."""
    return _view(own("Removed: {name}. Its stories stay.", name=name))


def checked_view(name: str, error: SourceError | None) -> View:
    """How a feed is that was just read."""
    return _view(feed_message(error) if error else own("{name} works.", name=name))


def no_such_feed_view() -> View:
    """That a number means no feed."""
    return _view(own("There is no such feed. /feeds lists the numbers."))


def operators_only_view() -> View:
    """Says that only an operator may do this."""
    return _view(own("Only an operator of this bot may change its feeds."))


def source_view(tags: Collection[str]) -> View:
    """Says that the posts of a channel become stories."""
    if tags:
        return _view(own("Posts of this channel become stories. Tags: {tags}", tags=", ".join(sorted(tags))))
    return _view(own("Posts of this channel become stories."))


def no_source_view() -> View:
    """Says that the posts of a channel do not become stories."""
    return _view(own("Posts of this channel do not become stories. To change that, write for example: /source #news"))


def channels_only_view() -> View:
    """Says which chats can be sources."""
    return _view(
        own(
            "Only a channel on Telegram can be a source, because I receive all of its posts. Write /source in the"
            " channel. Elsewhere, send me articles one by one."
        )
    )


def source_refused_view(chat: str) -> View:
    """Says that the operator has not allowed the channel to be a source."""
    return _view(own("The operator of this bot has to allow that first: {chat} in “fetching: allow_links”.", chat=chat))


def offline_view() -> View:
    """Says that this bot does not fetch pages."""
    return _view(own("This bot is offline: it fetches no pages and no feeds."))


def failed_view(error: SourceError) -> View:
    """Why a feed could not be read."""
    return _view(feed_message(error))


def _view(message: Message) -> View:
    return View((Paragraph(message),))
