"""``nutgraf subscriptions``: list, pause, resume and remove subscriptions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import BAD_INPUT, AsJson, ConfigFile, print_error, print_table, reason_said, with_bot
from bot.cli.plain_help import Commands
from bot.runtime.terminal import emit, emit_json

if TYPE_CHECKING:  # slow to import
    from bot.app import Bot
    from bot.subscriptions.model import Subscription

app = Commands(help="List, pause, resume and remove what chats subscribe to.")

Number = Annotated[int, typer.Argument(help="The subscription's number, as `subscriptions list` prints it.")]


@app.command("list")
def list_subscriptions(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """List all subscriptions."""

    async def work(bot: Bot) -> tuple[list[Subscription], list[tuple[int, str]]]:
        return await bot.subscriptions.all(), await bot.subscriptions.unreadable()

    found, unreadable = with_bot(config, work)
    if as_json:
        documents = [
            {
                "id": one.id,
                "destination": str(one.destination),
                "created_by": one.created_by,
                "times": [f"{moment:%H:%M}" for moment in one.settings.schedule.times],
                "zone": one.settings.schedule.zone,
                "mode": str(one.settings.mode),
                "next_due": one.next_due.isoformat() if one.next_due else None,
                "paused": one.paused,
            }
            for one in found
        ]
        emit_json(documents)
        return
    rows = [
        (
            str(one.id),
            str(one.destination),
            " ".join(f"{moment:%H:%M}" for moment in one.settings.schedule.times),
            one.settings.schedule.zone,
            str(one.settings.mode),
            _next(one),
        )
        for one in found
    ]
    rows += [(str(number), where, "", "", "", "cannot be read by this version") for number, where in unreadable]
    print_table(("id", "destination", "times", "zone", "mode", "next (UTC)"), rows)


@app.command()
def remove(number: Number, config: ConfigFile = None) -> None:
    """Delete a subscription and cancel its waiting posts."""

    async def work(bot: Bot, found: Subscription) -> str:
        await bot.subscriptions.remove(found.destination, [found.id])
        return f"Removed: subscription {found.id} of {found.destination}."

    _with_one(config, number, work)


@app.command()
def pause(number: Number, config: ConfigFile = None) -> None:
    """Pause a subscription until it is resumed, and cancel its waiting posts."""

    async def work(bot: Bot, found: Subscription) -> str:
        from bot.commands import decisions

        await decisions.pause(bot.subscriptions, found)
        return f"Paused: subscription {found.id} of {found.destination}."

    _with_one(config, number, work)


@app.command()
def resume(number: Number, config: ConfigFile = None) -> None:
    """Resume a subscription, from its next time on."""

    async def work(bot: Bot, found: Subscription) -> str:
        from bot.commands import decisions

        try:
            again = await decisions.resume(bot.subscriptions, bot.dispatcher.context.access, found, bot.clock())
        except decisions.NotAdmitted as error:
            print_error(f"The settings do not admit {found.destination}; add {found.destination.place} to `allow`.")
            raise typer.Exit(BAD_INPUT) from error
        own = ", which has paused it itself" if again and again.paused is not None else ""
        return f"Resumed: subscription {found.id} of {found.destination}{own}."

    _with_one(config, number, work)


def _with_one(config: ConfigFile, number: int, work: Callable[[Bot, Subscription], Awaitable[str]]) -> None:
    """Changes one subscription and prints the result."""

    async def run(bot: Bot) -> str | None:
        found = await bot.subscriptions.get(number)
        return await work(bot, found) if found else None

    done = with_bot(config, run)
    if done is None:
        print_error(f"There is no subscription {number}; `nutgraf subscriptions list` prints the numbers.")
        raise typer.Exit(BAD_INPUT)
    emit(done)


def _next(one: Subscription) -> str:
    if one.paused is not None:
        return f"paused: {reason_said(one.paused)}" if one.paused else "paused"
    return f"{one.next_due:%Y-%m-%d %H:%M}" if one.next_due else ""
