"""The HTTP server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.runtime import metrics
from bot.runtime.http_log import SERVER_LOG
from bot.settings.operating import WebConfig
from bot.storage.parts import Part
from bot.web.guard import guard
from bot.web.health import Checkup
from bot.web.pages import add_pages
from bot.web.site import Site

_log = structlog.stdlib.get_logger("nutgraf.web")

_MOST_BODY = 64 * 1024
#: How long a connection may stay without a whole request.
_KEEP_ALIVE_SECONDS = 15
#: How long a body is read on that nobody waits for.
_LINGERING_SECONDS = 1
#: How long requests may still take at the end.
_FAREWELL_SECONDS = 1.0


@asynccontextmanager
async def serving(config: WebConfig, checkup: Checkup, site: Site | None = None) -> AsyncIterator[None]:
    """Serves the health, the metrics and the dashboard of a bot while the block lasts, if the settings want it."""
    async with listening(config, application(checkup, site)):
        yield


@asynccontextmanager
async def listening(config: WebConfig, app: web.Application) -> AsyncIterator[None]:
    """Serves ``app`` while the block lasts, if the settings want it. The bot runs on if it cannot."""
    if not config.enabled:
        yield
        return
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=SERVER_LOG,
        keepalive_timeout=_KEEP_ALIVE_SECONDS,
        lingering_time=_LINGERING_SECONDS,
        shutdown_timeout=_FAREWELL_SECONDS,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, config.host, config.port).start()
    except OSError as error:  # the reason is enough, without a traceback
        reason = error.strerror or str(error)
        _log.error("web_unavailable", host=config.host, port=config.port, error=reason)
    else:
        _log.info("web_started", host=config.host, port=config.port)
    try:
        yield
    finally:
        await runner.cleanup()


def application(checkup: Checkup, site: Site | None = None) -> web.Application:
    """Returns the routes with their handlers.

    Args:
        site: The dashboard, if it is served.
    """
    address = site.settings.address if site else ""
    app = web.Application(client_max_size=_MOST_BODY, middlewares=[guard(address)])
    probes = Probes(checkup)
    app.router.add_get("/healthz", probes.healthz)
    app.router.add_get("/readyz", probes.readyz)
    app.router.add_get("/metrics", probes.metrics)
    if site is not None:
        add_pages(app, site)
    return app


class Probes:
    """Handlers for monitoring. No answer names a chat, a person or an article."""

    def __init__(self, checkup: Checkup) -> None:
        self._checkup = checkup

    async def healthz(self, _: web.Request) -> web.Response:
        """Answers as long as the process works."""
        return web.json_response({"status": "ok"})

    async def readyz(self, _: web.Request) -> web.Response:
        """Says what is wrong with each part; the status is 503 if something is."""
        health = await self._checkup.run()
        newest = health.newest_post.isoformat() if health.newest_post else None
        document = {
            "ready": health.is_ready,
            "checks": {name: wrong or "ok" for name, wrong in health.checks.items()},
            "newest_post": newest,
            "parts": {one.name: self._shown(one) for one in health.parts},
        }
        return web.json_response(document, status=200 if health.is_ready else 503)

    def _shown(self, part: Part) -> dict[str, object]:
        where = "here" if self._checkup.is_here(part) else "elsewhere" if part.is_held else "nowhere"
        return {"held": where, "holder": part.holder, "epoch": part.epoch, "since": part.since.isoformat()}

    async def metrics(self, _: web.Request) -> web.Response:
        """Returns the metrics in the Prometheus format."""
        vitals = await self._checkup.vitals.read(self._checkup.platforms)
        for (platform, state), count in vitals.posts.items():
            metrics.POSTS.labels(platform, state).set(count)
        for queue, length in vitals.queues.items():
            metrics.QUEUE.labels(queue).set(length)
        for service in self._checkup.services:
            metrics.CONNECTED.labels(service.part).set(service.is_connected)
        for part in await self._checkup.parts.all():
            metrics.PART.labels(part.name).set(self._checkup.is_here(part))
        metrics.DATABASE_SIZE.set(await self._checkup.vitals.size())
        if vitals.newest_post is not None:
            metrics.NEWEST_POST.set(vitals.newest_post.timestamp())
        return web.Response(body=generate_latest(metrics.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})
