"""Whether the bot is healthy: the database answers, the platforms are connected, and posts are written on time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.platforms.registry import Service
from bot.posting.scheduler import Runs
from bot.runtime.stalls import Stalls
from bot.storage.database.errors import (
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseSlow,
    DatabaseUnreachable,
    ServerReadOnly,
    StorageError,
)
from bot.storage.parts import Part, Parts
from bot.storage.vitals import VitalsStore

#: The tick runs every two seconds. A large import can hold it up for some time.
_LATEST_TICK = timedelta(minutes=1)
_DATABASE_SECONDS = 3
#: With less than that, in bytes, nothing can be written, though reading works.
_LEAST_FREE = 100_000
#: What to look at. Anybody may read it where the dashboard is public, so it names no file, server or person.
_CAUSES: dict[type[Exception], str] = {
    DatabaseCorrupt: "the database is damaged",
    DatabaseFull: "the disk is full or failing",
    DatabaseLocked: "another program has locked the database",
    DatabaseSlow: "the database answers too slowly",
    ServerReadOnly: "the database takes no changes; it may be a replica",
    DatabaseReadOnly: "no permission to write to the database",
    DatabaseUnreachable: "the database cannot be reached",
}


@dataclass(frozen=True, slots=True)
class Health:
    """The result of all checks.

    Attributes:
        checks: What is wrong with each part, or None if it is well. A part that another process holds is well.
        parts: Who holds the parts of the work that only one process at a time may do.
    """

    checks: dict[str, str | None]
    newest_post: datetime | None
    parts: list[Part]

    @property
    def is_ready(self) -> bool:
        """Whether nothing is wrong."""
        return all(wrong is None for wrong in self.checks.values())


@dataclass(frozen=True)
class Checkup:
    """Checks the parts of a running bot.

    Attributes:
        services: The platforms that are reached over a network.
        runs: How the runs of the periodic jobs went.
        started: When the bot started.
        holder: The name of this process as a holder of parts.
        stalls: When this process did not run.
    """

    vitals: VitalsStore
    services: Sequence[Service]
    runs: Runs
    started: datetime
    clock: Callable[[], datetime]
    parts: Parts
    holder: str
    stalls: Stalls = field(default_factory=Stalls)

    @property
    def platforms(self) -> list[str]:
        """The names of the platforms."""
        return list(dict.fromkeys(service.platform for service in self.services))

    async def run(self) -> Health:
        """Checks everything."""
        newest, wrong, parts = None, None, list[Part]()
        try:
            async with asyncio.timeout(_DATABASE_SECONDS):
                newest = await self.vitals.newest_post(self.platforms)
                parts = await self.parts.all()
            free = self.vitals.free_bytes()
            wrong = _CAUSES[DatabaseFull] if free is not None and free < _LEAST_FREE else None
        except TimeoutError:
            wrong = f"no answer within {_DATABASE_SECONDS} seconds"
        except StorageError as error:
            wrong = _cause(type(error))
        except OSError:
            wrong = _CAUSES[DatabaseUnreachable]  # the folder of the file is gone
        elsewhere = {one.name for one in parts if one.is_held and one.holder != self.holder}
        checks = {"tick": self._tick(parts)}
        checks |= {
            one.part: None if one.is_connected else one.stopped_because or "not connected" for one in self.services
        }
        checks = {"database": wrong} | {name: None if name in elsewhere else said for name, said in checks.items()}
        return Health(checks, newest, parts)

    def is_here(self, part: Part) -> bool:
        """Whether this process holds the part."""
        return part.is_held and part.holder == self.holder

    def _tick(self, parts: Sequence[Part]) -> str | None:
        """Returns how late the tick is and why, by the names of the events in the log, or None if it is on time."""
        taken = next((one.since for one in parts if one.name == "tick" and self.is_here(one)), self.started)
        late = _seconds(self.clock() - max(self.runs.succeeded.get("tick", self.started), taken))
        if late <= _seconds(_LATEST_TICK):
            return None
        said = f"the last one was {late} seconds ago"
        if (began := self.runs.began.get("tick")) is not None and self.clock() - began > _LATEST_TICK:
            return f"{said} (job_slow: one has been running for {_seconds(self.clock() - began)} seconds)"
        failure = self.runs.failures.get("tick")
        return f"{said} (job_failed: {_cause(failure)})" if failure else said


def _cause(error: type[Exception]) -> str:
    """Returns what an error means, or its name if it is a mistake of the program."""
    return _CAUSES.get(error, f"{error.__name__}, see the log")


def _seconds(time: timedelta) -> int:
    return round(time.total_seconds())
