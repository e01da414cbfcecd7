"""The pages of the dashboard and their forms."""

from __future__ import annotations

from aiohttp import web

from bot.web.pages import chat, feeds, overview, posts, sign_in, stories, subscriptions
from bot.web.site import Site, for_forms, for_operators, for_readers


def add_pages(app: web.Application, site: Site) -> None:
    """Adds the routes of the dashboard."""
    router = app.router
    for path, page in _FOR_READERS.items():
        router.add_get(path, for_readers(site, page))
    for path, page in _FOR_OPERATORS.items():
        router.add_get(path, for_operators(site, page))
    for path, form in _FORMS.items():
        router.add_post(path, for_forms(site, form))
    router.add_get("/static/{name}", sign_in.static)
    entrance = sign_in.Entrance(site)
    router.add_get("/sign-in/{secret}", entrance.ask)
    router.add_post("/sign-in/{secret}", entrance.enter)


_FOR_READERS = {
    "/": overview.overview,
    "/stories": stories.listed,
    "/stories/{version}": stories.one,
    "/feeds": feeds.listed,
}
_FOR_OPERATORS = {
    "/posts": posts.listed,
    "/posts/{number}": posts.one,
    "/stories/{version}/remove": stories.removal,
    "/chat": chat.begin,
    "/subscriptions": subscriptions.listed,
    "/subscriptions/{number}": subscriptions.one,
}
_FORMS = {
    "/chat": chat.said,
    "/sign-out": sign_in.leave,
    "/posts/{number}/{verb}": posts.decided,
    "/stories/{version}/hide": stories.hidden,
    "/stories/{version}/show": stories.shown,
    "/stories/{version}/remove": stories.removed,
    "/feeds/{number}/poll": feeds.polled,
    "/subscriptions/{number}/{verb}": subscriptions.changed,
}
