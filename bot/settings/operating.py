"""The settings for operating the bot: log, backups, health and alerts."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.settings.fields import WebAddress

#: Addresses that mean every interface, and an address of this machine that a browser can open.
_THIS_MACHINE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # it is not listened on here


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("write only the scheme and the host, such as https://bot.example.org")
    return value.rstrip("/")


Origin = Annotated[WebAddress, AfterValidator(_origin)]


class Strict(BaseModel):
    """Settings that refuse unknown names."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class LogFormat(StrEnum):
    """The format of log lines."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """The lowest level that is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogConfig(Strict):
    """The log, which is written to standard error."""

    level: LogLevel = LogLevel.INFO
    """The lowest level that is logged."""
    format: LogFormat = LogFormat.TEXT
    """Text for people, JSON for machines."""


class WebConfig(Strict):
    """Health, metrics and the dashboard, over HTTP."""

    enabled: bool = False
    """Whether they are served."""
    host: str = "127.0.0.1"
    """The address that the server listens on. Others than this machine can reach 0.0.0.0, so put a proxy before it."""
    port: int = Field(8080, ge=1, le=65_535)
    """The port on which the bot listens."""
    url: Origin | None = None
    """The address at which browsers reach the dashboard, if it differs from host and port, such as that of a proxy."""
    public: bool = False
    """Whether everybody may read the dashboard without signing in. Chats and private articles are left out."""

    @property
    def address(self) -> str:
        """The address of the dashboard, without a slash at its end."""
        if self.url:
            return self.url
        host = _THIS_MACHINE.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


class AlertsConfig(Strict):
    """The limits beyond which operators are alerted in their chats."""

    no_post_days: int = Field(3, ge=1, le=365)
    """Days in which no post arrived although one was due."""
    free_disk_mb: int = Field(500, ge=0, le=1_000_000)
    """Free megabytes on the disk of the SQLite file."""


class JobsConfig(Strict):
    """The work of fetching, analysing and composing. With SQLite, `nutgraf run` does it all."""

    in_run: bool = True
    """Whether `nutgraf run` takes jobs as well. If not, at least one `nutgraf worker` must run; needs PostgreSQL."""
    lost_after_seconds: int = Field(30, ge=2, le=3_600)
    """A process that gives no sign of life for so long is taken for dead, and others get its jobs."""


class BackupsConfig(Strict):
    """Regular backups of the database."""

    folder: Path | None = None
    """The folder for them, or nothing: none are made."""
    keep: int = Field(7, ge=1, le=1_000)
    """How many are kept; older ones are deleted."""
    every_hours: int = Field(24, ge=1, le=8_760)
    """The hours between two backups."""
