"""Builds the components of a message, and their custom ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from discord import ButtonStyle, SelectOption
from discord.ui import (
    ActionRow,
    Button,
    Container,
    Item,
    LayoutView,
    Section,
    Select,
    Separator,
    TextDisplay,
    Thumbnail,
)

from bot.platforms.discord.posts import Draft
from bot.views.layout import Key
from briefings.caches import text_cache

#: The custom id of the select. Its values are custom ids of buttons.
PICK = "pick"
#: The prefix of a button that opens a modal: ``write|subscription|setting``.
WRITE = "write"
_MOST_LABEL = 80
#: The colour at the edge of every message.
_ACCENT = 0x1D5FA8
#: The number of cached messages.
_KEPT = 500


def layout(draft: Draft, hint: str) -> LayoutView:
    """The components of a message.

    Args:
        hint: The placeholder of a select.
    """
    view = LayoutView(timeout=None)
    card: Container[LayoutView] = Container(*_texts(draft), accent_colour=_ACCENT)
    for row in draft.buttons:
        card.add_item(ActionRow(*map(_button, row)))
    if draft.choices:
        options = [SelectOption(label=key.label[:_MOST_LABEL], value=key.data) for key in draft.choices]
        card.add_item(ActionRow(Select(custom_id=PICK, placeholder=hint, options=options)))
    view.add_item(card)
    view.stop()  # discord.py need not remember the view: custom ids say what was pressed
    return view


def _texts(draft: Draft) -> Iterator[Item[LayoutView]]:
    """The heading, and the parts of the text with lines between them."""
    if draft.heading:
        yield TextDisplay(draft.heading)
    for place, part in enumerate(draft.parts):
        if place or (draft.heading and part.picture):
            yield Separator()
        words: TextDisplay[LayoutView] = TextDisplay(part.text)
        yield Section(words, accessory=Thumbnail(part.picture)) if part.picture else words


@text_cache(_KEPT)
def components_of(draft: Draft, hint: str) -> list[dict[str, Any]]:
    """The components as JSON for Discord. Callers must not change them."""
    found: list[dict[str, Any]] = layout(draft, hint).to_components()  # type: ignore[no-untyped-call]  # it has no types
    return found


def _button(key: Key) -> Button[LayoutView]:
    if key.url:
        return Button(label=key.label[:_MOST_LABEL], url=key.url)
    return Button(label=key.label[:_MOST_LABEL], custom_id=key.data, style=ButtonStyle.secondary)
