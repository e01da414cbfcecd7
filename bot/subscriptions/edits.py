"""Changes the settings of a subscription from what a user types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TypeVar

from bot.i18n import LANGUAGE_NAMES, LOCALES, Translator, language_called, listed, own
from bot.subscriptions.model import Mode, Quiet, QuietDays, Role, Schedule, Settings, Subscription, Uncertain
from bot.subscriptions.parsing import (
    LONGEST_WORD,
    SettingRefused,
    is_on,
    listed_words,
    one_zone,
    parse_days,
    parse_hours,
    parse_times,
)
from bot.subscriptions.slots import next_slot
from bot.subscriptions.tags import listed_tags
from bot.subscriptions.value_names import choice_called, values_said
from bot.views.section_names import NAMES
from briefings.model import SectionKind
from briefings.phrases import fold

#: The most stories in a digest, times per day, and words in a list.
MOST_STORIES, MOST_WORDS = 10, 20

#: The sections that a digest can show, by the name that the user types.
SHOWN_SECTIONS = {kind.value: kind for kind in SectionKind if kind not in {SectionKind.OTHER, SectionKind.SUMMARY}}

#: A role's id, alone or as a mention, and perhaps its name.
_ROLE = re.compile(r"(?:<@&)?(?P<id>[0-9]{1,19})>?(?: (?P<name>.*))?")
_LONGEST_ROLE = 100
#: Why the role of everyone is refused.
NOT_EVERYONE = own("I never ping everyone. Choose a role from the list, or “none”.")
_EVERYONE = frozenset({"everyone", "here"})

#: Typed for a language: that of the chat, or of the user's client.
OWN = "own"
_NOTHING = frozenset(
    [
        "",
        *("none", "any", "anything", "all", "everything", "off", "no", "nothing", "-"),
        *("qualsiasi", "tutte", "tutti", "tutto", "nessuno", "nessuna", "niente"),
        *("keine", "keiner", "alle", "alles", "nichts", "aus"),
        *("aucun", "aucune", "tous", "toutes", "tout", "rien"),
        *("ninguno", "ninguna", "todos", "todas", "todo", "nada"),
    ]
)

Choice = TypeVar("Choice", bound=StrEnum)


class Setting(StrEnum):
    """A setting, by the name that the user types after /settings."""

    TIME = "time"
    DAYS = "days"
    ZONE = "zone"
    QUIET = "quiet"
    STORIES = "stories"
    SECTIONS = "sections"
    TAGS = "tags"
    INCLUDE = "include"
    EXCLUDE = "exclude"
    LANGUAGE = "language"
    SILENT = "silent"
    MODE = "mode"
    UNCERTAIN = "uncertain"
    CORRECTIONS = "corrections"
    QUIET_DAYS = "quiet_days"
    ROLE = "role"
    THREAD = "thread"
    PUBLISH = "publish"


#: Settings that only Discord has.
OF_DISCORD = frozenset({Setting.ROLE, Setting.THREAD, Setting.PUBLISH})


def settings_of(platform: str) -> list[Setting]:
    """Returns the settings that subscriptions on a platform have."""
    return [one for one in Setting if platform == "discord" or one not in OF_DISCORD]


def change(subscription: Subscription, setting: Setting, typed: str, now: datetime) -> Subscription:
    """Returns the subscription with one setting changed and the next slot updated.

    Raises:
        SettingRefused: ``typed`` is not a valid value.
        ZoneUnclear: Several time zones match.
    """
    changed = replace(subscription, settings=with_value(subscription.settings, setting, typed, now))
    if setting in {Setting.TIME, Setting.DAYS, Setting.MODE}:
        changed = from_now(changed, now)
    return scheduled(changed)


def with_value(settings: Settings, setting: Setting, typed: str, now: datetime) -> Settings:
    """Returns settings with one of them changed.

    Raises:
        SettingRefused: ``typed`` is not a valid value.
        ZoneUnclear: Several time zones match.
    """
    return _CHANGES[setting](settings, typed.strip(), now)


def scheduled(subscription: Subscription) -> Subscription:
    """Returns the subscription with the time of its next slot."""
    if not has_slots(subscription):
        return replace(subscription, next_due=None)
    slot = next_slot(subscription.settings.schedule, subscription.cursor, subscription.starts)
    return replace(subscription, next_due=slot.at)


def has_slots(subscription: Subscription) -> bool:
    """Returns whether digests are posted: the subscription is active and not only for stories as they arrive."""
    return subscription.paused is None and subscription.settings.mode is not Mode.ARRIVAL


def from_now(subscription: Subscription, now: datetime) -> Subscription:
    """Returns the subscription with all slots before ``now`` skipped."""
    return scheduled(replace(subscription, starts=now))


def mended(subscription: Subscription, now: datetime) -> Subscription:
    """Returns the subscription repaired after a wrong clock has moved it into the future."""
    return from_now(replace(subscription, cursor=None, since=now), now)


def _with_times(settings: Settings, typed: str, _now: datetime) -> Settings:
    return _scheduled(settings, times=parse_times(typed))


def _with_days(settings: Settings, typed: str, _now: datetime) -> Settings:
    return _scheduled(settings, days=parse_days(typed))


def _with_zone(settings: Settings, typed: str, now: datetime) -> Settings:
    return _scheduled(settings, zone=one_zone(typed, now))


def _with_quiet(settings: Settings, typed: str, _now: datetime) -> Settings:
    if typed.lower() in _NOTHING:
        return _scheduled(settings, quiet=None)
    return _scheduled(settings, quiet=Quiet(*parse_hours(typed)))


def _scheduled(settings: Settings, **changed: object) -> Settings:
    values = {name: getattr(settings.schedule, name) for name in ("times", "days", "zone", "quiet")} | changed
    quiet, times = values["quiet"], values["times"]
    refused = [one for one in times if quiet and quiet.covers(one)]
    if refused:
        raise SettingRefused(
            own(
                "{time} is in the quiet hours ({start}–{end}). Change those first, or choose another time.",
                time=refused[0],
                start=quiet.start,
                end=quiet.end,
            )
        )
    return replace(settings, schedule=Schedule(**values))


def _with_stories(settings: Settings, typed: str, _now: datetime) -> Settings:
    if not re.fullmatch(r"0?[1-9]|1[0-9]", typed) or int(typed) > MOST_STORIES:
        raise SettingRefused(own("Write a number of stories from 1 to {most}.", most=MOST_STORIES))
    return replace(settings, stories=int(typed))


def _with_sections(settings: Settings, typed: str, _now: datetime) -> Settings:
    """Returns the sections that the user lists, or the current ones changed by ``+who -what``."""
    names = [] if typed.lower() in _NOTHING else listed_words(typed.lower())
    chosen = list(settings.sections) if names and names[0][0] in "+-" else []
    for name in names:
        kind = _section_names().get(fold(name.lstrip("+-")))
        if kind is None:
            raise SettingRefused(
                own(
                    "“{typed}” is not a section. Choose among {known}, or none.",
                    typed=name[:LONGEST_WORD],
                    known=listed([NAMES[one] for one in SHOWN_SECTIONS.values()]),
                )
            )
        if kind in chosen and name.startswith("-"):
            chosen.remove(kind)
        elif kind not in chosen and not name.startswith("-"):
            chosen.append(kind)
    return replace(settings, sections=tuple(chosen))


@cache
def _section_names() -> Mapping[str, SectionKind]:
    """Returns the sections by their folded names, also those that buttons show in the bot's languages."""
    said = {fold(Translator(one).say(NAMES[kind])): kind for one in LOCALES for kind in SHOWN_SECTIONS.values()}
    return said | SHOWN_SECTIONS


def _words(typed: str) -> tuple[str, ...]:
    return () if typed.lower() in _NOTHING else _as_words(listed_words(typed))


def _as_words(parts: Iterable[str]) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(" ".join(part.split())[:LONGEST_WORD] for part in parts if part.strip()))
    if not words or len(words) > MOST_WORDS:
        raise SettingRefused(own("Write 1 to {most} words, separated by commas, or “none”.", most=MOST_WORDS))
    return words


def _with_tags(settings: Settings, typed: str, _now: datetime) -> Settings:
    """Returns the tags that the user lists, or the current ones changed by ``+#politics`` or ``-#politics``."""
    sign = typed[:1]
    tags = _as_words(listed_tags(typed)) if "#" in typed else _words(typed)
    if sign not in {"+", "-"} or "#" not in typed:
        return replace(settings, tags=tags)
    others = tuple(one for one in settings.tags if one not in tags)
    return replace(settings, tags=others if sign == "-" else _as_words((*others, *tags)))


def _with_language(settings: Settings, typed: str, _now: datetime) -> Settings:
    if typed.lower() in _NOTHING | {OWN}:
        return replace(settings, language=None)
    code = language_called(typed)
    if code is None:
        known = ", ".join(LANGUAGE_NAMES[one] for one in LOCALES)
        raise SettingRefused(own("I speak {known}. Write one of these.", known=known))
    return replace(settings, language=code)


def _with_role(settings: Settings, typed: str, _now: datetime) -> Settings:
    """Returns the settings with a role as clients write it: its id, alone or as a mention, and its name if known."""
    if typed.lower() in _NOTHING:
        return replace(settings, role=None)
    if typed.removeprefix("@").lower() in _EVERYONE:
        raise SettingRefused(NOT_EVERYONE)
    found = _ROLE.fullmatch(typed)
    if found is None:
        raise SettingRefused(own("Choose a role from the list, or “none”."))
    return replace(settings, role=Role(found["id"], (found["name"] or "")[:_LONGEST_ROLE]))


def _one_of(choices: type[Choice], typed: str) -> Choice:
    found = choice_called(choices, typed)
    if found is None:
        raise SettingRefused(own("Choose one of: {known}.", known=values_said(choices)))
    return found


_Change = Callable[[Settings, str, datetime], Settings]
_CHANGES: dict[Setting, _Change] = {
    Setting.TIME: _with_times,
    Setting.DAYS: _with_days,
    Setting.ZONE: _with_zone,
    Setting.QUIET: _with_quiet,
    Setting.STORIES: _with_stories,
    Setting.SECTIONS: _with_sections,
    Setting.TAGS: _with_tags,
    Setting.INCLUDE: lambda settings, typed, _: replace(settings, include=_words(typed)),
    Setting.EXCLUDE: lambda settings, typed, _: replace(settings, exclude=_words(typed)),
    Setting.LANGUAGE: _with_language,
    Setting.SILENT: lambda settings, typed, _: replace(settings, silent=is_on(typed)),
    Setting.MODE: lambda settings, typed, _: replace(settings, mode=_one_of(Mode, typed)),
    Setting.UNCERTAIN: lambda settings, typed, _: replace(settings, uncertain=_one_of(Uncertain, typed)),
    Setting.CORRECTIONS: lambda settings, typed, _: replace(settings, corrections=is_on(typed)),
    Setting.QUIET_DAYS: lambda settings, typed, _: replace(settings, quiet_days=_one_of(QuietDays, typed)),
    Setting.ROLE: _with_role,
    Setting.THREAD: lambda settings, typed, _: replace(settings, thread=is_on(typed)),
    Setting.PUBLISH: lambda settings, typed, _: replace(settings, publish=is_on(typed)),
}
