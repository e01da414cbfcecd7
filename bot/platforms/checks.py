"""Checks many places one by one. If a check fails, the failure is reported and the other checks go on."""

from __future__ import annotations

from collections.abc import Awaitable

from bot.chats import Destination
from bot.i18n import own
from bot.views.findings import Finding


async def checked(where: Destination, check: Awaitable[Finding]) -> Finding:
    """The result of ``check``, or the finding that the place could not be checked."""
    try:
        return await check
    except Exception as error:  # noqa: BLE001  # whatever it is, the next place is another
        reason = f"{type(error).__name__}: {error}"
        return Finding(own("{where}: the check failed: {error}.", where=str(where), error=reason), is_wrong=True)
