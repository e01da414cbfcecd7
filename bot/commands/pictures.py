"""The command that draws a story as a picture."""

from __future__ import annotations

from bot.answers.pictures import card_of, card_view, no_card_view
from bot.commands.context import Context, Request
from bot.i18n import Translator, supported_locale
from bot.pictures.drawing import draw
from bot.views.model import View
from briefings.model import Version


async def card(context: Context, request: Request, words: str) -> View:
    """Returns the picture of the story that the words name."""
    found = await context.story(request, words)
    return found if isinstance(found, View) else await drawn(context, request, found)


async def drawn(context: Context, request: Request, version: Version) -> View:
    """Returns the picture of a story, drawn in a worker."""
    translator = Translator(await _language(context, request))
    picture = await context.workers.run(draw, card_of(version, translator))
    return card_view(version, picture) if picture else no_card_view(version)


async def _language(context: Context, request: Request) -> str:
    chosen = await context.chats.language(request.where)
    own_language = supported_locale(request.locale) if request.is_private else None
    return chosen or own_language or context.policies.language
