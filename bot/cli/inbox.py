"""``nutgraf inbox``: messages that could not be answered and were set aside."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli.common import BAD_INPUT, AsJson, ConfigFile, print_error, print_table, with_bot
from bot.cli.plain_help import Commands
from bot.runtime.terminal import emit, emit_json

app = Commands(help="List messages that were set aside, and decide about them.")

Number = Annotated[int, typer.Argument(help="The message's number, as `inbox list` prints it.")]


@app.command("list")
def list_inbox(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """List the messages that were set aside, with the reasons."""
    found = with_bot(config, lambda bot: bot.inbox.aside())
    if as_json:
        emit_json([asdict(one) | {"received": one.received.isoformat()} for one in found])
        return
    rows = [(str(one.id), one.platform, f"{one.received:%Y-%m-%d %H:%M}", one.reason) for one in found]
    print_table(("id", "platform", "came in (UTC)", "why"), rows)


@app.command()
def retry(number: Number, config: ConfigFile = None) -> None:
    """Try to answer a message again: at once if the bot is running, or else at its next start."""
    if not with_bot(config, lambda bot: bot.inbox.retry(number)):
        _is_unknown(number)
    emit(f"Message {number} is answered as soon as the bot runs.")


@app.command()
def drop(number: Number, config: ConfigFile = None) -> None:
    """Delete the text of a message that was set aside."""
    if not with_bot(config, lambda bot: bot.inbox.drop(number)):
        _is_unknown(number)
    emit(f"Message {number} is dropped.")


def _is_unknown(number: int) -> None:
    print_error(f"No message {number} was set aside; `nutgraf inbox list` lists them.")
    raise typer.Exit(BAD_INPUT)
