"""Plain text as pasted from a page, against pairs whose every line says what it is."""

from __future__ import annotations

import pytest

from briefings.analysis.headings import classify_heading
from briefings.model import Article, BlockKind
from briefings.sources import read_article
from tests import golden

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
