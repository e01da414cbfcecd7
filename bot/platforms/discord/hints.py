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
from briefings.caches import text_cache

_MARKED = re.compile(f"{COMMAND_START}([a-z]+){COMMAND_END}")
_SUBCOMMAND, _GROUP = 1, 2
#: The number of cached messages.
_KEPT = 500


class CommandLinks:
    """The links to the commands, as soon as Discord has told their ids."""

    def __init__(self) -> None:
        self._known = _Known([])

    def learn(self, registered: Sequence[Mapping[str, Any]]) -> None:
        """Takes the commands as Discord returns them."""
        self._known = _Known(registered)

    def resolved(self, draft: Draft) -> Draft:
        """Returns the draft with links instead of marks."""
        return _resolved(draft, self._known)


class _Known:
    """The paths and ids of registered commands. Different objects are never equal, so that results can be cached."""

    def __init__(self, registered: Sequence[Mapping[str, Any]]) -> None:
        paths = {name: path for one in registered for name, path in _paths(one)}
        self.paths = {name: path for name, path in paths.items() if name in BY_NAME}
        self._ids = {str(one["name"]): str(one["id"]) for one in registered if "id" in one}

    def text(self, marked: str) -> str:
        """Returns a text with links instead of marks."""
        return _MARKED.sub(self._link, marked)

    def _link(self, match: re.Match[str]) -> str:
        path = self.paths.get(match[1], match[1])
        number = self._ids.get(path.partition(" ")[0])
        return f"</{path}:{number}>" if number else f"/{path}"


@text_cache(_KEPT)
def _resolved(draft: Draft, known: _Known) -> Draft:
    if COMMAND_START not in draft.whole:
        return draft
    more = tuple(replace(part, text=known.text(part.text)) for part in draft.more)
    return replace(draft, text=known.text(draft.text), heading=known.text(draft.heading), more=more)


def _paths(command: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The name of each command in a registered one, and how it is given: ``when`` and ``news story when``."""
    inner = [one for one in command.get("options") or [] if one.get("type") in {_SUBCOMMAND, _GROUP}]
    if not inner:
        return [(str(command["name"]), str(command["name"]))]
    return [(name, f"{command['name']} {path}") for one in inner for name, path in _paths(one)]
