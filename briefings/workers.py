"""Where work on foreign text is done: here, or in a process that may be ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Workers(Protocol):
    """Calls pure functions with foreign text."""

    async def run(self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        """What ``work`` returns: a function of a module, whose arguments and result can be pickled.

        Raises:
            LimitExceeded: It needs more time or memory than it is given.
            WorkFailed: It meets a mistake in this program.
            BriefingError: Whatever ``work`` raises on purpose.
        """


class InProcess:
    """Calls them here, without limits: for the command line and for tests."""

    async def run(self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        """What ``work`` returns."""
        return work(*args, **kwargs)
