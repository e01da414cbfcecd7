"""Plain text pasted from pages, compared with golden pairs in which every line is labelled."""

from __future__ import annotations

import pytest

from briefings.analysis.headings import classify_heading
from briefings.model import Article, BlockKind
from briefings.sources import read_article
from tests import golden
from tests.benchmarks.pasted import measure

NAMES = golden.names()

# A page that was written with its expected result by somebody who had not seen the code, where
# editor and rules still differ: a statement that names no question has no kind for the rules.
KINDS_THAT_DIFFER = {"pasted/markets_statements"}


@pytest.fixture(params=NAMES, name="pair")
def _pair(request: pytest.FixtureRequest) -> tuple[str, Article, golden.Expected]:
    expected = golden.load(request.param)
    return request.param, read_article(expected.page.encode(), "pasted"), expected


def test_title_standfirst_and_byline_are_found(pair: tuple[str, Article, golden.Expected]) -> None:
    _, article, expected = pair
    found = [span.of(article.text) if span else None for span in (article.title, article.standfirst)]
    assert [*found, article.byline] == [expected.title, expected.standfirst, expected.byline]


def test_every_paragraph_heading_and_item_is_kept_and_nothing_else(
    pair: tuple[str, Article, golden.Expected],
) -> None:
    _, article, expected = pair
    assert [(block.kind.value, block.span.of(article.text)) for block in article.blocks] == expected.pieces


def test_headings_get_their_kinds(pair: tuple[str, Article, golden.Expected]) -> None:
    name, article, expected = pair
    headings = [block.span.of(article.text) for block in article.blocks if block.kind is BlockKind.HEADING]
    kinds = [classify_heading(heading, article.language).value for heading in headings]
    differing = [pair for pair in zip(kinds, expected.kinds, strict=True) if pair[0] != pair[1]]
    if name in KINDS_THAT_DIFFER:
        assert all(ours in {"other", "consequences"} for ours, _ in differing)
    else:
        assert not differing


def test_other_stories_become_related(pair: tuple[str, Article, golden.Expected]) -> None:
    _, article, expected = pair
    assert {story.title for story in article.related} == expected.related


def test_no_furniture_is_left(pair: tuple[str, Article, golden.Expected]) -> None:
    _, article, expected = pair
    lines = {line for block in article.blocks for line in block.span.of(article.text).split("\n")}
    assert not lines & set(expected.junk)


def test_there_are_pages_of_many_shapes() -> None:
    assert len(NAMES) >= 18


@pytest.mark.parametrize("folder", ["pasted/written_first", "pasted/held_back"])
def test_pages_written_without_sight_of_the_rules_keep_their_bounds(folder: str) -> None:
    """Twenty pages each: nothing of an article is lost, and little of the page stays."""
    tally = measure(folder)
    assert tally.counts["pieces lost"] == 0, tally.notes
    assert tally.right["title"] >= 0.9 * tally.pages, tally.notes
    assert tally.junk_left.total() <= 0.045 * tally.junk.total(), tally.notes
    assert tally.counts["headings false"] <= 1, tally.notes
    assert tally.counts["related found"] >= 0.9 * tally.counts["related"], tally.notes


def test_the_title_is_found_whatever_stands_above_and_below_it() -> None:
    """Thirty pages with section names, trails, teasers, badges, glued outlets and standfirsts above their titles."""
    tally = measure("pasted/heads")
    assert tally.right["title"] == tally.pages, tally.notes
    assert tally.right["standfirst"] >= tally.pages - 1, tally.notes
    assert tally.counts["pieces lost"] == tally.junk_left.total() == 0, tally.notes


def test_the_title_of_a_whole_page_is_found_in_five_languages() -> None:
    """Nineteen pages with menus, trails, kickers, badges, players, share counts and captions around their heads."""
    tally = measure("pasted/whole")
    assert tally.right["title"] == tally.right["byline"] == tally.pages, tally.notes
    assert tally.right["standfirst"] >= tally.pages - 2, tally.notes
    assert tally.junk_left.total() == 0, tally.notes
    assert tally.counts["pieces lost"] <= 4, tally.notes


def test_letters_interviews_live_pages_and_summaries_are_read_in_full() -> None:
    """Letters, interviews, live pages, lists of main points, columns, reviews and agency reports: nothing is wrong."""
    assert measure("pasted/varied").notes == []


def test_lists_of_other_stories_hold_nothing_else() -> None:
    """Advertisements, sections, dates, teasers, authors, counts and offers between headlines are none."""
    tally = measure("pasted/listed")
    assert tally.counts["related found"] >= 0.9 * tally.counts["related"], tally.notes
    assert tally.counts["related false"] <= 3, tally.notes
    assert tally.counts["pieces lost"] == tally.counts["headings false"] == 0, tally.notes


@pytest.mark.parametrize(
    "line",
    [
        "The bank asks its customers to change their email address by March.",
        "Readers of the court's ruling will find no word about the newspaper's own journalism in it.",
        "Have the islands been affected?",
        "She said that she would never subscribe to the view that prices must rise.",
        "Temperatures of 41°C were measured in the shade",
        "Ann Lee, who covers courts for the paper, was arrested on Friday and has been held since.",
        "The union called on its members to donate to the strike fund and to join the march on Sunday.",
        "A version of the law was voted down in 2019, and the new one differs in two words only.",
        "The lake rose by a metre (see the map)",
        "Visitors who try our own dialect find that it has no word for yesterday.",
        "We shut the old mill for good https://t.co/HO1ZRs9T1P",
    ],
)
def test_lines_of_an_article_stay(line: str) -> None:
    above = (
        "A first paragraph tells what happened in the town.\n\nA second one tells on a Monday who was there and why."
    )
    below = "A last paragraph stands below it, and it tells what the council of the town will do about that."
    article = read_article(f"A title for the page\n\n{above}\n\n{line}\n\n{below}\n".encode(), "pasted")
    assert line in article.text


def test_a_reporter_whom_the_article_is_about_is_no_author_below_it() -> None:
    about = "Ann Lee is a reporter for the Harwick Herald. She has written about the mine for twelve years."
    text = f"""Reporter freed after nine days

Ann Lee was freed on Monday after nine days in a cell, and went home with her brother and two of her friends.

{about}
"""
    assert about in read_article(text.encode(), "pasted").text


def test_the_line_below_an_embedded_post_is_no_part_of_the_article() -> None:
    page = """Stones fall on mill road

The council closed the mill road on Monday after stones fell from the old wall.

We shut the old mill for good https://t.co/HO1ZRs9T1P

The mill of Harwell (@harwellmill) November 19, 2019

Work on the wall will take three weeks, the engineer of the council said on Tuesday.
"""
    article = read_article(page.encode(), "pasted")
    assert {block.kind for block in article.blocks} == {BlockKind.PARAGRAPH}
    assert "@harwellmill" not in article.text


def test_a_line_with_a_day_in_digits_is_no_standfirst() -> None:
    page = """Stones fall on mill road

Karl Vik 27/09/2018 Streets , Council , Old walls

The council closed the mill road on Monday after stones fell from the old wall.

Work on the wall will take three weeks, the engineer of the council said on Tuesday.
"""
    assert read_article(page.encode(), "pasted").standfirst is None


@pytest.mark.parametrize(
    ("first", "day"),
    [
        ("VELLIN, 12 February 2026 – The port will supply every quay with power by 2031, its board decided.", 12),
        ("VELLIN (February 12, 2026) — The port will supply every quay with power by 2031, its board decided.", 12),
        ("Vellin, 12 February 2026. The port will supply every quay with power by 2031, its board decided.", 12),
        ("The plan of 12 February 2026 – a long one – will supply every quay with power by 2031.", None),
        ("The board met on 12 February 2026. It decided to supply every quay with power by 2031.", None),
    ],
)
def test_a_report_is_dated_by_its_dateline(first: str, day: int | None) -> None:
    article = read_article(f"Port will have power\n\n{first}\n\nThe work costs 84 million.\n".encode(), "pasted")
    assert (article.published.day if article.published else None) == day


@pytest.mark.parametrize("written", ["14 أكتوبر 2025", "2025年10月14日", "2025년 10월 14일", "14 października 2025"])
def test_days_are_read_in_other_scripts(written: str) -> None:
    below = (
        "Most został zamknięty w czwartek po tym, jak kontrola wykryła pęknięcia w dwóch przęsłach, które są na nim."
    )
    article = read_article(f"Most na Wierzycy\n\n{written}\n\n{below}\n".encode(), "pasted")
    assert str(article.published) == "2025-10-14"


def test_a_short_wrapped_text_without_empty_lines_is_unwrapped() -> None:
    page = """The last salt makers
Text: Carla Dune
On the flats of Sarne four families still draw salt from the sea as it was
done nine hundred years ago. The youngest of them is thirty-one, and he is
the only one under sixty.
A sack of forty kilos brings eleven euros, and in the shop a single handful
of the same salt costs as much. The families have founded a cooperative.
"""
    article = read_article(page.encode(), "pasted")
    assert [block.span.of(article.text).rpartition(" ")[2] for block in article.blocks] == ["sixty.", "cooperative."]
    assert article.byline == "Carla Dune"


@pytest.mark.parametrize(
    ("written", "above", "day"),
    [
        ("19/01/2026", "The bridge of the town will be closed", "2026-01-19"),
        ("01/19/2026", "The bridge of the town will be closed", "2026-01-19"),
        ("02/03/2026", "The bridge of the town will be closed", "None"),
        ("02/03/2026", "Le pont de la ville est fermé depuis le début de la semaine", "2026-03-02"),
        (
            "12.03.2026, 14.05 Uhr • aus Nordblick 11/2026",
            "Die Brücke in der Stadt ist seit dem Montag zu",
            "2026-03-12",
        ),
    ],
)
def test_days_in_digits_are_read_in_the_order_of_the_language(written: str, above: str, day: str) -> None:
    page = f"{above}\n{written}\n{above}, {above.lower()}, {above.lower()} ({above.lower()}).\n"
    assert str(read_article(page.encode(), "pasted").published) == day


def test_a_title_that_begins_with_a_name_is_no_author() -> None:
    page = """Anna Lee in hospital after crash on mill road
By Jonas Ried
3 May 2025
Read in Spanish
Anna Lee, a driver of the town's only night bus, was taken to hospital on Friday after a crash on mill road.
"""
    article = read_article(page.encode(), "pasted")
    assert article.title is not None
    assert article.title.of(article.text) == "Anna Lee in hospital after crash on mill road"
    assert article.byline == "Jonas Ried"


def test_a_title_that_promises_a_summary_is_not_moved_as_the_label_of_one() -> None:
    page = """What we know so far
A fire has burnt half of the old mill on the river
The old mill on Monday morning
By Jonas Ried
3 May 2025
A fire has burnt half of the old mill on the river, and nobody was hurt, the fire service said on Saturday morning.
"""
    article = read_article(page.encode(), "pasted")
    assert article.title is not None
    assert article.title.start == 0
    assert [block.kind for block in article.blocks] == [BlockKind.PARAGRAPH]


def test_a_time_of_today_is_no_title() -> None:
    article = read_article(
        b"""1. Advice

Ask Vera: My neighbour waters his car at night and nobody but me seems to mind

Today 12:01 AM

By Vera Holm

My neighbour waters his car each night, and the noise of the hose keeps half of the street awake until two.

He says that the car is thirsty, and that the law of the town allows it, which the town has told me is true.
"""
    )
    assert article.title is not None
    assert article.title.of(article.text).startswith("Ask Vera: My neighbour")
    assert article.byline == "Vera Holm"


def test_the_author_stands_below_the_first_of_two_titles() -> None:
    pictures = "*\n" * 10
    article = read_article(
        f"""Mayor takes her plan for the harbour to Fenwick

Meg Holm and Errin Vik, Coast Press

Updated 12:24 am, Wednesday, November 20, 2019
{pictures}
Photo: Meg Holm, CP
Image 1 of 5

Mayor takes her plan for the harbour to Fenwick

1 / 5

FENWICK — About a dozen owners of small yards were gathered in a hall on Tuesday night when they were told of it.

The mayor, who had come by boat, told them that the harbour would be dredged next year, and that no yard must close.
""".encode()
    )
    assert article.byline == "Meg Holm and Errin Vik"
