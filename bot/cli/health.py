"""``nutgraf health``: asks the running bot whether it is ready."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException
from typing import Any

import typer

from bot.cli.common import BAD_INPUT, FAILED, AsJson, ConfigFile, missing_settings, print_error, read_config
from bot.runtime.terminal import emit, emit_json

_SECONDS = 5
#: A server that listens everywhere is asked on this machine.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # it is not listened on here


def health(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Ask the running bot whether it is ready: the database, the platforms, and the tick. Needs `web.enabled`."""
    web = read_config(config).web
    if not web.enabled:
        print_error(f"The settings serve no health; write web: {{enabled: true}}. {missing_settings(config)}".rstrip())
        raise typer.Exit(BAD_INPUT)
    document = _asked(_EVERYWHERE.get(web.host, web.host), web.port)
    if as_json:
        emit_json(document)
    else:
        for name, said in document["checks"].items():
            emit(f"{'ok' if said == 'ok' else 'wrong':<6} {name:<9} {'' if said == 'ok' else said}".rstrip())
    if not document["ready"]:
        raise typer.Exit(FAILED)


def _asked(host: str, port: int) -> dict[str, Any]:
    connection = HTTPConnection(host, port, timeout=_SECONDS)
    try:
        connection.request("GET", "/readyz")
        document: dict[str, Any] = json.loads(connection.getresponse().read())
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        said = f"The bot does not answer on {host}, port {port} ({reason})"
        print_error(f"{said}. Does `nutgraf run` run with these settings? Its log says why it has ended.")
        raise typer.Exit(FAILED) from error
    finally:
        connection.close()
    return document
