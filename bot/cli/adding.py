"""``nutgraf stories add``: reads files, folders and pages, and adds their articles to the library."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.common import print_error, progress_bar, translator
from bot.runtime.terminal import emit
from briefings.errors import LimitExceeded, SourceError, StoryChanged

if TYPE_CHECKING:  # slow to import
    from datetime import datetime

    from bot.app import Bot
    from bot.i18n import Translator
    from briefings.additions import Added, Outcome
    from briefings.library import Library
    from briefings.scope import Scope

#: File types that are read from a folder. A file that is named itself can have any type.
_ARTICLES = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".pdf"})

#: From this number of files on, they are read in worker processes.
MANY = 20
#: While some wait for the disk, the others are analysed.
_AT_ONCE = 64
#: So often a file is added again if another process adds versions of the same report meanwhile.
_TRIES = 5


async def add_articles(bot: Bot, names: list[str], tags: frozenset[str], language: str | None) -> int:
    """Adds each article that can be read, several at a time; returns how many could not."""
    from briefings.scope import Scope

    said = translator(language)
    counts: dict[Outcome, int] = {}
    failed = 0
    left = iter(_with_progress(names))
    bot.stories.adds_together = True
    adding = InOrder(bot.dispatcher.context.library)

    async def add() -> None:
        nonlocal failed
        for name in left:
            try:
                added = await _add_one(bot, adding, name, Scope(tags=tags))
            except (SourceError, LimitExceeded) as error:
                print_error(_complaint(error, name, said))
                failed += 1
                continue
            except StoryChanged:
                print_error(f"{name} was not added: another process is adding versions of it. Add it again later.")
                failed += 1
                continue
            counts[added.outcome] = counts.get(added.outcome, 0) + 1
            if len(names) == 1:
                article = added.version.article
                emit(f"{added.outcome}: {added.version.id}  {article.headline().of(article.text)}")

    await asyncio.gather(*(add() for _ in range(_AT_ONCE if len(names) >= MANY else 1)))
    if len(names) != 1:
        told = [f"{count} {outcome}" for outcome, count in sorted(counts.items())]
        emit(", ".join([*told, *([f"{failed} not read"] if failed else [])]) or "There was no file to add.")
    return failed


async def _add_one(bot: Bot, adding: InOrder, name: str, scope: Scope) -> Added:
    """Reads one file or page, in a worker if there are any, and adds its article."""
    from bot.cli.inputs import read_input
    from bot.runtime.clock import clock

    if bot.ingest and is_address(name):
        return await bot.dispatcher.context.library.add(await bot.ingest.read(name), clock(), scope)
    known_as, raw = read_input(name)
    for _ in range(_TRIES):
        with suppress(StoryChanged):
            return await adding.add(raw, known_as, clock(), scope)
        await asyncio.sleep(random.random())  # noqa: S311  # no secret
    return await adding.add(raw, known_as, clock(), scope)


class InOrder:
    """Reads several files at a time, and stores those of one report in the order of the calls."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._turn = asyncio.Lock()  # given to tasks in the order in which they ask for it
        self._newest: dict[str, asyncio.Event] = {}

    async def add(self, raw: bytes, name: str, received: datetime, scope: Scope) -> Added:
        """Adds the article in a file. Raises the errors of `briefings.library.Library.read_file`."""
        reading = asyncio.create_task(self._library.read_file(raw, name, received, scope))
        try:
            async with self._turn:
                read = await reading
                earlier = self._newest.get(read.report)
                stored = self._newest[read.report] = asyncio.Event()
        finally:
            reading.cancel()
        try:
            if earlier is not None:
                await earlier.wait()
            return await self._library.add_file(read)
        finally:
            stored.set()
            if self._newest.get(read.report) is stored:
                del self._newest[read.report]


def _complaint(error: SourceError | LimitExceeded, name: str, said: Translator) -> str:
    from bot.answers.errors import error_message

    if isinstance(error, SourceError):
        return said.say(error_message(error))
    return f"{name} takes too much time or memory to read."


def files_in(sources: list[str]) -> Iterator[str]:
    """Yields the named files, and the files in the named folders."""
    for source in sources:
        path = Path(source)
        if source != "-" and not is_address(source) and path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in _ARTICLES and one.is_file())
            yield from (str(one) for one in inside if not _is_hidden(one.relative_to(path)))
        else:
            yield source


def is_address(name: str) -> bool:
    """Whether a source is the address of a page."""
    return name.lower().startswith(("http://", "https://"))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _with_progress(names: list[str]) -> Iterator[str]:
    """Yields each name, with a progress bar on standard error if there are many."""
    if len(names) < 2:
        yield from names
        return
    with progress_bar() as progress:
        yield from progress.track(names, description="Adding")
