"""This process as one of those that use a database: its number, and how long the others surely take it for alive."""

from __future__ import annotations

import math
import secrets
import time
from dataclasses import dataclass, field

#: Seconds without a lock after which the others take a process for dead.
GRACE = 2.0


def new_number() -> int:
    """Returns a number that no other process has."""
    return secrets.randbelow(2**31)


@dataclass(eq=False)
class Membership:
    """The number of this process among all that use a database.

    A process whose connection was lost gets a new number, since the others may have taken the former one for dead.

    Attributes:
        until: The moment of `time.monotonic` up to which no other process takes this one for dead.
    """

    number: int = field(default_factory=new_number)
    until: float = math.inf

    @property
    def is_current(self) -> bool:
        """Whether no other process takes this one for dead."""
        return time.monotonic() < self.until

    def confirm(self, at: float) -> None:
        """Notes that the lock with its number was held at that moment."""
        self.until = at + GRACE
