"""A cache of rendered answers, the same for every platform."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.i18n import Translator
from bot.views.model import View
from briefings.caches import text_cache

_CACHED = 500

Draft = TypeVar("Draft")


def cached_answers(
    drafts: Callable[[View, Translator], Sequence[Draft]],
) -> Callable[[View, str], tuple[Draft, ...]]:
    """Returns a function that renders a view in a language with ``drafts``.

    Answers about stories are cached, since many chats ask for the same ones.
    """

    def render(view: View, locale: str) -> tuple[Draft, ...]:
        return tuple(drafts(view, Translator(locale)))

    cached = text_cache(_CACHED)(render)

    def answer(view: View, locale: str) -> tuple[Draft, ...]:
        return cached(view, locale) if view.about else render(view, locale)

    return answer
