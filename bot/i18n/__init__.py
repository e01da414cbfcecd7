"""The bot's own words in each of its languages.

A message is written in English where it is used; ``locale/xx/LC_MESSAGES/nutgraf.po`` holds its
translations. The catalogues are read as they are, so that nothing has to be compiled.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO

DOMAIN = "nutgraf"
#: English needs no catalogue; the others have one.
LOCALES = ("en", "it")
#: Around a moment in a message of ours; in other texts these characters mean nothing, and are dropped.
_START, _MIDDLE, _END = "\ue000\ue001\ue002"
_MOMENT = re.compile(f"{_START}([^{_END}]*){_END}")
_MARKS = re.compile(f"[{_START}{_MIDDLE}{_END}]")


@dataclass(frozen=True, slots=True)
class Day:
    """A date that is close enough to be told by its weekday, without its year."""

    date: date


@dataclass(frozen=True, slots=True)
class Message:
    """Words of the bot's own: a message of the catalogue and what fills its ``{names}``.

    Attributes:
        text: The message in English, its singular where it has two forms.
        plural: Its plural in English, or None; ``values["count"]`` decides.
        values: Strings, numbers, dates, days, times of the day, or other messages.
        moment: The moment that it names, if it names one: a platform may show it by its reader's own clock.
    """

    text: str
    plural: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    moment: datetime | None = None

    def __hash__(self) -> int:
        """By its text, since values need not be hashable."""
        return hash((self.text, self.plural))


def own(text: str, **values: object) -> Message:
    """A message of the bot's own; the catalogue's extractor finds these calls."""
    return Message(text, None, values)


def own_n(text: str, plural: str, count: int, **values: object) -> Message:
    """A message whose form depends on ``count``."""
    return Message(text, plural, {"count": count, **values})


class Translator:
    """Says messages in one language."""

    def __init__(self, locale: str) -> None:
        self.locale = locale if locale in LOCALES else LOCALES[0]
        self._catalogue = _catalogue(self.locale)

    def say(self, message: Message, dress: Callable[[str], str] = str) -> str:
        """The message in this language, with its values filled in.

        Args:
            dress: What is made of a value that is a text: it may be somebody else's.
        """
        return "".join(said for said, _ in self.parts(message, dress))

    def parts(self, message: Message, dress: Callable[[str], str] = str) -> Iterator[tuple[str, datetime | None]]:
        """What `say` says, in parts, each with the moment that its words stand for, if they do.

        A platform may show a moment by its reader's own clock.
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


def best_locale(wanted: str | None) -> str:
    """The locale that fits a code such as ``it_IT.UTF-8`` or ``en-GB``; English where none does."""
    code = (wanted or "").replace("-", "_").split("_")[0].lower()
    return code if code in LOCALES else LOCALES[0]


@lru_cache(maxsize=1000)
def _date(value: Day | date, locale: str) -> str:
    from babel.dates import format_date, format_skeleton  # slow to import, and most messages hold no date

    if isinstance(value, Day):
        return format_skeleton("MMMEd", value.date, locale=locale)
    return format_date(value, "long", locale=locale)


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    source = files(__name__).joinpath("locale", locale, "LC_MESSAGES", f"{DOMAIN}.po")
    if not source.is_file():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo  # needed by other languages than English only
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale=locale, abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
