"""Text copied from a PDF: page numbers and running heads go, and sentences across pages are whole."""

from __future__ import annotations

import pytest

from briefings.sources import read_article
from briefings.sources.page_breaks import without_page_breaks

ABOVE = "The first night train in eleven years left the capital with those who"
BELOW = "had waited for it, and with a hundred others who had not."
PAGE = f"""The Harbour Review

Night trains return to the coast

{{above}}

14

The Harbour Review

{BELOW}

15
"""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("- 14 -", "- 15 -"),
        ("14", "15"),
        ("Page 3 of 9", "Page 4 of 9"),
        ("Seite 3", "Seite 4"),
        ("14\n\nThe Harbour Review Spring 2026", "15\n\nThe Harbour Review Spring 2026"),
        ("THE REVIEW · ISSUE 88 14", "THE REVIEW · ISSUE 88 15"),
        ("14 | The Review", "15 | The Review"),
    ],
)
def test_a_sentence_runs_on_behind_a_page_break(first: str, second: str) -> None:
    text = without_page_breaks(f"{ABOVE}\n\n{first}\n\n{BELOW}\n\n{second}")
    assert text == f"{ABOVE}\n{BELOW}"


@pytest.mark.parametrize(
    "text",
    [
        "It began.\n\nDay 1 of the strike\n\nNobody came.\n\nDay 2 of the strike\n\nTen came.",
        "It began.\n\n2019\n\nNobody came.\n\n2020\n\nTen came.",
        "Only one number is here\n\n14\n\nand no other page.",
        "Goals: Lee 14\nGoals: Ek 15",
        "The routes of the new night buses\n\nNight bus number 1\nNight bus number 2\n\nBoth run hourly.",
    ],
)
def test_headings_years_results_and_lists_stay(text: str) -> None:
    assert without_page_breaks(text) == text


def test_the_running_head_is_not_the_title() -> None:
    article = read_article(PAGE.format(above=ABOVE * 3).encode(), "pasted")
    assert article.title is not None
    assert article.title.of(article.text) == "Night trains return to the coast"
    assert [block.span.of(article.text) for block in article.blocks] == [f"{ABOVE * 3} {BELOW}"]
