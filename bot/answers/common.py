"""Parts that several answers share: titles, bullets and buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.i18n import Message, own, own_n
from bot.views.buttons import Action, Verb
from bot.views.model import Block, Bullet, Button, Heading, LinkButton, Quote, Text, Title, Verbatim
from bot.views.section_names import NAMES
from briefings.analysis.sentences import headline_span, sentences, speaker_line
from briefings.languages.questions import CODES
from briefings.model import BlockKind, Section, SectionKind, Span, Version

#: The most cached views of each kind. Versions do not change, and many users ask for the same ones.
KEPT = 500
#: The most characters of a title in a list.
LIST_TITLE = 90

_MOST_TITLE = 120
_MOST_LABEL = 28
_MOST_HEADING = 110
_MOST_HEADINGS = 2
_MOST_BUTTONS = 12
_MOST_OUTLETS = 3


def headline(version: Version, characters: int = _MOST_TITLE) -> Verbatim:
    """Returns the story's title, or its first sentence if it has none."""
    return Verbatim(version, headline_span(version.article)).shortened(characters)


def title(version: Version) -> Title:
    """Returns the title line of an answer about a story."""
    return Title(headline(version), version.article.url)


def absence(version: Version, note: Message) -> Message:
    """Returns ``note`` that the article does not say something, if the bot understands the article's language.

    Otherwise the article may say it, and the bot cannot find it.
    """
    if version.article.language in CODES:
        return note
    return own("The bot does not understand the article's language well enough to tell.")


def also_in(outlets: Sequence[str]) -> Message | None:
    """Returns a line with the other outlets that report a story, or None."""
    if not outlets:
        return None
    names, more = ", ".join(outlets[:_MOST_OUTLETS]), len(outlets) - _MOST_OUTLETS
    if more <= 0:
        return own("Also in {outlets}", outlets=names)
    return own_n(
        "Also in {outlets} and {count} more outlet", "Also in {outlets} and {count} more outlets", more, outlets=names
    )


def point(version: Version, section: Section | None, span: Span) -> Block:
    """Returns a sentence as a bullet, or as a quote if it is one in the article."""
    for block in section.blocks if section else ():
        if block.kind is BlockKind.QUOTE and block.span.covers(span):
            speaker = speaker_line(version.article.text, block)
            return Quote(Verbatim(version, span), Verbatim(version, speaker) if speaker else None)
    return Bullet(Verbatim(version, span))


def section_name(version: Version, section: Section) -> Text:
    """Returns the bot's name of the section's kind. A section without a kind has its own heading."""
    if section.kind is SectionKind.OTHER and section.headings:
        return Verbatim(version, section.headings[0]).shortened(_MOST_LABEL)
    return NAMES[section.kind]


def section_headings(version: Version, section: Section, most: int = _MOST_HEADINGS) -> list[Heading]:
    """Returns the article's headings of the section, or the bot's name for it if there are none."""
    if not section.headings:
        return [Heading(NAMES[section.kind])]
    shown = section.headings[:most]
    return [Heading(Verbatim(version, heading).shortened(_MOST_HEADING)) for heading in shown]


def with_outlook(version: Version, section: Section, lines: Sequence[tuple[Span, Block]]) -> list[Block]:
    """Returns the lines of a section below their headings: what is expected or feared below what has happened."""
    happened = [line for line in lines if line[0] not in section.expected]
    expected = [block for span, block in lines if span in section.expected]
    if not expected:
        return under_headings(version, section, happened)
    told = under_headings(version, section, happened) if happened else section_headings(version, section, 1)
    return [*(told if happened or section.headings else []), Heading(own("What is expected or feared")), *expected]


def under_headings(version: Version, section: Section, lines: Sequence[tuple[Span, Block]]) -> list[Block]:
    """Returns the lines of a section, in their order, below their headings in the article."""
    if not section.headings:
        return [Heading(NAMES[section.kind]), *(block for _, block in lines)]
    blocks: list[Block] = []
    shown: Span | None = None
    for span, block in lines:
        heading = max((one for one in section.headings if one.start <= span.start), default=section.headings[0])
        if heading != shown:
            blocks.append(Heading(Verbatim(version, heading).shortened(_MOST_HEADING)))
            shown = heading
        blocks.append(block)
    return blocks


def section_buttons(version: Version, but: Section | None = None) -> list[Button]:
    """Returns a button for each section of the story except ``but``."""
    others = [section for section in version.briefing.sections if section is not but]
    return [
        Button(section_name(version, section), section_action(version, section, Verb.KEY))
        for section in others[:_MOST_BUTTONS]
    ]


def open_buttons(stories: Sequence[tuple[int, Version]]) -> tuple[Button, ...]:
    """Returns a button for each story of a list, with its number. The only story of a view has words instead."""
    if len(stories) == 1:
        return (Button(own("Read more"), Action(Verb.BRIEF, stories[0][1].id)),)
    return tuple(
        Button(own("{number}", number=str(number)), Action(Verb.BRIEF, version.id)) for number, version in stories
    )


def section_action(version: Version, section: Section, verb: Verb, page: int = 0) -> Action:
    """Returns the action that shows ``section``."""
    alike = [other for other in version.briefing.sections if other.kind is section.kind]
    ordinal = next((place for place, other in enumerate(alike) if other is section), 0)
    return Action(verb, version.id, section.kind, ordinal, page)


def story_buttons(
    version: Version,
    leave_out: Iterable[Verb] = (),
    kind: SectionKind | None = None,
    line: Span | None = None,
    *,
    with_picture: bool = False,
) -> list[Button | LinkButton]:
    """The buttons that every answer about a story ends with: summary, related stories, source, report a mistake.

    Args:
        kind: The section that the answer shows, which a report of a mistake then names.
        line: The sentence that the answer shows first, which a report of a mistake then names.
        with_picture: Whether the story can be had as a picture.
    """
    offered: list[Button | LinkButton] = [
        Button(own("Summary"), Action(Verb.SUMMARY, version.id)),
        Button(own("Related stories"), Action(Verb.RELATED, version.id)),
    ]
    skipped = set(leave_out)
    kept = [button for button in offered if isinstance(button, Button) and button.action.verb not in skipped]
    picture = [Button(own("Picture"), Action(Verb.CARD, version.id))] if with_picture else []
    source = [LinkButton(own("Source"), version.article.url)] if version.article.url else []
    mistake = Action(Verb.MISTAKE, version.id, kind, page=_number(version, line))
    return [*kept, *picture, *source, Button(own("Report a mistake"), mistake)]


def _number(version: Version, line: Span | None) -> int:
    """The number of a sentence of the article, from 1; 0 for none."""
    found = [one.span for one in sentences(version.article)] if line else []
    return found.index(line) + 1 if line in found else 0
