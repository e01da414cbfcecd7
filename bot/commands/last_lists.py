"""Remembers the list that each user saw last, which "more" continues."""

from __future__ import annotations

from collections import OrderedDict

from bot.commands.context import Request
from bot.views.buttons import OF_LISTS, Control
from bot.views.model import Button, View
from briefings.caches import register

_MOST_KEPT = 2_000


class LastLists:
    """Keeps the button that continues the list which each user saw last, in memory. After a restart there is none."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()
        register(self)

    def clear(self) -> None:
        """Forgets all lists."""
        self._kept.clear()

    def keep(self, request: Request, view: View) -> None:
        """Keeps how an answer goes on, if it does."""
        who = _who(request)
        self._kept.pop(who, None)
        controls = (one.action for one in view.buttons if isinstance(one, Button))
        goes_on = next((one for one in controls if isinstance(one, Control) and one.verb in OF_LISTS), None)
        if goes_on is not None:
            self._kept[who] = goes_on.encode()
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)

    def next(self, request: Request) -> str:
        """Returns the data of the button that continues the user's last list, or an empty text."""
        return self._kept.get(_who(request), "")


def _who(request: Request) -> str:
    return f"{request.where} {request.user}"
