"""Shows a Discord message, from the components that are sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from bot.i18n import Translator
from bot.platforms.discord.posts import Draft, drafts
from bot.views.model import View
from bot.web.previews.markdown import markdown
from bot.web.previews.parts import keys, picture

#: Types of components: https://docs.discord.com/developers/components/reference#component-object-component-types
_ROW, _BUTTON, _SECTION, _TEXT, _THUMBNAIL, _LINE, _CARD = 1, 2, 9, 10, 11, 14, 17


def preview(payload: str) -> Markup:
    """Returns the message.

    Raises:
        ValueError: The payload is no message.
    """
    return _message(Draft.read(payload))


def preview_view(view: View, translator: Translator) -> Markup:
    """Returns the messages of a view."""
    return Markup().join(map(_message, drafts(view, translator)))


def _message(draft: Draft) -> Markup:
    from bot.platforms.discord.layout import components_of  # slow to import, and other platforms do not need it

    components: Sequence[Mapping[str, Any]] = components_of(draft, "…")
    shown = _all(json.loads(json.dumps(components)))
    silent = Markup('<p class="note">Sent without a sound.</p>') if draft.silent else Markup()
    return Markup('<div class="message discord">{}</div>{}').format(shown, silent)


def _all(components: Sequence[Mapping[str, Any]]) -> Markup:
    return Markup().join(_SHOWN.get(int(one["type"]), _nothing)(one) for one in components)


def _card(one: Mapping[str, Any]) -> Markup:
    return Markup('<div class="card">{}</div>').format(_all(one["components"]))


def _section(one: Mapping[str, Any]) -> Markup:
    accessory = _all([one["accessory"]])
    return Markup('<div class="section"><div>{}</div>{}</div>').format(_all(one["components"]), accessory)


def _text(one: Mapping[str, Any]) -> Markup:
    return Markup('<div class="text">{}</div>').format(markdown(one["content"]))


def _thumbnail(one: Mapping[str, Any]) -> Markup:
    return picture(one["media"]["url"])


def _line(_: Mapping[str, Any]) -> Markup:
    return Markup("<hr>")


def _row(one: Mapping[str, Any]) -> Markup:
    inside: Sequence[Mapping[str, Any]] = one["components"]
    if inside[0]["type"] != _BUTTON:
        options = Markup().join(Markup("<li>{}</li>").format(each["label"]) for each in inside[0].get("options", ()))
        return Markup('<div class="select">List of choices<ul>{}</ul></div>').format(options)
    return keys([[(found["label"], found.get("url") or "") for found in inside]])


def _nothing(_: Mapping[str, Any]) -> Markup:
    return Markup()


_SHOWN: dict[int, Callable[[Mapping[str, Any]], Markup]] = {
    _ROW: _row,
    _SECTION: _section,
    _TEXT: _text,
    _THUMBNAIL: _thumbnail,
    _LINE: _line,
    _CARD: _card,
}
