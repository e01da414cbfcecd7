"""Which stories a digest tells; the clock is an argument."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from briefings.model import Version


def pick(versions: Iterable[Version], since: datetime, until: datetime, most: int) -> list[Version]:
    """The newest ``most`` of those that came in the window ``(since, until]``, newest first."""
    inside = [version for version in versions if since < version.received <= until]
    return sorted(inside, key=lambda version: version.received, reverse=True)[:most]
