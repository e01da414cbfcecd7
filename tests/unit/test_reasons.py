"""Reasons that no word such as "because" announces."""

from __future__ import annotations

import pytest

from briefings.analysis import brief
from briefings.analysis.questions import answer
from briefings.sources import read_article

ENGLISH = """Ferry stays in harbour

The ferry to Skarn stayed in harbour on Monday. The captain left the bridge early to catch the tide tables.

The council shut the pier, fearing that its planks would give way. The pier is a hundred metres long.

Dockers walked out after the company had cut their breaks. The dockers are forty men and women.

The mayor cancelled the regatta: the lake had frozen overnight. The regatta is held every year.

The baker closed her shop, unable to pay the rent. Her shop had a blue door.

The brewery moved to Hale, angered by a tax on water. The brewery has nine cats.

The museum wants to sell a painting. The museum stands by the river.
"""

ITALIAN = """Il traghetto resta in porto

Il comune ha chiuso il molo, temendo un crollo. Il molo è lungo cento metri.

Gli operai hanno lasciato la fabbrica dopo che la ditta aveva tolto le pause. La fabbrica ha due camini.

La sindaca ha vietato il mercato per consentire i lavori. Il mercato si tiene di lunedì.

Il fornaio ha abbassato la serranda: il forno era spento da giorni. Il fornaio ha sei gatti.
"""


@pytest.mark.parametrize(
    ("text", "question", "first"),
    [
        (ENGLISH, "why did the captain leave the bridge?", "to catch the tide tables"),
        (ENGLISH, "why was the pier shut?", "fearing that its planks"),
        (ENGLISH, "why did the dockers walk out?", "after the company had cut"),
        (ENGLISH, "why was the regatta cancelled?", "the lake had frozen"),
        (ENGLISH, "why did the baker close her shop?", "unable to pay"),
        (ENGLISH, "why did the brewery move?", "angered by a tax"),
        (ITALIAN, "perché hanno chiuso il molo?", "temendo un crollo"),
        (ITALIAN, "perché gli operai hanno lasciato la fabbrica?", "dopo che la ditta"),
        (ITALIAN, "perché è vietato il mercato?", "per consentire i lavori"),
        (ITALIAN, "perché il fornaio ha abbassato la serranda?", "il forno era spento"),
    ],
)
def test_a_reason_without_because(text: str, question: str, first: str) -> None:
    found = brief(read_article(text.encode(), "harbour.txt"))
    lines = answer(found, question).lines
    best = max(lines, key=lambda line: line.score)
    assert first in best.span.of(found.article.text)


def test_what_somebody_wants_to_do_is_no_purpose() -> None:
    scores = []
    for verb in ("plans", "closes"):
        text = f"Museum news\n\nThe museum {verb} to sell a painting. It stands by the river.\n"
        found = brief(read_article(text.encode(), "museum.txt"))
        scores.append(answer(found, f"why does the museum {verb.rstrip('s')}?").score)
    assert scores[0] < scores[1]


def test_the_words_behind_fearing_are_a_reason() -> None:
    found = brief(
        read_article(b"# Council shuts pier\n\nThe council shut the pier on Monday, fearing a collapse.\n", "a.md")
    )
    assert found.answers is not None
    assert found.answers.why[0].span.of(found.article.text) == "a collapse"


def _why(text: str) -> list[str]:
    found = brief(read_article(text.encode(), "a.md"))
    answers = found.answers.why if found.answers else ()
    return [answer.span.of(found.article.text) for answer in answers]


@pytest.mark.parametrize(
    ("sentence", "reasons"),
    [
        ("The attack on the pier must be attributed to Harald Rasmussen, dockers say.", []),
        ("It was an attack on the pier aimed at killing seals, dockers say.", ["killing seals"]),
        ("It was an attack on the pier aimed at Norby, dockers say.", []),
    ],
)
def test_who_did_it_and_what_was_hit_are_no_reasons(sentence: str, reasons: list[str]) -> None:
    assert _why(f"# Attack on pier\n\n{sentence} Harald Rasmussen is a baker in Norby.\n") == reasons


def test_what_explains_a_consequence_does_not_explain_the_event() -> None:
    ferry = "# Ferry hits pier\n\nThe ferry hit the pier.\n\n## {}\n\nThe ferry stays ashore due to a bent keel.\n"
    assert _why(ferry.format("Why did it happen?")) == ["a bent keel"]
    assert _why(ferry.format("What are the consequences?")) == []


def test_a_purpose_in_another_clause_is_no_reason() -> None:
    scores = []
    for words in ("was removed to make room for a pond", "was removed, and the council voted to buy a pond"):
        found = brief(read_article(f"News of Norby\n\nThe bench {words}. Ducks sat there.\n".encode(), "a.txt"))
        scores.append(answer(found, "why was the bench removed?").score)
    assert scores[0] > scores[1]


def test_plans_and_measured_times_are_no_reasons() -> None:
    text = """Brewery news

The brewery had been due to close in spring. The chapel had to close due to rot.

The museum closed 71 days after a visit. The tower closed hours after a visit.
"""
    found = brief(read_article(text.encode(), "a.txt"))
    scores = [answer(found, f"why did the {house} close?").score for house in ("brewery", "chapel", "museum", "tower")]
    assert scores[0] < scores[1]
    assert scores[2] < scores[3]
