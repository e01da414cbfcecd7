"""Views as people read them."""

from __future__ import annotations

from bot.i18n import Translator
from bot.platforms.console.render import ConsoleRenderer, as_text
from bot.views.model import View


def said(view: View, locale: str = "en") -> str:
    """What a person reads, buttons included."""
    return as_text(ConsoleRenderer().render(view, Translator(locale)), 1000)
