"""The limits of the benchmarks: `make bench` fails where a figure breaks its own."""

from __future__ import annotations

_broken: list[str] = []


def at_most(name: str, value: float, limit: float) -> str:
    """Says the limit of a figure, and remembers where it is above."""
    return _checked(name, value, limit, is_kept=value <= limit)


def at_least(name: str, value: float, limit: float) -> str:
    """Says the limit of a figure, and remembers where it is below."""
    return _checked(name, value, limit, is_kept=value >= limit)


def broken() -> list[str]:
    """All limits that were broken, a line each."""
    return list(_broken)


def _checked(name: str, value: float, limit: float, *, is_kept: bool) -> str:
    if not is_kept:
        _broken.append(f"{name}: {value:.2f}, limit {limit:g}")
    return f"limit {limit:g}" if is_kept else f"BREAKS ITS LIMIT of {limit:g}"
