"""Articles written for this project, so that there is something to ask about on the first day."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

_ENDINGS = (".txt", ".md", ".html")


def examples() -> Iterator[tuple[bytes, str]]:
    """The bytes and the file name of each article, in the order of their days."""
    found = [entry for entry in files(__name__).iterdir() if entry.name.endswith(_ENDINGS)]
    for entry in sorted(found, key=lambda entry: entry.name):
        yield entry.read_bytes(), entry.name
