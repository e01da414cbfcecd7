"""``nutgraf stories reanalyse``: finds claims again in stories that an older version analysed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.common import progress_bar
from bot.runtime.terminal import emit

if TYPE_CHECKING:  # slow to import
    from bot.app import Bot

#: Stories that are read from the database together.
_AT_ONCE = 50


async def reanalyse_stories(bot: Bot) -> None:
    """Analyses all outdated stories, the newest first, with a progress bar on standard error."""
    if bot.reanalysis is None:
        return
    total, done = await bot.reanalysis.count(), 0
    with progress_bar() as progress:
        task = progress.add_task("Analysing", total=total)
        while done < total:
            before = done
            async for _ in bot.reanalysis.run(_AT_ONCE):
                done += 1
                progress.advance(task)
            if done == before:  # stories were removed meanwhile
                break
    emit(f"{done} of {total} stories analysed." if total else "All stories are analysed by this version.")
