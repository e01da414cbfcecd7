"""Refuses what no subscription does: one post only, posts every hour, posts between two hours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time, timedelta

from bot.i18n import own
from bot.i18n.day_parts import without_hour
from bot.subscriptions.model import Mode
from bot.subscriptions.parsing import MOST_TIMES, SettingRefused, is_time, not_a_time, parse_times
from bot.subscriptions.value_names import MODES

_CLOCK = r"\d{1,2}(?:[:.h]\d\d)?(?:h|[ap]m)?"
#: The beginning and the end of hours: "22:00-6:00", "from 22:00 to 6:00".
_SPAN = re.compile(
    rf"{_CLOCK}[-–—]{_CLOCK}(?!\S)"
    rf"|(?:from|between|dalle|tra|fra|von|zwischen|entre|desde|de)\s{_CLOCK}\s"
    rf"(?:(?:to|and|until|till|a|à|e|et|y|und|bis|hasta)\s)?{_CLOCK}(?!\S)",
    re.IGNORECASE,
)
_SOON = re.compile(
    r"\b(?:in|tra|fra|dans|en)\s"
    r"(?P<count>\d{1,3}|half an|an?|one|mezz|un[ao]?|une demi|une|einer halben|einer?|media)[\s'’-]"
    r"(?P<unit>min\w*|hours?|h|or[ae]|stunden?|heures?|horas?)\b",
    re.IGNORECASE,
)
_HALVES = frozenset({"half an", "mezz", "une demi", "einer halben", "media"})
_SEVERAL = r"(?:(?:\d{1,3}|two|three|four|six|due|tre|quattro|sei|deux|trois|quatre|six|dos|tres|cuatro|seis)\s)?"
_OFTEN = re.compile(
    rf"\b(?:every|ogni|jede|toutes les|cada)\s{_SEVERAL}(?:min\w*|hours?|or[ae]|stunde|heures?|horas?)\b"
    r"|\balle\s(?:\d{1,3}|zwei|drei|vier|sechs)\s(?:min\w*|stunden)\b|\bhourly\b|\bstündlich\b",
    re.IGNORECASE,
)
_TIMES_A_DAY = re.compile(
    r"\b(?:twice|(?:two|three|four|\d{1,2}) times)\s(?:a|per)\sday\b|\bvolte al giorno\b|\bmal (?:am|pro) tag\b"
    r"|\b(?:zwei|drei|vier)mal (?:am tag|täglich)\b|\bfois par jour\b|\bveces al día\b",
    re.IGNORECASE,
)
_ONCE = frozenset(
    [
        *("now", "once", "soon", "today", "tonight", "tomorrow", "adesso", "subito", "oggi", "domani"),
        *("jetzt", "einmal", "heute", "morgen", "maintenant", "aujourd'hui", "demain", "ahora", "hoy", "mañana"),
    ]
)


class Once(Exception):
    """The user wants one post, at a time of the day or in ``delay``. Subscriptions post again and again."""

    def __init__(self, delay: timedelta, at: time | None = None) -> None:
        super().__init__(delay, at)
        self.delay = delay
        self.at = at


def refuse_often(words: str) -> None:
    """Refuses posts every hour, and posts "twice a day", which need their times.

    Raises:
        SettingRefused: The words ask for them.
    """
    if _OFTEN.search(words):
        said = own(
            "I post at up to {most} times of the day. To get each story soon, choose the mode “{arrival}”.",
            most=MOST_TIMES,
            arrival=MODES[Mode.ARRIVAL],
        )
        raise SettingRefused(said)
    if _TIMES_A_DAY.search(words):
        raise SettingRefused(own("Write 1 to {most} times of the day, such as 7:30 20:00.", most=MOST_TIMES))


def refuse_soon(words: str) -> None:
    """Refuses a post in some minutes or hours.

    Raises:
        Once: The words ask for it.
    """
    if soon := _SOON.search(words):
        count = int(soon["count"]) if soon["count"].isdecimal() else 1
        unit = timedelta(minutes=1) if soon["unit"].lower().startswith("min") else timedelta(hours=1)
        raise Once(unit / 2 if soon["count"].lower() in _HALVES else count * unit)


def refuse_once(words: str) -> None:
    """Refuses words for one post. Times are digits here: "once" in "a las once" is eleven in Spanish.

    Raises:
        Once: The words ask for one post.
    """
    typed = words.lower().split()
    if not _ONCE.isdisjoint(typed):
        at = next((parse_times(word)[0] for word in typed if is_time(word)), None)
        raise Once(timedelta(0), at)


def refuse_without_hour(words: str) -> None:
    """Refuses words for a time that no clock shows, such as "sunrise". Beside a time they are part of a place's name.

    Raises:
        SettingRefused: The words have one, and no time.
    """
    if (found := without_hour(words)) and not any(is_time(word.strip(",")) for word in words.split()):
        raise not_a_time(found)


def refuse_hours(tokens: Sequence[str]) -> None:
    """Refuses the beginning and the end of hours that stand for the times of posts.

    Raises:
        SettingRefused: The first words are such hours.
    """
    if hours := _SPAN.match(" ".join(tokens[:4])):
        raise SettingRefused(
            own(
                "“{hours}” are hours. Write the times of the posts, such as 8:00 20:00. For hours without posts, write:"
                " quiet {hours}.",
                hours="-".join(re.findall(_CLOCK, hours[0], re.IGNORECASE)),
            )
        )
