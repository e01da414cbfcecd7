"""Answers by phrases: when and where it was, who accuses whom, the people, the timeline, the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.answers.common import KEPT, section_buttons, story_buttons, title
from bot.answers.sections import absence_view, find_section, section_view
from bot.i18n import Message, own
from bot.views.model import SCREEN, Block, Bullet, Heading, Paragraph, Quote, Verbatim, View
from bot.views.section_names import NAMES
from briefings.analysis.sentences import sentences
from briefings.caches import text_cache
from briefings.model import Answer, Answers, Claim, SectionKind, Span, Stance, Version

_MOST_LINES = 3
_MOST_CLAIMS = 4
_MOST_CLAIM = 130
_MOST_SPEAKER = 60
#: An answer that is so much less sure than the best is about something else.
_MOST_BELOW = 0.2
_MOST_LISTED = 8
_PHRASES = frozenset({SectionKind.WHEN, SectionKind.WHERE, SectionKind.WHY, SectionKind.HOW})


@text_cache(KEPT)
def answer_view(version: Version, kind: SectionKind) -> View:
    """What answers a question: the article's own section, else the sentences with the phrases that answer.

    A time comes with the day that it means, also where the article has a section for it.
    """
    if kind is SectionKind.WHO and (accused := _accusations(version)):
        return _view(version, accused)
    section = find_section(version, kind)
    found = _phrases(version, kind) if kind in _PHRASES else ()
    if not found or (kind is not SectionKind.WHEN and section and section.headings):
        return section_view(version, kind)
    note = Paragraph(own("Gathered from the text: the article has no heading for this."))
    return _view(
        version, [Heading(NAMES[kind]), *_lines(version, found), *([] if section and section.headings else [note])]
    )


def people_view(version: Version) -> View:
    """Whom the article names, each with the first sentence that does."""
    found = version.briefing.people
    if not found:
        return _view(version, [Paragraph(own("The article names nobody."))])
    lines = _marked(version, [(person.mentions[0].span, None) for person in found[:_MOST_LISTED]])
    return _view(version, [Heading(own("People")), *lines])


def timeline_view(version: Version) -> View:
    """What happened when, in the order of the days."""
    found = version.briefing.timeline
    if not found:
        return absence_view(version, SectionKind.WHEN)
    blocks: list[Block] = []
    shown: Message | None = None
    for event in found[:_MOST_LISTED]:
        days = _days(event.moment.first, event.moment.last)
        if days and days != shown:
            blocks.append(Heading(days))
            shown = days
        blocks.append(Bullet(_sentence(version, event.sentence, event.moment.span)))
    return _view(version, blocks)


def numbers_view(version: Version) -> View:
    """How many and how much, each with its sentence."""
    found = version.briefing.quantities
    if not found:
        return _view(version, [Paragraph(own("The article gives no numbers."))])
    lines = _marked(version, [(quantity.span, None) for quantity in found])
    return _view(version, [Heading(own("Numbers")), *lines[:_MOST_LISTED]])


def _view(version: Version, blocks: Iterable[Block]) -> View:
    buttons = (*section_buttons(version), *story_buttons(version))
    return View((title(version), *_within_a_screen(blocks)), buttons, (version.id,))


def _within_a_screen(blocks: Iterable[Block]) -> list[Block]:
    """The first of the blocks, as many as a phone shows; a heading with nothing below it goes."""
    kept: list[Block] = []
    room = SCREEN
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
    sure = [answer for answer in found if answer.score >= found[0].score - _MOST_BELOW]
    return _marked(version, [(answer.span, answer.days) for answer in sure[:_MOST_LINES]])


def _marked(version: Version, found: Sequence[tuple[Span, tuple[date, date] | None]]) -> list[Block]:
    """The sentences of some phrases, which are marked in them; each sentence once, with the days that it means."""
    article = version.article
    passages = [sentence.span for sentence in sentences(article)]
    passages += [span for span in (article.standfirst, article.title) if span]
    blocks: list[Block] = []
    shown: set[Span] = set()
    for phrase, days in found:
        passage = next((span for span in passages if span.covers(phrase)), phrase)
        if passage in shown:
            continue
        shown.add(passage)
        blocks.append(Bullet(_sentence(version, passage, phrase)))
        meant = _days(*days) if days else None
        if meant:
            blocks.append(Paragraph(own("That is {days}.", days=meant)))
    return blocks


def _sentence(version: Version, passage: Span, phrase: Span) -> Verbatim:
    """A sentence with a phrase marked; cut to a screen, and without the mark where the cut takes it away."""
    whole = Verbatim(version, passage, marked=phrase)
    return whole.shortened(SCREEN // 2)


def _days(first: date | None, last: date | None) -> Message | None:
    if first is None or last is None:
        return None
    if first == last:
        return own("{day}", day=first)
    if first == date(first.year, 1, 1) and last == date(first.year, 12, 31):
        return own("{year}", year=str(first.year))
    return own("{first} to {last}", first=first, last=last)


def _accusations(version: Version) -> list[Block]:
    """Who is said to be behind it, by accuser; who denies it; then whom others accuse, further down in the article.

    Nothing where nobody is accused.
    """
    claims = version.briefing.claims or ()
    accused = [claim for claim in claims if claim.stance is Stance.ACCUSES and claim.speaker]
    denied = [claim for claim in claims if claim.stance is Stance.DENIES and claim.speaker]
    answered = min((claim.sentence for claim in denied), default=None)
    first = [claim for claim in accused if answered is None or claim.sentence < answered] or accused
    others = [claim for claim in accused if claim not in first]
    groups = (
        (own("Who is said to be behind it"), first),
        (own("Who denies it"), denied),
        (own("Other accounts"), others),
    )
    blocks: list[Block] = []
    for name, group in groups if accused else ():
        if group:
            blocks += [Heading(name), *_claims(version, group)]
    return blocks


def _claims(version: Version, claims: Sequence[Claim]) -> list[Block]:
    """The words of claims with their speakers, those of one speaker together, each sentence once."""
    text = version.article.text
    by_speaker: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.speaker:
            by_speaker.setdefault(claim.speaker.of(text), []).append(claim)
    blocks: list[Block] = []
    shown: set[Span] = set()
    for claim in (claim for group in by_speaker.values() for claim in group):
        if claim.speaker and claim.sentence not in shown:
            shown.add(claim.sentence)
            words = Verbatim(version, _words(claim)).shortened(_MOST_CLAIM)
            blocks.append(Quote(words, Verbatim(version, claim.speaker).shortened(_MOST_SPEAKER)))
    return blocks[:_MOST_CLAIMS]


def _words(claim: Claim) -> Span:
    """From the verb to the end of what is said, where both stand in one sentence."""
    parts = [part for part in (claim.cue, *claim.content) if part and claim.sentence.covers(part)]
    return Span(min(part.start for part in parts), max(part.end for part in parts)) if parts else claim.sentence
