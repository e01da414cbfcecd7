"""Questions of `nutgraf init`, each asked again until the answer can be used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.cli.common import print_error
from bot.runtime.clock import clock
from bot.runtime.terminal import prompt
from bot.settings.fields import Zone
from bot.subscriptions.zones import find_zones

_MOST_ZONES = 5
_EMPTY = "That is empty. Write an answer, or stop with Ctrl-C."
_PLATFORMS = ("telegram", "discord")


def ask(question: str, read: Callable[[str], str | None], *, default: str | None = None, hidden: bool = False) -> str:
    """Asks until ``read`` accepts the answer. ``read`` returns what is wrong with it, or None.

    Args:
        default: The answer that an empty line stands for. Without it, an empty line is no answer.
    """
    while True:
        answer = prompt(question, default=default, hidden=hidden).strip()
        wrong = _EMPTY if not answer and default is None else read(answer)
        if wrong is None:
            return answer
        print_error(wrong)


def ask_platforms() -> list[str]:
    """Asks on which platforms the bot is to run."""
    answers = {**{one: [one] for one in _PLATFORMS}, "both": list(_PLATFORMS), "none": []}
    return answers[ask_choice("Where should the bot run", tuple(answers), default="both")]


def ask_choice(question: str, choices: Sequence[str], *, default: str | None = None) -> str:
    """Asks for one of several words."""
    named = ", ".join(choices)
    # A member of an enumeration as the default would be asked for in typer's own words, too.
    plain = None if default is None else str(default)
    return ask(f"{question} ({named})", lambda answer: _not_among(answer, choices, named), default=plain)


def read_zone(typed: str) -> tuple[str, str | None]:
    """Returns the time zone that an answer names, by its own name or by that of a city, and what is wrong with it."""
    wrong = mistake(typed, Zone)
    if wrong is None:
        return typed, None
    zones = find_zones(typed, clock())
    if zones.is_clear and len(zones.names) == 1:
        return zones.names[0], None
    if zones.names:
        return "", f"{typed} can mean {' or '.join(zones.names[:_MOST_ZONES])}. Write its name in full."
    return "", wrong


def ask_list(question: str, kind: Any) -> tuple[str, ...]:
    """Asks for any number of values of a setting's type, with spaces between them; an empty answer is none."""

    def read(answer: str) -> str | None:
        return next((wrong for one in answer.split() if (wrong := mistake(one, kind))), None)

    return tuple(ask(question, read, default="").split())


def mistake(value: object, kind: Any) -> str | None:
    """Returns what is wrong with the value of a setting and what to write instead, or None."""
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        said = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        return f"That cannot be used: {said}."
    return None


def _not_among(answer: str, choices: Sequence[str], named: str) -> str | None:
    return None if answer in choices else f"Write one of {named}."
