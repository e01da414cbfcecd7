"""Commands in the bot's words, which clients show as links in their own language.

A message is often written before Discord has told the ids of the commands. For this reason a draft has a marked name,
which becomes a link when the message is sent: https://docs.discord.com/developers/reference#message-formatting
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.commands.table import BY_NAME
from bot.platforms.discord.markdown import COMMAND_END, COMMAND_START
from bot.platforms.discord.posts import Draft

_MARKED = re.compile(f"{COMMAND_START}([a-z]+){COMMAND_END}")
_SUBCOMMAND, _GROUP = 1, 2


class CommandLinks:
    """The paths of the commands and their ids, as soon as Discord has told them."""

    def __init__(self) -> None:
        self._paths: Mapping[str, str] = {}
        self._ids: Mapping[str, str] = {}

    def learn(self, registered: Sequence[Mapping[str, Any]]) -> None:
        """Takes the commands as Discord returns them."""
        paths = {name: path for one in registered for name, path in _paths(one)}
        self._paths = {name: path for name, path in paths.items() if name in BY_NAME}
        self._ids = {str(one["name"]): str(one["id"]) for one in registered if "id" in one}

    def resolved(self, draft: Draft) -> Draft:
        """Returns the draft with links instead of marks."""
        if COMMAND_START not in draft.whole:
            return draft
        more = tuple(replace(part, text=self.text(part.text)) for part in draft.more)
        return replace(draft, text=self.text(draft.text), heading=self.text(draft.heading), more=more)

    def text(self, marked: str) -> str:
        """Returns a text with links instead of marks."""
        return _MARKED.sub(self._link, marked)

    def _link(self, match: re.Match[str]) -> str:
        path = self._paths.get(match[1], match[1])
        number = self._ids.get(path.partition(" ")[0])
        return f"</{path}:{number}>" if number else f"/{path}"


def _paths(command: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The name of each command in a registered one, and how it is given: ``when`` and ``news story when``."""
    inner = [one for one in command.get("options") or [] if one.get("type") in {_SUBCOMMAND, _GROUP}]
    if not inner:
        return [(str(command["name"]), str(command["name"]))]
    return [(name, f"{command['name']} {path}") for one in inner for name, path in _paths(one)]
