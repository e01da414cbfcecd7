"""Groups of commands in whose help no type stands beside a flag, which takes no value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class _Command(TyperCommand):
    def get_params(self, ctx: Any) -> list[Any]:
        return _without_types_of_flags(super().get_params(ctx))


class _Group(TyperGroup):
    def get_params(self, ctx: Any) -> list[Any]:
        return _without_types_of_flags(super().get_params(ctx))


class Commands(typer.Typer):
    """A group of commands. Options are those of `typer.Typer`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(cls=_Group, no_args_is_help=True, **options)

    def command(self, name: str | None = None, **options: Any) -> Callable[[Any], Any]:
        """Makes a function a command of the group."""
        return super().command(name, cls=_Command, **options)


def _without_types_of_flags(parameters: Iterable[Any]) -> list[Any]:
    found = list(parameters)
    for one in found:
        if getattr(one, "is_flag", False):
            one.metavar = ""  # otherwise the help shows <bool>
    return found
