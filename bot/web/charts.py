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

    Args:
        has_links: Whether each bar leads to the posts of its day.
    """
    most = max((sum(day.posts.values()) for day in days), default=0) or 1
    step = _WIDTH / max(len(days), 1)
    bars = Markup().join(_bar(day, place * step, step, most, has_links) for place, day in enumerate(days))
    drawing = Markup('<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="Posts by day">{}</svg>')
    return drawing.format(_WIDTH, _HEIGHT, bars)


def _bar(day: DayCount, left: float, step: float, most: int, has_links: bool) -> Markup:
    total = sum(day.posts.values())
    said = ", ".join(f"{day.posts[state]:,} {state}" for state in STATES if day.posts.get(state))
    title = f"{day.day:%A %d %B}: {said or 'no posts'}"
    top: float = _HEIGHT - _BASE
    parts = [Markup('<rect class="track" x="{:.1f}" y="0" width="{:.1f}" height="{}"/>').format(left, step, top)]
    for state in STATES:
        height = day.posts.get(state, 0) / most * (_HEIGHT - _BASE - 10)
        if height:
            top -= max(height, 2)
            shape = Markup('<rect class="bar {}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
            parts.append(shape.format(state.value, left + step * 0.15, top, step * 0.7, max(height, 2)))
    label = Markup('<text x="{:.1f}" y="{}">{}</text>').format(
        left + step / 2, _HEIGHT - 8, f"{day.day:%d}".lstrip("0")
    )
    inside = Markup("<title>{}</title>{}{}").format(title, Markup().join(parts), label)
    if has_links and total:
        return Markup('<a href="/posts?day={}" aria-label="{}">{}</a>').format(f"{day.day}", title, inside)
    return Markup('<g role="img" aria-label="{}">{}</g>').format(title, inside)
