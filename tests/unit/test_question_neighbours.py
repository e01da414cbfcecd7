"""Free questions: which neighbour an answer is shown with, and who else speaks or acts for whom a question names."""

from __future__ import annotations

import pytest

from briefings.analysis import brief
from briefings.analysis.questions import answer, parse
from briefings.analysis.questions.evidence import evidence
from briefings.analysis.questions.index import index
from briefings.analysis.questions.matching import Matcher
from briefings.model import Briefing
from briefings.sources import read_article

CABLE = """\
Cable to Holm is cut

The cable to the island of Holm was cut on Monday. The ferry sails as usual.
Swedish divers found the anchor of a tanker beside it; Ann Lee, who leads them, said that it was new.

Oslo has rejected every accusation. "We were asleep," said the minister.
"""


@pytest.fixture(name="cable", scope="module")
def _cable() -> Briefing:
    return brief(read_article(CABLE.encode(), "cable.txt"))


def shown(found: Briefing, text: str) -> list[str]:
    return [line.span.of(found.article.text) for line in answer(found, text).lines]


@pytest.mark.parametrize("text", ["did Norway admit it?", "la Norvegia ha ammesso?"])
def test_a_capital_stands_for_its_state_and_a_rejection_denies(cable: Briefing, text: str) -> None:
    assert shown(cable, text)[0] == "Oslo has rejected every accusation."


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("did North Korea fire it?", "Pyongyang"),
        ("did South Korea fire it?", "Seoul"),
        ("la Corea del Nord ha sparato?", "Pyongyang"),
        ("hat Südkorea geschossen?", "Seoul"),
    ],
)
def test_two_states_of_one_name_are_told_apart(text: str, first: str) -> None:
    words = "A shell falls into the sea\n\nThe coast was empty. Seoul denied the shot.\n\nPyongyang denied the shot.\n"
    assert shown(brief(read_article(words.encode(), "shell.txt")), text)[0].startswith(first)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("who is Ann Lee?", "Swedish divers found the anchor"),
        ("did the ferry to Holm sail?", "The ferry sails as usual."),
    ],
)
def test_an_answer_that_is_clear_by_itself_comes_first(cable: Briefing, text: str, first: str) -> None:
    assert shown(cable, text)[0].startswith(first)


OATS = """\
Harvest fails again

It rained all summer and half of the autumn. The farmers dried the oats.

The farmers dried them with a fan of the fire brigade.

Bo Nilsen, who is a cousin of Ann Lee, called the harvest "a bad joke".

Ann Lee, the minister, said that the crop was no worse than others.
"""


@pytest.fixture(name="oats", scope="module")
def _oats() -> Briefing:
    return brief(read_article(OATS.encode(), "oats.txt"))


def test_a_name_in_a_clause_about_somebody_else_is_no_speaker(oats: Briefing) -> None:
    assert shown(oats, "what did Ann Lee say about the harvest?")[0].startswith("Ann Lee, the minister")


def test_a_sentence_without_a_means_does_not_tell_how(oats: Briefing) -> None:
    matcher = Matcher(parse("how did the farmers dry the oats?"), index(oats.article))
    told = [evidence(matcher, place).weight for place, one in enumerate(matcher.own) if sum(one) > 1]
    assert len(told) == 2
    assert told[0] < 0 < told[1]


CLUB = """\
Former coach of Hexley Rovers cleared

Ann Lee, the former coach of Hexley Rovers, was cleared on Monday by a panel that had sat since March.

"Bram Dorn lied, and Bram Dorn said nothing," she told reporters outside of the hall.

Her deputy, the vice-president Kit Moss, called it "a good day".

The club plays in Hexley on Friday.
"""


@pytest.fixture(name="club", scope="module")
def _club() -> Briefing:
    return brief(read_article(CLUB.encode(), "club.txt"))


@pytest.mark.parametrize(
    "text",
    [
        "who is the coach?",  # only a former one is named
        "what did the president say?",
        "what did Bram Dorn say about Hexley?",  # somebody else tells it
    ],
)
def test_a_predecessor_a_deputy_and_a_quotation_do_not_answer(club: Briefing, text: str) -> None:
    assert shown(club, text) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("who is the former coach?", "Ann Lee, the former coach"),
        ("what did the vice-president say?", "a good day"),
        ("when was Ann Lee cleared?", "on Monday"),
        ("when is the club in Hexley?", "on Friday"),
    ],
)
def test_the_one_who_is_asked_for_answers(club: Briefing, text: str, part: str) -> None:
    assert part in shown(club, text)[0]
