"""Log lines on standard error: a constant event, its data in fields."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import structlog

#: What a token of Telegram's looks like, wherever it stands: in a URL, a traceback, a library's own words.
_TOKEN = re.compile(r"\b\d{3,}:[\w-]{30,}")
#: What Discord's look like, and those that answer an interaction: whoever has one speaks for the bot.
_DISCORD = re.compile(
    r"(?<![\w-])[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}|(?<=/interactions/)\d+/[^/\s]+|(?<=/webhooks/)\d+/[^/\s]+"
)
_INTERACTION = re.compile(r"(?<=['\"]token['\"]: ['\"])[^'\"]+")
_HIDDEN = "[secret]"


class _Discreet(structlog.stdlib.ProcessorFormatter):
    """Formats lines without secrets, whoever wrote them."""

    def __init__(self, secrets: Sequence[str], **options: Any) -> None:
        super().__init__(**options)
        self._secrets = sorted({*secrets, *map(quote, secrets)} - {""}, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The line, each secret hidden."""
        return hidden(super().format(record), self._secrets)


def hidden(text: str, secrets: Sequence[str]) -> str:
    """``text`` without ``secrets``, and without whatever looks like a token."""
    for secret in secrets:
        text = text.replace(secret, _HIDDEN)
    for pattern in (_TOKEN, _DISCORD, _INTERACTION):
        text = pattern.sub(_HIDDEN, text)
    return text


def set_up_logging(level: str, as_json: bool, secrets: Sequence[str] = ()) -> None:
    """Makes structlog, and whatever uses `logging`, write lines of at least ``level`` to standard error.

    Args:
        secrets: What no line may hold.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendered: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # Without the values of variables, which may be secrets or somebody's text.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Discreet(
            secrets,
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                rendered,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # They tell of every job and statement; what matters of it is said in our own events.
    for name in (
        "apscheduler",
        "alembic",
        "asyncio",
        "aiohttp",
        "telegram",
        "httpx",
        "httpcore",
        "discord",
    ):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
