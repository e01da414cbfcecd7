"""Forty short reports of twelve events, some of them alike: which become one story, and which are found as related."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import fmean

import pytest
import yaml

from bot.storage.stories import Stories
from briefings.languages.common import common_terms
from briefings.library import Library
from briefings.model import Article
from briefings.scope import OPERATOR
from briefings.similarity import Frequencies, article_profile, similarities
from briefings.sources.plain import parse_plain
from tests.databases import new_database
from tests.fakes import NOON

EVENTS = yaml.safe_load((Path(__file__).parents[1] / "data" / "events.yaml").read_text("utf-8"))


def reports() -> list[tuple[str, Article]]:
    """The event and the article of each report."""
    return [
        (event["event"], parse_plain(report["title"] + "\n\n" + report["text"].replace("\n", "\n\n")))
        for event in EVENTS
        for report in event["reports"]
    ]


@pytest.fixture(name="library")
async def _library() -> AsyncIterator[Library]:
    async with new_database() as database:
        yield Library(Stories(database))


def b_cubed(stories: list[int], events: list[str]) -> float:
    """The B-cubed F1 of stories against events (Bagga and Baldwin, 1998)."""
    in_story, of_event, both = Counter(stories), Counter(events), Counter(zip(stories, events, strict=True))
    precision = sum(count**2 / in_story[story] for (story, _), count in both.items()) / len(stories)
    recall = sum(count**2 / of_event[event] for (_, event), count in both.items()) / len(stories)
    return 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize("order", [1, 2])
async def test_a_new_library_groups_reports_by_their_events(library: Library, order: int) -> None:
    found = reports()
    random.Random(order).shuffle(found)  # noqa: S311  # the same each time
    for place, (_, article) in enumerate(found):
        await library.add(article, NOON + timedelta(minutes=place))
    stories = []
    for _, article in found:
        [version] = await library.titled(OPERATOR, article.headline().of(article.text))
        report = await library.report_of(version.id)
        assert report is not None
        stories.append(report.story)
    assert b_cubed(stories, [event for event, _ in found]) >= 0.9


def test_reports_of_the_same_event_are_the_most_similar_ones() -> None:
    """The mean average precision of ranking all other reports by their similarity."""
    profiles = [(event, article_profile(article)) for event, article in reports()]
    counts = Counter(term for _, one in profiles for term in one.body)
    precisions = []
    for event, one in profiles:
        others = [pair for pair in profiles if pair[1] is not one]
        scores = similarities(one, [other for _, other in others], Frequencies(len(profiles), counts))
        ranked = sorted(zip(scores, others, strict=True), key=lambda pair: -pair[0])
        hits = [place for place, (_, (its, _)) in enumerate(ranked, 1) if its == event]
        precisions.append(fmean(number / place for number, place in enumerate(hits, 1)))
    assert fmean(precisions) >= 0.97


def test_common_words_do_not_make_two_events_alike_in_an_empty_library() -> None:
    one = article_profile(
        parse_plain(
            "Norby mayor resigns\n\nThe mayor of Norby resigned on Monday after people had asked for a new government."
        )
    )
    other = article_profile(
        parse_plain(
            "Harwell school opens\n\nThe head of the new school said on Monday that many people had asked for it."
        )
    )
    nothing = Frequencies(0, {})
    [score] = similarities(one, [other], nothing)
    [in_unknown_language] = similarities(replace(one, language=None), [other], nothing)
    assert 0 < score < in_unknown_language


@pytest.mark.parametrize("language", [None, "xx"])
def test_a_language_without_a_list_has_no_common_terms(language: str | None) -> None:
    assert common_terms(language) == {}
