"""Checks robots.txt: whether a site allows bots to read a page, and how long they should pause.

See https://www.rfc-editor.org/rfc/rfc9309. Feeds are made for programs, so only pages are checked.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from briefings.errors import FetchError, RedirectFailed, RobotsRefusal, SourceTooLarge, StatusRefused
from briefings.fetching.client import Client
from briefings.workers import Workers

#: The bot's name in robots.txt.
PRODUCT = "Nutgraf"
_KEPT_SECONDS = 12 * 3600.0
_MOST_KEPT = 1_000
#: Bytes of a robots.txt that are read. RFC 9309 asks for at least 500 KiB.
_MOST_CHARACTERS = 512_000
_LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Ruling:
    """The rules of a robots.txt for a page. ``pause`` is in seconds between two requests."""

    is_allowed: bool
    pause: float | None = None


def rule(text: str, url: str) -> Ruling:
    """The rules of the robots.txt ``text`` for ``url``."""
    rules = Protego.parse(text)
    pause = rules.crawl_delay(PRODUCT)
    is_pause = pause is not None and pause >= 0
    return Ruling(rules.can_fetch(url, PRODUCT), min(pause or 0.0, _LONGEST_PAUSE) if is_pause else None)


class Robots:
    """The robots.txt of many sites, each cached for some hours."""

    def __init__(self, client: Client, workers: Workers, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._workers = workers
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[float, str]] = OrderedDict()

    async def check(self, url: str) -> None:
        """Returns if bots may read ``url``.

        Raises:
            RobotsRefusal: They may not.
            FetchError: The robots.txt cannot be fetched, so it is unknown whether they may.
            LimitExceeded: The robots.txt takes too long to parse.
        """
        parts = urlsplit(url)
        try:
            text = await self._text(f"{parts.scheme}://{parts.netloc}/robots.txt")
        except FetchError as error:
            raise type(error)(url, *error.args[1:]) from error  # names the page that was asked for
        if not text:
            return
        ruling = await self._workers.run(rule, text, url)
        if ruling.pause is not None:
            self._client.politeness.slow_down(parts.netloc, ruling.pause)
        if not ruling.is_allowed:
            raise RobotsRefusal(url)

    async def _text(self, url: str) -> str:
        known = self._kept.get(url)
        if known is not None and known[0] > self._monotonic():
            return known[1]
        text = await self._read(url)
        self._kept[url] = (self._monotonic() + _KEPT_SECONDS, text)
        self._kept.move_to_end(url)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return text

    async def _read(self, url: str) -> str:
        """The text. Empty, which allows everything, if the site has none."""
        try:
            found = await self._client.fetch(url, "text/plain, */*;q=0.1")
        except StatusRefused as error:
            if error.status >= 500:
                raise
            return ""
        except (RedirectFailed, SourceTooLarge):
            return ""
        return found.body.decode("utf-8-sig", "replace")[:_MOST_CHARACTERS]
