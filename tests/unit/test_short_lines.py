"""Short lines of pasted articles: which are headings, and which only look like them."""

from __future__ import annotations

import pytest

from briefings.model import BlockKind
from briefings.sources import read_article

TITLE = "Pier closed after rot is found"
FIRST = (
    "The islanders of Ardal learned on Monday that they have no ferry. The harbour board met in the evening and told "
    "some two hundred of them in the school's hall what it had known since Friday."
)
ABOVE = (
    "The county closed the old ferry pier on Monday after divers, led by Nora Quill, found rot in eleven of its piles."
)
BELOW = "Until then the islanders have to cross by way of the northern quay, which adds an hour to every trip."
LAST = "The harbour board said that the pier had last been inspected in the spring of the year before."


def _kinds(*lines: str) -> dict[str, BlockKind]:
    article = read_article("\n".join([TITLE, "", FIRST, ABOVE, *lines, BELOW, LAST]).encode(), "pasted")
    kinds = {block.span.of(article.text): block.kind for block in article.blocks}
    assert {FIRST, ABOVE, BELOW, LAST} <= kinds.keys()
    return kinds


def _headings(*lines: str) -> list[str]:
    return [text for text, kind in _kinds(*lines).items() if kind is BlockKind.HEADING]


@pytest.mark.parametrize(
    "heading",
    [
        "How the islanders cross",
        "Who pays?",
        "No ferry, no bread",
        "Ann Lee: nobody asked us",
        "The Flood (2019)",
        "1. The pier, its piles and what divers saw",
        "The Big Picture: Why Piers Rot",
    ],
)
def test_a_short_line_above_a_text_is_a_heading(heading: str) -> None:
    assert _headings(heading) == [heading]


@pytest.mark.parametrize(
    "line",
    [
        "Nora Quill at the northern quay",
        "HARBOUR BOARD SAYS ISLANDERS CAN CROSS FROM THE NORTH",
        "VELLAND, NORWAY",
        "The board calls for patience, calm and a good deal of money while islanders wait",
        "1,204 views",
        "How piles rot under water (3:04)",
        "Ardal Rovers v Norby 2-1",
        "[translated by the board]",
        "See for yourself:",
        "A: On the Friday",
        "and what came of it",
    ],
)
def test_a_caption_a_count_a_score_or_the_rest_of_a_line_is_no_heading(line: str) -> None:
    assert _kinds(line)[line] is BlockKind.PARAGRAPH


@pytest.mark.parametrize(
    "lines",
    [
        ("The pier at low water", "Photo: Nora Quill"),
        ("Ardal Mail Courts", "@ardalcourts"),
        ("Our harbour newsletter", "Sign up here for news of the harbour, free every Friday."),
        ("We need your consent to load this video",),
        ("Map: the piers of the sound",),
        ("Courtesy of Nora Quill",),
    ],
)
def test_what_stands_above_furniture_goes_with_it(lines: tuple[str, ...]) -> None:
    assert len(_kinds(*lines)) == 4


def test_an_owner_below_a_caption_makes_both_no_headings() -> None:
    assert _headings("The pier at low water", "University of Ardal") == []


def test_a_line_that_is_repeated_is_no_heading() -> None:
    kinds = _kinds("More to see", BELOW.replace("hour", "day"), "More to see")
    assert kinds["More to see"] is BlockKind.PARAGRAPH


def test_the_speeches_of_a_dialogue_are_no_headings() -> None:
    kinds = _kinds("CHAIR: When did you see it?", "CLERK: On the Friday.", "CHAIR: And the key?", "CLERK: Never.")
    assert kinds["CHAIR: When did you see it?"] is kinds["CHAIR: And the key?"] is BlockKind.PARAGRAPH


def test_lines_of_one_kind_are_headings_in_company() -> None:
    headings = ["Ann Barlow", "Peter Quist", "Maria Holt"]
    pairs = [line for number, name in enumerate(headings) for line in (name, f"{number + 2} {ABOVE.lower()}")]
    assert _headings(*pairs) == headings


def test_the_speaker_of_a_quotation_belongs_to_it() -> None:
    kinds = _kinds("„Das ist ein Schlag für alle.“", "Bürgermeister Jörg Temme (parteilos)")
    assert kinds["„Das ist ein Schlag für alle.“\nBürgermeister Jörg Temme (parteilos)"] is BlockKind.QUOTE


def test_a_heading_below_a_quotation_is_no_speaker_in_a_text_without_empty_lines() -> None:
    assert _kinds("“It is all over.”", "Support for Ann Barlow grows")["“It is all over.”"] is BlockKind.QUOTE


@pytest.mark.parametrize("above", ["Image", "A woman looks at the sea from a window of the inn."])
def test_what_a_picture_shows_goes_with_its_caption(above: str) -> None:
    told = "Nora Quill at the quay on Monday, after she had come up from the piles of the pier for the last time."
    caption = (above, told if above == "Image" else "Nora Quill at the quay.", "Credit...", "Bo Ek for The Ardal Mail")
    assert len(_kinds("", *caption, "")) == 4


@pytest.mark.parametrize(
    "rows", [("Anna Berg as Nora", "Ida Moe as Helga"), ("– Are you coming?", "– No.", "– Why not?")]
)
def test_a_cast_and_a_dialogue_at_the_edges_of_a_text_stay(rows: tuple[str, ...]) -> None:
    texts = [row.removeprefix("– ") for row in rows]
    above = read_article("\n".join([TITLE, "", "By Ann Lee", "", *rows, "", FIRST, ABOVE, BELOW]).encode(), "pasted")
    assert [block.span.of(above.text) for block in above.blocks] == [*texts, FIRST, ABOVE, BELOW]
    assert above.byline == "Ann Lee"
    below = read_article("\n".join([TITLE, "", FIRST, ABOVE, BELOW, "", *rows]).encode(), "pasted")
    assert [block.span.of(below.text) for block in below.blocks] == [FIRST, ABOVE, BELOW, *texts]


def test_lines_in_capitals_are_no_headings_even_in_company() -> None:
    shouts = [f"HARBOUR BOARD NUMBER {word} SAYS ISLANDERS CAN CROSS" for word in ("ONE", "TWO", "THREE")]
    pairs = [line for number, shout in enumerate(shouts) for line in (shout, f"{number + 2} {ABOVE.lower()}")]
    assert _headings(*pairs) == []


def test_a_line_about_a_person_above_a_heading_is_a_caption() -> None:
    assert _headings("", "Diver Nora Quill at low water", "", "How the islanders cross") == ["How the islanders cross"]


QUESTION = "Who would have thought of it?"
MORE = [f"{number} {ABOVE}" for number in range(2, 9)]


def test_a_question_alone_and_one_of_several_are_headings() -> None:
    assert _headings(*MORE, QUESTION) == [QUESTION]
    assert _headings(*MORE[:4], "What divers saw", *MORE[4:], QUESTION) == ["What divers saw", QUESTION]
    asked = [QUESTION, "Who pays?", "Who crosses?"]
    assert _headings(*(line for pair in zip(asked, MORE, strict=False) for line in pair), *MORE[3:]) == asked


SPOKEN = "– Nobody asked us about the pier – says Nora Quill, who has crossed the sound for forty years."


def test_a_speech_behind_a_dash_keeps_the_dash() -> None:
    assert _kinds(SPOKEN)[SPOKEN] is BlockKind.PARAGRAPH


BOX = ["Read more", "Ferry sold to Velland", "Swans return to the mill pond"]


def _blocks(*paragraphs: str) -> list[str]:
    article = read_article("\n\n".join([TITLE, *paragraphs]).encode(), "pasted")
    return [block.span.of(article.text) for block in article.blocks]


def test_a_heading_that_touches_its_text_below_a_box_of_other_stories_is_no_other_story() -> None:
    heading = "What divers saw"
    assert _blocks(FIRST, ABOVE, "\n".join(BOX), f"{heading}\n{BELOW}", LAST) == [FIRST, ABOVE, heading, BELOW, LAST]


def test_a_text_below_a_box_is_no_teaser_where_paragraphs_touch() -> None:
    assert _blocks(FIRST, "\n".join([ABOVE, LAST, *BOX, BELOW])) == [FIRST, ABOVE, LAST, BELOW]


def test_an_article_goes_on_below_an_advertisement() -> None:
    heading, last = "Where to cross", "Nobody knows yet how long this will have to go on."
    items = ["northern quay", "Old Slip, Norby", "the mill"]
    below = "\n".join([heading, *(f"- {item}" for item in items)])
    assert _blocks(FIRST, ABOVE, "Advertisement", below, last) == [FIRST, ABOVE, heading, *items, last]
