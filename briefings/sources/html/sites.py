"""Finds the name of a page's site by comparing all places that name it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from briefings.sources.html.metadata import Head
from briefings.sources.html.titles import name_key, title_ends

_LONGEST = 60
# Shorter names are within other words of an address by chance.
_FEWEST_LETTERS = 4


def site_names(head: Head, place: str | None) -> list[str]:
    """The names of the site, most frequent first. The last one is the host name.

    Args:
        place: Where the page was read, if it is an address.
    """
    named = [
        *head.said("og:site_name"),
        *head.structured.publishers[:2],
        *head.said("application-name", "publisher", "dc.publisher", "apple-mobile-web-app-title"),
        *_confirmed(head, place),
    ]
    host = (urlsplit(head.url).hostname or "").removeprefix("www.") if head.url else ""
    good = [name for name in named if _is_name(name)]
    ends = Counter(map(name_key, [*good, *title_ends(head.title or "")]))
    good.sort(key=lambda name: (-ends[name_key(name)], name.islower()))
    return list(dict.fromkeys([*good, *([host] if host else [])]))


def _confirmed(head: Head, place: str | None) -> Iterator[str]:
    """The ends of ``<title>`` that also occur in the address or the copyright line."""
    host = urlsplit(head.url or place or "").hostname or ""
    said = [host, *head.said("copyright", "author")]
    for end in title_ends(head.title or ""):
        key = name_key(end)
        if key in host.split(".") or (
            len(key) >= _FEWEST_LETTERS and any(key in name_key(each) for each in said if each)
        ):
            yield end


def _is_name(name: str) -> bool:
    return any(map(str.isalpha, name)) and len(name) <= _LONGEST and "://" not in name and not name.startswith("@")
