"""The largest and worst inputs end soon, with an article or with one of this package's errors."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import cache

import pytest

from briefings.errors import SourceError
from briefings.sources import MAX_BYTES, read_article
from briefings.sources.kinds import fits_markdown
from tests.hostile import MAIL, MAIL_START, MARKDOWN, PLAIN, START, filled
from tests.soak import sample, some
from tests.worst_cases import ended_after

pytestmark = pytest.mark.soak

_SIZE = sample(MAX_BYTES // 8, MAX_BYTES)  # bytes

_PROSE = "The council said on Tuesday that the bridge over the river would stay closed until the summer. " * 4 + "\n\n"
_PROSE_SIZE = MAX_BYTES // 8  # bytes
#: Any input may take so many times what that prose takes. The worst one takes about eight times as long.
_TIMES = 24


@cache
def _limit() -> float:
    """Seconds of the processor in which this machine, as busy as it is now, must have read an input."""
    raw = filled(_PROSE, _PROSE_SIZE)
    start = time.process_time()
    read_article(raw, "pasted text")
    return _TIMES * (time.process_time() - start)


def _reads(raw: bytes, name: str) -> None:
    with ended_after(_limit()), suppress(SourceError):
        read_article(raw, name)


@pytest.mark.parametrize("name", some(list(PLAIN), 3))
def test_plain_text_is_read_or_refused_soon(name: str) -> None:
    _reads(filled(PLAIN[name], _SIZE), "pasted text")


@pytest.mark.parametrize("name", some(list(MAIL), 3))
def test_a_mail_is_read_or_refused_soon(name: str) -> None:
    """Its headers and parts repeated, alone and with a text below them."""
    text = b"\nThe bridge was closed on Tuesday, and nobody was hurt, the council of the town said.\n"
    raw = MAIL_START.encode() + filled(MAIL[name], _SIZE - len(MAIL_START) - len(text))
    _reads(raw, "mail.eml")
    _reads(raw + text, "mail.eml")


@pytest.mark.parametrize("name", some(list(MARKDOWN), 3))
def test_markdown_is_read_or_refused_soon(name: str) -> None:
    """As a file of that name, and behind a front matter, which makes it Markdown whatever follows."""
    raw = filled(MARKDOWN[name], _SIZE - len(START))
    _reads(raw, "port.md")
    _reads(START.encode() + raw, "pasted text")


@pytest.mark.parametrize("mark", ["[", "![a](", "*a ", "<a ", "`a``b```"])
def test_as_many_marks_as_are_parsed_are_parsed_soon(mark: str) -> None:
    """Just within the limits, in paragraphs as long as they may be."""
    lines = min(sample(500, 4_000), 18_000 // sum(map(mark.count, "[]*_`<&|\\")))
    text = (mark + "word " * 150 + "\n") * lines
    assert fits_markdown(text)
    _reads((START + text).encode(), "port.md")
