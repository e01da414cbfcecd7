"""Answers about a section of a story: its key sentences, its full text, or that there is none."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.common import (
    KEPT,
    absence,
    point,
    section_action,
    section_buttons,
    section_headings,
    story_buttons,
    title,
    under_headings,
    with_outlook,
)
from bot.i18n import own, own_n
from bot.views.buttons import Action, Verb
from bot.views.model import SCREEN, Block, Bullet, Button, Heading, LinkButton, Paragraph, Quote, Verbatim, View
from bot.views.section_names import ABSENCES
from briefings.analysis.outlook import what_next, with_plans
from briefings.analysis.sentences import speaker_line, split_block
from briefings.caches import text_cache
from briefings.model import Block as ArticleBlock
from briefings.model import BlockKind, Section, SectionKind, Span, Version

#: The most headings that fit on a screen.
_MOST_LISTED = 8
#: Where the operator limits how much of an outlet's text is shown.
_REST = Paragraph(own("The rest is at the source."))

#: Marks that belong to the words before them.
_MARKS = ",;:"

Page = list[tuple[Span, Block]]


def whole_section_view(version: Version, section: Section) -> View:
    """Returns a whole section, without pages."""
    pieces = [(block.span, _piece(version, block, block.span)) for block in section.blocks]
    return View((title(version), *under_headings(version, section, pieces), *_caveat(section)), (), (version.id,))


def find_section(version: Version, kind: SectionKind, ordinal: int = 0) -> Section | None:
    """Returns the section of that kind. ``ordinal`` chooses among several sections without a kind."""
    alike = [section for section in version.briefing.sections if section.kind is kind]
    if alike and ordinal >= len(alike):
        return None
    found = alike[ordinal] if alike else version.briefing.section(kind)
    if kind is SectionKind.NEXT:
        return found or what_next(version.briefing)
    return with_plans(version.briefing, found) if kind is SectionKind.CONSEQUENCES else found


@text_cache(KEPT)
def section_view(version: Version, kind: SectionKind, ordinal: int = 0) -> View:
    """Returns the key sentences of a section, or says that the article has none."""
    section = find_section(version, kind, ordinal)
    if section is None:
        return absence_view(version, kind)
    shown = [Verbatim(version, span).shortened(SCREEN) for span in section.key]
    points = [
        (span, point(version, section, words.span) if not words.is_cut else Bullet(words))
        for span, words in zip(section.key, shown, strict=True)
    ]
    pages = _limited(_pages(version, section), version.article.shown)
    more: list[Button | LinkButton] = []
    if _length(pages) > sum(len(words.span) for words in shown):
        more.append(Button(own("Full section"), section_action(version, section, Verb.FULL)))
    return View(
        (title(version), *with_outlook(version, section, points), *_caveat(section)),
        (*more, *section_buttons(version, section), *story_buttons(version, kind=section.kind)),
        (version.id,),
    )


def full_view(version: Version, action: Action) -> View:
    """Returns one page of a section's full text."""
    kind = action.kind or SectionKind.OTHER
    section = find_section(version, kind, action.ordinal)
    if section is None:
        return absence_view(version, kind)
    whole = _pages(version, section)
    pages = _limited(whole, version.article.shown)
    page = min(action.page, len(pages) - 1)
    turns: list[Button | LinkButton] = []
    if page > 0:
        turns.append(Button(own("‹ Back"), section_action(version, section, Verb.FULL, page - 1)))
    if page < len(pages) - 1:
        turns.append(Button(own("Next ›"), section_action(version, section, Verb.FULL, page + 1)))
    where = [Paragraph(own("Page {page} of {pages}", page=page + 1, pages=len(pages)))] if len(pages) > 1 else []
    return View(
        (
            title(version),
            *under_headings(version, section, pages[page]),
            *_caveat(section),
            *([_REST] if page == len(pages) - 1 and _length(pages) < _length(whole) else []),
            *where,
        ),
        (*turns, Button(own("Key sentences"), section_action(version, section, Verb.KEY)), *story_buttons(version)),
        (version.id,),
    )


def absence_view(version: Version, kind: SectionKind) -> View:
    """Says that the article does not answer this, and offers its sections as buttons."""
    count = len(version.briefing.sections)
    offer = own("The article does answer this:") if count else own("The article has no sections. Try /summary.")
    buttons = section_buttons(version)
    left = _more(count - len(buttons))
    return View(
        (title(version), Paragraph(absence(version, ABSENCES[kind])), Paragraph(offer), *left),
        (*buttons, *story_buttons(version)),
        (version.id,),
    )


def sections_view(version: Version) -> View:
    """Lists the sections of the story."""
    sections = version.briefing.sections
    if not sections:
        return View(
            (title(version), Paragraph(own("The article has no sections. Try /summary."))),
            tuple(story_buttons(version)),
            (version.id,),
        )
    listed = [Bullet(section_headings(version, section)[0].text) for section in sections[:_MOST_LISTED]]
    return View(
        (title(version), Heading(own("Sections")), *listed, *_more(len(sections) - _MOST_LISTED)),
        (*section_buttons(version), *story_buttons(version)),
        (version.id,),
    )


def _more(left: int) -> list[Block]:
    """Returns a line with the number of sections that are left out, if any."""
    return [Paragraph(own_n("… and {count} more", "… and {count} more", left))] if left > 0 else []


def _caveat(section: Section) -> list[Block]:
    """Returns a note if the sentences were gathered from the whole text."""
    if section.headings:
        return []
    return [Paragraph(own("The article has no section on this. These sentences are from the whole text."))]


def _pages(version: Version, section: Section) -> list[Page]:
    """Divides the section's blocks into pages of a screen, between sentences."""
    pages: list[Page] = [[]]
    room = SCREEN
    for block in section.blocks:
        for span in _chunks(version, block):
            if len(span) > room and pages[-1]:
                pages.append([])
                room = SCREEN
            pages[-1].append((span, _piece(version, block, span)))
            room -= len(span)
    return pages


def _limited(pages: Sequence[Page], shown: int | None) -> list[Page]:
    """The pages up to so many characters, and the first piece whatever its length."""
    if shown is None:
        return list(pages)
    limited: list[Page] = []
    room = shown
    for page in pages:
        kept: Page = []
        for span, block in page:
            if room < len(span) and (limited or kept):
                return [*limited, kept] if kept else limited
            kept.append((span, block))
            room -= len(span)
        limited.append(kept)
    return limited


def _chunks(version: Version, block: ArticleBlock) -> list[Span]:
    """Divides a block into spans that fit on a screen, between sentences."""
    text = version.article.text
    sentences = split_block(text, block, version.article.language)
    chunks: list[Span] = []
    for sentence in sentences:
        joined = Span(chunks[-1].start, sentence.end) if chunks else sentence
        if chunks and len(joined) <= SCREEN:
            chunks[-1] = joined
        else:
            chunks += _cut(version, sentence)
    return chunks


def _cut(version: Version, sentence: Span) -> list[Span]:
    """Divides a sentence that is longer than a screen between words."""
    parts = []
    rest = Verbatim(version, sentence)
    while len(rest.span) > SCREEN:
        text, end = version.article.text, rest.shortened(SCREEN).span.end
        while end < sentence.end and text[end] in _MARKS:
            end += 1
        parts.append(Span(rest.span.start, end))
        start = end
        while start < sentence.end and text[start].isspace():
            start += 1
        rest = Verbatim(version, Span(start, sentence.end))
    return [*parts, rest.span]


def _piece(version: Version, block: ArticleBlock, span: Span) -> Block:
    words = Verbatim(version, span)
    if block.kind is BlockKind.QUOTE:
        speaker = speaker_line(version.article.text, block)
        return Quote(words, Verbatim(version, speaker) if speaker else None)
    return Bullet(words) if block.kind is BlockKind.LIST_ITEM else Paragraph(words)


def _length(pages: Sequence[Page]) -> int:
    return sum(len(span) for page in pages for span, _ in page)
