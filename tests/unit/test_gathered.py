"""Sections gathered from sentences: no line twice, each line understandable alone, headings above their own text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from bot.answers.sections import section_view
from bot.answers.stories import whole_view
from bot.views.model import Bullet, Verbatim
from briefings.analysis import brief
from briefings.analysis.outlook import what_next, with_plans
from briefings.analysis.selection import Selection, spans
from briefings.analysis.sentences import sentences
from briefings.model import Briefing, SectionKind, Version
from briefings.sources import read_article
from tests.benchmarks.gathered import articles, measure
from tests.fakes import article

FLOOD = article(
    "Flood closes Harwell port",
    "A flood closed the port of Harwell on Monday, the harbour office said.",
    "Water stood two metres deep in the customs hall, and nine ships waited in the bay.",
    "The flood has led to shortages: shelves in three towns were empty and two hospitals were evacuated.",
    "The harbour was built in 1968 and had been flooded ten years ago.",
    "Shop owners fear that prices could rise if the port stays shut.",
    "The port is due to open again next Friday. It would be the first ship in a week.",
    "The mayor, Ann Lee, condemned the harbour office in a statement.",
)


def lines(briefing: Briefing, kind: SectionKind) -> list[str]:
    section = briefing.section(kind)
    return [span.of(briefing.article.text) for span in section.key] if section else []


def test_no_key_sentence_stands_in_two_sections() -> None:
    sections = [section for section in brief(FLOOD).sections if section.kind is not SectionKind.WHEN]
    keys = [span for section in sections for span in section.key]
    assert keys
    assert len(keys) == len(set(keys))


def test_the_main_event_stands_under_its_day_too() -> None:
    assert lines(brief(FLOOD), SectionKind.WHEN) == [FLOOD.text.split("\n\n")[1]]


def test_no_line_is_shown_twice_in_a_whole_briefing() -> None:
    briefing = brief(FLOOD)
    view = whole_view(Version("0" * 12, briefing, datetime(2026, 1, 1, tzinfo=UTC)), ())
    said = [block.text.span for block in view.blocks if isinstance(block, Bullet) and isinstance(block.text, Verbatim)]
    assert said
    assert len(said) == len(set(said))


def test_what_happened_says_more_than_the_summary() -> None:
    briefing = brief(FLOOD)
    what = briefing.section(SectionKind.WHAT)
    assert what is not None
    assert briefing.summary[0] in what.key
    assert not set(what.key) <= set(briefing.summary)


def test_what_is_feared_is_told_apart_from_what_has_happened() -> None:
    section = brief(FLOOD).section(SectionKind.CONSEQUENCES)
    assert section is not None
    expected = [span.of(FLOOD.text) for span in section.expected]
    assert any(line.startswith("Shop owners fear") for line in expected)
    assert not any("has led to shortages" in line for line in expected)
    assert any("has led to shortages" in span.of(FLOOD.text) for span in section.key)


def test_below_a_heading_of_consequences_what_tells_none_is_left_out() -> None:
    text = """# Quake in Orta

## What are the consequences?

The quake has led to landslides on the road to Orta. The idea of the mayor is old. The road will be shut for weeks.
"""
    section = brief(read_article(text.encode(), "quake.md")).section(SectionKind.CONSEQUENCES)
    assert section is not None
    assert len(section.key) == 2


def test_what_stays_shut_is_a_consequence() -> None:
    text = (
        "# Acqua vietata\n\nIl sindaco ha vietato ieri di bere l'acqua. Le scuole resteranno chiuse fino a venerdì.\n"
    )
    briefing = brief(read_article(text.encode(), "acqua.md"))
    assert any("Le scuole resteranno chiuse" in line for line in lines(briefing, SectionKind.CONSEQUENCES))


def test_consequences_may_be_empty() -> None:
    quiet = article("A new bench", "The town set up a bench in its park.", "It is green and made of oak.")
    assert brief(quiet).section(SectionKind.CONSEQUENCES) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Lund said that she will stay on for another year if the members want it.",
        "“The pier will be rebuilt,” said Olga Lund of the anglers.",
        "Asked whether he would sell the pier, the owner left.",
        "The new figures will show how many anglers lost their jobs.",
        "The pier could be seen as a danger to ships.",
        "The owner of the pier was about to cut fifty jobs.",
        "Whether the harbour will close is open.",
        "Sales of the harbour company fell, and its profit for the quarter will be lower than the last forecast.",
        "Der Hafen wurde 1968 gebaut und konnte auch von großen Schiffen benutzt werden.",
    ],
)
def test_what_does_not_follow_from_the_event_is_no_consequence(sentence: str) -> None:
    opening = "Ein Sturm hat am Montag den Hafen von Norby überflutet." if sentence.startswith("Der") else ""
    opening = opening or "A storm flooded the harbour of Norby on Monday."
    read = article("Norby", opening, sentence)
    assert sentence not in lines(brief(read), SectionKind.CONSEQUENCES)


@pytest.mark.parametrize(
    ("opening", "sentence"),
    [
        ("A storm flooded the harbour of Norby on Monday.", "Around 4,000 homes in the town were left without power."),
        ("Ein Sturm hat am Montag den Hafen von Norby überflutet.", "Die Straße zum Deich musste gesperrt werden."),
    ],
)
def test_what_somebody_has_lost_or_had_to_do_is_a_consequence(opening: str, sentence: str) -> None:
    read = article("Norby", opening, sentence, "Ann Lee thanked the firemen." if opening[0] == "A" else "Lee dankte.")
    assert sentence in lines(brief(read), SectionKind.CONSEQUENCES)


def test_a_punishment_that_somebody_faces_is_expected() -> None:
    found = brief(
        article(
            "Clerk admits theft from the county museum",
            "A clerk admitted on Monday that he took forty coins from the county museum, the court in Lunden said.",
            "The coins had been found in a shed behind his house by two children of the neighbours in March.",
            "The clerk faces up to ten years in prison.",
        )
    )
    section = found.section(SectionKind.CONSEQUENCES)
    assert section
    assert section.expected[-1].of(found.article.text) == "The clerk faces up to ten years in prison."


@pytest.mark.parametrize(
    "sentence",
    [
        "The rain spoiled the much-anticipated return of the old steam ferry to the lake.",
        "The owner had also planned to charge the town for the use of its name next year.",
    ],
)
def test_what_was_once_expected_or_planned_does_not_come_next(sentence: str) -> None:
    found = brief(article("Storm hits the harbour of Lunden", "A storm hit the harbour of Lunden on Monday.", sentence))
    shown = [*lines(found, SectionKind.CONSEQUENCES), *lines(found, SectionKind.NEXT)]
    assert sentence not in shown


def test_what_was_expected_of_a_day_that_is_over_does_not_come_next() -> None:
    told = [
        "The bank left its main rate at 4 percent.",
        "Two of nine members voted for a cut.",
        "When it met on 24 January, the bank said that it would decide about the rate.",
    ]
    found = brief(article("Bank keeps its rate", "The bank kept its rate on Monday.", *told, day=date(2026, 3, 12)))
    shown = [*lines(found, SectionKind.CONSEQUENCES), *lines(found, SectionKind.NEXT)]
    assert not any("24 January" in line for line in shown)


def test_what_will_come_is_next_although_a_day_beside_it_is_over() -> None:
    told = ["The old road was narrow.", "The council said on Monday that the works on the bridge will start soon."]
    found = brief(article("Bridge closed", "The bridge was closed on Monday.", *told, day=date(2026, 3, 12)))
    assert any("will start soon" in line for line in lines(found, SectionKind.NEXT))


def test_a_paragraph_of_a_longer_quotation_is_no_consequence() -> None:
    text = (
        "Two marchers stopped the play in Lunden on Monday.\n\n"
        "Orla Venn, 42, said: “I have marched for years.\n\n"
        "“The heat will cause damage to crops and homes in the next years.\n\n"
        "“We will go on.”\n"
    )
    found = brief(read_article(f"Play stopped\n\n{text}".encode(), "pasted"))
    assert not any("crops" in line for line in lines(found, SectionKind.CONSEQUENCES))


def test_what_becomes_of_a_country_is_not_what_people_say_of_themselves() -> None:
    told = [
        "The order names four kinds of steel.",
        "It has eleven pages.",
        "It was signed in the morning, at the mill.",
    ]
    sentence = "The tariffs will raise prices for US consumers."
    read = article("Norby", "Norby announced tariffs of 25 per cent on steel on Monday.", *told, sentence, *told[1:])
    assert sentence in lines(brief(read), SectionKind.CONSEQUENCES)


def test_what_is_planned_for_a_day_comes_next() -> None:
    assert lines(brief(FLOOD), SectionKind.NEXT)[0] == "The port is due to open again next Friday."


def test_the_surest_consequence_comes_first_and_what_comes_next_is_expected_too() -> None:
    text = """# Storm floods Norby

A storm flooded the harbour of Norby on Monday. The ferry has been cancelled until further notice.

The owner said that the pier will be rebuilt by next spring. The anglers of Norby could lose their jobs.

The council will hold a hearing next Thursday.
"""
    found = brief(read_article(text.encode(), "norby.md"))
    after, plans = found.section(SectionKind.CONSEQUENCES), found.section(SectionKind.NEXT)
    assert plans is not None
    assert after is not None
    assert lines(found, SectionKind.CONSEQUENCES)[0] == "The council will hold a hearing next Thursday."
    assert lines(found, SectionKind.NEXT) == ["The owner said that the pier will be rebuilt by next spring."]
    both = with_plans(found, after)
    assert both is not None
    assert set(both.key) == {*after.key, *plans.key}
    assert set(plans.key) <= set(both.expected)
    alone = with_plans(found, None)
    assert alone is not None
    assert alone.expected == plans.key


def test_without_plans_what_is_expected_comes_next() -> None:
    text = """# Storm floods Norby

A storm flooded the harbour of Norby on Monday. Three ferries were badly damaged.

Dan Frost praised the firemen. The harbour office said that the pier would be rebuilt.
"""
    found = brief(read_article(text.encode(), "norby.md"))
    assert found.section(SectionKind.NEXT) is None
    after, outlook = found.section(SectionKind.CONSEQUENCES), what_next(found)
    assert after is not None
    assert outlook is not None
    told = [span.of(found.article.text) for span in outlook.key]
    assert told == ["The harbour office said that the pier would be rebuilt."]


def test_a_cap_with_a_name_before_it_is_no_place() -> None:
    joke = article("A feather", "Critics said that it was a feather in Joe Biden's cap and nothing more than that.")
    assert brief(joke).section(SectionKind.WHERE) is None


def test_a_sentence_that_leans_brings_the_one_before_it() -> None:
    found = article("Port", "A ship sank.", "The crew was saved. However, two men are missing.")
    every = sentences(found)
    chosen = Selection(found, every).choose([every[2]], 500, 1)
    assert [span.of(found.text) for span in spans(chosen)] == ["The crew was saved.", "However, two men are missing."]


def test_a_quotation_without_its_speaker_brings_the_sentence_that_names_them() -> None:
    read = article(
        "Brick kiln sold",
        "The kiln has been sold to a brewery.",
        "Ana Reyes runs the brewery.",
        "“We will light it again in the autumn.”",
    )
    every = sentences(read)
    assert [span.of(read.text) for span in spans(Selection(read, every).choose(every[2:], 500, 1))] == [
        "Ana Reyes runs the brewery.",
        "“We will light it again in the autumn.”",
    ]


def test_a_sentence_that_leans_on_too_many_is_not_chosen() -> None:
    found = article("Port", "A ship sank.", "It burned. It turned. It broke. They left.")
    every = sentences(found)
    assert Selection(found, every).choose([every[4]], 500, 1) == []


def test_each_text_stands_under_its_own_heading() -> None:
    found = article(
        "Bridge",
        "## Who did it?",
        "Nobody knows who did it.",
        "## Why?",
        "Rust ate it.",
        "## Who is to blame?",
        "The owner is to blame.",
    )
    version = Version("0" * 12, brief(found), datetime(2024, 5, 3, tzinfo=UTC))
    view = section_view(version, SectionKind.WHO)
    assert [text.text for text in view.texts() if isinstance(text, Verbatim)][1:] == [
        "Who did it?",
        "Nobody knows who did it.",
        "Who is to blame?",
        "The owner is to blame.",
    ]


@pytest.mark.parametrize("name", ["tuning", "held_back"])
def test_gathered_lines_answer_their_question(name: str) -> None:
    """Thirty short articles each, whose sentences were labelled before the rules were looked at."""
    tally = measure(name)
    assert tally.precision() >= 0.88, tally.notes
    assert tally.recall() >= 0.3


@pytest.mark.parametrize("name", ["reports_first", "reports_second"])
class TestReports:
    """Twelve reports each, labelled before the rules were looked at, in five languages and without headings."""

    def test_gathered_lines_answer_their_question(self, name: str) -> None:
        tally = measure(name)
        assert tally.precision() >= 0.85, tally.notes
        assert tally.right[SectionKind.CONSEQUENCES] >= 0.85 * tally.shown[SectionKind.CONSEQUENCES]

    def test_the_first_line_of_the_summary_is_the_main_event(self, name: str) -> None:
        firsts = [
            SectionKind.WHEN in dict(_labels(rows))[briefing.summary[0].of(briefing.article.text)]
            for rows, briefing in _briefings(name)
        ]
        assert sum(firsts) >= 11

    def test_what_has_happened_and_what_is_expected_stand_apart(self, name: str) -> None:
        mixed = [
            line
            for rows, briefing in _briefings(name)
            if (section := briefing.section(SectionKind.CONSEQUENCES))
            for span in section.key
            if (line := span.of(briefing.article.text))
            and dict(_labels(rows))[line]
            == frozenset({SectionKind.CONSEQUENCES if span in section.expected else SectionKind.NEXT})
        ]
        assert mixed == []

    def test_consequences_that_have_happened_are_found(self, name: str) -> None:
        found, wanted = 0, 0
        for rows, briefing in _briefings(name):
            section = briefing.section(SectionKind.CONSEQUENCES)
            shown = {span.of(briefing.article.text) for span in section.key} if section else set()
            happened = {line for line, kinds in _labels(rows) if SectionKind.CONSEQUENCES in kinds}
            found += bool(shown & happened)
            wanted += bool(happened)
        assert found >= 0.75 * wanted


def _labels(rows: list[tuple[frozenset[SectionKind], str]]) -> list[tuple[str, frozenset[SectionKind]]]:
    return [(line, kinds) for kinds, line in rows]


def _briefings(name: str) -> Iterator[tuple[list[tuple[frozenset[SectionKind], str]], Briefing]]:
    for title, rows in articles(name):
        yield rows, brief(article(title, *(line for _, line in rows)))


@pytest.mark.parametrize("name", ["tuning", "held_back"])
def test_only_the_main_event_stands_in_two_sections(name: str) -> None:
    for title, rows in articles(name):
        briefing = brief(article(title, *(sentence for _, sentence in rows)))
        keys = [span for section in briefing.sections if section.kind is not SectionKind.WHEN for span in section.key]
        assert len(keys) == len(set(keys)), title


def test_a_line_that_leans_on_the_summary_is_not_shown_alone() -> None:
    text = "Bank sells tower"
    found = article(
        text,
        "The bank of Norby sold its tower to a builder on Monday for 31 million.",
        "The bank sold the tower because nobody works there. It owes 27 million to the town.",
        "Two floors of the tower have been empty for years, and rain comes in.",
    )
    briefing = brief(found)
    view = whole_view(Version("0" * 12, briefing, datetime(2026, 1, 1, tzinfo=UTC)), ())
    said = [block.text.span for block in view.blocks if isinstance(block, Bullet) and isinstance(block.text, Verbatim)]
    for place, span in enumerate(said):
        if span.of(found.text).startswith("It "):
            assert said[place - 1].of(found.text).startswith("The bank sold the tower")


def test_key_points_above_an_article_are_not_its_only_section() -> None:
    found = article(
        "Bank holds rate",
        "## Key points",
        "- The bank left its main rate at 4 percent.\n- Two of nine members voted for a cut.",
        "The central bank kept its main rate unchanged on Thursday and hinted at a cut.",
        "The bank will meet again on 12 December to decide about the rate.",
        "Inflation fell to 2 percent in May, and unions praised the bank for its patience.",
    )
    briefing = brief(found)
    points = briefing.section(SectionKind.SUMMARY)
    assert points is not None
    assert [block.span.of(found.text) for block in points.blocks] == [
        "The bank left its main rate at 4 percent.",
        "Two of nine members voted for a cut.",
    ]
    assert lines(briefing, SectionKind.NEXT) == ["The bank will meet again on 12 December to decide about the rate."]


def test_no_section_tells_with_a_question_or_a_quotation_alone_what_follows() -> None:
    text = (
        "Two drones fell on the mill of Ostrand on Monday and started a fire that burned for six hours.\n\n"
        "“You would think that the alarms would work, so we will find out in the weeks to come.”\n\n"
        "Where and when will the new mill be built?\n\n"
        "The mayor, Orla Venn, thanked the crews of four towns who had come in the night.\n"
    )
    found = brief(read_article(f"Mill burns\n\n{text}".encode(), "pasted"))
    shown = [key.of(found.article.text) for section in found.sections for key in section.key]
    assert not [line for line in shown if line.endswith("?")]
    consequences = found.section(SectionKind.CONSEQUENCES)
    assert consequences is None or not any("alarms" in key.of(found.article.text) for key in consequences.key)
