"""Runs the program: in this process, or in one of its own."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app
from tests.folders import new_folder

ROOT = Path(__file__).parents[1]


def run(*arguments: str, text: str | bytes = "") -> tuple[int, str, str]:
    """Runs ``nutgraf`` in this process, and returns its exit code, its output and its errors."""
    result = CliRunner().invoke(app, list(arguments), input=text)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


class Program:
    """A running program, with what tests use of `asyncio.subprocess.Process`.

    Attributes:
        pid: The number of its process.
        returncode: Its exit code, negative for a signal. None until `wait` or `communicate` has returned.
        stdout: What it prints, if that goes into a pipe.
        stderr: Its errors, likewise.
    """

    def __init__(self, pid: int, ended: asyncio.StreamReader) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdout = asyncio.StreamReader()
        self.stderr = asyncio.StreamReader()
        self._ended = ended

    def send_signal(self, number: int) -> None:
        """Sends a signal, unless the program has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends the program at once, unless it has ended."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Waits until the program has ended, and returns its exit code."""
        if self.returncode is None:
            self.returncode = int(await self._ended.readline())
        return self.returncode

    async def communicate(self) -> tuple[bytes, bytes]:
        """Waits until the program has ended, and returns the rest of its output and of its errors."""
        output, errors, _ = await asyncio.gather(self.stdout.read(), self.stderr.read(), self.wait())
        return output, errors


@asynccontextmanager
async def running_program(
    folder: Path, *arguments: str, log: Path | None = None, **environment: str
) -> AsyncIterator[Program]:
    """Runs ``nutgraf`` with these arguments in ``folder``, and kills it at the end if it still runs.

    It is forked from a process that has loaded the program's modules.

    Args:
        log: A file for its output, which otherwise goes into pipes.
    """
    pipes = [] if log else [os.pipe(), os.pipe()]
    outputs = [os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)] if log else [write for _, write in pipes]
    streams = (os.open(os.devnull, os.O_RDONLY), outputs[0], outputs[-1])
    async with started_program(folder, arguments, streams, environment) as program:
        if pipes:
            program.stdout, program.stderr = [await _reader(read) for read, _ in pipes]
        yield program


@asynccontextmanager
async def started_program(
    folder: Path, arguments: Sequence[str], streams: Sequence[int], environment: Mapping[str, str]
) -> AsyncIterator[Program]:
    """Runs ``nutgraf`` as `running_program` does, with these standard streams, which are closed here."""
    address, _ = await asyncio.to_thread(_preloaded)
    body = {"arguments": arguments, "folder": str(folder), "environment": os.environ | environment}
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        socket.send_fds(connection, [json.dumps(body).encode()], streams)
        for stream in set(streams):
            os.close(stream)
        ended, writer = await asyncio.open_unix_connection(sock=connection)
        program = Program(int(await ended.readline()), ended)
        try:
            yield program
        finally:
            program.kill()
            await program.wait()
            writer.close()


def ran(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs ``nutgraf`` to its end."""

    async def run() -> subprocess.CompletedProcess[str]:
        async with running_program(folder, *arguments, log=None, **environment) as program:
            output, errors = await program.communicate()
        return subprocess.CompletedProcess(arguments, await program.wait(), output.decode(), errors.decode())

    return asyncio.run(run())


def ran_in_terminal(folder: Path, *arguments: str, **environment: str) -> str:
    """Runs ``nutgraf`` to its end in a terminal. Returns what it printed."""

    async def run() -> None:
        streams = (terminal, terminal, terminal)
        async with started_program(folder, arguments, streams, {"TERM": "xterm-256color"} | environment) as program:
            await asyncio.to_thread(_read_all, screen, read)
            await program.wait()

    screen, terminal = pty.openpty()
    read = bytearray()
    asyncio.run(run())
    os.close(screen)
    return read.decode()


def _read_all(screen: int, read: bytearray) -> None:
    with suppress(OSError):  # the program has closed its side
        while chunk := os.read(screen, 1 << 16):
            read += chunk


async def _reader(pipe: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(pipe, "rb", 0))
    return reader


def program_file(folder: Path) -> Path:
    """Writes an executable file that runs ``nutgraf`` as `running_program` does, for those who start it themselves."""
    address, _ = _preloaded()
    path = folder / "nutgraf"
    command = [sys.executable, "-SE", str(ROOT / "tests" / "start_preloaded.py"), address]
    path.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
    path.chmod(0o700)
    return path


@cache
def _preloaded() -> tuple[str, subprocess.Popen[bytes]]:
    """Starts the process that forks programs, which ends with this one. Returns the address of its socket, and it."""
    address = str(new_folder() / "start")
    process = subprocess.Popen(  # noqa: S603  # ours
        [sys.executable, "-W", "ignore", "-m", "tests.preloaded", address],
        cwd=ROOT,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return address, process
