"""The names of values: the labels of their buttons, and the words with which they can be typed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import TypeVar

from bot.i18n import LOCALES, Message, Translator, listed, own
from bot.i18n.typed_words import typed_words
from bot.subscriptions.model import Mode, QuietDays, Uncertain
from briefings.phrases import fold

MODES: dict[StrEnum, Message] = {
    Mode.DIGEST: own("as a digest"),
    Mode.ARRIVAL: own("as it arrives"),
    Mode.BOTH: own("as it arrives, and a digest"),
}
POLICIES: dict[StrEnum, Message] = {Uncertain.HOLD: own("hold"), Uncertain.RESEND: own("send again")}
QUIET_DAYS: dict[StrEnum, Message] = {QuietDays.SAY: own("say so"), QuietDays.SKIP: own("skip")}
_NAMES: dict[type[StrEnum], Mapping[StrEnum, Message]] = {Mode: MODES, Uncertain: POLICIES, QuietDays: QUIET_DAYS}

Choice = TypeVar("Choice", bound=StrEnum)


def choice_called(choices: type[Choice], typed: str) -> Choice | None:
    """Returns the value with a name, in any of the bot's languages, or None."""
    found = _called(choices).get(fold(typed))
    return choices(found) if found is not None else None


@cache
def _called(choices: type[StrEnum]) -> Mapping[str, str]:
    labels = {fold(Translator(one).say(said)): value for one in LOCALES for value, said in _NAMES[choices].items()}
    words = {word: value for word, value in typed_words("values").items() if value in set(choices)}
    return words | labels | {fold(value): value for value in choices}


def values_said(choices: type[StrEnum]) -> Message:
    """Returns all values of a setting, as their buttons are labelled."""
    return listed([*_NAMES[choices].values()])
