"""SIGTERM ends the process in time, even if it hangs."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

_PROGRAM = """
import asyncio, re, time
from bot.runtime.stopping import set_when_told_to_stop

async def main():
    set_when_told_to_stop(asyncio.Event())
    print("runs", flush=True)
    {hanging}

asyncio.run(main())
"""


_HANGING = {
    "a slow pattern": "re.fullmatch(r'(a|a)*b', 'a' * 60)",
    "an endless loop": "\n    while True: pass",
    "a task that does not stop": "await asyncio.sleep(1000)",
}


async def test_a_process_that_hangs_is_ended() -> None:
    """All cases run at the same time, because each takes nine seconds."""
    ended = await asyncio.gather(*map(_stopped, _HANGING.values()))
    assert dict(zip(_HANGING, ended, strict=True)) == dict.fromkeys(_HANGING, (1, True))


async def _stopped(hanging: str) -> tuple[int | None, bool]:
    """Stops a process that hangs. Returns its exit code, and whether it printed why it was ended."""
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
    _, said = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, b"Timeout (0:00:09)" in said
