"""``nutgraf feeds``: the feeds that are read regularly, for the operator."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.cli.common import (
    BAD_INPUT,
    AsJson,
    ConfigFile,
    Language,
    is_interactive,
    print_error,
    print_table,
    read_config,
    translator,
    with_bot,
)
from bot.cli.plain_help import Commands
from bot.runtime.terminal import emit, emit_json, prompt
from briefings.errors import LimitExceeded, SourceError

if TYPE_CHECKING:  # slow to import
    from bot.app import Bot
    from bot.feeds.model import Feed, FeedSource
    from bot.ingest.service import IngestService
    from briefings.fetching.discovery import FoundFeed

app = Commands(help="Add, list, check, remove and export feeds.")

Result = TypeVar("Result")

#: So many entries that an OPML file leaves without an address are named.
_MOST_NAMED = 20

Which = Annotated[str, typer.Argument(help="The feed's number, as `feeds list` prints it, or its address.")]


@app.command()
def add(  # noqa: PLR0917  # each is an option
    sources: Annotated[list[str], typer.Argument(help="Addresses of feeds or of sites, or OPML files.")],
    config: ConfigFile = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", "-t", metavar="<tag>", help="For their stories; repeatable.")
    ] = None,
    shown: Annotated[
        int | None, typer.Option(min=200, help="How many characters of a story are shown in full. By default all.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Add all feeds of a site, without asking.")] = False,
    language: Language = None,
) -> None:
    """Add feeds; for the address of a site it finds its feeds and asks which."""

    async def work(ingest: IngestService) -> int:
        return sum([not await _add(ingest, one, frozenset(tag or ()), shown, every, language) for one in sources])

    if _with_ingest(config, work, creates=True, in_workers=True):
        raise typer.Exit(BAD_INPUT)


@app.command("list")
def list_feeds(config: ConfigFile = None, as_json: AsJson = False, language: Language = None) -> None:
    """List the feeds: when each was read, how many stories it brings, and what is wrong."""
    _with_ingest(config, lambda ingest: _list(ingest, as_json, language))


@app.command()
def remove(feed: Which, config: ConfigFile = None) -> None:
    """Remove a feed; its stories stay."""
    _with_ingest(config, lambda ingest: _remove(ingest, feed))


@app.command()
def check(
    feed: Annotated[str | None, typer.Argument(help="Its number or address. By default all feeds.")] = None,
    config: ConfigFile = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Read feeds now, and say what is wrong with them. `nutgraf run` makes stories of what is new."""
    if _with_ingest(config, lambda ingest: _check(ingest, feed, as_json, language), in_workers=True):
        raise typer.Exit(BAD_INPUT)


@app.command()
def export(config: ConfigFile = None) -> None:
    """Print the feeds as OPML, for other feed readers."""
    _with_ingest(config, _export)


def _with_ingest(
    config: ConfigFile,
    work: Callable[[IngestService], Awaitable[Result]],
    *,
    creates: bool = False,
    in_workers: bool = False,
) -> Result:
    """Adds the feeds of the settings, and returns the result of ``work``."""
    settings = read_config(config)

    async def run(bot: Bot) -> Result:
        if bot.ingest is None:
            raise RuntimeError("the bot has no feed service: it was built without a client")
        await bot.ingest.declare(feed.source() for feed in settings.feeds)
        return await work(bot.ingest)

    return with_bot(config, run, creates=creates, in_workers=in_workers)


async def _add(  # noqa: PLR0917  # the options of the command
    ingest: IngestService, source: str, tags: frozenset[str], shown: int | None, every: bool, language: str | None
) -> bool:
    """Adds the feeds of a source. Returns whether it worked."""
    from bot.answers.feeds import feed_message
    from bot.feeds.model import FeedSource

    source = _with_scheme(source)
    try:
        if not source.lower().startswith(("http://", "https://")):
            return await _add_list(ingest, source, tags, shown)
        found = await ingest.find(source)
    except SourceError as error:
        print_error(translator(language).say(feed_message(error)))
        return False
    except LimitExceeded as error:
        print_error(f"{source} takes too much {error.limit} to read.")
        return False
    if not found:
        print_error(f"{source} has no feed that can be found. Look for its address on the site.")
        return False
    chosen = choose_feeds(source, found, every)
    for feed in chosen:
        await _keep(ingest, FeedSource(feed.url, tags, shown), feed.title)
    return bool(chosen)


async def _add_list(ingest: IngestService, source: str, tags: frozenset[str], shown: int | None) -> bool:
    """Adds the feeds of an OPML file; folders in it are tags."""
    from bot.cli.inputs import read_input
    from bot.feeds.model import FeedSource
    from briefings.sources.opml import MOST_FEEDS, read_opml

    name, raw = read_input(source)
    feeds, left_out = read_opml(raw, name)
    for outline in feeds:
        await _keep(ingest, FeedSource(outline.address, tags | set(outline.tags), shown), outline.title)
    if left_out:
        entries = "1 entry" if len(left_out) == 1 else f"{len(left_out)} entries"
        why = f"{name} left out (no address of a feed, or more than {MOST_FEEDS:,} feeds before it)"
        print_error(f"{entries} of {why}: {_named(left_out)}.")
    return True


def _named(titles: Sequence[str]) -> str:
    """The first titles, and how many more there are."""
    more = len(titles) - _MOST_NAMED
    return ", ".join([*titles[:_MOST_NAMED], *([f"and {more} more"] if more > 0 else [])])


def _with_scheme(source: str) -> str:
    """The source, with https:// before it if it begins with the name of a host and there is no such file."""
    host = source.partition("/")[0]
    is_host = "." in host.strip(".") and not host.lower().endswith((".opml", ".xml"))
    is_known = "://" in source or Path(source).exists()
    return f"https://{source}" if is_host and not is_known else source


async def _keep(ingest: IngestService, source: FeedSource, title: str) -> None:
    added = await ingest.add(source, title)
    emit(f"{'Added' if added else 'Known already'}: {f'{title}  ' if title else ''}{source.address}")
    known = None if added else await ingest.named(source.address)
    if known is not None and source.tags <= known.source.tags:
        emit(f"It has the tags {', '.join(sorted(known.source.tags))}." if source.tags else "It keeps its tags.")
    elif known is not None:
        emit("It is in the settings, under `feeds`; change its tags there.")


def choose_feeds(source: str, found: Sequence[FoundFeed], every: bool) -> Sequence[FoundFeed]:
    """Asks which feeds of a site to add. Returns none if the answer has no valid number, which is printed."""
    if every or len(found) == 1:
        return found
    emit(f"{source} has {len(found)} feeds:")
    for number, feed in enumerate(found, 1):
        emit(f"{number:>3}  {feed.title}  {feed.url}  ({feed.items} {'item' if feed.items == 1 else 'items'})")
    if not is_interactive():
        emit("Not a terminal: adding only the first. For others, name their addresses or use --all.")
        return found[:1]
    answer = prompt("Which? Numbers such as 1,3, or all", default="1")
    if answer.strip().lower() == "all":
        return found
    wanted = {int(part) for part in answer.replace(",", " ").split() if part.isdigit()}
    chosen = [feed for number, feed in enumerate(found, 1) if number in wanted]
    if not chosen:
        print_error(f"Nothing added: {answer.strip()} has no number from 1 to {len(found)}.")
    return chosen


async def _list(ingest: IngestService, as_json: bool, language: str | None) -> None:
    feeds, counts = await ingest.feeds.all(), await ingest.counts()
    said = translator(language)
    rows = [_document(feed, counts.get(feed.id), said.say) for feed in feeds]
    if as_json:
        emit_json(rows)
        return
    print_table(
        ("id", "feed", "tags", "from", "last read (UTC)", "stories a day", "state"),
        [
            (
                str(row["id"]),
                row["title"],
                ", ".join(row["tags"]),
                row["origin"],
                (row["last_read"] or "")[:16].replace("T", " "),
                f"{row['stories_a_day']:.1f}",
                row["state"],
            )
            for row in rows
        ],
    )


def _document(feed: Feed, counts: Any, say: Callable[[Any], str]) -> dict[str, Any]:
    from bot.answers.feeds import state_message
    from bot.runtime.clock import clock

    return {
        "id": feed.id,
        "title": feed.name,
        "address": feed.source.address,
        "tags": sorted(feed.source.tags),
        "origin": feed.source.origin,
        "last_read": feed.last_read.isoformat() if feed.last_read else None,
        "next_read": feed.next_poll.isoformat() if feed.next_poll and feed.is_read else None,
        "stories_a_day": round(counts.stories / 7, 1) if counts else 0.0,
        "failed_items": counts.failed if counts else 0,
        "failures": feed.failures,
        "state": say(state_message(feed, clock())),
    }


async def _remove(ingest: IngestService, which: str) -> None:
    from bot.feeds.model import Origin

    feed = await _one(ingest, which)
    await ingest.feeds.remove(feed.id)
    emit(f"Removed: {'  '.join(dict.fromkeys((feed.name, feed.source.address)))}")
    if feed.source.origin is Origin.CONFIG:
        emit("It stands in the settings, under `feeds`; remove it there too, or it comes back.")


async def _check(ingest: IngestService, which: str | None, as_json: bool, language: str | None) -> int:
    """Reads feeds and prints how each is; returns how many failed."""
    from bot.answers.feeds import feed_message

    rows = []
    for feed in [await _one(ingest, which)] if which else await _unmerged_feeds(ingest):
        error = await ingest.check(feed)
        said = translator(language).say(feed_message(error)) if error else None
        rows.append({"id": feed.id, "address": feed.source.address, "ok": error is None, "error": said})
        if not as_json:
            emit(f"{'wrong' if error else 'ok':<6} {said or feed.source.address}")
    if as_json:
        emit_json(rows)
    return sum(not row["ok"] for row in rows)


async def _unmerged_feeds(ingest: IngestService) -> list[Feed]:
    """Returns the feeds that are not merged into another one."""
    return [feed for feed in await ingest.feeds.all() if feed.merged_into is None]


async def _export(ingest: IngestService) -> None:
    from briefings.sources.opml import Outline, write_opml

    feeds = await _unmerged_feeds(ingest)
    outlines = [Outline(feed.source.address, feed.title, tuple(sorted(feed.source.tags))) for feed in feeds]
    emit(write_opml(outlines), nl=False)


async def _one(ingest: IngestService, which: str) -> Feed:
    """The feed that a number, an address or a name means.

    Raises:
        typer.Exit: There is none, or several have the name, which is printed.
    """
    feed = await ingest.named(which)
    if feed is not None:
        return feed
    called = [f"{one.id}" for one in await ingest.feeds.all() if one.name.casefold() == which.casefold()]
    if called:
        print_error(f"{len(called)} feeds are called {which}. Use a number: {', '.join(called)}.")
    else:
        print_error(f"There is no feed {which}; `nutgraf feeds list` prints the numbers.")
    raise typer.Exit(BAD_INPUT)
