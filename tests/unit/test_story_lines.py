"""The lines of a story in a digest, the outlet, and where shortened sentences end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.answers.common import section_action
from bot.answers.digests import Told, part_view
from bot.answers.sections import find_section, full_view
from bot.answers.story_lines import labelled_lines, summary_line
from bot.i18n import Message, Translator
from bot.platforms.console.render import ConsoleRenderer, as_text
from bot.platforms.telegram.posts import drafts
from bot.views.buttons import Verb
from bot.views.model import Labelled, Paragraph, Story, Verbatim, View
from briefings.languages.leaning import leaning
from briefings.model import Article, Claim, SectionKind, Span, Stance
from tests.fakes import article, version

_KINDS = (SectionKind.WHO, SectionKind.CONSEQUENCES)
_PAID = article(
    "A vaccine passes its first test",
    "A vaccine against tick fever has passed its first test in humans, researchers report.",
    "## Who paid for it?",
    "The study cost 14 million euros. The European Union paid for most of it.",
    "## Which people are affected, and what else has to be known about them before the next test can begin?",
    "People over sixty get a fever for two days.",
)
_INTERVIEW = article(
    "“A cracked bell lies”",
    "Agnes Dormer is one of four people in Europe who weld church bells.",
    "Ms Dormer, how does one become a welder of bells?",
    "By accident. I had trained at a shipyard. Then a priest came in with a bell in a wheelbarrow.",
    "Do you keep the bells that you weld?",
    "I keep a list with the note of each one. My foreman has another list.",
)


def lines(found: Article) -> list[tuple[str, str]]:
    """The labels and the words of the lines below a story."""
    shown = labelled_lines(version(found), _KINDS)
    return [
        (one.label.text, " ".join(one.text.text.split())) for one in shown if isinstance(one.label, Message | Verbatim)
    ]


def best(found: Article) -> str:
    """The best line of a story."""
    [line] = summary_line(version(found))
    return line.text


def test_a_line_has_the_articles_own_heading_as_its_label_unless_that_is_long() -> None:
    assert lines(_PAID) == [
        ("Who paid for it?", "The study cost 14 million euros."),
        ("Consequences", "People over sixty get a fever for two days."),
    ]


def test_no_line_repeats_the_title() -> None:
    found = version(article("Ann Lee accuses the mayor", "The harbour was closed on Monday, and nobody said why."))
    title = found.article.headline()
    claim = Claim(title, title, None, (title,), title, Stance.ACCUSES)
    blamed = replace(found, briefing=replace(found.briefing, claims=(claim,)))
    assert labelled_lines(blamed, (SectionKind.WHO,)) == ()


def test_a_question_gets_no_colon_behind_it_and_french_has_a_space_before_one() -> None:
    view = part_view(None, [Told(1, version(_PAID))], _KINDS, (), ending=False)
    [draft] = drafts(view, Translator("fr"))
    assert "<b>Who paid for it?</b> The study" in draft.html
    assert "<b>Conséquences\N{NO-BREAK SPACE}:</b> People" in draft.html


def test_an_interview_is_introduced_by_its_first_sentence_about_the_person() -> None:
    assert best(_INTERVIEW).startswith("Agnes Dormer is one of four people")


@pytest.mark.parametrize(
    ("opening", "shown"),
    [
        ("ZARIN, Sept 12 (Wire) - A missile hit the port of Zarin before dawn.", "A missile hit"),
        ("KIRKFELL — Two hikers were found alive in a shepherd's hut.", "Two hikers"),
        ("Feb 4 (Newsline) - Chip maker Corvane will cut 2,300 jobs.", "Chip maker"),
        ("NATO - the alliance of the north - moved two ships to Zarin.", "NATO - the alliance"),
    ],
)
def test_the_place_and_agency_before_the_first_sentence_are_left_out(opening: str, shown: str) -> None:
    assert best(article("What is known so far", opening)).startswith(shown)


@pytest.mark.parametrize(
    ("sentence", "most", "kept"),
    [
        (
            "The ferry burned early on Thursday, about nine miles off the island",
            50,
            "The ferry burned early on Thursday",
        ),
        ("The ferry, which burned early on Thursday nine miles off the island", 40, "The ferry, which burned early"),
        ("The bank cut 2,300 jobs in the north of the country this year", 30, "The bank cut 2,300 jobs"),
    ],
)
def test_a_shortened_sentence_ends_with_a_clause_where_enough_is_left(sentence: str, most: int, kept: str) -> None:
    found = version(article("A title", sentence))
    start = found.article.text.index("The ")
    shown = Verbatim(found, Span(start, start + len(sentence))).shortened(most)
    assert (shown.text, shown.is_cut) == (kept, True)


@pytest.mark.parametrize(
    ("url", "site", "outlet"),
    [
        ("https://www.gazette.example/a/1", None, "gazette.example"),
        ("https://www.gazette.example/a/1", "The Gazette", "The Gazette"),
        ("http://192.0.2.7/a", None, None),
        ("http://localhost:80/a", None, None),
        (None, None, None),
    ],
)
def test_the_host_of_the_address_stands_in_for_an_outlet_without_a_name(
    url: str | None, site: str | None, outlet: str | None
) -> None:
    assert replace(_PAID, url=url, site=site).outlet == outlet


def test_a_digest_says_the_outlet_and_the_day_without_its_year() -> None:
    found = replace(_PAID, url="https://www.gazette.example/a", published=date(2026, 11, 26))
    view = part_view(None, [Told(1, version(found))], _KINDS, (), ending=False, day=date(2026, 11, 27))
    assert "<i>gazette.example · Thu, Nov 26</i>" in drafts(view, Translator("en"))[0].html
    view = part_view(None, [Told(1, version(found))], _KINDS, (), ending=False, day=date(2027, 1, 1))
    assert "<i>gazette.example · November 26, 2026</i>" in drafts(view, Translator("en"))[0].html


def test_a_line_is_clear_without_the_sentence_beside_it() -> None:
    found = article(
        "Norland cuts its rates",
        "The central bank of Norland cut its rates on Thursday.",
        "## What are the consequences?",
        "“Anyone who expects more will be disappointed.” Loans get cheaper at once.",
    )
    assert lines(found) == [("What are the consequences?", "Loans get cheaper at once.")]


@pytest.mark.parametrize(
    ("sentence", "leans"),
    [
        ("The next is planned for March.", True),
        ("The rest comes from a bank.", True),
        ("The next train is late.", False),
    ],
)
def test_a_subject_that_is_named_before_makes_a_sentence_lean(sentence: str, leans: bool) -> None:
    assert leaning("en").leans(sentence) is leans


def test_a_sentence_that_is_longer_than_a_page_loses_nothing_between_pages() -> None:
    sentence = "It says that " + ", ".join(f"clause number {n} is long" for n in range(60)) + "."
    found = version(article("A title", "The bridge fell.", "## What are the consequences?", sentence))
    section = find_section(found, SectionKind.CONSEQUENCES)
    assert section is not None
    pages = [full_view(found, section_action(found, section, Verb.FULL, page)) for page in range(3)]
    texts = [one.text.text for view in pages for one in view.blocks if isinstance(one, Paragraph)]
    assert " ".join(text for text in texts if text in sentence) == sentence


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Who", "Who: The bridge fell."),
        ("What are the consequences", "What are the consequences:\n│     The bridge fell."),
    ],
)
def test_a_long_label_does_not_make_a_narrow_column_of_its_text(label: str, shown: str) -> None:
    told = version(article("Bridge", "The bridge fell."))
    text = told.article.text
    start = text.index("The bridge fell.")
    line = Labelled(Message(label), Verbatim(told, Span(start, len(text))))
    view = View((Story(None, Message("Bridge"), details=(line,)),))
    assert shown in as_text(ConsoleRenderer().render(view, Translator("en")), 40)
