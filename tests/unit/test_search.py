"""Parsing what a person types into a search."""

from __future__ import annotations

from datetime import date

import pytest

from bot.answers.stories import found_view
from briefings.library import Found, SearchResult
from briefings.search import Search, parse_search
from tests.fakes import article, bundled, version
from tests.shown import said

TODAY = date(2025, 3, 14)


def words(typed: str) -> tuple[str, ...]:
    return parse_search(typed, TODAY).words


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("outlet:gazette", Search(outlet="gazette")),
        ("Testata:Corriere", Search(outlet="Corriere")),
        ("since:2025-03-01", Search(since=date(2025, 3, 1))),
        ("dal:2025-03-01 al:2025-03-02", Search(since=date(2025, 3, 1), until=date(2025, 3, 2))),
        ("medium:Kurier seit:2025-03-01", Search(outlet="Kurier", since=date(2025, 3, 1))),
        ("média:Monde depuis:2025-03-01", Search(outlet="Monde", since=date(2025, 3, 1))),
        ("medio:Diario hasta:2025-03-01", Search(outlet="Diario", until=date(2025, 3, 1))),
        ("gestern", Search(since=date(2025, 3, 13), until=date(2025, 3, 13))),
        ("yesterday", Search(since=date(2025, 3, 13), until=date(2025, 3, 13))),
        ("on:oggi", Search(since=TODAY, until=TODAY)),
        ("since yesterday", Search(since=date(2025, 3, 13))),
        ("depuis hier", Search(since=date(2025, 3, 13))),
        ("hasta el", Search()),
        ("aujourd’hui", Search(since=TODAY, until=TODAY)),
        ("since:monday", Search(since=date(2025, 3, 10))),
        ("seit Freitag", Search(since=TODAY)),
        ("dal 2025-03-01 al 2025-03-02", Search(since=date(2025, 3, 1), until=date(2025, 3, 2))),
        ("", Search()),
        ('""', Search()),
        ("did it", Search()),
    ],
)
def test_filters(typed: str, expected: Search) -> None:
    assert parse_search(typed, TODAY) == expected


@pytest.mark.parametrize("typed", ['"Kremlin drones" fire', "„Kremlin drones“ fire", "« Kremlin drones » fire"])
def test_a_phrase_is_one_group_of_terms_that_follow_each_other(typed: str) -> None:
    [phrase, word] = parse_search(typed, TODAY).groups
    assert ("kremli", "drones") in phrase
    assert word == (("fire",),)


@pytest.mark.parametrize("typed", ["since:spring", "note:this", "12:30", 'a "phrase without an end'])
def test_what_is_no_filter_is_searched_as_words(typed: str) -> None:
    search = parse_search(typed, TODAY)
    assert (search.outlet, search.since, search.until) == (None, None, None)
    assert search.words


@pytest.mark.parametrize("typed", ["hier", "Monday", "al mar", "after monsoon"])
def test_words_that_are_days_only_beside_others_stay_words(typed: str) -> None:
    assert parse_search(typed, TODAY).since is None


def test_a_word_that_stands_in_a_phrase_of_another_kind_stays_a_word() -> None:
    assert parse_search('"today"', TODAY).since is None


@pytest.mark.parametrize("typed", ['"' * 100_000, "a:" * 100_000, "«" * 100_000, "x" * 1_000_000, "“”" * 100_000])
def test_no_input_takes_long(typed: str) -> None:
    assert len(parse_search(typed, TODAY).words) <= 500


@pytest.mark.parametrize(("total", "expected"), [(1, ""), (2, "1 more story."), (9, "8 more stories."), (1000, "many")])
def test_the_answer_says_how_many_more_there_are(total: int, expected: str) -> None:
    found = version(bundled()[0])
    result = SearchResult((Found(found, found.article.headline()),), total)
    text = said(found_view("x", result), "en")
    assert expected in text
    assert ("more" in text.partition("[1]")[0]) == (total > 1)


def test_a_search_in_italian_explains_itself_in_italian() -> None:
    found = version(article("Un titolo", "Una frase."))
    result = SearchResult((Found(found, found.article.headline()),), 5)
    assert "Altre 4 notizie" in said(found_view("x", result), "it")
