"""Finds the versions that a view shows."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache

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
    else:
        for name in _fields_of(type(part)):  # type: ignore[arg-type]  # every class can be hashed
            yield from _versions_in(getattr(part, name))


@cache
def _fields_of(kind: Hashable) -> tuple[str, ...]:
    """The names of the fields of a dataclass. Other types have none."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
