"""``nutgraf parts``: who does the work that only one process at a time may do."""

from __future__ import annotations

from dataclasses import asdict

from bot.cli.common import AsJson, ConfigFile, print_table, with_bot
from bot.runtime.terminal import emit_json


def parts(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """List the parts of the work that only one process at a time may do, and who does them."""
    from bot.storage.parts import Parts

    found = with_bot(config, lambda bot: Parts(bot.database).all())
    if as_json:
        emit_json([asdict(one) | {"since": one.since.isoformat()} for one in found])
        return
    rows = [
        (one.name, "yes" if one.is_held else "no", one.holder, f"{one.since:%Y-%m-%d %H:%M:%S}", str(one.epoch))
        for one in found
    ]
    print_table(("part", "held", "by", "since (UTC)", "epoch"), rows)
