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
