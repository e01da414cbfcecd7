"""Loads the language model besides, so that workers begin with it and share its memory."""

from __future__ import annotations

from contextlib import suppress

import bot.workers.preload  # noqa: F401  # it loads the rest
from briefings.analysis.attribution import attribution_of
from briefings.sources import read_article

with suppress(Exception):  # a broken model is reported by the first text that needs it
    #: Finding claims also loads their word lists.
    attribution_of(read_article(b"A bridge is closed\n\nThe mayor said it was unsafe. Others denied that on Monday.\n"))
