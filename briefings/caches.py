"""Caches with text of articles. All are created or registered here, so that they can be cleared together."""

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
        """Deletes everything in the cache."""


_clearings: list[Callable[[], None]] = []
_registered: WeakSet[Clearable] = WeakSet()


def text_cache(most: int) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """A decorator: caches the last ``most`` results of a function that works on text of articles."""

    def keeping(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        cached = lru_cache(maxsize=most)(function)
        _clearings.append(cached.cache_clear)
        return cached  # type: ignore[return-value]  # the standard library's type loses the parameters

    return keeping


def register(cache: Clearable) -> None:
    """Registers a cache to be cleared with all others. It is not kept alive by this."""
    _registered.add(cache)


def clear_text_caches() -> None:
    """Clears all caches of this process that contain text."""
    for clear in _clearings:
        clear()
    for cache in list(_registered):
        cache.clear()
