"""Discord messages as JSON in the ledger: written by the composer, read by the sender."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from pydantic import TypeAdapter

from bot.i18n import Translator
from bot.platforms.answer_cache import cached_answers
from bot.platforms.discord.markdown import Part, foreign, heading_line, messages, plain
from bot.subscriptions.edits import Setting
from bot.views.buttons import Control, ControlVerb
from bot.views.choices import SeveralOf
from bot.views.hints import without_hints
from bot.views.layout import Drawing, Key, Rows, rows
from bot.views.model import Button, Heading, View

#: A message has five rows of five buttons. A select has 25 options.
_ROW, _MOST_IN_ROW, _MOST_ROWS, _MOST_CHOICES = 60, 5, 5, 25
#: From this number on, buttons of a panel become a select.
_A_LIST = 4
_MOST_NAME, _MOST_URL = 100, 512
#: A message has so many components, nested ones included: the card around all and the heading, and a list in its row.
_MOST_COMPONENTS, _FRAME, _SELECT = 40, 2, 2
#: The prefixes of lists: ``several|subscription|setting``.
SEVERAL, ROLES = "several", "roles"


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a list."""

    label: str
    value: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Several:
    """A list of which several options can be chosen.

    Attributes:
        least: How many have to be chosen.
    """

    custom_id: str
    options: tuple[Choice, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Draft:
    """One message before it is sent.

    Attributes:
        text: Markdown: the first part of the message.
        choices: The options of a list, beside the buttons.
        name: The title of a post in a forum.
        heading: The heading above the text. A post in a forum has its title instead.
        picture: The address of the picture beside the text, or nothing.
        more: The parts below the text, each after a line.
        role: The id of the role that the message pings, or nothing.
        several: A list of which several options can be chosen.
        roles: The custom id of a list of the server's roles, or nothing.
        attached: The name and the description of a picture that is sent with the message.
    """

    text: str
    buttons: Rows = ()
    choices: tuple[Key, ...] = ()
    silent: bool = False
    name: str = ""
    heading: str = ""
    picture: str = ""
    more: tuple[Part, ...] = ()
    role: str = ""
    several: Several | None = None
    roles: str = ""
    attached: tuple[str, str] | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts that have a text."""
        return tuple(part for part in (Part(self.text, self.picture), *self.more) if part.text)

    @property
    def whole(self) -> str:
        """The text of the whole message."""
        texts = (self.ping, self.heading, *(part.text for part in self.parts))
        return "\n\n".join(text for text in texts if text)

    @property
    def ping(self) -> str:
        """The mention of the role above the message, or nothing."""
        return f"<@&{self.role}>" if self.role else ""

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
    """The messages of a view. The last one has the buttons. Commands are forms there, so they cannot be typed."""
    view, drawing = without_hints(view), Drawing(translator, foreign)
    pieces = list(drawing.pieces(view))
    title = translator.say(view.name) if view.name else pieces[0].text if pieces else ""
    name = " ".join(plain(title).split())[:_MOST_NAME].rstrip()
    heading = [pieces.pop(0)] if view.name and len(pieces) > 1 and isinstance(view.blocks[0], Heading) else []
    buttons, choices = _keyboard(view, drawing.keys(view))
    lists = bool(choices) + bool(view.several) + (role_list(view) != "")
    taken = _FRAME + sum(1 + len(row) for row in buttons) + _SELECT * lists + bool(view.mention)
    made = [
        Draft(parts[0].text, name=name, picture=parts[0].picture, more=tuple(parts[1:]))
        for parts in messages(pieces, _MOST_COMPONENTS - taken)
    ]
    made[0] = replace(made[0], heading="".join(map(heading_line, heading)), role=view.mention)
    several = _several(view.several, translator) if view.several else None
    made[-1] = replace(made[-1], buttons=buttons, choices=choices, several=several, roles=role_list(view))
    return made


def _keyboard(view: View, offered: list[Key]) -> tuple[Rows, tuple[Key, ...]]:
    """The rows of buttons, and the options of the list for those that do not fit or are settings."""
    usable = [key for key in offered if len(key.url) <= _MOST_URL]
    keys = list({key.data or key.url: key for key in usable}.values())
    if view.several and view.several.replaces_buttons:
        keys = [key for key in keys if _leads_back(key)]
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
    return below, tuple(choices)


def _several(values: SeveralOf, translator: Translator) -> Several:
    options = tuple(Choice(translator.say(one.label), one.value, one.is_chosen) for one in values.options)
    return Several(f"{SEVERAL}|{values.about}", options, values.least)


def role_list(view: View) -> str:
    """The custom id of the list of roles, for a view that offers to choose one. Empty for others."""
    control = setting_of(view)
    return f"{ROLES}|{control.subscription}|{control.setting}" if control and control.setting == Setting.ROLE else ""


#: Renders an answer: the messages of a view in a language.
answer = cached_answers(drafts)


def setting_of(view: View) -> Control | None:
    """The setting whose values the view offers, or None. Buttons of several subscriptions choose one of these first."""
    controls = [one.action for one in view.buttons if isinstance(one, Button) and isinstance(one.action, Control)]
    setting = [one for one in controls if one.verb is ControlVerb.SET]
    return setting[0] if len({one.subscription for one in setting}) == 1 else None


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
