"""The metrics of the bot, in the Prometheus format. Parts of the bot count; `bot.web` shows the result.

See https://prometheus.io/docs/practices/naming/.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LAGS = (1, 5, 15, 60, 300, 900, 3600, 21600)

REQUESTS = Counter(
    "nutgraf_post_requests", "Requests that carried a post, by their outcome.", ["platform", "state"], registry=REGISTRY
)
POST_LAG = Histogram(
    "nutgraf_post_lag_seconds",
    "Time from the writing of a post to its arrival.",
    ["platform"],
    buckets=_LAGS,
    registry=REGISTRY,
)
SLOT_LAG = Histogram(
    "nutgraf_slot_lag_seconds",
    "Time from the moment at which a post was due to its writing.",
    buckets=_LAGS,
    registry=REGISTRY,
)
ANSWERS = Histogram(
    "nutgraf_answer_seconds", "Time to make an answer.", ["platform"], buckets=_SECONDS, registry=REGISTRY
)
REFUSALS = Counter("nutgraf_refusals", "Requests that were refused, by reason.", ["reason"], registry=REGISTRY)
FEED_READS = Counter("nutgraf_feed_reads", "Reads of feeds, by result.", ["result"], registry=REGISTRY)
JOBS = Counter("nutgraf_jobs", "Jobs that were run, by task and result.", ["task", "result"], registry=REGISTRY)
WORKER_RESTARTS = Counter("nutgraf_worker_restarts", "Worker processes that died.", registry=REGISTRY)

PART = Gauge("nutgraf_part_held", "Whether this process holds the part of the work.", ["part"], registry=REGISTRY)

#: Read from the database or the platforms when the metrics are asked for.
POSTS = Gauge("nutgraf_posts", "Posts that are not finished.", ["platform", "state"], registry=REGISTRY)
QUEUE = Gauge("nutgraf_queue_length", "Entries that wait in a queue.", ["queue"], registry=REGISTRY)
DATABASE_SIZE = Gauge("nutgraf_database_bytes", "Size of the database.", registry=REGISTRY)
CONNECTED = Gauge("nutgraf_platform_connected", "Whether the platform is connected.", ["platform"], registry=REGISTRY)
NEWEST_POST = Gauge("nutgraf_newest_post_timestamp_seconds", "Time of the newest post that arrived.", registry=REGISTRY)
