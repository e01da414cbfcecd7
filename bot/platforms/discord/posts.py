"""Discord messages as JSON in the ledger: written by the composer, read by the sender."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from pydantic import TypeAdapter

from bot.i18n import Translator
from bot.platforms.answers import cached_answers
from bot.platforms.discord.markdown import messages
from bot.views.buttons import Control, ControlVerb
from bot.views.layout import Drawing, Key, Rows, rows
from bot.views.model import Button, View

#: A message has five rows of five buttons. A select has 25 options.
_ROW, _MOST_IN_ROW, _MOST_ROWS, _MOST_CHOICES = 60, 5, 5, 25
#: From this number on, buttons of a panel become a select.
_A_LIST = 4
_MOST_NAME, _MOST_URL = 100, 512


@dataclass(frozen=True, slots=True)
class Draft:
    """One message before it is sent.

    Attributes:
        text: Markdown.
        choices: The options of a select below the buttons.
        name: The title of a post in a forum.
    """

    text: str
    buttons: Rows = ()
    choices: tuple[Key, ...] = ()
    silent: bool = False
    name: str = ""

    def write(self) -> str:
        """The draft as JSON."""
        return _drafts().dump_json(self).decode()

    @staticmethod
    def read(payload: str) -> Draft:
        """Parses the result of `write`."""
        return _drafts().validate_json(payload)


class DiscordPosts:
    """A `bot.posting.compositions.PostRenderer`."""

    def payload(self, view: View, translator: Translator, silent: bool) -> str:
        """The message of a post.

        Raises:
            ValueError: The view does not fit into one message. Check with `fits` first.
        """
        [draft] = drafts(view, translator)
        return replace(draft, silent=silent).write()

    def fits(self, view: View, translator: Translator) -> bool:
        """Whether the view fits into one message."""
        return len(drafts(view, translator)) == 1


def drafts(view: View, translator: Translator) -> list[Draft]:
    """The messages of a view. The last one has the buttons."""
    drawing = Drawing(translator)
    pieces = list(drawing.pieces(view))
    texts = messages(pieces)
    name = " ".join(pieces[0].text.split())[:_MOST_NAME].rstrip() if pieces else ""
    *first, last = texts
    usable = [key for key in drawing.keys(view) if len(key.url) <= _MOST_URL]
    keys = list({key.data or key.url: key for key in usable}.values())
    if _is_panel(view):
        panel = [key for key in keys if Control.decode(key.data)]
        choices = [key for key in panel if not _leads_back(key)][:_MOST_CHOICES]
        keys = [key for key in keys if key not in choices]
    else:
        choices = keys[_MOST_ROWS * _MOST_IN_ROW :][:_MOST_CHOICES]
        keys = keys[: _MOST_ROWS * _MOST_IN_ROW]
    below = rows(keys, _ROW, _MOST_IN_ROW)
    if len(below) > _MOST_ROWS:  # long labels: fill each row with as many buttons as fit
        below = rows(keys, len(keys) * _ROW * 2, _MOST_IN_ROW)
    return [*(Draft(text, name=name) for text in first), Draft(last, below, tuple(choices), name=name)]


#: Renders an answer: the messages of a view in a language.
answer = cached_answers(drafts)


def setting_of(view: View) -> Control | None:
    """The setting whose values the view offers, or None."""
    controls = (one.action for one in view.buttons if isinstance(one, Button) and isinstance(one.action, Control))
    return next((one for one in controls if one.verb is ControlVerb.SET), None)


def _is_panel(view: View) -> bool:
    """Whether the view has enough setting buttons for a select."""
    controls = [one.action for one in view.buttons if isinstance(one, Button) and isinstance(one.action, Control)]
    return sum(one.verb in {ControlVerb.CHOOSE, ControlVerb.SET} for one in controls) >= _A_LIST


def _leads_back(key: Key) -> bool:
    control = Control.decode(key.data)
    return control is not None and control.verb not in {ControlVerb.CHOOSE, ControlVerb.SET}


@cache
def _drafts() -> TypeAdapter[Draft]:
    return TypeAdapter(Draft)
