"""Starts the program by the process of `tests.preloaded`, as a file of its own that others can run.

Its arguments are the address of that process and those of ``nutgraf``. It imports as little as it can.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys


def main() -> int:
    """Runs the program with the folder, the environment and the streams of this one. Returns its exit code."""
    address, *arguments = sys.argv[1:]
    body = {"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}  # noqa: PTH109  # loads faster
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        socket.send_fds(connection, [json.dumps(body).encode()], [0, 1, 2])
        for stream in (0, 1, 2):
            os.close(stream)
        with connection.makefile() as said:
            program = int(said.readline())
            signal.signal(signal.SIGTERM, lambda *_: os.kill(program, signal.SIGTERM))
            code = int(said.readline())
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
