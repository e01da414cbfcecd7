"""The first paragraphs of pages: a report's beginning is text, and no paragraph repeats itself."""

from __future__ import annotations

import pytest

from briefings.model import Article
from briefings.sources import read_article

_LEAD = (
    "OSTRAND (Reuters) - The bridge at Ostrand was shut on Monday after an inspector found cracks in two of its piers."
)
_TEXT = "Buses take another road until the council has heard what the repair would cost, the mayor said."
_MORE = "Forty ships a day pass below the bridge, and none of them has to wait, the harbour office told the council."


def _page(paragraphs: list[str], description: str = "") -> Article:
    body = "".join(f"<p>{each}</p>" for each in paragraphs)
    head = f'<title>Bridge shut</title><meta name="description" content="{description}">'
    page = f"<html><head>{head}</head><body><article><h1>Bridge shut</h1>{body}</article></body></html>"
    return read_article(page.encode(), "x.html")


@pytest.mark.parametrize(
    "line",
    [
        "I saw a lot of people waiting for a bus. 🙁",
        "... The mayor of Ostrand said that she has not seen the bill.",
        "“… keep the people of the island from the hospital at night”",
    ],
)
def test_a_paragraph_with_a_pictograph_or_an_omission_does_not_repeat_itself(line: str) -> None:
    article = _page([_LEAD, _TEXT, line, _MORE])
    assert line in [block.span.of(article.text) for block in article.blocks]


def test_the_dateline_of_a_report_begins_its_text() -> None:
    article = _page([_LEAD, _TEXT, _MORE], description=_LEAD)
    assert article.standfirst is None
    assert article.blocks[0].span.of(article.text) == _LEAD
