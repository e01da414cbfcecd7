"""Stories: the list with search, one article with its versions, and hiding and removing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.delivery.model import Op
from bot.storage.listings import PAGE
from bot.web.site import Site, Visitor, field_of, missing, number_in, redirect
from briefings.model import Version
from briefings.story_store import Report

_FOUND = 30
_SAID = {
    "hidden": "Hidden from answers, search and digests.",
    "shown": "Shown again.",
    "withdrawn": "Hidden. The posts that show it are being edited or deleted.",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A line that a version removed or added."""

    is_added: bool
    text: str


async def listed(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Lists the newest articles, or those that match a search."""
    viewer, library = site.viewer(visitor), site.bot.dispatcher.context.library
    typed = _printable(request.query.get("q", ""))
    before, older, total = number_in(request.query.get("before")), None, 0
    if typed:
        result = await library.search(viewer, typed, _FOUND, site.bot.clock())
        found = [report for one in result.found if (report := await site.bot.stories.report_of(one.version.id))]
        total = result.total
    else:
        found = await site.bot.stories.reports(await site.listings.stories(viewer, before))
        older = found[-1].id if len(found) == PAGE else None
    return site.page(
        "stories",
        visitor,
        here="/stories",
        reports=found,
        typed=typed,
        total=total,
        older=older,
        is_newest=before is None,
    )


async def one(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Shows a version of an article: what changed in it, its text, and where else it is told."""
    report, version = await _asked(site, visitor, request)
    if report is None or version is None:
        return missing(site, visitor, "There is no such story.")
    posts = await site.bot.posting.withdrawals.posts(report) if visitor.operator else []
    others = await site.bot.stories.of_same_story(site.viewer(visitor), report.version.id)
    return site.page(
        "story",
        visitor,
        here="/stories",
        report=report,
        version=version,
        versions=await site.listings.versions(report.id),
        changes=await _changes(site, report, version),
        others=others,
        posts=posts,
        said=_SAID.get(request.query.get("said", ""), ""),
    )


async def hidden(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Hides an article, and does with its posts what the form says."""
    report, _ = await _asked(site, visitor, request)
    if report is None:
        return missing(site, visitor, "There is no such story.")
    await site.bot.stories.hide(report.id, hidden=True)
    is_changed = await _withdraw(site, report, await field_of(request, "posts"))
    return redirect(f"/stories/{report.version.id}", said="withdrawn" if is_changed else "hidden")


async def shown(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Shows a hidden article again."""
    report, _ = await _asked(site, visitor, request)
    if report is None:
        return missing(site, visitor, "There is no such story.")
    await site.bot.stories.hide(report.id, hidden=False)
    return redirect(f"/stories/{report.version.id}", said="shown")


async def removal(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Asks whether an article is to be deleted."""
    report, _ = await _asked(site, visitor, request)
    if report is None:
        return missing(site, visitor, "There is no such story.")
    posts = await site.bot.posting.withdrawals.posts(report)
    return site.page("remove_story", visitor, here="/stories", report=report, posts=posts)


async def removed(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Deletes an article with all its versions."""
    report, _ = await _asked(site, visitor, request)
    if report is None:
        return missing(site, visitor, "There is no such story.")
    await site.bot.stories.hide(report.id, hidden=True)  # otherwise its posts would be rebuilt with it
    await _withdraw(site, report, await field_of(request, "posts"))
    await site.bot.stories.remove(report.id)
    return redirect("/stories")


async def _withdraw(site: Site, report: Report, choice: str) -> bool:
    """Edits or deletes the posts that show a hidden article. Returns whether any is changed."""
    if choice not in {Op.EDIT, Op.DELETE}:
        return False
    withdrawals = site.bot.posting.withdrawals
    posts = await withdrawals.posts(report)
    return bool(await withdrawals.withdraw(posts, site.bot.clock(), deletes=choice == Op.DELETE))


async def _asked(site: Site, visitor: Visitor, request: web.Request) -> tuple[Report | None, Version | None]:
    """Returns the article and the version that the address names, if the visitor may see it."""
    name = request.match_info["version"]
    if not name.isascii() or not name.isalnum():
        return None, None
    viewer = site.viewer(visitor)
    version = await site.bot.stories.get(viewer, name)
    report = await site.bot.stories.report_of(name) if version else None
    return (report, version) if report and viewer.sees(report.scope) else (None, None)


async def _changes(site: Site, report: Report, version: Version) -> Sequence[Change]:
    """Returns what a version removed from the one before it and added to it."""
    if version.changes is None:
        return []
    before = await site.bot.stories.numbered(report.id, version.number - 1)
    removed = [Change(False, span.of(before.article.text)) for span in version.changes.removed] if before else []
    return [*removed, *(Change(True, span.of(version.article.text)) for span in version.changes.added)]


def _printable(text: str) -> str:
    return "".join(one for one in text if one.isprintable()).strip()[:200]
