"""Pages that send a browser on to another address: ``<meta http-equiv="refresh">``."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from briefings.addresses import feed_address

#: Seconds and address, see https://html.spec.whatwg.org/#attr-meta-http-equiv-refresh
_REFRESH = re.compile(
    r"""\s{0,9}(\d{1,4})(?:\.\d{0,9})?\s{0,9}[;,]\s{0,9}(?:url\s{0,9}=\s{0,9})?["']?([^\s"'<>][^"'<>]*)""",
    re.IGNORECASE,
)
#: After a longer wait, the page itself is meant to be read.
LONGEST_WAIT = 10
_MOST_METAS = 200


def refresh_target(tree: HtmlElement, url: str, longest_wait: int = LONGEST_WAIT) -> str | None:
    """Returns the address to which a page sends its readers, or None. Loading the same page again is none.

    Args:
        longest_wait: In seconds.
    """
    for element in islice(tree.iter("meta"), _MOST_METAS):
        if element.get("http-equiv", "").strip().lower() != "refresh" or _is_without_script(element):
            continue
        found = _REFRESH.match(element.get("content", ""))
        target = feed_address(found[2].strip(), url) if found and int(found[1]) <= longest_wait else None
        if target and _page(target) != _page(url):
            return target
    return None


def _is_without_script(element: HtmlElement) -> bool:
    """Whether only a browser that runs no scripts sees the element."""
    return next(element.iterancestors("noscript"), None) is not None


def _page(url: str) -> str:
    """The address without its query, which some pages change each time they load themselves again."""
    return urlsplit(url)._replace(query="", fragment="").geturl()
