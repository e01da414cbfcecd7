"""Prints posts in the terminal."""

from __future__ import annotations

from rich.console import Console

from bot.delivery.model import Dead, Delivery, Op, Outcome, Sent
from bot.platforms.console.render import read_post


class ConsoleSender:
    """A `bot.delivery.model.Sender` that prints. The id of a message is that of its delivery."""

    def __init__(self, console: Console) -> None:
        self._console = console

    async def send(self, delivery: Delivery) -> Outcome:
        """Prints a post."""
        if delivery.payload is None:
            return Dead("its content was deleted")
        self._console.print()
        if delivery.op is Op.EDIT:
            self._console.print(f">{delivery.target} is corrected:", style="italic bright_black", highlight=False)
        if delivery.op is Op.DELETE:
            self._console.print(f">{delivery.target} is withdrawn.", style="italic bright_black", highlight=False)
            return Sent(delivery.target or "")
        text, buttons = read_post(delivery.payload)
        message = f"post{delivery.id}"
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)
        for number, (label, _) in enumerate(buttons, start=1):
            self._console.print(f">{message} {number}  {label}", markup=False, highlight=False, style="cyan")
        self._console.print(f">{message}", style="italic bright_black", highlight=False)
        return Sent(message)
