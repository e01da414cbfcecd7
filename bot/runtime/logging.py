"""Log lines on standard error: a constant event, its data in fields."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import structlog

from bot.runtime.folding import Folding
from bot.runtime.terminal import cleaned

#: What a token of Telegram's looks like, wherever it stands: in a URL, a traceback, a library's own words.
_TOKEN = re.compile(r"\b\d{3,}:[\w-]{30,}")
#: What Discord's look like, and those that answer an interaction: whoever has one speaks for the bot.
_DISCORD = re.compile(
    r"(?<![\w-])[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}|(?<=/interactions/)\d+/[^/\s]+|(?<=/webhooks/)\d+/[^/\s]+"
)
_INTERACTION = re.compile(r"(?<=['\"]token['\"]: ['\"])[^'\"]+")
_HIDDEN = "[secret]"
#: Libraries whose information lines are not needed: our own events report what matters.
_QUIET = ("apscheduler", "alembic", "asyncio", "aiohttp", "telegram", "httpx", "httpcore", "discord")
_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


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
    """Writes the log lines of structlog and `logging` to standard error.

    Args:
        level: The lowest level that is written.
        secrets: Texts that are replaced in every line.
    """
    root = logging.getLogger()
    root.handlers = [_handler(as_json, secrets)]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns of every run of a job that is left out because the last one is not done.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


def _handler(as_json: bool, secrets: Sequence[str]) -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    rendered: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty() and not os.environ.get("NO_COLOR"),
            # Without the values of variables, which can be secrets or private texts.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    processors: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        cleaned,
        rendered,
    ]
    handler.setFormatter(_Discreet(secrets, foreign_pre_chain=_SHARED, processors=processors))
    handler.addFilter(Folding(handler))
    return handler


# From the import on, so that lines below the level are dropped also where `set_up_logging` was not called.
structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=False,
)
