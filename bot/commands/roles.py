"""Refuses the role of everyone, before anything is saved."""

from __future__ import annotations

from bot.commands.context import Request
from bot.subscriptions.edits import NOT_EVERYONE
from bot.subscriptions.model import Settings
from bot.subscriptions.obstacles import Obstacle
from bot.subscriptions.parsing import SettingRefused


def refuse_role(request: Request, wanted: Settings) -> None:
    """Refuses settings with the role of everyone.

    Raises:
        SettingRefused: They have this role.
    """
    if wanted.role and Obstacle.ROLE_OF_ALL in request.missing(Settings(role=wanted.role)):
        raise SettingRefused(NOT_EVERYONE)
