"""Rows of facts and other short lines: every word between the title and the end of the text survives the reader."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefings.model import Article, BlockKind
from briefings.sources import read_article

TITLE = "Harbour bridge closed until the spring"
TEXT = [
    "The council of Norby voted on Tuesday to close the old harbour bridge, after cracks were found in two piers.",
    "Lorries have used the bridge since 1962, and the port authority says that nobody ever examined the piers.",
    "Mayor Ingrid Dahl told reporters that the repair would cost 40 million kroner and that the state would pay half.",
    "Fishermen who land their catch on the far side will have to drive around the fjord until the work is done.",
]
LABELLED = ["Where: the old harbour", "When: 12 May 2026", "Time: 7 p.m.", "Kick-off: 20:45", "Referee: Ida Moe"]
FIGURES = ["Norby 3-1 Velland", "Labour 31%", "Adults 12 euros", "09:30 First session", "200 g flour", "Velland: 9°C"]
FORMS = {
    "paste": "{}\n",
    "paste with empty lines": "{}\n\n",
    "paragraphs": "<p>{}</p>",
    "divisions": "<div>{}</div>",
    "list": "<li>{}</li>",
    "lines": "{}<br>",
}
AROUND = {"list": "<ul>{}</ul>", "lines": "<p>{}</p>", "divisions": "<div>{}</div>"}


def _read(rows: list[str], form: str, place: int) -> Article:
    block = AROUND.get(form, "{}").format("".join(FORMS[form].format(row) for row in rows))
    if form.startswith("paste"):
        return read_article("\n\n".join([TITLE, "By Ann Lee", *TEXT[:place], block.strip(), *TEXT[place:]]).encode())
    texts = [f"<p>{text}</p>" for text in TEXT]
    body = "".join([*texts[:place], block, *texts[place:]])
    head = f"<!doctype html><html lang=en><head><title>{TITLE}</title></head>"
    page = f"{head}<body><article><h1>{TITLE}</h1><p class=byline>By Ann Lee</p>{body}</article></body></html>"
    return read_article(page.encode(), "x.html")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.permutations(LABELLED[1:]).map(lambda rows: [LABELLED[0], *rows[:2]])
    | st.permutations(FIGURES).map(lambda rows: rows[:3]),
    st.sampled_from(sorted(FORMS)),
    st.integers(0, len(TEXT)),
)
def test_rows_of_facts_survive_above_within_and_below_the_text(rows: list[str], form: str, place: int) -> None:
    article = _read(rows, form, place)
    blocks = [block.span.of(article.text) for block in article.blocks if block.kind is not BlockKind.HEADING]
    assert article.title
    assert article.title.of(article.text) == TITLE
    assert article.standfirst is None
    assert article.byline == "Ann Lee"
    assert [text for text in blocks if text in rows] == rows
    assert [text for text in blocks if text in TEXT] == TEXT


def test_a_single_fact_between_title_and_text_survives() -> None:
    assert "Where: the old harbour" in _read(["Where: the old harbour"], "paste", 0).text


def test_a_wrapped_text_keeps_its_labelled_lines_apart() -> None:
    wrapped = """\
The first wooden road bridge to be built in the county for more
than a century will be opened to traffic on Saturday 25 October.
It replaces the iron bridge that was washed away in the flood of
January 2024 and it cost two million pounds.

Place: Weir Lane, Lower Ambleford (north bank)
Time: 10.30am, ribbon at 11am
Parking: the cricket field beside the church in the village

The first vehicle to cross will be the school bus, which has had
to make a detour of fourteen miles for twenty-one months."""
    article = read_article(f"{TITLE}\n\n{wrapped}".encode())
    texts = [block.span.of(article.text) for block in article.blocks]
    assert "Time: 10.30am, ribbon at 11am" in texts
    assert "Place: Weir Lane, Lower Ambleford (north bank)" in texts


@pytest.mark.parametrize("above", ["", '<div class="date">Sunday, 12 June 2011</div>'])
def test_a_heading_that_leads_to_the_front_page_is_the_name_of_the_site(above: str) -> None:
    text = "".join(f"<p>{text}</p>" for text in TEXT)
    page = (
        f"<!doctype html><title>The Slow Oven: {TITLE}</title><body><h1><a href='/'>The Slow Oven</a></h1>"
        f"<p>Baking since 2007</p>{above}<h3>{TITLE}</h3>{text}"
    )
    article = read_article(page.encode(), "x.html")
    assert article.title
    assert article.title.of(article.text) == TITLE
    assert "Baking since" not in article.text


def test_prose_in_preformatted_text_is_divided_into_paragraphs() -> None:
    text = "\n\n".join(TEXT).replace(", ", ",\n")
    page = (
        f"<!doctype html><title>{TITLE}</title><h1>{TITLE}</h1><pre>All,\n\n{text}\nSee <a href=/x>here</a> too.</pre>"
    )
    article = read_article(page.encode(), "x.html")
    texts = [block.span.of(article.text) for block in article.blocks]
    assert texts == ["All,", *TEXT[:-1], f"{TEXT[-1]} See here too."]
