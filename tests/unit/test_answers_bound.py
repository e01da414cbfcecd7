"""Free questions whose answer must be bound to what is asked: the right figure, hour, speaker, name or state."""

from __future__ import annotations

import pytest

from briefings.analysis import brief
from briefings.analysis.questions import answer
from briefings.model import Briefing
from briefings.sources import read_article

ARTICLE = """\
Toll of the ferry fire off Marrow rises

The death toll from the fire on the ferry off Marrow rose to 14 on Sunday, the coastguard said.

The fire spread from the car deck within six minutes. The captain was not on the bridge.

Dora Finch, a passenger from Leith, thanked the fishermen. "They came at once," she said.

A cook was taken to the hospital in Tarn on Saturday. She is in a stable condition.

The mayor, Paul Reeve, broke off a holiday and is expected in Tarn on Monday.

The minister, asked about the alarms, answered: "They were tested in May."

A service is held on Friday. It begins at 6.30pm in the church.

The pilot is warning crews of the wreck. The owner was warned by the union in May.

The college has eleven classrooms and 300 beds.
"""


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return brief(read_article(ARTICLE.encode(), "ferry.txt"))


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("how many died?", "rose to 14"),
        ("how fast did the fire spread", "within six minutes"),
        ("how is the cook doing?", "stable condition"),
        ("what did the minister say about the alarms", "tested in May"),
        ("what time does the service begin", "6.30pm"),
        ("what does the pilot say?", "warning crews"),
        ("what did the union say?", "warned by the union"),
    ],
)
def test_the_answer_is_bound_to_what_is_asked(briefing: Briefing, question: str, answers: str) -> None:
    lines = [line.span.of(briefing.article.text) for line in answer(briefing, question).lines]
    assert any(answers in line for line in lines[:2]), lines


@pytest.mark.parametrize(
    "question",
    [
        "what is the captain's name?",
        "what did the mayor say?",
    ],
)
def test_what_stands_beside_the_words_of_a_question_is_no_answer(briefing: Briefing, question: str) -> None:
    reply = answer(briefing, question)
    assert not reply.lines, [line.span.of(briefing.article.text) for line in reply.lines]
