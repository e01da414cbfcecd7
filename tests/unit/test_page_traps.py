"""Pages whose statements, shadow trees, folded boxes and dates mislead a reader of their tree."""

from __future__ import annotations

import json
from datetime import date

import pytest

from briefings.model import Article, BlockKind
from briefings.sources import read_article

TITLE = "Harbour bridge closed until the spring"
TOLD = (
    "The council of Norby voted on Tuesday to close the old harbour bridge after engineers found cracks in two piers.",
    "Lorries have used the bridge since 1962, and nobody had examined the lower piers for eleven years, it said.",
    "The repair would cost about 40 million kroner, and the state had promised half of it, the mayor told reporters.",
)
OTHER = "Drivers of the trams will stop work for a day on Sunday, and no bus will replace them, their union says."


def _page(body: str, *, head: str = "", lang: str = "en") -> Article:
    page = f"<html lang={lang}><head><title>{TITLE} - Norby Mail</title>{head}</head><body>{body}</body></html>"
    return read_article(page.encode(), "x.html")


def _article(within: str, **options: str) -> Article:
    first, *others = (f"<p>{text}</p>" for text in TOLD)
    return _page(f"<article><h1>{TITLE}</h1>{first}{within}{''.join(others)}</article>", **options)


def _blocks(article: Article) -> list[str]:
    return [block.span.of(article.text) for block in article.blocks]


def test_a_shadow_tree_is_shown_with_what_its_slots_take() -> None:
    root = f"<template shadowrootmode=open><h1>{TITLE}</h1><p>{TOLD[0]}</p><slot></slot><p>{TOLD[2]}</p></template>"
    article = _page(f"<main><x-story>{root}<p>{TOLD[1]}</p><p slot=none>{OTHER}</p></x-story></main>")
    assert _blocks(article) == list(TOLD)


def test_a_shadow_tree_within_a_sentence_does_not_end_it() -> None:
    name = "<x-name><template shadowrootmode=open><i><slot></slot></i></template>Ana Reyes</x-name>"
    article = _article(f"<p>The mayor, {name}, said on Monday that the bridge at Norby was never safe.</p>")
    assert "The mayor, Ana Reyes, said on Monday that the bridge at Norby was never safe." in _blocks(article)


@pytest.mark.parametrize("template", ["<template>", "<ad-slot><template shadowrootmode=open>"])
def test_templates_of_scripts_and_shadow_trees_of_advertisements_are_not_shown(template: str) -> None:
    assert _blocks(_article(f"<div>{template}<p>{OTHER}</p></template></div>")) == list(TOLD)


def test_statements_about_another_story_are_not_taken() -> None:
    other = {
        "@type": "NewsArticle",
        "headline": "Norby drivers of trams strike on Sunday",
        "author": {"name": "Gus Harker"},
    }
    other |= {"datePublished": "2026-02-11", "articleBody": f"{OTHER} " * 40}
    article = _article("", head=f"<script type='application/ld+json'>{json.dumps(other)}</script>")
    assert (article.byline, article.published, _blocks(article)) == (None, None, list(TOLD))


def test_a_folded_box_of_other_stories_is_left_out() -> None:
    item = f"<li><a href=/1>Trams will stand still on Sunday</a><p>{OTHER}</p></li>"
    folded = f"<details><summary><b>More on this story</b></summary><ul>{item}{item}</ul></details>"
    assert _blocks(_article(folded)) == list(TOLD)


def test_the_rest_of_the_article_that_is_folded_is_kept() -> None:
    folded = f"<details><summary>Read more</summary><p>{OTHER}</p></details>"
    assert _blocks(_article(folded)) == [TOLD[0], OTHER, *TOLD[1:]]


@pytest.mark.parametrize(
    "line",
    [
        "<div class=nl><b>The Norby Letter</b><p>Sign up here for our free newsletter.</p></div>",
        "<h4>The old bridge in March. Photo by Ana Reyes</h4>",
        "<p><b>The old bridge in March</b></p><p>Photo: Ana Reyes</p>",
    ],
)
def test_the_title_of_an_offer_and_a_caption_are_no_headings(line: str) -> None:
    article = _article(line)
    assert not [block for block in article.blocks if block.kind is BlockKind.HEADING]


def test_the_author_is_no_heading_below_the_text_and_a_quotation_in_large_letters_is_one() -> None:
    article = _article("<h3>“We had no choice.”</h3><h3>Ann Lee</h3>", head="<meta name=author content='Ann Lee'>")
    assert [(block.kind, block.span.of(article.text)) for block in article.blocks][1] == (
        BlockKind.QUOTE,
        "“We had no choice.”",
    )
    assert "Ann Lee" not in article.text


@pytest.mark.parametrize(
    ("lang", "beside", "expected"),
    [
        ("en-GB", "", date(2025, 11, 3)),
        ("en-US", "", date(2025, 3, 11)),
        ("en", "", None),
        ("en", "<p>A survey on 27/10/2025 had found the cracks, which grew in the winter.</p>", date(2025, 11, 3)),
        ("en-GB", "<p>A survey on 10/27/2025 had found the cracks, which grew in the winter.</p>", date(2025, 3, 11)),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_page(lang: str, beside: str, expected: date | None) -> None:
    day = "<p class=meta>Published: 03/11/2025</p>"
    first, *others = (f"<p>{text}</p>" for text in TOLD)
    article = _page(f"<article><h1>{TITLE}</h1>{day}{first}{beside}{''.join(others)}</article>", lang=lang)
    assert article.published == expected
