"""Reads the rendered messages of deliveries."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bot.delivery.model import Dead, Delivery

_Draft = TypeVar("_Draft")


def draft_of(delivery: Delivery, read: Callable[[str], _Draft]) -> _Draft | Dead:
    """The message of a delivery, parsed by ``read``, or the outcome if it has none that can be read.

    Args:
        read: Raises ValueError if it cannot parse the payload.
    """
    if delivery.payload is None:
        return Dead("its content was deleted")
    try:
        return read(delivery.payload)
    except ValueError:
        return Dead("this version of the bot cannot read its content")
