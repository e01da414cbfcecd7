"""Ranks sentences for a question such as "and why?", which follows up an answer that has just been shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from briefings.analysis.questions.index import Index
from briefings.analysis.questions.rank import Ranked
from briefings.model import Span

#: What the sentence before or behind a told one in its paragraph gains.
_BESIDE = 0.25


def following_up(ranked: Sequence[Ranked], index: Index, told: Collection[Span]) -> list[Ranked]:
    """The sentences in a new order. Those of ``told`` that lack what is asked for now are left out."""
    shown = {place for place, sentence in enumerate(index.sentences) if sentence.span in told}
    blocks = {place: index.sentences[place].block for place in shown}

    def is_beside(place: int) -> bool:
        return any(blocks.get(near) == index.sentences[place].block for near in (place - 1, place + 1))

    kept = (one for one in ranked if one.evidence > 0 or one.place not in shown)
    raised = (replace(one, score=one.score + _BESIDE) if is_beside(one.place) else one for one in kept)
    return sorted(raised, key=lambda one: (-one.score, one.place))
