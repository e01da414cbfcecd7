"""Cleans and compares web addresses."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

# Parameters added by mail senders, social networks and analytics. No site needs them to find a page.
_TRACKER = re.compile(
    r"(?:utm_\w+|at_(?:campaign|medium|link\w*|custom\d|bbc\w*|ptr\w*|format|variation|type|send_date)"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|mc_cid|mc_eid"
    r"|mkt_tok|_hsenc|_hsmi|vero_id|oly_\w{1,20}_id|ns_(?:mchannel|source|campaign|linkname|fee)|cmpid|cmp_id|xtor|wt_mc"
    r"|ocid|smid|ito|pk_\w+|mtm_\w+|matomo_\w+|piwik_\w+|rss_id|ftag|guccounter|guce_\w+|s_cid|ncid|sr_share)",
    re.IGNORECASE,
)
# Values that name the feed from which a reader comes, as in ?ref=rss. The page is the same without them.
_FROM_FEED = frozenset({"rss", "rss2", "rssfeed", "atom", "feed"})


def without_trackers(url: str) -> str:
    """``url`` without its fragment and tracking parameters. The other parameters keep their order."""
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair and not _is_tracker(*pair.partition("=")[::2])]
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, "&".join(kept), ""))


def _is_tracker(name: str, value: str) -> bool:
    return value.lower() in _FROM_FEED or _TRACKER.fullmatch(name) is not None


def is_same_site(one: str, other: str) -> bool:
    """Whether two addresses have the same host, ignoring ``www.``, ``m.`` and ``amp.``."""
    return _host(one) == _host(other)


def _host(url: str) -> str:
    host = (urlsplit(url).hostname or "").lower()
    first, _, rest = host.partition(".")
    return rest if first in {"www", "m", "amp", "mobile"} and "." in rest else host
