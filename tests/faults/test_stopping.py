"""SIGTERM ends the process in time, whatever runs in it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import asyncio, re, time
from bot.runtime.stopping import set_when_told_to_stop

async def main():
    set_when_told_to_stop(asyncio.Event())
    print("runs", flush=True)
    {hanging}

asyncio.run(main())
"""


@pytest.mark.parametrize(
    "hanging",
    [
        "re.fullmatch(r'(a|a)*b', 'a' * 60)",
        "\n    while True: pass",
        "await asyncio.sleep(1000)",
    ],
    ids=["a pattern", "a loop", "nobody who stops"],
)
async def test_what_hangs_is_ended(hanging: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _PROGRAM.format(hanging=hanging),
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, said = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    assert b"Timeout (0:00:09)" in said
