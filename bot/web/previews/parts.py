"""The parts that previews of all platforms share: links, pictures and buttons."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from markupsafe import Markup

from briefings.addresses import web_address


def link(url: str | None, inside: Markup) -> Markup:
    """Returns a link to a web address, or only its words if it is none."""
    address = web_address(url) if url else None
    if address is None:
        return inside
    return Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(address, inside)


def picture(url: str) -> Markup:
    """Returns a place for a picture. The picture itself is not loaded: its site would learn who looks at the page."""
    host = urlsplit(url).hostname or "elsewhere"
    return Markup('<div class="picture">{}</div>').format(link(url, Markup("Picture from {}").format(host)))


def keys(rows: Sequence[Sequence[tuple[str, str]]]) -> Markup:
    """Returns rows of buttons. Each has a label, and the address that it opens or an empty text."""
    return Markup().join(
        Markup('<div class="keys">{}</div>').format(Markup().join(_key(label, url) for label, url in row))
        for row in rows
    )


def _key(label: str, url: str) -> Markup:
    inside = Markup("{} ↗").format(label) if url else Markup("{}").format(label)
    return Markup('<span class="key">{}</span>').format(link(url, inside))
