"""Values of which several can be chosen at once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.i18n import Message


@dataclass(frozen=True, slots=True)
class Option:
    """One of several values, as it is typed and as it is shown."""

    value: str
    label: Message
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SeveralOf:
    """Values of which several can be chosen at once. Platforms without such lists show the view's buttons instead.

    Attributes:
        about: The subscription and the setting, as ``7|days``.
        least: How many have to be chosen.
        replaces_buttons: Whether the view's buttons say nothing more than these values.
    """

    about: str
    options: tuple[Option, ...]
    least: int
    replaces_buttons: bool = False
