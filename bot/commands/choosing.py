"""Reads which of a chat's subscriptions a user means: "2", "1 and 3", "the second", "9:00", "all"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.commands.numbers import number_in
from bot.subscriptions.model import Subscription
from bot.subscriptions.parsing import SettingRefused, parse_times
from bot.subscriptions.pause_ends import pause_end
from bot.views.buttons import ALL

_ALL = frozenset({ALL, "both", "tutti", "tutte", "entrambe", "alle", "beide", "tous", "toutes", "todos", "todas"})
_NUMBERS = re.compile(r"#?\d{1,2}\.?(?:(?:\s?,\s?|\s)(?:(?:and|e|und|et|y|&)\s)?#?\d{1,2}\.?)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The subscriptions that were chosen, in their order. None of them: the words are not clear.

    Attributes:
        unknown: A number that no subscription has, or 0.
    """

    subscriptions: tuple[Subscription, ...]
    unknown: int = 0


def chosen(known: Sequence[Subscription], words: str) -> Chosen:
    """Returns the subscriptions that ``words`` select. Without words, the only one is meant."""
    wanted = " ".join(words.lower().split())
    if wanted in _ALL or (len(known) == 1 and not wanted):
        return Chosen(tuple(known))
    if numbers := _numbers(wanted):
        unknown = [one for one in numbers if not 0 < one <= len(known)]
        return Chosen((), unknown[0]) if unknown else Chosen(tuple(known[one - 1] for one in sorted(set(numbers))))
    at_times = _at_times(known, wanted) if wanted else []
    return Chosen(tuple(at_times) if len(at_times) == 1 else ())


def chosen_until(known: Sequence[Subscription], words: str, now: datetime) -> tuple[Chosen, datetime | None]:
    """Returns the subscriptions that are to be paused, and the end of the pause: ``2 until monday``, ``for 2 weeks``.

    The end is None if the words tell none. Without other words, all subscriptions are meant.
    """
    meant = chosen(known, words or ALL)
    if meant.subscriptions or not known:
        return meant, None
    number, rest = leading_number(words)
    for which, ending in ((str(number), rest), (ALL, words)) if number and rest else ((ALL, words),):
        found = chosen(known, which)
        if found.subscriptions and not meant.unknown:
            end = pause_end(ending, now, found.subscriptions[0].settings.schedule.tz)
            if end:
                return found, end
    return meant, None


def leading_number(words: str) -> tuple[int, str]:
    """Returns the number at the start of ``words``, or 0, and the rest."""
    match = re.match(r"#?(\d{1,2})\.?(?:\s+|$)", words)
    return (int(match[1]), words[match.end() :]) if match else (0, words)


def _numbers(words: str) -> list[int]:
    if _NUMBERS.fullmatch(words):
        return [int(one) for one in re.findall(r"\d+", words)]
    found = number_in(words)
    return [found[1]] if found and not found[0] else []


def _at_times(known: Sequence[Subscription], words: str) -> list[Subscription]:
    try:
        times = parse_times(words)
    except SettingRefused:
        return []
    return [one for one in known if one.settings.schedule.times == times]
