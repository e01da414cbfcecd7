"""A dashboard over a bot with posts, and a browser without JavaScript."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from bot.posting.scheduler import Runs
from bot.settings.operating import WebConfig
from bot.storage.parts import Parts
from bot.storage.vitals import VitalsStore
from bot.web.health import Checkup
from bot.web.server import application
from bot.web.site import Site
from tests.newsroom import Newsroom

OPERATOR = "test:9"
_CSRF = re.compile(r'name="csrf" value="(\w+)"')


@dataclass
class Visit:
    """A browser at a dashboard. Redirections are not followed."""

    site: Site
    client: TestClient[Request, Application]

    async def sign_in(self, operator: str = OPERATOR) -> str:
        """Signs in by a new link and returns the secret of the link."""
        secret = await self.site.bot.sign_ins.new_link(operator)
        assert (await self.client.post(f"/sign-in/{secret}", allow_redirects=False)).status == 303
        return secret

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Returns the status and the text of a page."""
        response = await self.client.get(path, headers=headers, allow_redirects=False)
        return response.status, await response.text()

    async def csrf(self) -> str:
        """Returns the token of the session's forms."""
        found = _CSRF.search((await self.get("/"))[1])
        assert found is not None
        return found[1]

    async def press(self, path: str, **fields: str) -> ClientResponse:
        """Sends a form with its token."""
        data = {"csrf": await self.csrf(), **fields}
        return await self.client.post(path, data=data, allow_redirects=False)


def checkup_of(newsroom: Newsroom) -> Checkup:
    """Returns the checks of a bot without platforms."""
    database, clock = newsroom.bot.database, newsroom.clock
    return Checkup(VitalsStore(database), [], Runs(), clock(), clock, Parts(database), "here:1")


@asynccontextmanager
async def visiting(newsroom: Newsroom, *, public: bool = False, url: str | None = None) -> AsyncIterator[Visit]:
    """Serves the dashboard of a newsroom."""
    checkup = checkup_of(newsroom)
    site = Site(newsroom.bot, checkup, WebConfig(enabled=True, public=public, url=url))
    async with TestClient(TestServer(application(checkup, site))) as client:
        yield Visit(site, client)
