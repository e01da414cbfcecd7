"""Many stories that arrive at once are one post, and no crowd of stories takes the place of another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.delivery.occasions import Occasion
from bot.posting.tick import gathered

_NOW = datetime(2026, 3, 14, 8, tzinfo=UTC)


def _arrivals(first: int, count: int) -> list[Occasion]:
    return [
        Occasion(0, 7, f"report:{number}:v1", _NOW, _NOW - timedelta(seconds=number), f"version{number}")
        for number in range(first, first + count)
    ]


def test_a_second_crowd_in_the_same_second_has_an_occasion_of_its_own() -> None:
    (first,), (second,) = gathered(_arrivals(1, 100), _NOW), gathered(_arrivals(101, 100), _NOW)
    assert first.key != second.key
    assert first.since == _NOW - timedelta(seconds=100)
    assert gathered(_arrivals(1, 100), _NOW) == [first]


def test_few_stories_keep_posts_of_their_own() -> None:
    assert [one.version for one in gathered(_arrivals(1, 2), _NOW)] == ["version1", "version2"]
