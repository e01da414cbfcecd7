"""Finds stories for people who want to send one to another chat, each as a card, with cards of its sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answers import facts, stories
from bot.answers.common import headline
from bot.answers.who import who_view
from bot.commands.context import Context
from bot.commands.names import command_named
from bot.i18n import Message
from bot.views.model import Conflict, Heading, Title, Verbatim, View
from bot.views.section_names import NAMES
from briefings.languages.leaning import leaning
from briefings.model import SectionKind, Version
from briefings.phrases import fold
from briefings.scope import Viewer, fold_tag

_MOST_STORIES, _MOST_SECTIONS = 8, 6
_MOST_WORDS = 100
_SECOND_LINE = 120


@dataclass(frozen=True, slots=True)
class Card:
    """A story, or a section of it.

    Attributes:
        key: Different for each card.
        section: The name of the section. None for a whole story.
        line: Its first words.
        image: The address of its picture.
    """

    key: str
    headline: Verbatim
    section: Message | None
    line: Verbatim | None
    image: str | None
    view: View


async def cards(context: Context, typed: str) -> list[Card]:
    """Returns the cards for what somebody has typed, the best first: of the newest stories if they typed nothing.

    The chat that gets a card is unknown. So there are only stories that every chat may see. A section's name before or
    after the words, such as "kremlin who", gives the cards of that section alone. "Why" alone gives that section of
    the newest stories.
    """
    typed = " ".join(typed[:_MOST_WORDS].split())
    viewer = Viewer(barred=frozenset(map(fold_tag, context.access.restricted)))
    if _is_command(typed, "latest"):
        typed = ""
    words, kind = _section_behind(typed)
    found = await _found(context, viewer, words)
    if kind is None and (before := _section_before(typed)) and not _is_title(found, typed):
        words, kind = before
        found = await _found(context, viewer, words)
    if kind is not None:
        sections = [await _section(context, version, kind) for version in found]
        return [card for card in sections if card]
    whole = [await _story(context, viewer, version) for version in found]
    return _different([*whole[:1], *await _sections(context, found[:1]), *whole[1:]])


def _different(found: Sequence[Card]) -> list[Card]:
    """Returns the cards without those that begin with the same words as an earlier one."""
    first = {_line_key(card): card for card in reversed(found)}
    return [card for card in found if first[_line_key(card)] is card]


def _line_key(card: Card) -> object:
    return (card.line.version.id, card.line.span) if card.line else card.key


def _section_behind(typed: str) -> tuple[str, SectionKind | None]:
    """Returns the words about a story, and the section that the last word names."""
    words, _, last = typed.rpartition(" ")
    command = command_named(last)
    return (words, command.kind) if words and command is not None and command.kind else (typed, None)


def _section_before(typed: str) -> tuple[str, SectionKind] | None:
    """Returns the words about a story, which may be none, and the section that the first word names. None: none."""
    first, _, words = typed.partition(" ")
    command = command_named(first)
    return (words, command.kind) if command is not None and command.kind else None


def _is_command(typed: str, name: str) -> bool:
    """Whether somebody typed the name of a command, in any of the bot's languages."""
    command = command_named(typed)
    return command is not None and command.name == name


def _is_title(found: Sequence[Version], typed: str) -> bool:
    """Whether what is typed stands in a title: "why is" in "Why is the river dry?"."""
    return any(fold(typed) in fold(version.article.headline().of(version.article.text)) for version in found)


async def _found(context: Context, viewer: Viewer, words: str) -> list[Version]:
    """Returns the stories whose titles fit what is typed, then those that have the words anywhere."""
    named = await context.library.suggested(viewer, words, _MOST_STORIES)
    if not words or len(named) == _MOST_STORIES:
        return named
    result = await context.library.search(viewer, words, _MOST_STORIES, context.clock())
    found = {one.id: one for one in (*named, *(each.version for each in result.found))}
    if not found and (corrected := await context.library.corrected(viewer, words)):
        return (await context.library.titled(viewer, corrected))[:_MOST_STORIES]
    return list(found.values())[:_MOST_STORIES]


async def _story(context: Context, viewer: Viewer, version: Version) -> Card:
    summary = min(version.briefing.summary, default=None)
    line = Verbatim(version, summary).shortened(_SECOND_LINE) if summary else None
    outlets = await context.library.also_in(viewer, [version])
    view = await context.drawn(stories.brief_view, version, outlets.get(version.id, ()))
    return Card(version.id, headline(version), None, line, version.article.image, view)


async def _sections(context: Context, versions: Sequence[Version]) -> list[Card]:
    found = []
    for version in versions:
        briefing = version.briefing
        told = (section.kind for section in (*briefing.sections, *briefing.gathered))
        kinds = dict.fromkeys((SectionKind.WHO, *told))
        named = [kind for kind in kinds if kind is not SectionKind.OTHER]
        found += [await _section(context, version, kind) for kind in named[:_MOST_SECTIONS]]
    return [card for card in found if card]


async def _section(context: Context, version: Version, kind: SectionKind) -> Card | None:
    """Returns the card of a section, or None if the article does not say anything about it."""
    is_who = kind is SectionKind.WHO
    view = await (context.drawn(who_view, version) if is_who else context.drawn(facts.answer_view, version, kind))
    said = list(_quoted(view))
    if not said:
        return None
    marks = leaning(version.article.language)
    line = next((each for each in said if not marks.leans(each.text)), said[0])
    key = f"{version.id}.{kind}"
    return Card(key, headline(version), NAMES[kind], line.shortened(_SECOND_LINE), version.article.image, view)


def _quoted(view: View) -> Iterator[Verbatim]:
    """Yields the sentences of the article in a view, without its title and headings."""
    for block in view.blocks:
        text = block.accusation.text if isinstance(block, Conflict) else getattr(block, "text", None)
        if isinstance(text, Verbatim) and not isinstance(block, Title | Heading) and not _is_headline(text):
            yield text


def _is_headline(text: Verbatim) -> bool:
    """Whether the words are the article's title, which a card has anyway."""
    title = text.version.article.title
    return title is not None and text.span.covers(title)
