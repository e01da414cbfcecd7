"""The dashboard's site: who visits it, and how its pages are rendered."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment

from bot.app import Bot
from bot.settings.operating import WebConfig
from bot.storage.day_counts import DayCounts
from bot.storage.listings import Listings
from bot.web.health import Checkup
from bot.web.templates import environment
from briefings.scope import OPERATOR, Viewer, fold_tag

_COOKIE, _SECURE_COOKIE = "nutgraf", "__Host-nutgraf"
_MOST_FIELD = 4_000
#: Raised by aiohttp for a form that does not follow its content type, or whose character set is unknown.
_UNREADABLE = (ValueError, LookupError, RuntimeError, web.RequestPayloadError)
#: The pages of the menu, for everybody who may read and for operators.
_PUBLIC = (("/", "Overview"), ("/stories", "Stories"), ("/feeds", "Feeds"))
_MENU = (("/", "Overview"), ("/posts", "Posts"), *_PUBLIC[1:], ("/subscriptions", "Subscriptions"), ("/chat", "Chat"))


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever looks at a page.

    Attributes:
        operator: The operator who has signed in, or empty.
        session: The secret of the session.
    """

    operator: str = ""
    session: str = field(default="", repr=False)

    @property
    def csrf(self) -> str:
        """The token that every form of the session carries. Other sites cannot know it."""
        return hmac.new(self.session.encode(), b"form", sha256).hexdigest()


@dataclass(frozen=True)
class Site:
    """Everything that the pages need."""

    bot: Bot
    checkup: Checkup
    settings: WebConfig

    @cached_property
    def listings(self) -> Listings:
        """Reads lists page by page."""
        return Listings(self.bot.database)

    @cached_property
    def day_counts(self) -> DayCounts:
        """Counts posts by day."""
        return DayCounts(self.bot.database, self.bot.clock)

    @cached_property
    def _templates(self) -> Environment:
        return environment(self.bot.clock)

    @property
    def _cookie(self) -> str:
        return _SECURE_COOKIE if self._is_secure else _COOKIE

    @property
    def _is_secure(self) -> bool:
        return self.settings.address.startswith("https:")

    def session_of(self, request: web.Request) -> str:
        """Returns the secret of the session that a browser claims to have, or an empty text."""
        return request.cookies.get(self._cookie, "")

    async def visitor(self, request: web.Request) -> Visitor:
        """Returns who sent a request. A session ends if its operator has lost access."""
        secret = self.session_of(request)
        operator = await self.bot.sign_ins.operator_of(secret) if secret else None
        if operator is None:
            return Visitor()
        if operator not in self.bot.dispatcher.context.access.operators:
            await self.bot.sign_ins.end(secret)
            return Visitor()
        return Visitor(operator, secret)

    def viewer(self, visitor: Visitor) -> Viewer:
        """Returns whose permissions apply. The public sees neither private nor hidden nor restricted stories."""
        if visitor.operator:
            return OPERATOR
        return Viewer(barred=frozenset(map(fold_tag, self.bot.dispatcher.context.access.restricted)))

    def _pages(self, visitor: Visitor) -> tuple[tuple[str, str], ...]:
        if visitor.operator:
            return _MENU
        return _PUBLIC if self.settings.public else ()

    def page(
        self, template: str, visitor: Visitor, *, status: int = 200, here: str = "", **values: Any
    ) -> web.Response:
        """Returns a page.

        Args:
            here: The path of the page among those that the menu names.
        """
        shown = {"visitor": visitor, "has_chats": bool(visitor.operator), "pages": self._pages(visitor), "here": here}
        text = self._templates.get_template(f"{template}.html").render(shown | values)
        return web.Response(text=text, content_type="text/html", status=status)

    def signed_in(self, secret: str) -> web.Response:
        """Returns the redirection that begins a session."""
        response = redirect("/")
        response.set_cookie(self._cookie, secret, path="/", httponly=True, secure=self._is_secure, samesite="Lax")
        return response

    def signed_out(self) -> web.Response:
        """Returns the redirection that ends a session."""
        response = redirect("/")
        response.del_cookie(self._cookie, path="/", httponly=True, secure=self._is_secure, samesite="Lax")
        return response


Page = Callable[[Site, Visitor, web.Request], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def for_readers(site: Site, page: Page) -> Handler:
    """Returns the handler of a page for operators, and for everybody if the settings say so."""
    return _handler(site, page, is_public=site.settings.public)


def for_operators(site: Site, page: Page) -> Handler:
    """Returns the handler of a page for operators alone."""
    return _handler(site, page, is_public=False)


def for_forms(site: Site, page: Page) -> Handler:
    """Returns the handler of a form for operators. It must carry the token of the session."""

    async def checked(site: Site, visitor: Visitor, request: web.Request) -> web.StreamResponse:
        given = await field_of(request, "csrf")
        if not hmac.compare_digest(given.encode(errors="replace"), visitor.csrf.encode()):
            return missing(site, visitor, "The form is too old. Go back, load the page again and repeat.", status=403)
        return await page(site, visitor, request)

    return for_operators(site, checked)


def _handler(site: Site, page: Page, *, is_public: bool) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        visitor = await site.visitor(request)
        if not visitor.operator and not is_public:
            return site.page("welcome", visitor, status=401)
        return await page(site, visitor, request)

    return handler


async def field_of(request: web.Request, name: str) -> str:
    """Returns a field of a form, or an empty text. Files are ignored."""
    try:
        value = (await request.post()).get(name, "")
    except _UNREADABLE as error:
        raise web.HTTPBadRequest(text="The form cannot be read.") from error
    return value[:_MOST_FIELD] if isinstance(value, str) else ""


def redirect(path: str, **query: str) -> web.Response:
    """Returns the redirection to a page, after a form."""
    return web.Response(status=303, headers={"Location": f"{path}?{urlencode(query)}" if query else path})


def missing(site: Site, visitor: Visitor, reason: str, status: int = 404) -> web.Response:
    """Returns the page for something that is not there, or that cannot be done."""
    return site.page("missing", visitor, status=status, reason=reason)


def number_in(text: str | None) -> int | None:
    """Returns the number that a text is, if a database can have it."""
    is_number = text is not None and text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if text is not None and is_number else None
