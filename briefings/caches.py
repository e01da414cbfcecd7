"""Caches that hold text of articles: each is made or registered here, so that all of them can be cleared at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, Protocol, TypeVar
from weakref import WeakSet

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Clearable(Protocol):
    """A cache."""

    def clear(self) -> None:
        """Forgets everything."""


_clearings: list[Callable[[], None]] = []
_registered: WeakSet[Clearable] = WeakSet()


def text_cache(most: int) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """A decorator: keeps the last ``most`` results of a function whose arguments or results hold text of articles."""

    def keeping(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        cached = lru_cache(maxsize=most)(function)
        _clearings.append(cached.cache_clear)
        return cached  # type: ignore[return-value]  # the standard library's type forgets the parameters

    return keeping


def register(cache: Clearable) -> None:
    """Has a cache cleared with all others, as long as it is in use."""
    _registered.add(cache)


def clear_text_caches() -> None:
    """Forgets every cached text of this process."""
    for clear in _clearings:
        clear()
    for cache in list(_registered):
        cache.clear()
