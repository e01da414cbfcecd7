"""Interviews: answers are recognised, and lines are chosen that can be understood without their question."""

from __future__ import annotations

import pytest

from briefings.analysis import brief
from briefings.analysis.interviews import answer_blocks
from briefings.languages.leaning import leaning
from briefings.model import SectionKind
from briefings.sources import read_article

ENGLISH = """\
The woman who counts swifts

Ines Calder has counted swifts in Marlow for thirty years.

How did it begin?

With a broken window. A swift lay on my kitchen floor, and I kept it in a shoebox until it could fly.

And how many are there now?

Forty pairs. There were two hundred nests in the old town when I started, before the roofs were mended.

Who pays you for it?

Nobody. The council sends me stamps for letters to the builders every spring.
"""
ITALIAN = """\
Una vita tra gli ombrelli

Come ha cominciato?

Mio nonno riparava ombrelli sotto il portico della piazza. A otto anni gli tenevo le stecche, e lui mi pagava bene.

E oggi chi porta ancora un ombrello a riparare?

Soprattutto turisti. Nei giorni di pioggia ho la bottega piena di signore del quartiere.
"""
EXPLAINER = """\
Why the lido closes

What happens next?

The council votes on Monday. "I will vote against it," said the mayor.

Who pays for it?

The town does. We know this from the budget that was published in May.
"""


@pytest.mark.parametrize(("text", "count"), [(ENGLISH, 3), (ITALIAN, 2), (EXPLAINER, 0)])
def test_answers_in_the_first_person_make_an_interview(text: str, count: int) -> None:
    assert len(answer_blocks(read_article(text.encode(), "a.txt"))) == count


@pytest.mark.parametrize("text", [ENGLISH, ITALIAN])
def test_a_summary_has_no_line_that_leans_on_a_question(text: str) -> None:
    briefing = brief(read_article(text.encode(), "a.txt"))
    lines = [span.of(briefing.article.text) for span in briefing.summary]
    marks = leaning(briefing.article.language)
    assert lines
    assert not any(marks.leans_on_question(line) for line in lines)


def test_what_an_interviewer_asks_is_a_section_of_its_own() -> None:
    briefing = brief(read_article(ENGLISH.encode(), "a.txt"))
    assert all(section.kind is not SectionKind.WHAT for section in briefing.sections if section.headings)
    headings = [span.of(briefing.article.text) for one in briefing.sections for span in one.headings]
    assert "And how many are there now?" in headings


@pytest.mark.parametrize("language", ["en", "it", "de", "fr", "es"])
def test_every_language_of_the_bot_has_the_words_of_interviews(language: str) -> None:
    marks = leaning(language)
    assert marks.speaking
    assert marks.referring
    assert marks.replies
