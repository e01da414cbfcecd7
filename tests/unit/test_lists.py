"""The lists of a story: its timeline and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from bot.answers import marked
from bot.answers.facts import numbers_view, timeline_view
from bot.answers.marked import marked_sentences
from bot.views.model import Bullet, Verbatim, View
from briefings.analysis.sentences import Sentence, sentences
from briefings.model import Article, Span
from tests.fakes import article, version

_PUBLISHED = date(2026, 3, 12)


def _marked(view: View) -> list[str]:
    lines = [block.text for block in view.blocks if isinstance(block, Bullet)]
    return [line.parts()[1] for line in lines if isinstance(line, Verbatim)]


def test_numbers_are_shown_once_and_tell_a_size() -> None:
    found = version(
        article(
            "The port of Lund counts its boats",
            "The port has 40 boats and several sheds, and many people like the 40 boats. It lost 12 boats in May.",
            "Those 40 boats cost $3 million. There were few complaints.",
        )
    )
    assert _marked(numbers_view(found)) == ["40 boats", "12 boats", "$3 million"]
    assert len(found.briefing.quantities) > 2


def test_a_long_timeline_ends_with_the_news_and_keeps_each_date() -> None:
    clause = "while the council of the old harbour town kept looking for money from the county and the state"
    text = " ".join(f"In {year} the ferry was repaired, {clause}." for year in range(1990, 2000))
    found = version(article("Ferry sinks at its pier", text, "The ferry sank on Monday.", day=_PUBLISHED))
    dates = _marked(timeline_view(found))
    assert dates[-1] == "Monday"
    assert dates[0] == "1993"
    assert len(dates) == 8


def test_a_date_is_not_cut_off() -> None:
    sentence = (
        f"The keeper, {'who tells every visitor of the great storm and its dead, ' * 3}died on 3 March 2026, he said."
    )
    found = version(article("The lighthouse is dark", sentence, day=_PUBLISHED))
    assert _marked(timeline_view(found)) == ["3 March 2026"]


def test_a_caption_is_shown_only_if_no_sentence_answers() -> None:
    found = version(article("A bridge fell", "Ann Lee at the bridge", "The bridge fell when Ann Lee crossed it."))
    text = found.article.text
    caption, sentence = found.article.blocks[-2].span, found.article.blocks[-1].span
    both = marked_sentences(found, [(caption, None), (sentence, None)])
    assert [block.text.text for block in both if isinstance(block, Bullet)] == [sentence.of(text)]
    assert marked_sentences(found, [(caption, None)])


def test_a_phrase_of_the_title_is_not_found_within_a_word() -> None:
    found = version(
        article("OT goal lifts Harrow", "Nelson fired a shot past the keeper.", "It was the first OT goal.")
    )
    title = found.article.headline()
    phrase = Span(title.start, title.start + 2)
    (line,) = (block.text for block in marked_sentences(found, [(phrase, None)]) if isinstance(block, Bullet))
    assert line.text == "It was the first OT goal."


def test_a_long_list_of_numbers_splits_the_article_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = version(article("A count", " ".join(f"It has {number} boats." for number in range(20, 40))))
    split: list[Article] = []

    def splitting(one: Article) -> Sequence[Sentence]:
        split.append(one)
        return sentences(one)

    monkeypatch.setattr(marked, "sentences", splitting)
    assert numbers_view(found).blocks
    assert len(split) == 1
