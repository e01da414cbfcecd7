"""Lines are joined without changing words that have their hyphens within a line."""

from __future__ import annotations

import pytest

from briefings.sources import read_article
from briefings.sources.divided import divides_words, one_line


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["the inspec-", "tors left"], "the inspectors left"),
        (["“inspec-", "tors left"], "“inspectors left"),
        (["a well-", "known man"], "a well-known man"),
        (["twenty-", "five men"], "twenty-five men"),
        (["a state-", "owned yard"], "a state-owned yard"),
        (["an un-", "known man"], "an unknown man"),
        (["a three-year-", "old horse"], "a three-year-old horse"),
        (["sent by e-", "mail"], "sent by e-mail"),
        (["the engineer Per-", "Olav Vik"], "the engineer Per-Olav Vik"),
        (["two-", "to three-year terms"], "two- to three-year terms"),
        (["zwei-", "bis dreijährige Strafen"], "zwei- bis dreijährige Strafen"),
        (["Haupt-", "und Nebenfach"], "Haupt- und Nebenfach"),
        (["seven --", "and a half"], "seven -- and a half"),
        (["short- as well as", "long-term"], "short- as well as long-term"),
    ],
)
def test_words_are_made_whole_only_where_a_line_divides_them(lines: list[str], joined: str) -> None:
    assert one_line(lines) == joined


def test_hyphens_within_wrapped_lines_are_kept() -> None:
    text = """Court hands down sentences in the harbour case

The judges in Ostermouth gave all nine men two- to three-year sentences on Monday
after a trial that lasted for almost a year. The man who ran the yard left- but he
came back a moment later and smiled at the crowd while lawyers of both sides stood
by the door. The prosecutor said that neither the short- nor the long-term damage,
as she called it, could be measured by a court, and that people would not forget.

The families stood outside in the rain and waited for the vans to leave the court
and go to the prison at Fenwick, where they will stay for at least a whole year.
"""
    article = read_article(text.encode())
    first = article.blocks[0].span.of(article.text)
    assert "two- to three-year sentences on Monday after" in first
    assert "left- but he came back" in first
    assert "the short- nor the long-term" in first


def test_where_hardly_a_line_ends_with_a_hyphen_it_belongs_to_a_compound() -> None:
    line = "The judges in the old court by the sea gave all of the nine men long terms then"
    text = [*[line] * 40, "and one of them, who wore an old-", "fashioned coat, smiled.", *[line] * 20]
    assert divides_words(["the inspec-", "tors left"] * 20)
    assert not divides_words(text)
    assert one_line(["an old-", "fashioned coat"], may_divide=False) == "an old-fashioned coat"
    assert "an old-fashioned coat" in read_article("\n".join(text).encode(), "text").text
