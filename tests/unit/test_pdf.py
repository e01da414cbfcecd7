"""PDFs: paragraphs in reading order, without headers and footers; all other files are refused."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.errors import PdfDamaged, PdfEncrypted, PdfTooLong, PdfWithoutText, SourceError
from briefings.model import Article, BlockKind
from briefings.sources import read_article
from briefings.sources.pages import read_page
from briefings.sources.pdf import MAX_PAGES, pdf_text
from tests.pdfs import Line, column, encrypted_pdf, pdf

ARTICLE = """Ferry to Alnes stops for the winter

The ferry to Alnes will not sail between November and March, the
county decided on Thursday. The pier needs repairs that cannot be
made while ships use it.

Who is affected?

Forty families live on the island all year. Children will go to
school by boat from the northern harbour, which is an hour away.
Berit Moe, who runs the shop, called the decision a disaster.
"""


def paragraphs(article: Article) -> list[str]:
    return [block.span.of(article.text) for block in article.blocks]


def read(*pages: Sequence[Line]) -> Article:
    return read_article(pdf(*pages), "ferry.pdf")


def test_lines_become_paragraphs() -> None:
    article = read(column(ARTICLE))
    assert article.headline().of(article.text) == "Ferry to Alnes stops for the winter"
    first, heading, second = paragraphs(article)
    assert first.endswith("The pier needs repairs that cannot be made while ships use it.")
    assert heading == "Who is affected?"
    assert second.startswith("Forty families live on the island all year. Children will go to school by boat")


def test_headings_are_told_from_text() -> None:
    article = read(column(ARTICLE))
    assert [block.kind for block in article.blocks] == [BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_a_title_in_a_larger_size_is_no_part_of_the_first_paragraph() -> None:
    title, _, *rest = ARTICLE.split("\n")
    lines = [Line(title, 60, 760, size=18), *column("\n".join(rest), top=742)]
    article = read(lines)
    assert article.headline().of(article.text) == title
    assert paragraphs(article)[0].startswith("The ferry to Alnes will not sail")


LEFT = """The ferry to Alnes will not sail
between November and March, the
county decided on Thursday. The
pier needs repairs that cannot be
made while ships use it, and no
other harbour on the island is"""
RIGHT = """deep enough for the ship.

Forty families live on the island
all year. Children will go to
school by boat from the northern
harbour, which is an hour away."""


def test_columns_are_read_one_after_the_other() -> None:
    text = pdf_text(pdf([*column(LEFT, left=60), *column(RIGHT, left=320)]), "ferry.pdf")
    assert text.startswith("The ferry to Alnes will not sail between November and March")
    assert "no other harbour on the island is deep enough for the ship.\n\nForty families" in text


def test_an_indented_line_begins_a_paragraph() -> None:
    lines = column("The pier needs repairs that take many weeks to make in the cold.", top=700)
    lines += [Line("Forty families live on the island all year, and most of them fish.", 75, 687)]
    lines += [Line("Children will go to school by boat from the northern harbour.", 60, 674)]
    assert pdf_text(pdf(lines), "ferry.pdf").split("\n\n")[1].startswith("Forty families")


def test_divided_words_are_made_whole() -> None:
    text = pdf_text(
        pdf(column("The county decided that the repairs can-\nnot wait, said the engineer Per-\nOlav Vik.")), "a"
    )
    assert text == "The county decided that the repairs cannot wait, said the engineer Per-Olav Vik."


def test_running_heads_and_page_numbers_go() -> None:
    pages = [
        [
            Line(f"The Coast, No. {number}", 60, 815, 8),
            *column(f"On day {number} the ferry lay still in the harbour of Alnes again."),
            Line(f"Page {number} of 4", 280, 20, 8),
        ]
        for number in range(1, 5)
    ]
    text = pdf_text(pdf(*pages), "ferry.pdf")
    assert "The Coast" not in text
    assert "Page" not in text
    assert text.count("On day") == 4


def test_what_stands_once_at_the_top_of_a_page_stays() -> None:
    lines = [Line("Ferry to Alnes stops for the winter", 60, 815), *column(ARTICLE.split("\n", 1)[1])]
    assert "Ferry to Alnes stops" in pdf_text(pdf(lines), "ferry.pdf")


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (encrypted_pdf(), PdfEncrypted),
        (pdf([], []), PdfWithoutText),
        (b"%PDF-1.7\n", PdfDamaged),
        (pdf(*[column("A page of a book.")] * (MAX_PAGES + 1)), PdfTooLong),
    ],
    ids=["encrypted", "without text", "damaged", "too long"],
)
def test_what_is_no_article_is_refused(raw: bytes, error: type[SourceError]) -> None:
    with pytest.raises(error) as caught:
        read_article(raw, "a.pdf")
    assert caught.value.name == "a.pdf"


def test_a_link_to_a_pdf_gives_its_article_and_address() -> None:
    url = "https://coast.example/ferry.pdf"
    article = read_page(pdf(column(ARTICLE)), url, "application/pdf")
    assert article.url == url
    assert article.headline().of(article.text) == "Ferry to Alnes stops for the winter"


_WHOLE = pdf(column(ARTICLE))


@settings(max_examples=60, deadline=None)
@given(st.integers(9, len(_WHOLE) - 1), st.binary(max_size=30), st.integers(0, 200))
def test_any_damage_gives_an_article_or_one_of_our_errors(place: int, put: bytes, removed: int) -> None:
    damaged = _WHOLE[:place] + put + _WHOLE[place + removed :]
    with suppress(SourceError):
        assert read_article(damaged, "a.pdf").text
