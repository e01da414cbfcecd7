"""Draws views in a worker. Views hold whole versions, which are not sent back: the caller has them already."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO

from bot.views.model import View
from briefings.model import Version


class Drawing:
    """A view on its way between processes: versions in it are sent as their ids."""

    def __init__(self, view: View) -> None:
        self._view: View | bytes = view

    def __getstate__(self) -> bytes:
        """Returns the view without its versions."""
        packed = BytesIO()
        _Pickler(packed, pickle.HIGHEST_PROTOCOL).dump(self._view)
        return packed.getvalue()

    def __setstate__(self, packed: bytes) -> None:
        """Takes what another process has packed."""
        self._view = packed

    def view(self, versions: Iterable[Version]) -> View:
        """Returns the view with these versions in it."""
        if isinstance(self._view, View):
            return self._view
        found: View = _Unpickler(self._view, versions).load()
        return found


def draw_view(versions: Sequence[Version], /, draw: Callable[..., View], *args: object, **kwargs: object) -> Drawing:
    """Draws the first of the versions. The others are in the arguments."""
    return Drawing(draw(versions[0], *args, **kwargs))


def versions_in(arguments: Iterable[object]) -> Iterator[Version]:
    """Returns the versions among arguments, and in tuples among them."""
    for one in arguments:
        if isinstance(one, Version):
            yield one
        elif isinstance(one, tuple):
            yield from versions_in(one)


class _Pickler(pickle.Pickler):
    def persistent_id(self, one: object) -> str | None:
        return one.id if isinstance(one, Version) else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, packed: bytes, versions: Iterable[Version]) -> None:
        super().__init__(BytesIO(packed))
        self._versions = {version.id: version for version in versions}

    def persistent_load(self, version: str) -> Version:
        return self._versions[version]
