"""Checks many places one by one. If a check fails, the failure is reported and the other checks go on."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from types import MappingProxyType

from bot.chats import Destination
from bot.i18n import own
from bot.views.findings import Finding

Titles = Mapping[Destination, str]
NO_TITLES: Titles = MappingProxyType({})


def name_of(where: Destination, titles: Titles) -> str:
    """Returns a chat as operators know it: its title as far as it is known, and its id."""
    title = titles.get(where)
    return f"{title} ({where})" if title else str(where)


async def checked(name: str, check: Awaitable[Finding]) -> Finding:
    """Returns the result of ``check``, or the finding that the chat with this name could not be checked."""
    try:
        return await check
    except Exception as error:  # noqa: BLE001  # whatever it is, the next place is another
        reason = f"{type(error).__name__}: {error}"
        return Finding(own("{where}: the check failed: {error}.", where=name, error=reason), is_wrong=True)
