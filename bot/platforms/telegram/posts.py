"""Telegram messages as JSON in the ledger: written by the composer, read by the sender."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from functools import cache

from pydantic import TypeAdapter

from bot.i18n import Translator
from bot.platforms.answer_cache import cached_answers
from bot.platforms.telegram.render import TelegramRenderer
from bot.views.buttons import Action, Control, ControlVerb, Verb
from bot.views.layout import Key, Rows
from bot.views.model import View
from briefings.caches import text_cache

#: Rows of buttons, as https://core.telegram.org/bots/api#inlinekeyboardmarkup
Markup = dict[str, list[list[dict[str, str]]]]

_CACHED_KEYBOARDS = 500
#: The payload of a deep link to the newest stories.
LATEST = "latest"
_LONGEST_ID = 32
_LONGEST_PAYLOAD = 64
#: The first letter of a payload that is a button's data. Telegram allows letters, digits, "_" and "-" in it.
_PRESSED = "-"


@dataclass(frozen=True, slots=True)
class Draft:
    """One message before it is sent.

    Attributes:
        picture: The address of the picture above the text, or nothing.
    """

    html: str
    plain: str
    keyboard: Rows = ()
    silent: bool = False
    picture: str = ""

    def write(self) -> str:
        """The draft as JSON."""
        return _drafts().dump_json(self).decode()

    @staticmethod
    def read(payload: str) -> Draft:
        """Parses the result of `write`."""
        return _drafts().validate_json(payload)


class TelegramPosts:
    """A `bot.posting.compositions.PostRenderer`."""

    def __init__(self) -> None:
        self._renderer = TelegramRenderer()

    def payload(self, view: View, translator: Translator, silent: bool) -> str:
        """The message of a post.

        Raises:
            ValueError: The view does not fit into one message. Check with `fits` first.
        """
        [draft] = drafts(view, translator, silent)
        return draft.write()

    def fits(self, view: View, translator: Translator) -> bool:
        """Whether the view fits into one message."""
        return len(self._renderer.render(view, translator).texts) == 1


def drafts(view: View, translator: Translator, silent: bool = False) -> list[Draft]:
    """The messages of a view. The last one has the keyboard."""
    drawn = TelegramRenderer().render(view, translator)
    *first, last = [Draft(text.html, text.plain, (), silent) for text in drawn.texts]
    made = [*first, replace(last, keyboard=drawn.keyboard)]
    return [replace(made[0], picture=drawn.picture), *made[1:]]


#: Renders an answer: the messages of a view in a language.
answer = cached_answers(drafts)


@text_cache(_CACHED_KEYBOARDS)
def markup(keyboard: Rows, username: str, is_private: bool) -> Markup | None:
    """The keyboard for Telegram. It is cached, so callers must not change it.

    In a group or channel, a button for a story opens it in the bot's private chat. Otherwise one reader would replace
    the message for everybody.
    """
    rows = [[_button(key, username, is_private) for key in row] for row in keyboard]
    return {"inline_keyboard": rows} if rows else None


def _button(key: Key, username: str, is_private: bool) -> dict[str, str]:
    if key.url:
        return {"text": key.label, "url": key.url}
    payload = "" if is_private or not username else _payload(key.data)
    if payload:
        return {"text": key.label, "url": deep_link(username, payload)}
    return {"text": key.label, "callback_data": key.data}


def deep_link(username: str, payload: str) -> str:
    """The link that opens the private chat (https://core.telegram.org/bots/features#deep-linking)."""
    return f"https://t.me/{username}?start={payload}"


def _payload(pressed: str) -> str:
    """Returns what a deep link to the private chat carries instead of a button's data, or nothing."""
    action, control = Action.decode(pressed), Control.decode(pressed)
    if action is not None and action.verb is Verb.BRIEF:
        return action.version
    if control is not None and control.verb is ControlVerb.LATEST:
        return LATEST
    is_opened = action is not None or (control is not None and control.verb is ControlVerb.FOUND)
    payload = _PRESSED + urlsafe_b64encode(pressed.encode()).decode()
    return payload if is_opened and len(payload) <= _LONGEST_PAYLOAD else ""


def opened(payload: str) -> str | None:
    """Returns the data of the button that a deep link carries, or None if it carries none."""
    if payload == LATEST:
        return Control(ControlVerb.LATEST).encode()
    if payload.startswith(_PRESSED):
        try:
            pressed = urlsafe_b64decode(payload.removeprefix(_PRESSED)).decode()
        except ValueError:
            return None
        return pressed if _payload(pressed) == payload else None
    is_version = payload.isascii() and payload.isalnum() and len(payload) <= _LONGEST_ID
    return Action(Verb.BRIEF, payload).encode() if is_version else None


def is_private_chat(chat: str) -> bool:
    """Whether a chat's id is that of a person. Groups and channels have negative ids."""
    return not chat.startswith(("-", "@"))


@cache
def _drafts() -> TypeAdapter[Draft]:
    return TypeAdapter(Draft)
