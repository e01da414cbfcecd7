"""Forks the program from a process that has loaded its modules, because loading them takes seconds at each start.

What runs is what ``nutgraf`` runs, in a process of its own. `tests.programs` connects to a socket for each start. It
sends the arguments and the three standard streams, and receives the number of the process and, at its end, its exit
code.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from typing import Any, NoReturn

#: The last one is what takes longest where an article is analysed.
MODULES = ("bot.cli", "bot.run", "bot.platforms.telegram.service", "bot.platforms.discord.service", "spacy")
STREAMS = 3
_MOST_BYTES = 1 << 16


def _wait_for_starts(path: str) -> socket.socket:
    """Returns a connection for each start, in a process of its own. This process itself ends with its parent."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        print("ready", flush=True)  # noqa: T201  # to `tests.programs`
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            if not os.fork():
                return connection
            connection.close()
    sys.exit()


def _report(process: int, connection: socket.socket) -> NoReturn:
    """Tells the number of a process and then its exit code, which is negative for a signal, as in `subprocess`."""
    connection.sendall(f"{process}\n".encode())
    _, status = os.waitpid(process, 0)
    connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _take_over(request: dict[str, Any], streams: list[int]) -> None:
    """Takes over the arguments, the folder, the environment and the streams of the program."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["nutgraf", *request["arguments"]]


if __name__ == "__main__":
    for module in MODULES:
        importlib.import_module(module)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the processes that report
    start = _wait_for_starts(sys.argv[1])
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    body, received, _, _ = socket.recv_fds(start, _MOST_BYTES, STREAMS)
    if program := os.fork():
        for stream in received:
            os.close(stream)
        _report(program, start)
    start.close()
    _take_over(json.loads(body), received)
    from bot.cli import main

    main()
