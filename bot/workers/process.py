"""Code that runs in a worker process: its limits and its tasks."""

from __future__ import annotations

import os
import resource
import signal
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from briefings.analysis import parsing
from briefings.caches import clear_text_caches
from briefings.errors import BriefingError, LimitExceeded, WorkFailed

_MEGABYTE = 1_000_000
_STATM = Path("/proc/self/statm")
#: Workers have a lower priority than the process that answers.
_NICENESS = 10


def prepare(megabytes: int, loads_parser: bool = False) -> None:
    """Limits the memory of this process to what it begins with and so many megabytes more.

    Args:
        loads_parser: Whether it begins with the language model, where one is installed.
    """
    os.nice(_NICENESS)
    if loads_parser and parsing.is_available():
        with suppress(Exception):  # a broken model is reported by the first text that needs it
            parsing.load()
    if not _STATM.exists():  # macOS: it does not enforce the limit either
        return
    now = int(_STATM.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + megabytes * _MEGABYTE, hard))


def carry_out(work: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], seconds: float) -> Any:
    """Returns the result of ``work``. Once it has used so many seconds of the processor, the process is killed.

    Raises:
        LimitExceeded: There is not enough memory.
        BriefingError: ``work`` raised it.
        WorkFailed: ``work`` raised another error.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)  # its signal ends the process
    try:
        return work(*args, **kwargs)
    except BriefingError:
        raise
    except MemoryError:
        raise LimitExceeded("memory") from None
    except Exception as error:  # noqa: BLE001  # the caller raises it again
        raise WorkFailed("".join(traceback.format_exception(error))) from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        clear_text_caches()  # text that a chat has deleted must not stay in memory
