"""How many free questions about articles of many kinds are answered by the right sentence.

The threshold of `briefings.analysis.questions.select` and the tables were set on ``tuning``; ``held_back`` was first
run when they were done.  A question without ``must`` has no answer in its article.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from briefings.analysis import brief
from briefings.analysis.questions import answer
from briefings.sources import read_article
from tests.golden import DATA

_FEW, _EARLY = 3, 2


def _asked(half: str) -> list[tuple[Path, dict[str, Any]]]:
    return [
        (path, yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted((DATA / "questions" / half).iterdir())
    ]


def _verdict(shown: list[str], must: list[Any]) -> str:
    if not must:
        return "invented" if shown else "honest"
    if not shown:
        return "falsely silent"
    wanted = [[one] if isinstance(one, str) else one for one in must]
    early = " ".join(shown[:_EARLY])
    return "right" if any(all(piece in early for piece in pieces) for pieces in wanted) else "wrong or partly"


def _verdicts(half: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for path, entry in _asked(half):
        briefing = brief(read_article(entry["text"].encode(), path.name))
        for item in entry["questions"]:
            lines = answer(briefing, item["ask"]).lines
            assert len(lines) <= _FEW
            found[_verdict([line.span.of(briefing.article.text) for line in lines], item.get("must", []))] += 1
    return found


@pytest.mark.parametrize("half", ["tuning", "held_back"])
def test_most_questions_are_answered_by_the_right_sentence(half: str) -> None:
    found = _verdicts(half)
    answerable = found["right"] + found["wrong or partly"] + found["falsely silent"]
    unanswerable = found["honest"] + found["invented"]
    assert answerable >= 110
    assert unanswerable >= 30
    assert found["right"] / answerable >= 0.75
    assert found["honest"] / unanswerable >= 0.7


@pytest.mark.parametrize("half", ["tuning", "held_back"])
def test_answers_stand_in_their_articles(half: str) -> None:
    for path, entry in _asked(half):
        text = " ".join(entry["text"].split())
        for item in entry["questions"]:
            for one in [*item.get("must", []), *item.get("partly", [])]:
                for piece in [one] if isinstance(one, str) else one:
                    assert piece in text, (path.name, item["ask"])
