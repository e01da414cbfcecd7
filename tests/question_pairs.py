"""Judges answers to the free questions of `tests/data/questions`.

The threshold of `briefings.analysis.questions.select` and the tables were set on ``tuning``; ``held_back`` was first
run when they were done.  The ``unseen`` sets were written later, without sight of the rules; their
first runs are in `tests/benchmarks/QUALITY.md`.  A question without ``must`` has no answer in its article.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from briefings.analysis import brief
from briefings.analysis.questions import answer
from briefings.sources import read_article
from tests.golden import DATA

FEW = 3
_EARLY = 2
SETS = (
    "tuning",
    "held_back",
    "unseen_first",
    "unseen_second",
    "unseen_third",
    "unseen_fourth",
    "unseen_fifth",
    "unseen_sixth",
    "unseen_seventh",
    "unseen_eighth",
    "unseen_ninth",
)


def asked(name: str) -> list[tuple[Path, dict[str, Any]]]:
    """The files of one set with their texts and questions."""
    return [
        (path, yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted((DATA / "questions" / name).iterdir())
    ]


def verdicts(name: str) -> Counter[str]:
    """How many questions were answered in which way."""
    found: Counter[str] = Counter()
    for path, entry in asked(name):
        briefing = brief(read_article(entry["text"].encode(), path.name))
        for item in entry["questions"]:
            reply = answer(briefing, item["ask"])
            lines, nearest = (
                [line.span.of(briefing.article.text) for line in some] for some in (reply.lines, reply.nearest)
            )
            found[_verdict(lines, nearest, item.get("must", []))] += 1
            found["too long"] += max(len(lines), len(nearest)) > FEW
    return found


def _verdict(lines: list[str], nearest: list[str], must: list[Any]) -> str:
    if not must:
        return "invented" if lines else "honest"
    if lines:
        return "right" if _holds(lines[:_EARLY], must) else "wrong or partly"
    return "wrong or partly" if _holds(nearest, must) else "falsely silent"


def _holds(shown: list[str], must: list[Any]) -> bool:
    wanted = [[one] if isinstance(one, str) else one for one in must]
    together = " ".join(shown)
    return any(all(piece in together for piece in pieces) for pieces in wanted)
