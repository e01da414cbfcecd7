"""Translates the bot's messages.

A message is written in English where it is used. ``locale/xx/LC_MESSAGES/nutgraf.po`` has its translations. The
catalogues are read directly, without a compile step.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO

DOMAIN = "nutgraf"
#: The supported languages. All except English have a catalogue.
LOCALES = ("en", "it", "de", "fr", "es")
#: The name of each language in itself.
LANGUAGE_NAMES = {"en": "English", "it": "Italiano", "de": "Deutsch", "fr": "Français", "es": "Español"}
#: Markers around a moment in a message. They are removed from all other texts.
_START, _MIDDLE, _END = "\ue000\ue001\ue002"
_MOMENT = re.compile(f"{_START}([^{_START}{_END}]*){_END}")
_MARKS = re.compile(f"[{_START}{_MIDDLE}{_END}]")


@dataclass(frozen=True, slots=True)
class Day:
    """A near date, shown with its weekday and without the year."""

    date: date


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the catalogue with the values for its ``{names}``.

    Attributes:
        text: The message in English, or its singular form.
        plural: The plural form in English, or None. ``values["count"]`` decides.
        values: Strings, numbers, dates, days, times of the day, or other messages.
        moment: The moment that the message names, for platforms that show the reader's local time.
    """

    text: str
    plural: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    moment: datetime | None = None

    def __hash__(self) -> int:
        """Hashes only the text, because values need not be hashable."""
        return hash((self.text, self.plural))


def own(text: str, **values: object) -> Message:
    """Creates a message. The catalogue's extractor finds these calls."""
    return Message(text, None, values)


def own_n(text: str, plural: str, count: int, **values: object) -> Message:
    """Creates a message with a singular and a plural form, chosen by ``count``."""
    return Message(text, plural, {"count": count, **values})


def listed(messages: Sequence[Message]) -> Message:
    """Returns several messages as one, with commas between them."""
    first, *others = messages
    for other in others:
        first = own("{first}, {second}", first=first, second=other)
    return first


class Translator:
    """Translates messages into one language."""

    def __init__(self, locale: str) -> None:
        self.locale = locale if locale in LOCALES else LOCALES[0]
        self._catalogue = _catalogue(self.locale)

    def say(self, message: Message, dress: Callable[[str], str] = str) -> str:
        """Returns the translated message with its values.

        Args:
            dress: Escapes values that are text, which can come from articles or users.
        """
        return "".join(said for said, _ in self.parts(message, dress))

    def parts(self, message: Message, dress: Callable[[str], str] = str) -> Iterator[tuple[str, datetime | None]]:
        """Yields the translated message in parts, each with the moment that its words refer to, if any.

        Platforms can show a moment in the reader's local time.
        """
        said = self._filled(message, lambda text: dress(_MARKS.sub("", text)))
        for place, words in enumerate(_MOMENT.split(said)):
            stamp, _, rest = words.rpartition(_MIDDLE)
            if words:
                yield rest, datetime.fromisoformat(stamp) if place % 2 else None

    def _filled(self, message: Message, dress: Callable[[str], str]) -> str:
        if message.plural is None:
            pattern = self._catalogue.gettext(message.text)
        else:
            count = message.values["count"]
            pattern = self._catalogue.ngettext(message.text, message.plural, count if isinstance(count, int) else 0)
        said = pattern.format_map({name: self._value(value, dress) for name, value in message.values.items()})
        return f"{_START}{message.moment.isoformat()}{_MIDDLE}{said}{_END}" if message.moment else said

    def _value(self, value: object, dress: Callable[[str], str]) -> object:
        if isinstance(value, Message):
            return self._filled(value, dress)
        if isinstance(value, str):
            return dress(value)
        if isinstance(value, time):
            return f"{value:%H:%M}"
        if isinstance(value, Day | date):
            return _date(value, self.locale)
        return value


def language_called(name: str) -> str | None:
    """Returns the supported language with a code, or a name in one of the supported languages: "tedesco"."""
    return _languages().get(name.strip().casefold())


def languages_beginning(letters: str) -> set[str]:
    """Returns the supported languages of which a code or a name, in one of them, begins so."""
    return {code for name, code in _languages().items() if name.startswith(letters.strip().casefold())}


@cache
def _languages() -> Mapping[str, str]:
    from babel import Locale  # slow to import, and few commands need it

    names = {Locale(one).languages[code].casefold(): code for one in LOCALES for code in LOCALES}
    return names | {code: code for code in LOCALES}


def supported_locale(code: str) -> str | None:
    """Returns the supported language for a code such as ``it_IT.UTF-8`` or ``en-GB``, or None."""
    language = code.replace("-", "_").split("_")[0].lower()
    return language if language in LOCALES else None


def best_locale(wanted: str | None) -> str:
    """Returns the supported language for a code such as ``it_IT.UTF-8`` or ``en-GB``, or English."""
    return supported_locale(wanted or "") or LOCALES[0]


def preload() -> None:
    """Loads all catalogues and the names of days and months now. Otherwise the first date that is shown does."""
    for locale in LOCALES:
        _catalogue(locale)
        for some_day in (date.min, Day(date.min)):
            _date(some_day, locale)


@lru_cache(maxsize=1000)
def _date(value: Day | date, locale: str) -> str:
    from babel.dates import format_date, format_skeleton  # slow to import, and most messages have no date

    if isinstance(value, Day):
        return format_skeleton("MMMEd", value.date, locale=locale)
    return format_date(value, "long", locale=locale)


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    source = files(__name__).joinpath("locale", locale, "LC_MESSAGES", f"{DOMAIN}.po")
    if not source.is_file():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo  # English does not need it
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale=locale, abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
