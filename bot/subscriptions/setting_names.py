"""The names of settings: the labels of their buttons, and the words with which they can be typed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from bot.i18n import LOCALES, Message, Translator, own
from bot.i18n.typed_words import typed_words
from bot.subscriptions.edits import Setting
from briefings.phrases import fold

#: The label of each setting. `setting_called` finds the setting by it.
SETTING_NAMES: dict[Setting, Message] = {
    Setting.TIME: own("Time"),
    Setting.DAYS: own("Days"),
    Setting.ZONE: own("Time zone"),
    Setting.QUIET: own("Quiet hours"),
    Setting.STORIES: own("Stories"),
    Setting.SECTIONS: own("Sections"),
    Setting.TAGS: own("Tags"),
    Setting.INCLUDE: own("Include"),
    Setting.EXCLUDE: own("Exclude"),
    Setting.LANGUAGE: own("Language"),
    Setting.SILENT: own("Silent"),
    Setting.MODE: own("Mode"),
    Setting.UNCERTAIN: own("Uncertain"),
    Setting.CORRECTIONS: own("Corrections"),
    Setting.QUIET_DAYS: own("Quiet days"),
    Setting.ROLE: own("Role"),
    Setting.THREAD: own("Thread"),
    Setting.PUBLISH: own("Publish"),
}

_LONGEST_LABEL = 4


def setting_called(words: str) -> tuple[Setting | None, str]:
    """Returns the setting whose name or label the words begin with, in any of the bot's languages, and the rest."""
    typed = words.split()
    found, size = setting_at(typed)
    return (found, " ".join(typed[size:])) if found else (None, words)


def setting_at(typed: Sequence[str]) -> tuple[Setting | None, int]:
    """Returns the setting that the first words name, and how many words that is."""
    for size in range(min(_LONGEST_LABEL, len(typed)), 0, -1):
        if found := _labels().get(fold(" ".join(typed[:size]).replace("_", " "))):
            return found, size
    return None, 0


@cache
def _labels() -> dict[str, Setting]:
    labels = {fold(Translator(one).say(label)): setting for one in LOCALES for setting, label in SETTING_NAMES.items()}
    words = {word: Setting(name) for word, name in typed_words("settings").items()}
    return words | labels | {fold(setting.replace("_", " ")): setting for setting in Setting}
