"""Signing in by a one-time link, signing out, and the style sheet with the icon."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files

from aiohttp import web

from bot.access import Throttle
from bot.web.site import Site, Visitor

#: How many links that do not work one address may try.
_MOST_TRIES, _TRIES_PERIOD = 20, timedelta(minutes=1)
_FILES = {"style.css": "text/css", "icon.svg": "image/svg+xml"}


class Entrance:
    """The pages behind a one-time link. Opening the link does not use it up: platforms open links for previews."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._tries = Throttle(_MOST_TRIES, _TRIES_PERIOD)

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Shows the button that signs in."""
        if not await self._site.bot.sign_ins.is_link(request.match_info["secret"]):
            return self._refused(request)
        return self._site.page("sign_in", Visitor(), path=request.path)

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Uses up the link and begins a session. The one that the browser had before ends."""
        session = await self._site.bot.sign_ins.redeem(request.match_info["secret"])
        if session is None:
            return self._refused(request)
        if before := self._site.session_of(request):
            await self._site.bot.sign_ins.end(before)
        return self._site.signed_in(session)

    def _refused(self, request: web.Request) -> web.Response:
        """Counts a link that does not work. One that works is let in, since all behind a proxy share its address."""
        if self._tries.check(request.remote or "", self._site.bot.clock()) is not None:
            return self._site.page("missing", Visitor(), status=429, reason="Too many tries. Wait a minute.")
        reason = "This link was used before, or is older than five minutes. Send /dashboard to the bot again."
        return self._site.page("missing", Visitor(), status=410, reason=reason)


async def leave(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
    """Ends the session."""
    del request
    await site.bot.sign_ins.end(visitor.session)
    return site.signed_out()


async def static(request: web.Request) -> web.StreamResponse:
    """Returns the style sheet or the icon. There are no other files."""
    name = request.match_info["name"]
    if name not in _FILES:
        raise web.HTTPNotFound
    text = files("bot.web").joinpath("static", name).read_text(encoding="utf-8")
    return web.Response(text=text, content_type=_FILES[name])
