"""Labels before a line."""

from __future__ import annotations

from bot.i18n import Translator, own

#: Marks behind which no colon stands.
_ENDINGS = ("?", "!", ":", ".", "…")


def with_colon(label: str, translator: Translator) -> str:
    """Returns a label with a colon as the language writes it. A question needs none."""
    return label if label.endswith(_ENDINGS) else translator.say(own("{label}:", label=label))
