"""Posts: digests, and single stories as they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.answers.common import also_in, headline
from bot.answers.related import reference
from bot.answers.stories import more_stories_button, open_buttons
from bot.answers.story_lines import story_lines
from bot.i18n import Message, own, own_n
from bot.views.model import Block, Heading, Paragraph, Story, Text, Verbatim, View
from briefings.digest import Item
from briefings.model import SectionKind, Version
from briefings.related import Related, SameEvent

#: The most related stories below a story.
MOST_RELATED = 2
_TITLE = 90
_LINE = 150
_MOST_CHANGES = 3
#: Sources that could not be read: how many are named, and how long a name may be.
_MOST_NAMED, _NAME = 3, 40


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
    title: Message,
    items: Sequence[Told],
    kinds: Sequence[SectionKind],
    notes: Sequence[Message],
    ending: bool,
    *,
    left: int = 0,
) -> View:
    """Returns one part of a post.

    Args:
        kinds: The sections of which each story shows a line.
        notes: What is said above the stories: that the post is late, or which source could not be read.
        ending: Whether this is the last part, which tells how to read more and how to stop.
        left: How many more stories there are than the post has room for. The last part says so.
    """
    blocks: list[Block] = [Heading(title), *map(Paragraph, notes), *(_item(item, kinds) for item in items)]
    buttons = open_buttons([item.version for item in items])
    if ending and left:
        blocks.append(Paragraph(own_n("And {count} more story: /latest", "And {count} more stories: /latest", left)))
        buttons = (*buttons, more_stories_button())
    if ending:
        last = items[-1].number if items else 1
        how = own("Read more: /brief 1, or ask: /who {last}. To stop these posts: /unsubscribe.", last=last)
        blocks.append(Paragraph(how))
    versions = [item.version for item in items]
    return View(tuple(blocks), buttons, tuple(version.id for version in versions))


class Reason(StrEnum):
    """The reason for a post. The key of an occasion begins with it."""

    SLOT = "slot"
    REPORT = "report"
    QUIET = "quiet"


def heading(reason: Reason, count: int, part: int, parts: int) -> Message:
    """Returns the heading of a post, with the number of the part."""
    match reason:
        case Reason.SLOT:
            said = own_n("Digest: {count} story", "Digest: {count} stories", count)
        case Reason.REPORT:
            said = own("News")
        case Reason.QUIET:
            said = own_n("In the quiet hours: {count} story", "In the quiet hours: {count} stories", count)
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


def _item(item: Told, kinds: Sequence[SectionKind]) -> Story:
    version = item.version
    title = headline(version, _TITLE)
    lines = story_lines(version, kinds)
    if item.is_update or item.is_corrected:
        news = _news(item)
        lines = (*news, *(line for line in lines if line not in news)) if item.is_corrected else news
    lines = (*lines, *(said for said in (item.why, also_in(item.outlets)) if said))
    references = () if item.is_update else tuple(reference(version, one) for one in other_events(item.related))
    return Story(item.number, title, version.article.url, lines, references)


def why(item: Item) -> Message | None:
    """Returns why a story was chosen: its outlets, or what it has of the chat's tags and words."""
    if item.outlets:
        count = len(item.outlets) + 1
        return own_n("{count} outlet", "{count} outlets", count)
    if item.words:
        return own("Has “{words}”", words=", ".join(item.words))
    return own("Tagged {tags}", tags=", ".join(item.tags)) if item.tags else None


def other_events(related: Sequence[Related]) -> list[Related]:
    """Returns the related stories that a post shows: its other reports of the same event are named as outlets."""
    return [one for one in related if not isinstance(one.reason, SameEvent)][:MOST_RELATED]


def _news(item: Told) -> tuple[Text, ...]:
    """Returns the sentences that are new in a version."""
    label = own("Corrected:") if item.is_corrected else own("Update:")
    changes = item.version.changes
    added = changes.added if changes else ()
    return (label, *(Verbatim(item.version, span).shortened(_LINE) for span in added[:_MOST_CHANGES]))
