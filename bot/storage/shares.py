"""Divides the chats into shares."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, literal

from bot.storage.database.tables import subscription


def share_number(shares: int) -> ColumnElement[int]:
    """The number of the share of a subscription's chat. More than one share needs PostgreSQL.

    The last character of a destination is a digit of an id that the platform has given, so the shares are about equal.
    """
    if shares == 1:
        return literal(0)
    return func.ascii(func.right(subscription.c.destination, 1)) % shares
