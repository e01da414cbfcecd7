"""The interface of workers, which process foreign text in this process or in one that can be killed."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Workers(Protocol):
    """Runs pure functions on foreign text."""

    async def run(self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        """Returns the result of ``work``, a module-level function with picklable arguments and result.

        Raises:
            LimitExceeded: It needs more time or memory than it is given.
            WorkFailed: It meets a mistake in this program.
            BriefingError: Whatever ``work`` raises on purpose.
        """


class InProcess:
    """Runs them in this process, without limits: for the command line and for tests."""

    async def run(self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        """Returns the result of ``work``."""
        return work(*args, **kwargs)
