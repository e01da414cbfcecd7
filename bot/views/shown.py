"""Finds the versions that a view shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from bot.views.buttons import Action
from bot.views.model import Verbatim, View


def shown_versions(view: View) -> tuple[str, ...]:
    """Returns the ids of all versions that a view quotes or that its buttons open, each once."""
    return tuple(dict.fromkeys((*view.about, *_versions_in((view.blocks, view.buttons)))))


def _versions_in(part: object) -> Iterator[str]:
    if isinstance(part, Verbatim):
        yield part.version.id
    elif isinstance(part, Action):
        yield part.version
    elif isinstance(part, tuple):
        for one in part:
            yield from _versions_in(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _versions_in(getattr(part, field.name))
