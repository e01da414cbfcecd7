"""Builds the components of a message, and their custom ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from discord import AllowedMentions, ButtonStyle, MediaGalleryItem, Object, SelectOption
from discord.abc import Snowflake
from discord.ui import (
    ActionRow,
    Button,
    Container,
    Item,
    LayoutView,
    MediaGallery,
    RoleSelect,
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
    if draft.attached:
        name, description = draft.attached
        card.add_item(MediaGallery(MediaGalleryItem(f"attachment://{name}", description=description)))
    for row in draft.buttons:
        card.add_item(ActionRow(*map(_button, row)))
    if draft.choices:
        options = [SelectOption(label=key.label[:_MOST_LABEL], value=key.data) for key in draft.choices]
        card.add_item(ActionRow(Select(custom_id=PICK, placeholder=hint, options=options)))
    for chosen in _lists(draft, hint):
        card.add_item(ActionRow(chosen))
    if draft.ping:
        view.add_item(TextDisplay(draft.ping))
    view.add_item(card)
    view.stop()  # discord.py need not remember the view: custom ids say what was pressed
    return view


def allowed_mentions(draft: Draft) -> AllowedMentions:
    """Pings the role of the draft, and nobody else."""
    if not draft.role:
        return AllowedMentions.none()
    roles: list[Snowflake] = [Object(int(draft.role))]
    return AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)


def _lists(draft: Draft, hint: str) -> Iterator[Select[LayoutView] | RoleSelect[LayoutView]]:
    """The lists of values and of roles."""
    if several := draft.several:
        options = [SelectOption(label=one.label, value=one.value, default=one.is_chosen) for one in several.options]
        least, most = several.least, len(options)
        custom_id = several.custom_id
        yield Select(custom_id=custom_id, placeholder=hint, min_values=least, max_values=most, options=options)
    if draft.roles:
        yield RoleSelect(custom_id=draft.roles, placeholder=hint, min_values=0)


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
