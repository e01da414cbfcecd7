"""``nutgraf stories``: list, add, hide and remove stories."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.adding import MANY, add_articles, files_in, is_address
from bot.cli.common import (
    BAD_INPUT,
    AsJson,
    ConfigFile,
    Language,
    confirm_unless,
    print_error,
    print_table,
    translator,
    with_bot,
)
from bot.cli.plain_help import Commands
from bot.cli.reanalysis import reanalyse_stories
from bot.cli.withdrawing import Posts, PostsChoice, chosen_op, print_withdrawn
from bot.runtime.terminal import emit, emit_json

if TYPE_CHECKING:  # slow to import
    from bot.app import Bot
    from briefings.story_store import Report

app = Commands(help="List, add, analyse, show, join, split, hide and remove stories.")

Id = Annotated[str, typer.Argument(help="The story's id, or its beginning, as `stories list` prints it.")]


@app.command("list")
def list_stories(
    config: ConfigFile = None,
    most: Annotated[int, typer.Option("--most", "-n", min=1, help="How many, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the newest stories."""
    with_bot(config, lambda bot: _list(bot, most, as_json))


@app.command("add")
def add_stories(
    sources: Annotated[
        list[str], typer.Argument(help="Files or folders of articles, addresses of pages, or - for standard input.")
    ],
    config: ConfigFile = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", "-t", metavar="<tag>", help="For them all; repeatable.")
    ] = None,
    language: Language = None,
) -> None:
    """Add articles to the library; one that is known with another text becomes its new version."""
    names = list(files_in(sources))
    processes = len(os.sched_getaffinity(0)) if len(names) >= MANY else 0
    failed = with_bot(
        config,
        lambda bot: add_articles(bot, names, frozenset(tag or ()), language),
        creates=True,
        in_workers=any(map(is_address, names)),
        processes=processes,
    )
    if failed:
        raise typer.Exit(BAD_INPUT)


@app.command()
def reanalyse(config: ConfigFile = None) -> None:
    """Find who says what again in all stories that were analysed by an older version, the newest first."""
    with_bot(config, reanalyse_stories)


@app.command()
def show(story: Id, config: ConfigFile = None, language: Language = None) -> None:
    """Show one whole story, with its last changes."""
    with_bot(config, lambda bot: _show(bot, story, language))


@app.command()
def hide(
    story: Id,
    config: ConfigFile = None,
    undo: Annotated[bool, typer.Option("--undo", help="Show it again.")] = False,
    line: Annotated[str, typer.Option(help="Words of a sentence: hide that alone.")] = "",
    posts: Posts = None,
) -> None:
    """Hide a story, or a line of it, at once from answers, search, digests and waiting posts."""
    if line:
        with_bot(config, lambda bot: _hide_line(bot, story, line, posts, hidden=not undo))
    else:
        with_bot(config, lambda bot: _show_again(bot, story) if undo else _hide(bot, story, posts))


@app.command()
def remove(
    story: Id,
    config: ConfigFile = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    posts: Posts = None,
) -> None:
    """Delete a story with all its versions permanently."""
    with_bot(config, lambda bot: _remove(bot, story, yes, posts))


@app.command()
def join(
    stories: Annotated[list[str], typer.Argument(help="Two or more ids, as `stories list` prints them.")],
    config: ConfigFile = None,
) -> None:
    """Join reports about the same event into one story."""
    with_bot(config, lambda bot: _join(bot, stories))


@app.command()
def split(story: Id, config: ConfigFile = None) -> None:
    """Move a report about another event out of its story."""
    with_bot(config, lambda bot: _split(bot, story))


async def _list(bot: Bot, most: int, as_json: bool) -> None:
    from briefings.scope import OPERATOR

    reports = await bot.stories.newest(OPERATOR, most)
    if as_json:
        emit_json([_document(report) for report in reports])
        return
    rows = [
        (
            row["id"],
            row["received"][:16].replace("T", " "),
            row["title"] + ("  (hidden)" if row["hidden"] else ""),
            row["outlet"] or "",
            row["for"] or "all",
            ", ".join(row["tags"]),
        )
        for row in map(_document, reports)
    ]
    print_table(("id", "came in (UTC)", "title", "outlet", "for", "tags"), rows)
    total = await bot.stories.count(OPERATOR)
    if total > len(reports):
        emit(f"{len(reports)} of {total}; -n {total} lists all.")


async def _show(bot: Bot, story: str, language: str | None) -> None:
    from bot.answers.stories import whole_view
    from bot.cli.articles import Format, print_view
    from briefings.changes import changed_lines
    from briefings.related import listed

    async with _report(bot, story) as report:
        version = report.version
        print_view(whole_view(version, listed(version.article)), Format.TEXT, translator(language))
        state = "hidden" if report.is_hidden else "shown"
        emit(f"\n{version.id}, version {version.number}, {version.received:%Y-%m-%d %H:%M} UTC, {state}")
        before = await bot.stories.numbered(report.id, version.number - 1)
        for line in changed_lines(before, version):
            emit(f"{'+' if line.is_added else '-'} {line.text}")


async def _hide(bot: Bot, story: str, posts: PostsChoice | None) -> None:
    async with _report(bot, story) as report:
        op = await chosen_op(bot, report, posts)
        changes = await bot.posting.withdrawals.hide(report, op, bot.clock())
        emit(f"Hidden: {_document(report)['title']}")
        print_withdrawn(changes)


async def _hide_line(bot: Bot, story: str, words: str, posts: PostsChoice | None, *, hidden: bool) -> None:
    """Hides the sentences of the current version that hold some words, or shows them again."""
    from briefings.hiding import lines_with

    async with _report(bot, story) as report:
        article = report.version.article
        known = await bot.stories.hidden_lines(report.version.id)
        lines = lines_with(article, words) if hidden else [one for one in known if words in one.of(article.text)]
        if not lines:
            print_error("No line of the story has these words." if hidden else "No hidden line has these words.")
            raise typer.Exit(BAD_INPUT)
        await bot.stories.hide_lines(report.version.id, lines, hidden)
        for line in lines:
            emit(f"{'Hidden' if hidden else 'Shown'}: {line.of(article.text)}")
        withdrawals, op = bot.posting.withdrawals, await chosen_op(bot, report, posts)
        print_withdrawn(await withdrawals.withdraw(await withdrawals.posts(report), op, bot.clock()))


async def _show_again(bot: Bot, story: str) -> None:
    async with _report(bot, story) as report:
        await bot.stories.hide(report.id, hidden=False)
        emit(f"Shown: {_document(report)['title']}")


async def _join(bot: Bot, stories: list[str]) -> None:
    reports = {}
    for story in stories:
        async with _report(bot, story) as report:
            reports[report.id] = report
    if len(reports) < 2 or len({report.scope.owner for report in reports.values()}) > 1:
        print_error("Name two or more reports, all of them for everybody or all for the same chat.")
        raise typer.Exit(BAD_INPUT)
    await bot.stories.join(list(reports))
    emit("Joined into one story:")
    for report in reports.values():
        emit(f"  {report.version.id}  {_document(report)['title']}")


async def _split(bot: Bot, story: str) -> None:
    async with _report(bot, story) as report:
        await bot.stories.split(report.id)
        emit(f"Now a story of its own: {_document(report)['title']}")


async def _remove(bot: Bot, story: str, yes: bool, posts: PostsChoice | None) -> None:
    async with _report(bot, story) as report:
        title = _document(report)["title"]
        confirm_unless(yes, f"Delete “{title}” with all its versions?")
        op = await chosen_op(bot, report, posts)
        changes = await bot.posting.withdrawals.remove(report, op, bot.clock())
        emit(f"Removed: {title}")
        print_withdrawn(changes)


@asynccontextmanager
async def _report(bot: Bot, story: str) -> AsyncIterator[Report]:
    """Returns the report with that id, or exits with a message and code 2."""
    report = await bot.stories.report_of(story) if story else None
    if report is None:
        print_error(f"There is no story {story}, or more than one id begins so; `nutgraf stories list` prints the ids.")
        raise typer.Exit(BAD_INPUT)
    yield report


def _document(report: Report) -> dict[str, Any]:
    version = report.version
    article = version.article
    return {
        "id": version.id,
        "story": report.story,
        "version": version.number,
        "received": version.received.isoformat(),
        "title": article.headline().of(article.text),
        "outlet": article.outlet,
        "url": article.url,
        "tags": sorted(report.scope.tags),
        "for": report.scope.owner or None,
        "hidden": report.is_hidden,
    }
