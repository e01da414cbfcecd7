"""A PostgreSQL server for tests, on a Unix socket. It is started once and deleted at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.folders import delete_later, new_folder

#: Where Debian keeps the programs of a server.
_DEBIAN = Path("/usr/lib/postgresql")
_SUPERUSER = "nutgraf"
_numbers = count(1)


class Server:
    """A running server that creates databases."""

    def __init__(self, sockets: Path, restart: Callable[[], None]) -> None:
        self._sockets = sockets
        #: Stops the server, which ends all connections, and starts it again.
        self.restart = restart

    def new_database(self, like: str | None = None) -> str:
        """The URL of a new database: empty, or a copy of the unused database at the URL ``like``."""
        template = _name(like) if like else "template1"
        name = f"test{os.getpid()}_{next(_numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")  # half the time of its log
        return f"postgresql://{_SUPERUSER}@/{name}?host={self._sockets}"

    def drop(self, url: str) -> None:
        """Deletes a database of this server, and ends its connections."""
        self._execute(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        address = make_conninfo(host=str(self._sockets), user=_SUPERUSER, dbname="postgres")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


def _name(url: str) -> str:
    return url.split("@/")[1].split("?", maxsplit=1)[0]


def required() -> bool:
    """Whether a missing server is a failure instead of a reason to skip."""
    return "postgres" in os.environ.get("NUTGRAF_REQUIRE", "").split(",")


@contextmanager
def running_server() -> Iterator[Server]:
    """A server for as long as the block lasts; skips, or fails where `NUTGRAF_REQUIRE` names ``postgres``."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        message = "needs PostgreSQL's server programs; on Debian and Ubuntu: apt install postgresql"
        if required():
            pytest.fail(message)
        pytest.skip(message)
    folder = new_folder()
    data = folder / "data"
    try:
        _own(folder)
        _run(
            initdb,
            "--auth=trust",
            f"--username={_SUPERUSER}",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "-D",
            data,
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=200"
        options += " -c fsync=off -c full_page_writes=off"  # no test ends the machine
        _run(pg_ctl, "-w", "-s", "-D", data, "-l", folder / "log", "-o", options, "start")
        try:
            yield Server(
                folder, partial(_run, pg_ctl, "-w", "-s", "-D", data, "-l", folder / "log", "-m", "fast", "restart")
            )
        finally:
            _run(pg_ctl, "-w", "-s", "-D", data, "-m", "immediate", "stop")
    finally:
        delete_later(folder)


def _program(name: str) -> str | None:
    found = sorted(_DEBIAN.glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


def _own(folder: Path) -> None:
    """PostgreSQL refuses to run as root: there the folder becomes the system's own user's for it."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        folder.chmod(0o755)


def _run(*command: str | Path) -> None:
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryFile() as output:  # and no pipe, which a server that was started would keep open
        result = subprocess.run(  # noqa: S603  # programs that were found above
            list(map(str, command)), check=False, user=user, cwd="/", stdout=output, stderr=output
        )
        if result.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[0]} failed: {output.read().decode()}")
