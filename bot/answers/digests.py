"""Posts: digests, and single stories as they arrive."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.answers.common import also_in, headline, open_buttons
from bot.answers.credits import origin
from bot.answers.related import address_of, linked_references
from bot.answers.stories import more_stories_button
from bot.answers.story_lines import labelled_lines, summary_line
from bot.i18n import Day, Message, own, own_n
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Block, Button, Heading, Paragraph, Story, Text, Verbatim, View
from briefings.digest import Item
from briefings.model import SectionKind, Version
from briefings.phrases import fold
from briefings.related import Related, SameEvent

#: The most related stories below a story.
MOST_RELATED = 2
_TITLE = 90
_LINE = 150
_MOST_CHANGES = 3
#: The most unread sources that a note names, and the longest name in characters.
_MOST_NAMED, _NAME = 3, 40


class Place(StrEnum):
    """The kind of place in which the stories are shown. It decides what is said below them."""

    CHAT = "chat"
    #: Only administrators write there, so nobody can give a command.
    CHANNEL = "channel"
    #: An answer to a command, not a post.
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Told:
    """A story in a post.

    Attributes:
        outlets: The other outlets that report it.
        why: Why it was chosen.
    """

    number: int
    version: Version
    related: Sequence[Related] = ()
    is_update: bool = False
    is_corrected: bool = False
    outlets: Sequence[str] = ()
    why: Message | None = None


def part_view(
    title: Message | None,
    items: Sequence[Told],
    kinds: Sequence[SectionKind],
    notes: Sequence[Message],
    ending: bool,
    *,
    left: int = 0,
    place: Place = Place.CHAT,
    day: date | None = None,
) -> View:
    """Returns one part of a post.

    Args:
        title: The heading. None: a single story needs none.
        kinds: The sections of which each story shows a line.
        notes: What is said above the stories: that the post is late, or which source could not be read.
        ending: Whether this is the last part, which tells how to read more and how to stop.
        left: How many more stories there are than the post has room for. The last part says so.
        day: The local day of the post, for its title in a forum.
    """
    is_alone = title is None and len(items) == 1
    blocks: list[Block] = [*([Heading(title)] if title else []), *map(Paragraph, notes)]
    blocks += [_item(item, kinds, is_alone, day) for item in items]
    buttons: tuple[Button, ...] = open_buttons([(item.number, item.version) for item in items])
    if ending:
        blocks += _foot(items, left, place, is_alone)
        buttons += _foot_buttons(left, place)
    versions = [item.version for item in items]
    name = _name(items, day) if day and items else None
    return View(tuple(blocks), buttons, tuple(version.id for version in versions), name=name)


def _name(items: Sequence[Told], day: date) -> Message:
    """Returns the title of a post in a forum: its day and its first headline."""
    first = " ".join(headline(items[0].version, _TITLE).text.split())
    return own("{day}: {headline}", day=Day(day), headline=first)


def _foot(items: Sequence[Told], left: int, place: Place, is_alone: bool) -> list[Block]:
    """Returns the lines below the stories. A channel is offered no commands, since nobody can give one there."""
    if place is Place.CHANNEL:
        more = own_n("And {count} more story.", "And {count} more stories.", left)
        return [Paragraph(more)] if left else []
    said: list[Message] = []
    if left:
        said.append(own_n("And {count} more story: /latest", "And {count} more stories: /latest", left))
    if not is_alone and items:
        last = items[-1].number
        read = own("Press a number to read more, or ask about a story: /who {last}.", last=last)
        stop = own("To stop these posts: /unsubscribe.")
        said.append(own("{one} {other}", one=read, other=stop) if place is Place.CHAT else read)
    return list(map(Paragraph, said))


def _foot_buttons(left: int, place: Place) -> tuple[Button, ...]:
    if place is Place.CHANNEL:
        return (Button(own("Ask the bot"), Control(ControlVerb.LATEST)),)
    return (more_stories_button(),) if left else ()


class Reason(StrEnum):
    """The reason for a post. The key of an occasion begins with it."""

    SLOT = "slot"
    REPORT = "report"
    QUIET = "quiet"
    #: Several stories arrived at once: a post each would be a flood.
    BURST = "burst"
    #: The stories waited for a day on which the chat wants posts.
    HELD = "held"


def heading(reason: Reason, count: int, part: int, parts: int, day: date | None = None) -> Message | None:
    """Returns the heading of a post, with the number of the part. A single story that has just arrived has none."""
    match reason:
        case Reason.SLOT if day:
            said = own_n("Digest: {count} story · {day}", "Digest: {count} stories · {day}", count, day=Day(day))
        case Reason.SLOT:
            said = own_n("Digest: {count} story", "Digest: {count} stories", count)
        case Reason.REPORT if parts == 1:
            return None
        case Reason.REPORT:
            said = own("News")
        case Reason.QUIET:
            said = own_n("In the quiet hours: {count} story", "In the quiet hours: {count} stories", count)
        case Reason.BURST | Reason.HELD:
            said = own_n("News: {count} story", "News: {count} stories", count)
    return own("{heading} (part {part} of {parts})", heading=said, part=part, parts=parts) if parts > 1 else said


def unread_note(unread: Sequence[str]) -> Message:
    """Names the sources that could not be read, at most a few."""
    names = ", ".join(name if len(name) <= _NAME else name[: _NAME - 1] + "…" for name in unread[:_MOST_NAMED])
    if len(unread) <= _MOST_NAMED:
        return own("Could not be read: {sources}.", sources=names)
    return own("Could not be read: {sources}, and {count} more.", sources=names, count=len(unread) - _MOST_NAMED)


def quiet_view(unread: Sequence[str], notes: Sequence[Message]) -> View:
    """Says that there is no news, and which sources could not be read."""
    said = [own("No news this time. /latest lists the newest stories."), *([unread_note(unread)] if unread else [])]
    return View((Heading(own("Digest")), *map(Paragraph, (*notes, *said))))


def withdrawn_view() -> View:
    """Replaces a post whose stories were all withdrawn."""
    return View((Paragraph(own("What was posted here has been withdrawn.")),))


def _item(item: Told, kinds: Sequence[SectionKind], is_alone: bool, day: date | None) -> Story:
    version = item.version
    summary: tuple[Text, ...] = summary_line(version)
    news = _news(item) if item.is_update or item.is_corrected else ()
    if item.is_corrected:
        summary = (*news, *(line for line in summary if line not in news))
    elif item.is_update:
        summary = news
    return Story(
        None if is_alone else item.number,
        headline(version, _TITLE),
        version.article.url,
        (*_credits(item, day), *summary),
        () if item.is_update else linked_references(version, item.related),
        () if item.is_update and not item.is_corrected else labelled_lines(version, kinds),
        version.article.image,
        is_alone,
    )


def _credits(item: Told, day: date | None) -> tuple[Message, ...]:
    """Returns the outlet and the day, with the other outlets or the reason why it was chosen."""
    others = also_in(item.outlets) or item.why
    credit = next(iter(origin(item.version, day)), None)
    if credit and others:
        return (own("{outlet} · {credits}", outlet=credit, credits=others),)
    return tuple(said for said in (credit, others) if said)


def why(item: Item) -> Message | None:
    """Returns why a story was chosen: its outlets, or what it has of the chat's tags and words."""
    if item.outlets:
        count = len(item.outlets) + 1
        return own_n("{count} outlet", "{count} outlets", count)
    if item.words:
        return own("Has “{words}”", words=", ".join(item.words))
    return own("Tagged {tags}", tags=", ".join(item.tags)) if item.tags else None


def apart(told: Sequence[Told]) -> list[Told]:
    """Returns the stories of a post, each related story only once, and none that the post shows anyway."""
    ids, names = set[str](), set[str]()
    for one in told:
        article = one.version.article
        ids.add(one.version.id)
        names |= {fold(article.headline().of(article.text)), article.url or ""}
    found = []
    for one in told:
        others = [related for related in one.related if not _is_shown(related, ids, names)][:MOST_RELATED]
        for related in others:
            names |= {fold(related.title), related.url or ""}
        found.append(replace(one, related=others))
    return found


def _is_shown(related: Related, ids: Collection[str], names: Collection[str]) -> bool:
    """Whether a post shows a related story, by its version, its title or its address, or another report of it."""
    is_known = related.version is not None and related.version.id in ids
    is_named = fold(related.title) in names or (related.url is not None and related.url in names)
    return is_known or is_named or isinstance(related.reason, SameEvent) or not address_of(related)


def _news(item: Told) -> tuple[Text, ...]:
    """Returns the sentences that are new in a version."""
    label = own("Corrected:") if item.is_corrected else own("Update:")
    changes = item.version.changes
    added = changes.added if changes else ()
    return (label, *(Verbatim(item.version, span).shortened(_LINE) for span in added[:_MOST_CHANGES]))
