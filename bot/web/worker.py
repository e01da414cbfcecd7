"""What a worker serves: that it is alive, and its metrics."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.runtime import metrics
from bot.storage.shared_queue import SharedQueue
from bot.web.guard import guard


def worker_application(queue: SharedQueue) -> web.Application:
    """Returns the routes with their handlers."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def read_metrics(_: web.Request) -> web.Response:
        for name, length in (await queue.waiting()).items():
            metrics.QUEUE.labels(f"jobs_{name}").set(length)
        return web.Response(body=generate_latest(metrics.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application(middlewares=[guard("")])
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/metrics", read_metrics)
    return app
