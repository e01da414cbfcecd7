"""What stands beside the text of an article, on pages and in pastes: promotion, points, captions, mastheads, lists."""

from __future__ import annotations

from datetime import date

import pytest

from briefings.model import Article, BlockKind
from briefings.sources import read_article
from briefings.sources.furniture import furniture

TITLE = "Harbour bridge closed until the spring"
TOLD = (
    "The council of Norby voted on Tuesday to close the old harbour bridge after engineers found cracks in two piers.",
    "Lorries have used the bridge since 1962, and nobody had examined the lower piers for eleven years, it said.",
    "The repair would cost about 40 million kroner, and the state had promised half of it, the mayor told reporters.",
    "A ferry will carry people and bicycles across the harbour from Monday, every twenty minutes until midnight.",
)


def _page(body: str, title: str = f"{TITLE} - Norby Mail") -> Article:
    return read_article(
        f"<html lang=en><head><title>{title}</title></head><body>{body}</body></html>".encode(), "x.html"
    )


def _article(within: str, above: str = "") -> Article:
    first, *others = (f"<p>{text}</p>" for text in TOLD)
    return _page(f"<h1>{TITLE}</h1>{above}<div class=text>{first}{within}{''.join(others)}</div>")


def _paste(*lines: str) -> Article:
    return read_article("\n".join(lines).encode(), "pasted")


def _blocks(article: Article) -> list[str]:
    return [block.span.of(article.text) for block in article.blocks]


def _title(article: Article) -> str | None:
    return article.title.of(article.text) if article.title else None


def _standfirst(article: Article) -> str | None:
    return article.standfirst.of(article.text) if article.standfirst else None


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "You are visitor number 0048812"),
        ("en", "What did you make of it? Have your say in the comments below"),
        ("en", "Story Saved"),
        ("en", "You can find this story in My Bookmarks. Or open the menu with the user icon in the corner."),
        ("en", "Follow The Norby Mail on Google News."),
        ("en", "The Mail is free thanks to our members. Join them for £3 a month."),
        ("it", "Segui Gazzetta del Porto anche su Google News e sul nostro canale WhatsApp."),
        ("de", "Jeden Tag um 7 Uhr das Neueste. Mit meiner Anmeldung stimme ich der Werbung zu."),
        ("en", "[2/5]The bridge in the fog, March 3, 2024. Norby Press/Bo Ek Purchase Licensing Rights"),
        ("en", "($1 = 10.4213 kroner)"),
    ],
)
def test_what_a_page_asks_and_counts_is_furniture(language: str, line: str) -> None:
    assert furniture(language).is_junk(line)


@pytest.mark.parametrize(
    "line",
    [
        "You can find this bird in the hills above the town, if you get up early enough to hear it sing.",
        "Follow the river for two miles and you come to the mill that the brothers left in the winter of 1911.",
        "The museum is free thanks to a gift from a family that owned three ships and a brewery in the town.",
        "($1 million was spent in the first year alone.)",
    ],
)
def test_a_sentence_with_such_words_belongs_to_the_text(line: str) -> None:
    assert not furniture("en").is_junk(line)


@pytest.mark.parametrize(
    "box",
    [
        "<div class=nl><b>The Norby Letter</b><p>All that is new in the harbour.</p><a href=/n>Yes</a></div>",
        "<div class=more><span>Also</span><h3><a href=/1>Trams will stand still on Sunday</a></h3><i>B. Ek</i></div>",
        "<div class=promo-x><h3>Harbour</h3><a href=/2>The crane that nobody wanted is sold</a></div>",
    ],
)
def test_a_box_between_paragraphs_is_left_out_with_all_its_lines(box: str) -> None:
    assert _blocks(_article(box)) == list(TOLD)


def test_the_points_above_the_text_belong_to_it() -> None:
    points = ["Lorries must use the tunnel", "A ferry runs from Monday"]
    listed = "".join(f"<li>{point}</li>" for point in points)
    article = _article("", f"<section><div>Summary</div><ul>{listed}</ul></section><figure><img></figure>")
    assert _blocks(article) == ["Summary", *points, *TOLD]


def test_the_name_of_the_paper_is_not_the_title_of_an_old_page() -> None:
    bold = f"<p>Friday 29th August 2025</p><p><font size=6><b>{TITLE}</b></font></p><p><i>By Ann Lee</i></p>"
    body = "".join(f"<p>{text}</p>" for text in TOLD)
    article = _page(f"<center><img src=m.gif alt='Norby Mail'></center>{bold}{body}", "Norby Mail Online")
    assert (_title(article), article.byline, article.published) == (TITLE, "Ann Lee", date(2025, 8, 29))
    assert _blocks(article) == list(TOLD)


def test_a_name_above_a_place_and_the_day_is_the_author() -> None:
    assert _article("", "<div><a>Ann Lee</a><div>Norby</div><p>23 September 2025 21:48</p></div>").byline == "Ann Lee"


def test_a_numbered_list_above_the_title_is_no_date() -> None:
    listed = ("1", "Every closure of this spring", "2", "Ten walks for a wet day")
    bar = ("CommentsShare", "By", "Ann Lee", "Senior Reporter", "07:00, 24 Feb 2026")
    deck = "Engineers say that two of its piers may not last the winter"
    article = _paste(*listed, "Bridges", TITLE, deck, "", *bar, "", "\n\n".join(TOLD))
    assert (_title(article), _standfirst(article), article.byline) == (TITLE, deck, "Ann Lee")


def test_stars_may_stand_above_a_standfirst() -> None:
    deck = "The play at the harbour takes its time and then takes your breath"
    article = _paste(TITLE, "", "★★★★☆", "", deck, "", "Ann Lee", "12 March 2026", "", "\n\n".join(TOLD))
    assert (_title(article), _standfirst(article)) == (TITLE, deck)


def test_a_title_is_not_cut_at_a_dash_within_its_sentence() -> None:
    title = f"{TITLE} – and the ferry until May"
    article = _paste("Home", TITLE, "Norby", title, "By Ann Lee", "5 December 2025", "", "\n\n".join(TOLD))
    assert _title(article) == title


def test_a_caption_is_left_out_where_the_credit_repeats_it() -> None:
    caption = "The bridge is seen on Monday from the deck of the old ferry."
    article = _paste(TITLE, "By Ann Lee", "", caption, f"{caption} © Photo: Bo Ek", "", *TOLD)
    assert _blocks(article) == list(TOLD)


def test_the_tabs_above_the_points_are_no_text() -> None:
    points = ["Lorries must use the tunnel", "The tunnel is narrow, and old", "Nobody was hurt"]
    article = _paste(TITLE, "By Ann Lee", "", "Summary", "Companies", *points, "", "\n\n".join(TOLD))
    assert _blocks(article) == ["Summary", *points, *TOLD]


def test_a_sponsor_between_rules_is_left_out() -> None:
    rule = "-" * 40
    offer = ("A word from our sponsor", "Barrow & Pine: six lamps for the price of five until Sunday.")
    article = _paste(TITLE, "", "By Ann Lee", "", *TOLD[:2], "", rule, *offer, rule, "", *TOLD[2:])
    assert _blocks(article) == list(TOLD)


def test_a_question_that_ends_a_list_of_other_stories_is_no_heading() -> None:
    listed = ("Recommended", "The best bridges of the north", "Why are bridges getting longer?")
    article = _paste(TITLE, "", "By Ann Lee", "", *TOLD[:2], "", *listed, "", "\n\n".join(TOLD[2:]))
    assert _blocks(article) == list(TOLD)


def test_a_speech_of_several_sentences_is_no_heading() -> None:
    speech = "'There is oil here. There is rust. Have you got a brush?'"
    article = _paste(TITLE, "", "By Ann Lee", "", *TOLD[:2], "", speech, "", *TOLD[2:])
    assert not [block for block in article.blocks if block.kind is BlockKind.HEADING]
    assert speech in _blocks(article)
