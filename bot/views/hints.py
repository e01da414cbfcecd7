"""Commands that people can type instead of pressing a button."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.views.model import Paragraph, View


@dataclass(frozen=True, slots=True)
class Hint(Paragraph):
    """A command to type. It works in the chat that the answer is about, on platforms where commands are text."""


def without_hints(view: View) -> View:
    """Returns the view without its hints, for answers that are shown elsewhere and for commands that are forms."""
    return replace(view, blocks=tuple(one for one in view.blocks if not isinstance(one, Hint)))
