"""Jobs, the queues that hold them, and the protocol of both kinds of queue.

A job only names work: read feed 7, compose for share 2. What is to be done stands in the tables, and whoever runs a job
looks there first. So a job that runs twice does its work once, and a job that is lost is put again by the next look at
the tables. Nothing that is sent to a chat is ever a job.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Queue(StrEnum):
    """The queues, one for each kind of work. A worker takes jobs from some or all of them."""

    FETCH = "fetch"  # waits for other servers
    ANALYSE = "analyse"  # needs the processor
    COMPOSE = "compose"  # needs the database


class Task(StrEnum):
    """What a job does."""

    POLL = "poll"  # read a feed
    READ = "read"  # read the page of an item of a feed
    ANALYSE = "analyse"  # make a story of an item whose page was read
    COMPOSE = "compose"  # write the posts of a share of the chats

    @property
    def queue(self) -> Queue:
        """The queue of its jobs."""
        return _QUEUES[self]


_QUEUES = {
    Task.POLL: Queue.FETCH,
    Task.READ: Queue.FETCH,
    Task.ANALYSE: Queue.ANALYSE,
    Task.COMPOSE: Queue.COMPOSE,
}


@dataclass(frozen=True, slots=True)
class Job:
    """A job.

    Attributes:
        number: What it is about: the number of a feed, of an item, or of a share of the chats.
        lock: Jobs with the same lock never run at the same time, in no process.
    """

    task: Task
    number: int
    lock: str | None = None

    @property
    def key(self) -> str:
        """Of the jobs with the same key at most one waits."""
        return f"{self.task}:{self.number}"


Work = Callable[[int], Awaitable[object]]
#: What each task calls, with the number of the job.
Tasks = Mapping[Task, Work]


class JobQueue(Protocol):
    """Holds jobs until they are run.

    Attributes:
        shares: Into how many shares the chats are divided, so that so many processes can compose at the same time.
    """

    @property
    def shares(self) -> int:
        """The number of shares."""

    def unit_of_work(self) -> AbstractAsyncContextManager[None]:
        """Runs all writes of a block, and the jobs that are put in it, in one transaction.

        Raises:
            StorageError: Nothing was written.
        """

    async def put(self, jobs: Iterable[Job]) -> None:
        """Adds jobs, in the transaction of the caller if there is one. A job whose key waits is not added again.

        Raises:
            StorageError: Nothing was added.
        """

    async def run_waiting(self, tasks: Tasks, *wanted: Task) -> None:
        """Runs the waiting jobs of these tasks, unless workers take them by themselves.

        Raises:
            Exception: What one job raised, or a group of what several have raised. All of them were run.
        """
