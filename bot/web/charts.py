"""Charts as SVG. Their colours are classes of the style sheet, since pages have no inline style."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.delivery.model import State
from bot.storage.day_counts import DayCount

_WIDTH, _HEIGHT, _BASE = 700, 180, 28
#: The states in a bar, from the bottom to the top.
STATES = (State.SENT, State.PENDING, State.SENDING, State.UNCERTAIN, State.DEAD, State.EXPIRED, State.CANCELLED)


def posts_chart(days: Sequence[DayCount], has_links: bool) -> Markup:
    """Draws a bar for each day, in which every state has its share.

    Only numbers, dates and names of states are written, so nothing needs to be escaped. `Markup.format` would take ten
    times as long.

    Args:
        has_links: Whether each bar leads to the posts of its day.
    """
    most = max((sum(day.posts.values()) for day in days), default=0) or 1
    step = _WIDTH / max(len(days), 1)
    bars = "".join(_bar(day, place * step, step, most, has_links) for place, day in enumerate(days))
    view = f"0 0 {_WIDTH} {_HEIGHT}"
    return Markup(f'<svg class="chart" viewBox="{view}" role="group" aria-label="Posts by day">{bars}</svg>')  # noqa: S704  # see above


def _bar(day: DayCount, left: float, step: float, most: int, has_links: bool) -> str:
    said = ", ".join(f"{day.posts[state]:,} {state.value}" for state in STATES if day.posts.get(state))
    title = f"{day.day:%A %d %B}: {said or 'no posts'}"
    top: float = _HEIGHT - _BASE
    parts = [f'<rect class="track" x="{left:.1f}" y="0" width="{step:.1f}" height="{top}"/>']
    for state in STATES:
        height = day.posts.get(state, 0) / most * (_HEIGHT - _BASE - 10)
        if height:
            shown = max(height, 2)
            top -= shown
            place = f'x="{left + step * 0.15:.1f}" y="{top:.1f}" width="{step * 0.7:.1f}" height="{shown:.1f}"'
            parts.append(f'<rect class="bar {state.value}" {place}/>')
    label = f'<text x="{left + step / 2:.1f}" y="{_HEIGHT - 8}">{day.day.day}</text>'
    inside = f"<title>{title}</title>{''.join(parts)}{label}"
    if has_links and said:
        return f'<a href="/posts?day={day.day}" aria-label="{title}">{inside}</a>'
    return f'<g role="img" aria-label="{title}">{inside}</g>'
