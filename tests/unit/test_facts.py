"""Answers from phrases: dates, the timeline, numbers and people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.answers import facts
from bot.i18n import Message
from bot.views.model import View
from briefings.analysis import brief
from briefings.model import SectionKind, Version, version_id
from briefings.sources import read_article

ARTICLE = b"""---
title: Ferry hits pier in Harrowby as storm closes port
date: 2024-03-28
---

The ferry Alma hit a pier in Harrowby early on Tuesday, and dozens of passengers were hurt.

Captain Ellen Marsh lost control because the engines had stopped, the coastguard said.
"""
EMPTY = b"# A note\n\nSomething has changed here, and nobody has said much about it so far.\n"


def _version(raw: bytes = ARTICLE) -> Version:
    article = read_article(raw, "article.md")
    return Version(version_id(article), brief(article), datetime(2024, 3, 28, tzinfo=UTC))


def _said(view: View) -> str:
    values = [str(value) for text in view.texts() if isinstance(text, Message) for value in dict(text.values).values()]
    return "\n".join([*(text.text for text in view.texts()), *values])


def test_a_time_is_shown_with_the_day_that_it_means() -> None:
    view = facts.answer_view(_version(), SectionKind.WHEN)
    assert "early on Tuesday" in _said(view)
    assert "2024-03-26" in _said(view).replace("datetime.date(2024, 3, 26)", "2024-03-26")


@pytest.mark.parametrize(
    ("kind", "phrase"), [(SectionKind.WHERE, "Harrowby"), (SectionKind.WHY, "the engines had stopped")]
)
def test_the_phrase_that_answers_stands_in_its_sentence(kind: SectionKind, phrase: str) -> None:
    assert phrase in _said(facts.answer_view(_version(), kind))


def test_lists() -> None:
    version = _version()
    assert "Ellen Marsh" in _said(facts.people_view(version))
    assert "dozens of passengers" in _said(facts.numbers_view(version))
    assert "early on Tuesday" in _said(facts.timeline_view(version))


def test_without_a_day_of_publication_the_timeline_ends_with_the_days_that_have_no_date() -> None:
    raw = b"""Two hikers found

Two hikers were found alive on Tuesday morning. A dog led rescuers to them at 7.20am.

The council had turned down emergency telephones in 2019. "We leave on Friday," one of them said.
"""
    lines = _said(facts.timeline_view(_version(raw))).split("\n")
    places = [
        next(place for place, line in enumerate(lines) if words in line)
        for words in ("turned down", "Date not given", "found alive", "A dog led")
    ]
    assert places == sorted(places)
    assert not any("We leave" in line for line in lines)


def test_of_a_question_in_the_standfirst_only_the_day_is_shown() -> None:
    raw = b"# Mill burns\n\n*What happened in Oakley on 3 May 2023? Little is known.*\n\nThe mill is gone, she says.\n"
    said = _said(facts.answer_view(_version(raw), SectionKind.WHEN))
    assert "3 May 2023" in said
    assert "What happened in" not in said


def test_a_timeline_without_dates_has_no_heading() -> None:
    said = _said(facts.timeline_view(_version(b"Fire\n\nThe mill burnt on Monday. It was insured, says its owner.\n")))
    assert "The mill burnt" in said
    assert "Date not given" not in said


def test_an_article_without_facts_says_so() -> None:
    version = _version(EMPTY)
    assert "names no people" in _said(facts.people_view(version))
    assert "no numbers" in _said(facts.numbers_view(version))
    assert "does not say when" in _said(facts.timeline_view(version))
    assert "does not say when" in _said(facts.answer_view(version, SectionKind.WHEN))


@pytest.mark.parametrize(("heading", "is_first"), [("What the numbers say", True), ("What happened?", False)])
def test_what_begins_with_the_main_event_unless_the_section_tells_it(heading: str, is_first: bool) -> None:
    text = (
        "# Opposition wins election in Norby\n\nThe opposition has won the election in Norby after nineteen years.\n\n"
        f"## {heading}\n\nTurnout was 78 per cent, the highest since the vote of 1991.\n"
    )
    shown = _said(facts.answer_view(_version(text.encode()), SectionKind.WHAT))
    assert ("The opposition has won" in shown) == is_first
    assert "Turnout was 78 per cent" in shown


def test_a_reason_below_the_title_is_shown_instead_of_the_title() -> None:
    text = "# Pram maker recalls buggies after two babies hurt\n\nWillow is recalling buggies after a hinge broke.\n"
    shown = _said(facts.answer_view(_version(text.encode()), SectionKind.WHY))
    assert "after a hinge broke" in shown
    assert shown.count("after two babies hurt") == 1
