"""Handlers of `/claims` and `/quotes`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.claims import claims_view, no_speaker_view
from bot.commands.context import Context, Request
from bot.views.model import View
from bot.views.selection import ALL, Selection
from briefings.analysis.speakers import named_speakers
from briefings.languages.stances import asking_words, stance_words
from briefings.model import Stance, Version
from briefings.phrases import fold


async def claims(context: Context, request: Request, words: str) -> View:
    """Returns who says what: all claims, those of one speaker, or those of one stance ("who denies")."""
    asked = fold(words).split()
    stance = _stance(asked)
    if stance:
        return await _of_story(context, request, "", Selection(stance))
    return await _of_somebody(context, request, words) if asked else await _of_story(context, request, "", ALL)


async def quotes(context: Context, request: Request, words: str) -> View:
    """Returns the direct quotations with their speakers."""
    return await _of_story(context, request, words, Selection(only_quotes=True))


def _stance(asked: list[str]) -> Stance | None:
    """Returns the stance that the words ask for, or None if they contain anything else."""
    meant = {stance_words()[word] for word in asked if word in stance_words()}
    others = [word for word in asked if word not in stance_words() and word not in asking_words()]
    return meant.pop() if len(meant) == 1 and not others else None


async def _of_story(context: Context, request: Request, words: str, selection: Selection) -> View:
    found = await context.story(request, words)
    return found if isinstance(found, View) else await context.drawn(claims_view, found, selection)


async def _of_somebody(context: Context, request: Request, words: str) -> View:
    """Returns a speaker's claims in the current story, or else all claims of the story that the words name."""
    current = await _at_hand(context, request)
    selection = await context.library.read_from(_speaker, [current], words) if current else None
    if current is not None and selection is not None:
        return await context.drawn(claims_view, current, selection)
    if current is not None and not await context.library.titled(context.viewer(request), words) and not words.isdigit():
        return no_speaker_view(current, words)
    return await _of_story(context, request, words, ALL)


async def _at_hand(context: Context, request: Request) -> Version | None:
    """Returns the story that the request replies to, or else the one last shown."""
    if not request.about:
        return await context.current(request)
    found = await context.story(request, "")
    return None if isinstance(found, View) else found


def _speaker(versions: Sequence[Version], words: str) -> Selection | None:
    """Returns the first speaker of the story that the words name."""
    [version] = versions
    claims = version.briefing.claims or ()
    found = named_speakers(version.briefing, words)
    return Selection(speaker=claims.index(found[0].claims[0])) if found else None
