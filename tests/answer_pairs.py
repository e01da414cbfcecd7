"""Scores short answers against the golden pairs of `tests/data/answers.yaml`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import yaml

from briefings.analysis import brief
from briefings.model import Answers
from briefings.sources import read_article
from tests.golden import DATA

#: For each question how many answers were right, and of how many.
Shares = dict[str, tuple[int, int]]


def texts() -> Iterator[tuple[str, str, dict[str, list[str]]]]:
    """The name, the text and the expected answers of each article."""
    pairs = yaml.safe_load((DATA / "answers.yaml").read_text(encoding="utf-8"))
    for name, expected in pairs.items():
        entry = yaml.safe_load((DATA / "questions" / f"{name}.yaml").read_text(encoding="utf-8"))
        yield name, entry["text"], expected


def shares() -> Shares:
    """How often the first answer is an expected one, or a part of one; or none where none is expected."""
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for name, text, expected in texts():
        briefing = brief(read_article(text.encode(), f"{name}.txt"))
        for question, wanted in expected.items():
            answers = getattr(briefing.answers or Answers(), question)
            first = answers[0].span.of(briefing.article.text).casefold() if answers else ""
            found[question].append(_is_right(first, [one.casefold() for one in wanted]))
    return {question: (sum(right), len(right)) for question, right in found.items()}


def _is_right(first: str, wanted: list[str]) -> bool:
    return any(one in first or first in one for one in wanted) if first and wanted else not first and not wanted
