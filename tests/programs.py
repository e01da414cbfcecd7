"""Runs the program in a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


@asynccontextmanager
async def running_program(
    folder: Path, *arguments: str, log: Path | None = None, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Runs ``nutgraf`` with these arguments in ``folder``, and kills it at the end if it still runs.

    Args:
        log: A file for its output, which otherwise goes into pipes.
    """
    pipe = asyncio.subprocess.PIPE
    output = log.open("ab") if log else None
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"} | environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output or pipe,
        stderr=output or pipe,
    )
    try:
        yield process
    finally:
        if output:
            output.close()
        if process.returncode is None:
            process.kill()
            await process.wait()
