"""A draft as the components of a message, and the custom ids by which they are known when they are pressed."""

from __future__ import annotations

from typing import Any

from discord import ButtonStyle, SelectOption
from discord.ui import ActionRow, Button, Container, LayoutView, Select, TextDisplay

from bot.platforms.discord.posts import Draft
from bot.views.layout import Key
from briefings.caches import text_cache

#: The list of choices; what is chosen is the data of a button.
PICK = "pick"
#: A button that asks for a value to be written: ``write|subscription|setting``.
WRITE = "write"
_MOST_LABEL = 80
#: Cards that are kept, since many people ask for the same.
_KEPT = 500


def layout(draft: Draft, hint: str) -> LayoutView:
    """The components of a message.

    Args:
        hint: What stands on a list before anything is chosen.
    """
    view = LayoutView(timeout=None)
    card: Container[LayoutView] = Container(TextDisplay(draft.text))
    for row in draft.buttons:
        card.add_item(ActionRow(*map(_button, row)))
    if draft.choices:
        options = [SelectOption(label=key.label[:_MOST_LABEL], value=key.data) for key in draft.choices]
        card.add_item(ActionRow(Select(custom_id=PICK, placeholder=hint, options=options)))
    view.add_item(card)
    view.stop()  # discord.py need not remember it: what is pressed says by itself what it is
    return view


@text_cache(_KEPT)
def components_of(draft: Draft, hint: str) -> list[dict[str, Any]]:
    """The components of a message, as Discord takes them; they are not to be changed."""
    found: list[dict[str, Any]] = layout(draft, hint).to_components()  # type: ignore[no-untyped-call]  # it has no types
    return found


def _button(key: Key) -> Button[LayoutView]:
    if key.url:
        return Button(label=key.label[:_MOST_LABEL], url=key.url)
    return Button(label=key.label[:_MOST_LABEL], custom_id=key.data, style=ButtonStyle.secondary)
