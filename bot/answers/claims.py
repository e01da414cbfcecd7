"""Answers of `/claims` and `/quotes`: who says what, by speaker, in the article's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answers.common import KEPT, story_buttons, title
from bot.i18n import Message, own
from bot.views.buttons import Action, Verb
from bot.views.model import SCREEN, Block, Bullet, Button, Heading, LinkButton, Paragraph, Statement, Verbatim, View
from bot.views.selection import ALL, Selection
from briefings.analysis.accounts import is_denial
from briefings.analysis.attribution import Lack, lacking
from briefings.analysis.sentences import sentences
from briefings.analysis.speakers import Speaker, speakers
from briefings.caches import text_cache
from briefings.model import Claim, Span, Stance, Version

_MOST_ON_PAGE = 8
_MOST_CLAIM = 280
_MOST_NAME = 80
_MOST_LISTED = 8

STANCES = {
    Stance.CLAIMS: own("says"),
    Stance.ACCUSES: own("accuses"),
    Stance.DENIES: own("denies"),
    Stance.CONFIRMS: own("confirms"),
    Stance.DEMANDS: own("demands"),
    Stance.WARNS: own("warns"),
    Stance.PREDICTS: own("expects"),
    Stance.DOUBTS: own("doubts"),
}
#: Labels for stances that differ before a name.
_TOWARDS = {
    Stance.CLAIMS: own("says about"),
    Stance.DENIES: own("denies, in answer to"),
    Stance.DEMANDS: own("demands of"),
}
#: What answers no accusation is refused and not denied: "turned down the offer".
_REFUSED = own("refuses")
_NOBODY = {
    Stance.CLAIMS: own("No plain statements in this story."),
    Stance.ACCUSES: own("No accusations in this story."),
    Stance.DENIES: own("No denials in this story."),
    Stance.CONFIRMS: own("No confirmations in this story."),
    Stance.DEMANDS: own("No demands in this story."),
    Stance.WARNS: own("No warnings in this story."),
    Stance.PREDICTS: own("No predictions in this story."),
    Stance.DOUBTS: own("No doubts in this story."),
}
_LACKS = {
    Lack.LANGUAGE: (
        own("I can find out who says what only in English, French, German, Italian and Spanish articles."),
    ),
    Lack.PARSER: (
        own("I cannot find who says what: spaCy and its language model are not installed."),
        own("The operator can install them: {command}", command="pip install 'nutgraf[analysis]'"),
    ),
    Lack.LENGTH: (own("This article is too long for me to find who says what in it."),),
    Lack.TIME: (own("I have not yet analysed who says what in this story. Try again later."),),
}


@text_cache(KEPT)
def claims_view(version: Version, selection: Selection = ALL, page: int = 0) -> View:
    """Shows one page of the chosen claims, grouped by speaker, each with a button that opens its context."""
    claims = version.briefing.claims
    if claims is None:
        return _view(version, map(Paragraph, _LACKS[lacking(version.article)]))
    chosen = _chosen(version, claims, selection)
    if not chosen:
        return _view(version, [Paragraph(_absence(selection))], _filters(version, claims, selection))
    pages = _pages(chosen)
    page = min(page, len(pages) - 1)
    shown = list(enumerate((claim for speaker in pages[page] for claim in speaker.claims), start=1))
    numbers = {claim: number for number, claim in shown}
    blocks: list[Block] = []
    for speaker in pages[page]:
        blocks.append(Heading(_name(version, speaker)))
        blocks += [_statement(version, claim, numbers[claim]) for claim in speaker.claims]
    if len(pages) > 1:
        blocks.append(Paragraph(own("Page {page} of {pages}", page=page + 1, pages=len(pages))))
    opening = [
        Button(own("{number}", number=number), Action(Verb.CONTEXT, version.id, page=claims.index(claim)))
        for number, claim in shown
    ]
    return _view(
        version,
        blocks,
        [*opening, *_turns(version, selection, page, len(pages)), *_filters(version, claims, selection)],
    )


def context_view(version: Version, number: int) -> View:
    """Shows the sentence of one claim, marked, with its neighbouring sentences."""
    claims = version.briefing.claims or ()
    if not 0 <= number < len(claims):
        return claims_view(version)
    sentence = claims[number].sentence
    back = Button(own("Who says what"), _action(version, ALL))
    return _view(version, [Bullet(_in_context(version, sentence))], [back], sentence)


def no_speaker_view(version: Version, words: str) -> View:
    """Says that no speaker has that name, and lists the speakers."""
    found = speakers(version.article, version.briefing.claims or ())
    names = [Bullet(_name(version, speaker)) for speaker in found if speaker.name]
    blocks: list[Block] = [Paragraph(own("No statements by “{words}” in this story.", words=words))]
    if names:
        blocks += [Paragraph(own("Speakers in this story:")), *names[:_MOST_LISTED]]
    return _view(version, blocks, [Button(own("Who says what"), _action(version, ALL))] if names else [])


def _view(
    version: Version,
    blocks: Iterator[Block] | Sequence[Block],
    buttons: Sequence[Button] = (),
    line: Span | None = None,
) -> View:
    shown: list[Button | LinkButton] = [*buttons, *story_buttons(version, line=line)]
    return View((title(version), *blocks), tuple(shown), (version.id,))


def _chosen(version: Version, claims: Sequence[Claim], selection: Selection) -> list[Speaker]:
    found = speakers(version.article, claims)
    if selection.speaker is not None:
        first = claims[selection.speaker] if selection.speaker < len(claims) else None
        return [speaker for speaker in found if first in speaker.claims]
    if selection.only_quotes:
        return speakers(version.article, [claim for claim in claims if claim.quote])
    if selection.stance:
        return speakers(version.article, [claim for claim in claims if claim.stance is selection.stance])
    return found


def _absence(selection: Selection) -> Message:
    if selection.stance:
        return _NOBODY[selection.stance]
    if selection.only_quotes:
        return own("This story has no direct quotations.")
    return own("The article attributes no statements to anyone.")


def _pages(chosen: Sequence[Speaker]) -> list[list[Speaker]]:
    """Divides the speakers' claims into pages of a phone screen. A speaker can continue on the next page."""
    pages: list[list[Speaker]] = [[]]
    room, left = SCREEN, _MOST_ON_PAGE
    for speaker in chosen:
        for claim in speaker.claims:
            length = min(len(_words(claim)), _MOST_CLAIM)
            if pages[-1] and (length > room or not left):
                pages.append([])
                room, left = SCREEN, _MOST_ON_PAGE
            room, left = room - length, left - 1
            if pages[-1] and pages[-1][-1].name == speaker.name:
                pages[-1][-1] = Speaker(speaker.name, (*pages[-1][-1].claims, claim))
            else:
                pages[-1].append(Speaker(speaker.name, (claim,)))
    return pages


def _statement(version: Version, claim: Claim, number: int) -> Statement:
    words = _words(claim)
    target = claim.target if claim.target and not words.covers(claim.target) else None
    names = STANCES | _TOWARDS if target else STANCES
    is_refused = claim.stance is Stance.DENIES and not is_denial(version.article, claim)
    return Statement(
        number,
        _REFUSED if is_refused and not target else names[claim.stance],
        Verbatim(version, words).shortened(_MOST_CLAIM),
        is_quote=claim.quote,
        target=Verbatim(version, target).shortened(_MOST_NAME) if target else None,
        via=Verbatim(version, claim.via).shortened(_MOST_NAME) if claim.via else None,
    )


def _words(claim: Claim) -> Span:
    """Returns the words of a claim: all parts if they are close together, otherwise the first."""
    whole = Span(claim.content[0].start, claim.content[-1].end)
    return whole if len(whole) <= _MOST_CLAIM else claim.content[0]


def _name(version: Version, speaker: Speaker) -> Verbatim | Message:
    if speaker.name is None:
        return own("An unnamed source")
    return Verbatim(version, speaker.name).shortened(_MOST_NAME)


def _in_context(version: Version, sentence: Span) -> Verbatim:
    """Returns the sentence with its neighbours in the paragraph, as many as fit on a screen."""
    block = next((block.span for block in version.article.blocks if block.span.covers(sentence)), sentence)
    inside = [one.span for one in sentences(version.article) if block.covers(one.span)]
    near = [one for one in inside if one.end <= sentence.start][-1:] + [
        one for one in inside if one.start >= sentence.end
    ][:1]
    whole = Span(min([sentence, *near]).start, max([sentence.end, *(one.end for one in near)]))
    if len(whole) > SCREEN:
        whole = sentence
    return Verbatim(version, whole, marked=sentence).shortened(SCREEN)


def _action(version: Version, selection: Selection, page: int = 0) -> Action:
    return Action(Verb.CLAIMS, version.id, ordinal=selection.encode(), page=page)


def _turns(version: Version, selection: Selection, page: int, pages: int) -> list[Button]:
    turns = [Button(own("‹ Back"), _action(version, selection, page - 1))] if page else []
    if page < pages - 1:
        turns.append(Button(own("Next ›"), _action(version, selection, page + 1)))
    return turns


def _filters(version: Version, claims: Sequence[Claim], selection: Selection) -> list[Button]:
    """Returns a button for each other selection that has claims."""
    stances = {claim.stance for claim in claims}
    offered = [
        (own("Who accuses"), Selection(Stance.ACCUSES), Stance.ACCUSES in stances),
        (own("Who denies"), Selection(Stance.DENIES), Stance.DENIES in stances),
        (own("Quotes"), Selection(only_quotes=True), any(claim.quote for claim in claims)),
        (own("Who says what"), ALL, bool(claims)),
    ]
    return [Button(label, _action(version, one)) for label, one, is_there in offered if is_there and one != selection]
