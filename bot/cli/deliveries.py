"""``nutgraf deliveries`` and ``digest``: inspect posts and resolve uncertain ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.common import (
    BAD_INPUT,
    AsJson,
    ConfigFile,
    Language,
    print_error,
    print_table,
    reason_said,
    translator,
    with_bot,
)
from bot.cli.plain_help import Commands
from bot.delivery.model import Delivery, State
from bot.runtime.terminal import emit, emit_json

if TYPE_CHECKING:  # slow to import
    from bot.app import Bot

app = Commands(help="List posts, and decide about those in doubt.")

_MOST_AT_ONCE = 10_000
_COLUMNS = ("id", "created (UTC)", "sent (UTC)", "destination", "part", "state", "attempts", "last error")

Number = Annotated[int, typer.Argument(help="The post's number, as `deliveries list` prints it.")]
MaybeNumber = Annotated[int | None, typer.Argument(help="The post's number, as `deliveries list` prints it.")]
Every = Annotated[bool, typer.Option("--all", help="All posts in doubt, instead of one.")]
Because = Annotated[str | None, typer.Option("--because", help="With --all: only those whose reason has these words.")]
Where = Annotated[str | None, typer.Option("--for", help="Only those of this destination: platform:chat[:thread].")]


@app.command("list")
def list_deliveries(
    config: ConfigFile = None,
    state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
    destination: Where = None,
    most: Annotated[int, typer.Option("--most", "-n", min=1, help="How many, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the newest posts and their states."""

    async def work(bot: Bot) -> Sequence[Delivery]:
        return await bot.ledger.latest(most, _destination(destination) if destination else None, state)

    found = with_bot(config, work)
    if as_json:
        emit_json([_document(one) for one in found])
        return
    print_table(_COLUMNS, [_row(one) for one in found])


@app.command()
def show(number: Number, config: ConfigFile = None) -> None:
    """Show everything in the ledger about one post, as JSON."""
    found = with_bot(config, lambda bot: bot.ledger.get(number))
    if found is None:
        print_error(f"There is no post {number}; `nutgraf deliveries list` prints the numbers.")
        raise typer.Exit(BAD_INPUT)
    emit_json(_document(found) | {"payload": found.payload})


@app.command()
def resolve(
    number: MaybeNumber = None,
    config: ConfigFile = None,
    every: Every = False,
    because: Because = None,
    lost: Annotated[bool, typer.Option("--lost", help="It did not arrive, and is not to be sent again.")] = False,
) -> None:
    """Mark one uncertain post, or all of them, as arrived; with --lost, as not arrived."""
    _decide_about(config, number, every, because, State.DEAD if lost else State.SENT)


@app.command()
def retry(number: MaybeNumber = None, config: ConfigFile = None, every: Every = False, because: Because = None) -> None:
    """Send an uncertain, dead or expired post again, or all uncertain posts."""
    _decide_about(config, number, every, because, State.PENDING)


def digest(
    destination: Annotated[str, typer.Option("--for", help="The destination: platform:chat[:thread].")],
    config: ConfigFile = None,
    language: Language = None,
) -> None:
    """Print the next digest of a destination as it would be now. Nothing is sent."""
    where = _destination(destination)

    async def work(bot: Bot) -> list[Any]:
        known = await bot.subscriptions.of(where)
        return [await bot.posting.previews.preview(one) for one in known]

    views = with_bot(config, work)
    if not views:
        print_error(f"{destination} has no subscription; `nutgraf subscriptions list` lists those that have.")
        raise typer.Exit(BAD_INPUT)
    from bot.cli.articles import Format, print_view

    for view in views:
        print_view(view, Format.TEXT, translator(language))


def _decide_about(config: Any, number: int | None, every: bool, because: str | None, state: State) -> None:
    """Resolves one post, or all uncertain posts."""
    if every is (number is not None) or (because is not None and not every):
        print_error("Name a post by its number, or all posts in doubt with --all (and --because WORDS).")
        raise typer.Exit(BAD_INPUT)
    if number is not None:
        _decide(config, number, state)
    else:
        _decide_all(config, because or "", state)


def _decide_all(config: Any, because: str, state: State) -> None:
    from bot.commands.decisions import decide

    async def work(bot: Bot) -> int:
        now = bot.clock()
        in_doubt = await bot.ledger.latest(_MOST_AT_ONCE, state=State.UNCERTAIN)
        chosen = [one for one in reversed(in_doubt) if because.lower() in (one.error or "").lower()]
        return sum([await decide(bot.ledger, one, state, now) for one in chosen])

    count = with_bot(config, work)
    emit(f"1 post is {state} now." if count == 1 else f"{count} posts are {state} now.")


def _decide(config: Any, number: int, state: State) -> None:
    from bot.commands.decisions import decide

    async def work(bot: Bot) -> tuple[bool, Delivery | None]:
        found = await bot.ledger.get(number)
        decided = found is not None and await decide(bot.ledger, found, state, bot.clock())
        return decided, await bot.ledger.get(number)

    decided, found = with_bot(config, work)
    if not decided:
        print_error(_undecidable(number, found))
        raise typer.Exit(BAD_INPUT)
    emit(f"Post {number} is {state} now.")


def _undecidable(number: int, found: Delivery | None) -> str:
    """Returns why a post cannot be resolved."""
    if found is None:
        return f"There is no post {number}; `nutgraf deliveries list` lists them."
    if found.state is State.SENDING:
        return f"Post {number} is being sent. If the bot does not run, start it: it settles what it finds."
    if found.state in {State.SENT, State.PENDING, State.CANCELLED}:
        return f"Post {number} is {found.state}; there is nothing to decide."
    if found.payload is None:
        return f"The content of post {number} was deleted; it cannot be sent again."
    return f"Post {number} cannot be sent again: its chat has unsubscribed, or got its stories with a later post."


def _destination(text: str) -> Any:
    from bot.chats import Destination

    try:
        return Destination.parse(text)
    except ValueError as error:
        print_error(f"{text} is no destination; write platform:chat, such as console:terminal.")
        raise typer.Exit(BAD_INPUT) from error


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _row(one: Delivery) -> tuple[str, ...]:
    sent = one.sending_at if one.state is State.SENT else None
    part = f"{one.part}/{one.parts}"
    where, attempts = str(one.destination), str(one.attempts)
    return (str(one.id), _time(one.created), _time(sent), where, part, one.state, attempts, reason_said(one.error))


def _document(one: Delivery) -> dict[str, Any]:
    found = {name: value for name, value in asdict(one).items() if name not in {"payload", "destination"}}
    found["destination"] = str(one.destination)
    found["composition"] = json.loads(one.composition) if one.composition else None
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in found.items()}
