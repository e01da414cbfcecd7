"""Answers by phrases: when, where, why and how it happened, the people, the timeline, the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.answers.common import KEPT, section_buttons, story_buttons, title
from bot.answers.marked import marked_sentence, marked_sentences, said_days
from bot.answers.sections import absence_view, find_section, section_view
from bot.i18n import Message, own
from bot.views.model import SCREEN, Block, Bullet, Heading, Paragraph, Quote, Verbatim, View
from bot.views.section_names import NAMES
from briefings.analysis.numbers import tells_size
from briefings.caches import text_cache
from briefings.languages.events import tells_event
from briefings.model import Answer, Answers, Entity, Quantity, Section, SectionKind, Span, Version

_MOST_LINES = 3
#: Answers below this share of the best score are probably about something else.
_MOST_BELOW = 0.2
_MOST_LISTED = 8
#: The characters of each line of a long list, and those of a list in all.
_LEAST_LINE, _MOST_IN_LIST = 120, 2 * SCREEN
#: The most characters of the main event above a section that tells something else.
_MOST_MAIN = 240
_PHRASES = frozenset({SectionKind.WHEN, SectionKind.WHERE, SectionKind.WHY, SectionKind.HOW})


@text_cache(KEPT)
def answer_view(version: Version, kind: SectionKind) -> View:
    """Answers a question with the article's own section, or with the sentences that contain the answers.

    A time is shown with the date that it refers to.
    """
    section = find_section(version, kind)
    if kind is SectionKind.WHAT and section and section.headings:
        return _with_main_event(version, section)
    found = _phrases(version, kind) if kind in _PHRASES else ()
    if not found or (kind is not SectionKind.WHEN and section and section.headings):
        return section_view(version, kind)
    note = Paragraph(own("The article has no section on this. These sentences are from the whole text."))
    return _view(
        version, [Heading(NAMES[kind]), *_lines(version, found), *([] if section and section.headings else [note])]
    )


def _with_main_event(version: Version, section: Section) -> View:
    """The article's own section, below the main event if the section tells something else: "What the union demands"."""
    view, article = section_view(version, section.kind), version.article
    is_told = any(tells_event(heading.of(article.text), article.language) for heading in section.headings)
    main = next(iter(version.briefing.summary), None)
    if is_told or main is None or any(block.span.covers(main) for block in section.blocks):
        return view
    line: list[Block] = [Heading(NAMES[section.kind]), Bullet(Verbatim(version, main).shortened(_MOST_MAIN))]
    return replace(view, blocks=(view.blocks[0], *line, *view.blocks[1:]))


def people_view(version: Version) -> View:
    """Lists the people whom the article names, each with the first sentence that names them in full."""
    found = version.briefing.people
    if not found:
        return _view(version, [Paragraph(own("No people were recognised in the article."))])
    shown = found[:_MOST_LISTED]
    lines = marked_sentences(version, [(_in_full(version, person), None) for person in shown], _room(shown))
    return _list_view(version, [Heading(own("People")), *lines])


def _in_full(version: Version, person: Entity) -> Span:
    """Returns the first mention of a person below the title in as many words as their name has, or the first at all."""
    article = version.article
    words = len(person.name.of(article.text).split())
    below = [one.span for one in person.mentions if not article.headline().covers(one.span)]
    full = [span for span in below if len(span.of(article.text).split()) >= words]
    return next(iter([*full, *below]), person.mentions[0].span)


def timeline_view(version: Version) -> View:
    """Lists the last dated events, the earliest of them first, and then those on days that have no date."""
    found = version.briefing.timeline
    if not found:
        return absence_view(version, SectionKind.WHEN)
    blocks: list[Block] = []
    shown: Message | None = None
    listed = found[-_MOST_LISTED:]
    for event in listed:
        days = said_days(event.moment.first, event.moment.last) or own("Date not given")
        if days != shown and not (shown is None and event.moment.first is None):
            blocks.append(Heading(days))
            shown = days
        blocks.append(Bullet(marked_sentence(version, event.sentence, event.moment.span, _room(listed))))
    return _list_view(version, blocks)


def numbers_view(version: Version) -> View:
    """Lists the numbers in the article, each once, with its sentence."""
    article, told = version.article, dict[str, Quantity]()
    for quantity in version.briefing.quantities:
        if tells_size(article.text, quantity, article.language):
            told.setdefault(quantity.span.of(article.text).casefold(), quantity)
    if not told:
        return _view(version, [Paragraph(own("No numbers were recognised in the article."))])
    found = list(told.values())
    lines = marked_sentences(version, [(quantity.span, None) for quantity in found], _room(found))
    return _list_view(version, [Heading(own("Numbers")), *lines[:_MOST_LISTED]])


def _room(listed: Sequence[object]) -> int:
    """Returns how many characters each line of a list may have, if all are to fit."""
    return max(SCREEN // min(len(listed), _MOST_LISTED), _LEAST_LINE)


def _view(version: Version, blocks: Iterable[Block], characters: int = SCREEN) -> View:
    buttons = (*section_buttons(version), *story_buttons(version))
    return View((title(version), *_within(blocks, characters)), buttons, (version.id,))


def _list_view(version: Version, blocks: Iterable[Block]) -> View:
    return _view(version, blocks, _MOST_IN_LIST)


def _within(blocks: Iterable[Block], room: int) -> list[Block]:
    """Returns the first blocks, as many as have so many characters, without a heading at the end."""
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, Bullet | Quote) and isinstance(block.text, Verbatim):
            room -= len(block.text.span)
            if room < 0 and any(isinstance(one, Bullet | Quote) for one in kept):
                break
        kept.append(block)
    while kept and isinstance(kept[-1], Heading):
        kept.pop()
    return kept


def _phrases(version: Version, kind: SectionKind) -> Sequence[Answer]:
    answers = version.briefing.answers or Answers()
    match kind:
        case SectionKind.WHEN:
            return answers.when
        case SectionKind.WHERE:
            return answers.where
        case SectionKind.WHY:
            return answers.why
        case _:
            return answers.how


def _lines(version: Version, found: Sequence[Answer]) -> list[Block]:
    """The sentences of the surest answers. Where these are in the title, those of the surest ones below it as well."""
    headline = version.article.headline()
    below = [answer for answer in found if not headline.covers(answer.span)]
    chosen = _surest(found)
    if all(headline.covers(answer.span) for answer in chosen):
        chosen = [*chosen, *_surest(below)]
    return marked_sentences(version, [(answer.span, answer.days) for answer in chosen[:_MOST_LINES]])


def _surest(found: Sequence[Answer]) -> list[Answer]:
    return [answer for answer in found if answer.score >= found[0].score - _MOST_BELOW]
