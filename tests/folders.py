"""Temporary folders outside of pytest's. Those of runs that were killed are deleted by the next run."""

from __future__ import annotations

import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

_PREFIX = "nutgraf-tests-"


def new_folder() -> Path:
    """Returns a new folder, named after this process."""
    _delete_left_folders()
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))


@cache
def _delete_left_folders() -> None:
    """Deletes the folders of processes that have ended, once."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        process = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if process.isdecimal() and not _is_running(int(process)):
            delete_later(folder)


def delete_later(folder: Path) -> None:
    """Deletes a folder in the background: hundreds of databases take many seconds, for which nobody waits."""
    subprocess.run(["/bin/sh", "-c", 'rm -rf "$0" &', folder], check=False)  # noqa: S603  # a folder of ours


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is somebody else's
        pass
    return True
