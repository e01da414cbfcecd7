"""Pasted texts whose lines end within sentences, which repeat their title, have none, or end with telephone numbers."""

from __future__ import annotations

import pytest

from bot.answers.common import headline
from briefings.model import Article, BlockKind
from briefings.sources import read_article
from briefings.sources.divided import one_line
from tests.fakes import version

CUT = """Mill shares slip as the river rises
Shares in the mills of the valley fell on Tuesday as the river rose for
the third day.
Results were mixed again
with some mills below what their owners had promised.
The largest of them, Venn and Sons, lost 4 per cent after it told its
lenders that the autumn would be dry.
Dale Paper rose.
Orders for
bags grew by a tenth in the first half of the year, it said on Monday.
"""
LIST = """A soup for cold evenings
The cook of the old inn at Marlow makes this soup once a week, and nobody has ever left a spoon of it.
Ingredients
two large onions
a pinch of salt
half a litre of milk
some parsley
Cut the onions and fry them in butter until they are soft, which takes ten minutes on a small flame.
"""
BODY = """The road was closed on Monday after stones fell from the old wall of the mill, the engineer said.

Nobody was hurt, but two cars were hit by them and a bus had to turn back before the bridge.
"""


def _read(text: str) -> Article:
    return read_article(text.encode(), "text")


def _blocks(article: Article) -> list[str]:
    return [block.span.of(article.text) for block in article.blocks]


def test_lines_that_end_within_sentences_are_joined() -> None:
    article = read_article(CUT.encode(), "pasted")
    assert article.title is not None
    assert article.title.of(article.text) == "Mill shares slip as the river rises"
    assert _blocks(article) == [
        "Shares in the mills of the valley fell on Tuesday as the river rose for the third day.",
        "Results were mixed again with some mills below what their owners had promised.",
        "The largest of them, Venn and Sons, lost 4 per cent after it told its lenders that the autumn would be dry.",
        "Dale Paper rose.",
        "Orders for bags grew by a tenth in the first half of the year, it said on Monday.",
    ]


def test_a_list_in_small_letters_is_not_joined() -> None:
    assert {"two large onions", "a pinch of salt", "some parsley"} <= set(_blocks(read_article(LIST.encode(), "p")))


def test_a_title_that_is_repeated_with_other_marks_is_shown_once() -> None:
    page = f'Mill: the town\'s road is “closed”\n\nMill: the town’s road is "closed".\n\n{BODY}'
    article = read_article(page.encode(), "pasted")
    assert article.title is not None
    assert _blocks(article) == BODY.strip().split("\n\n")


def test_whom_to_telephone_is_no_other_story() -> None:
    contact = "Questions in office hours to:\nPress office of the town of Marlow\nTelephone 1: 0381 888 2040\n"
    article = read_article(f"Mill road closed\n\n{BODY}\n{contact}Fax in the office: 0381 888 2006\n".encode(), "p")
    assert article.related == ()


def test_without_a_title_the_first_sentence_is_the_headline() -> None:
    lead = "The road was closed on Monday after stones fell from the old wall of the mill."
    article = read_article(f"MARLOW: {lead} It stays closed until May, said the engineer of the town.\n".encode(), "p")
    assert article.title is None
    shown = version(article)
    assert headline(shown).text == lead


def test_lines_of_verse_stay_as_they_are_beside_paragraphs_that_nobody_wrapped() -> None:
    verse = [
        "down by the harbour where the herring and the mackerel lie,",
        "where the old bridge is waiting for the tide and for the night,",
        "and no one crosses it but one old man who saw the light,",
        "and one old dog that follows him and does not ask him why.",
    ]
    long = "The council of the town voted on Tuesday to close the harbour bridge until the spring, after " * 2
    text = f"The bridge\n\n{long}it was hurt.\n\n" + "\n".join(verse) + f"\n\n{long}it was read.\n\n{long}it rained."
    article = read_article(text.encode(), "text")
    assert [line for line in verse if line not in _blocks(article)] == []


def test_a_later_line_may_say_the_title_again() -> None:
    told = "The singer of the town stood up on Tuesday and sang to all who had come to the old quay in the rain."
    text = f"Down by the harbour\n\n{told}\n\nDown by the harbour\n\n{told[:-1]} again.\n"
    assert _blocks(read_article(text.encode(), "text"))[1] == "Down by the harbour"


def test_a_place_before_the_day_is_no_author() -> None:
    told = "The council of the town voted on Tuesday to close the harbour bridge until the spring, after all."
    article = read_article(f"The bridge is closed\n\nLower Ambleford, 16 October 2025\n\n{told}\n".encode(), "text")
    assert (article.byline, str(article.published)) == (None, "2025-10-16")


@pytest.mark.parametrize("place", [0, 2])
def test_verse_above_and_below_the_text_is_kept(place: int) -> None:
    verse = ["down by the harbour where they lie,", "the bridge is waiting for the tide,", "and no one crosses it"]
    told = ["The council of the town voted on Tuesday to close the old bridge until spring, after it was hurt."] * 2
    told.insert(place, "\n".join(verse))
    article = read_article(("The bridge is closed\n\n" + "\n\n".join(told)).encode(), "text")
    assert [line for line in verse if line not in _blocks(article)] == []


def test_a_head_with_captions_a_place_and_the_days_of_page_and_article() -> None:
    head = """Thursday, 12 February 2026
The bridge is closed
Engineers found cracks in two of its piers, and nobody knows how long the work is going to take.
ADVERTISEMENT
Ann Lee
Norby
10 February 2026

The bridge at low tide, with a lorry.
Half of its piers date from 1948.
Credit...
Bo Ek for The Courier

"""
    told = "The council of the town voted on Tuesday to close the old bridge until spring, after it was hurt."
    article = read_article(f"{head}{told}\n\n{told[:-1]} again.\n".encode(), "text")
    assert (article.byline, str(article.published)) == ("Ann Lee", "2026-02-10")
    assert article.standfirst is not None
    assert [line for line in _blocks(article) if "tide" in line or "1948" in line or "Credit" in line] == []


def test_a_caption_that_the_picture_has_as_its_own_text_is_no_heading() -> None:
    told = "The council of the town voted on Tuesday to close the old bridge until spring, after it was hurt."
    caption = "The lighthouse in the bay is open on Sundays only"
    text = f"The bridge is closed\n\n{told}\n{caption}\n{caption}\n{told[:-1]} again.\n{told[:-1]} for good.\n"
    assert caption not in _blocks(read_article(text.encode(), "text"))


def test_a_short_quotation_and_a_number_below_a_list_are_headings() -> None:
    told = "The council of the town voted on Tuesday to close the old bridge “out of fear of the ice”, it said."
    rows = "Oak table, old\nAsh chair, new\n2. The pier"
    text = (
        f"The bridge is closed\n\n{told}\n“Out of fear of the ice”\n{told[:-1]} again.\n{rows}\n{told[:-1]} for good.\n"
    )
    article = read_article(text.encode(), "text")
    headings = [block.span.of(article.text) for block in article.blocks if block.kind is BlockKind.HEADING]
    assert headings == ["“Out of fear of the ice”", "2. The pier"]


@pytest.mark.parametrize("beside", ["Men on the bridge\nCredit...\nAnn Lee", "Credits:"])
def test_paragraphs_beside_a_credit_stay(beside: str) -> None:
    told = "The council of the town voted on Tuesday to close the old bridge until spring, after it was hurt."
    more = [f"{told[:-1]} again.", f"{told[:-1]} for good."]
    for group in (f"{more[0]}\n{beside}\n{more[1]}", f"{beside}\n{more[0]}\n\n{more[1]}"):
        assert set(more) <= set(_blocks(_read(f"The bridge is closed\n\n{told}\n\n{group}\n")))


def test_a_title_of_three_lines_is_no_verse() -> None:
    told = "The council of the town voted on Tuesday to close the old bridge until spring, after it was hurt."
    text = (
        f"Old bridge is closed until spring,\nbuses take twenty minutes more,\nthe mayor of the town says\n\n{told}\n"
    )
    article = _read(text)
    assert article.title is not None
    assert article.title.of(article.text).startswith("Old bridge is closed")


def test_tags_below_the_text_are_no_verse() -> None:
    told = "The council of the town voted on Tuesday to close the old bridge until spring, after it was hurt."
    article = _read(f"The bridge is closed\n\n{told}\n\n{told[:-1]} again.\nbridges\nold towns\nharbours\n")
    assert _blocks(article) == [told, f"{told[:-1]} again."]


def test_the_day_of_an_embedded_post_or_a_picture_is_not_that_of_the_article() -> None:
    told = "The council of the town voted on Tuesday to close the old bridge until spring, after it was hurt."
    post = "It is closed!\n— Ann Lee (@annlee) October 9, 2018"
    picture = "© Bo Ek The old bridge in Norby, seen from the pier on May 18, 2018."
    for aside in (post, picture):
        text = f"The bridge is closed\n\n{told}\n\n{told[:-1]} again.\n\n{aside}\n\n{told[:-1]} for good.\n"
        assert _read(text).published is None


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ("the ex-", "perts of the county", "the experts of the county"),
        ("the ex-", "wife of the mayor", "the ex-wife of the mayor"),
        ("the pre-", "sident of the board", "the president of the board"),
        ("a pre-", "war bridge", "a pre-war bridge"),
        ("by train and/", "or by bus", "by train and/or by bus"),
    ],
)
def test_words_divided_at_a_line_end_are_made_whole(above: str, below: str, expected: str) -> None:
    assert one_line([above, below]) == expected
