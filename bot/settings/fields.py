"""Types of settings. Each parses one value, or says what to write instead."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    WithJsonSchema,
)

from bot.i18n import LOCALES
from bot.subscriptions.parsing import SettingRefused, parse_days, parse_times
from briefings.errors import AddressInvalid
from briefings.fetching.address import checked_url, parse_endpoint

_TOKEN = re.compile(r"^\d{3,}:[\w-]{30,}")


_DISCORD_TOKEN = re.compile(r"^[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}")


_ID = re.compile(r"^[a-z]+:[^\s:]+$")


def _locale(value: object) -> object:
    if value not in LOCALES:
        raise ValueError(f"write one of {', '.join(LOCALES)}")
    return value


def _zone(value: object) -> object:
    if not isinstance(value, str) or value not in available_timezones():
        raise ValueError("write the name of a time zone, such as Europe/Rome or America/New_York")
    return value


def _platform_id(value: object) -> object:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError("write a platform and an id, such as telegram:123456789")
    return value


def _moment(value: object) -> object:
    if isinstance(value, time):
        return value
    try:
        [moment] = parse_times(str(value))
    except (SettingRefused, ValueError) as error:
        raise ValueError('write one time of the day, in quotes or not, such as "08:00"') from error
    return moment


def _weekday(value: object) -> object:
    if type(value) is int and value in range(7):
        return value  # the default value
    try:
        [day] = parse_days(str(value))
    except (SettingRefused, ValueError) as error:
        raise ValueError("write one day of the week, such as monday or mon") from error
    return day


def weekdays(value: object) -> object:
    """Parses days such as ``[mon-fri]`` and ``[weekend]``. Numbers are refused: weeks begin on different days."""
    if not isinstance(value, list):
        return value
    days: list[object] = []
    for one in value:
        try:
            days += sorted(parse_days(one)) if isinstance(one, str) else [str(one)]
        except SettingRefused:
            days.append(one)
    return days


Locale = Annotated[str, BeforeValidator(_locale), Field(json_schema_extra={"enum": list(LOCALES)})]


Zone = Annotated[str, BeforeValidator(_zone)]


PlatformId = Annotated[str, BeforeValidator(_platform_id), Field(pattern=_ID.pattern)]


TimeOfDay = Annotated[time, BeforeValidator(_moment), WithJsonSchema({"type": "string", "examples": ["08:00"]})]


Weekday = Annotated[int, BeforeValidator(_weekday), WithJsonSchema({"type": "string", "examples": ["mon"]})]


def telegram_token(value: SecretStr) -> SecretStr:
    """Refuses a value that is not a Telegram token, without showing it."""
    if not _TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("that is no token; BotFather gives one such as 123456789:AAF0…")
    return value


def discord_token(value: SecretStr) -> SecretStr:
    """Refuses a value that is not a Discord token, without showing it."""
    if not _DISCORD_TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("that is no token; the developer portal gives one, on the page Bot: Reset Token")
    return value


def _web_address(value: object) -> object:
    try:
        return checked_url(value) if isinstance(value, str) else value
    except AddressInvalid as error:
        raise ValueError("write an http(s) address, such as https://www.example.org/feed") from error


def _endpoint(value: object) -> object:
    try:
        parse_endpoint(str(value))
    except ValueError as error:
        raise ValueError("write an IP address and a port, such as 192.168.1.5:8080") from error
    return value


WebAddress = Annotated[str, BeforeValidator(_web_address)]


Endpoint = Annotated[str, BeforeValidator(_endpoint)]
