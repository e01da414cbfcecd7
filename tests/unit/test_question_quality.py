"""How many free questions are answered by the right sentence, and how many short answers are the expected ones."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.answer_pairs import shares, texts
from tests.question_pairs import SETS, asked, verdicts


#: Together, because single sets have as few as three questions that have no answer.
@pytest.mark.parametrize("names", [SETS[:2], SETS[2:6], SETS[6:]])
def test_most_questions_are_answered_by_the_right_sentence(names: tuple[str, ...]) -> None:
    found = sum((verdicts(name) for name in names), Counter[str]())
    answerable = found["right"] + found["wrong or partly"] + found["falsely silent"]
    unanswerable = found["honest"] + found["invented"]
    assert answerable >= 80
    assert unanswerable >= 25
    assert found["right"] / answerable >= 0.78
    assert found["falsely silent"] / answerable <= 0.08
    assert found["honest"] / unanswerable >= 0.65
    assert not found["too long"]


@pytest.mark.parametrize("name", SETS)
def test_answers_stand_in_their_articles(name: str) -> None:
    for path, entry in asked(name):
        text = " ".join(entry["text"].split())
        for item in entry["questions"]:
            for one in [*item.get("must", []), *item.get("partly", [])]:
                for piece in [one] if isinstance(one, str) else one:
                    assert piece in text, (path.name, item["ask"])


def test_most_short_answers_are_the_expected_ones() -> None:
    found = shares()
    for question, least in {"who": 0.8, "when": 0.85, "where": 0.7, "why": 0.5}.items():
        right, count = found[question]
        assert right / count >= least, question


def test_expected_answers_stand_in_their_articles() -> None:
    pairs = list(texts())
    assert len(pairs) >= 30
    for name, text, expected in pairs:
        flat = " ".join(text.split())
        for wanted in expected.values():
            assert all(one in flat for one in wanted), name
