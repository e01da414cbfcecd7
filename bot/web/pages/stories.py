"""Stories: the list with search, one article with its versions, and hiding and removing it."""

from __future__ import annotations

from aiohttp import web

from bot.delivery.model import Op
from bot.storage.listings import PAGE
from bot.web.site import Site, Visitor, field_of, missing, number_in, redirect
from briefings.changes import changed_lines
from briefings.model import Version
from briefings.story_store import Report

_FOUND, _POSTS = 30, 20
_SAID = {
    "hidden": "Hidden from answers, search and digests.",
    "shown": "Shown again.",
    "withdrawn": "Hidden. The posts that show it are being edited or deleted.",
}


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
    posts, told = await site.listings.posts_with(report.id, _POSTS) if visitor.operator else ([], 0)
    before = await site.bot.stories.numbered(report.id, version.number - 1)
    others = await site.bot.stories.of_same_story(site.viewer(visitor), report.version.id)
    return site.page(
        "story",
        visitor,
        here="/stories",
        report=report,
        version=version,
        versions=await site.listings.versions(report.id),
        changes=changed_lines(before, version),
        others=others,
        posts=posts,
        told=told,
        said=_SAID.get(request.query.get("said", ""), ""),
    )


async def hidden(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Hides an article, and does with its posts what the form says."""
    report, _ = await _asked(site, visitor, request)
    if report is None:
        return missing(site, visitor, "There is no such story.")
    changes = await site.bot.posting.withdrawals.hide(report, await _op(request), site.bot.clock())
    return redirect(f"/stories/{report.version.id}", said="withdrawn" if changes else "hidden")


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
    _, told = await site.listings.posts_with(report.id, _POSTS)
    return site.page("remove_story", visitor, here="/stories", report=report, told=told)


async def removed(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Deletes an article with all its versions."""
    report, _ = await _asked(site, visitor, request)
    if report is None:
        return missing(site, visitor, "There is no such story.")
    await site.bot.posting.withdrawals.remove(report, await _op(request), site.bot.clock())
    return redirect("/stories")


async def _op(request: web.Request) -> Op | None:
    """Returns what a form does with the posts that show a story. None leaves them."""
    choice = await field_of(request, "posts")
    return Op(choice) if choice in {Op.EDIT, Op.DELETE} else None


async def _asked(site: Site, visitor: Visitor, request: web.Request) -> tuple[Report | None, Version | None]:
    """Returns the article and the version that the address names, if the visitor may see it."""
    name = request.match_info["version"]
    if not name.isascii() or not name.isalnum():
        return None, None
    viewer = site.viewer(visitor)
    version = await site.bot.stories.get(viewer, name)
    report = await site.bot.stories.report_of(name) if version else None
    return (report, version) if report and viewer.sees(report.scope) else (None, None)


def _printable(text: str) -> str:
    return "".join(one for one in text if one.isprintable()).strip()[:200]
