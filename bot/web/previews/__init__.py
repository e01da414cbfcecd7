"""Shows posts as their platforms show them, from the payload that is sent."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from bot.i18n import Translator
from bot.platforms.console.render import ConsolePosts, read_post
from bot.views.model import View
from bot.web.previews import discord, telegram


def preview(platform: str, payload: str) -> Markup | None:
    """Returns a payload as HTML, or None if this version cannot read it."""
    show = _PREVIEWS.get(platform, _plain)
    try:
        return show(payload)
    except (ValueError, KeyError, TypeError):
        return None


def preview_view(platform: str, view: View, translator: Translator) -> Markup:
    """Returns a view as HTML, as the platform would show it. It can be several messages."""
    draw = _VIEWS.get(platform, _plain_view)
    return draw(view, translator)


def _plain_view(view: View, translator: Translator) -> Markup:
    return _plain(ConsolePosts().payload(view, translator, silent=False))


def _plain(payload: str) -> Markup:
    """Returns a post for the terminal."""
    text, buttons = read_post(payload)
    labels = Markup().join(Markup('<span class="key">{}</span>').format(label) for label, _ in buttons)
    return Markup('<div class="message console"><pre>{}</pre><div class="keys">{}</div></div>').format(text, labels)


_PREVIEWS: dict[str, Callable[[str], Markup]] = {"telegram": telegram.preview, "discord": discord.preview}
_VIEWS: dict[str, Callable[[View, Translator], Markup]] = {
    "telegram": telegram.preview_view,
    "discord": discord.preview_view,
}
