"""The templates of the dashboard, and how values are written in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.answers.obstacles import obstacle_said
from bot.i18n import Translator

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def environment(clock: Callable[[], datetime]) -> Environment:
    """Returns the templates. All values are escaped."""
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["moment"] = moment
    found.filters["reason"] = reason
    found.filters["ago"] = lambda one: ago(one, clock())
    return found


def reason(one: str | None) -> str:
    """Returns why something failed or is paused, in words, with what to do about it if that is known."""
    return Translator("en").say(obstacle_said(one)) if one else ""


def moment(one: datetime | None) -> Markup:
    """Returns a time as HTML, in UTC."""
    if one is None:
        return Markup("–")
    utc = one.astimezone(UTC)
    return Markup(f'<time datetime="{utc:%Y-%m-%dT%H:%M:%SZ}">{utc:%Y-%m-%d %H:%M}</time>')  # noqa: S704  # only digits


def ago(one: datetime | None, now: datetime) -> Markup:
    """Returns how long ago a time is, or how far ahead, as HTML."""
    if one is None:
        return Markup("–")
    seconds = (now - one).total_seconds()
    said = f"{_length(abs(seconds))} ago" if seconds >= 0 else f"in {_length(abs(seconds))}"
    utc = one.astimezone(UTC)
    title = f"{utc:%Y-%m-%d %H:%M:%S} UTC"
    return Markup(f'<time datetime="{utc.isoformat()}" title="{title}">{said}</time>')  # noqa: S704  # only our words


def _length(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} min"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR:.0f} h"
    return f"{seconds // _DAY:.0f} days"
