"""Questions about opposition, conditions, advice and the reasons of protests; and lines that are no answer."""

from __future__ import annotations

import pytest

from briefings.analysis import brief
from briefings.analysis.questions import Asked, answer, parse
from briefings.languages.disputes import dispute_words
from briefings.languages.questions import CODES, question_words
from briefings.model import Briefing
from briefings.sources import read_article

TOLL = """\
Orvell to charge for its bridge

When does it start, and who must pay?

From 1 May drivers pay three crowns to cross the Long Bridge in Orvell. The plan was drafted by the finance office.

The hauliers' association criticised the toll, and its chairman, Ned Farrow, announced a lawsuit. Shopkeepers marched \
through the town on Saturday. They want a free hour at noon.

Drivers should register their number plates by Friday. Those who have paid twice can get a refund at the town hall.

If somebody crosses without paying, a fine of 60 crowns is due within thirty days.

Mayor Ida Lund said the toll was needed. Lund's party has 900 members.

Farrow runs a firm. It has debts of two million crowns.

A woman of 70 paid first.
"""

PEDAGGIO = """\
Borgo, il ponte diventa a pagamento

Dal primo maggio gli automobilisti pagheranno tre euro per attraversare il ponte lungo di Borgo, ha deciso la giunta.

Contrari sono i commercianti, che temono di perdere i clienti.

Chi ha pagato due volte può chiedere il rimborso in Comune.

In caso di mancato pagamento la multa è di 60 euro.
"""

MAUT = """\
Brücke in Orfeld kostet bald Maut

Autofahrer zahlen ab dem 1. Mai drei Euro für die lange Brücke in Orfeld, teilte die Stadt mit.

Der Verband der Spediteure kritisiert die Maut.

Wenn jemand nicht zahlt, droht ihm ein Bußgeld von 60 Euro.
"""


@pytest.fixture(scope="module")
def toll() -> Briefing:
    return _briefing(TOLL)


def _briefing(text: str) -> Briefing:
    return brief(read_article(text.encode(), "toll.txt"))


def _lines(briefing: Briefing, question: str) -> list[str]:
    return [line.span.of(briefing.article.text) for line in answer(briefing, question).lines]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("who is against it?", Asked.OPPOSED),
        ("who opposes the toll", Asked.OPPOSED),
        ("who found them", Asked.PERSON),
        ("chi è contro il pedaggio?", Asked.OPPOSED),
        ("wer ist gegen die Maut?", Asked.OPPOSED),
        ("qui est contre le péage ?", Asked.OPPOSED),
        ("¿quién se opone al peaje?", Asked.OPPOSED),
        ("what happens if nobody pays?", Asked.CONDITION),
        ("what happened?", Asked.HAPPENED),
        ("cosa succede se uno non paga?", Asked.CONDITION),
        ("was passiert, wenn einer nicht zahlt?", Asked.CONDITION),
        ("que se passe-t-il si on ne paie pas ?", Asked.CONDITION),
        ("¿qué pasa si no se paga?", Asked.CONDITION),
        ("how high will the rents be?", Asked.MONEY),
        ("how high is the tower?", Asked.DISTANCE),
    ],
)
def test_what_is_asked(text: str, asked: Asked) -> None:
    assert parse(text).asked is asked


@pytest.mark.parametrize(
    ("text", "question", "first"),
    [
        (TOLL, "who is against the toll?", "The hauliers' association criticised the toll"),
        (TOLL, "who objects to it", "The hauliers' association criticised the toll"),
        (TOLL, "what happens if I don't pay?", "If somebody crosses without paying"),
        (TOLL, "what should I do?", "Drivers should register"),
        (TOLL, "who drafted the plan", "The plan was drafted by the finance office."),
        (TOLL, "when is the fine due?", "If somebody crosses without paying, a fine of 60 crowns is due within"),
        (PEDAGGIO, "chi è contrario?", "Contrari sono i commercianti"),
        (PEDAGGIO, "cosa succede se non pago?", "In caso di mancato pagamento"),
        (MAUT, "wer kritisiert die Maut?", "Der Verband der Spediteure kritisiert"),
        (MAUT, "was passiert, wenn ich nicht zahle?", "Wenn jemand nicht zahlt"),
    ],
)
def test_the_first_line_answers(text: str, question: str, first: str) -> None:
    assert _lines(_briefing(text), question)[0].startswith(first)


def test_a_refund_is_part_of_what_to_do(toll: Briefing) -> None:
    assert any("refund" in line for line in _lines(toll, "what should I do?"))


def test_the_reason_of_a_protest_is_what_the_protesters_want() -> None:
    text = TOLL.replace("Shopkeepers marched through the town", "Shopkeepers protested in the town")
    lines = _lines(_briefing(text), "why do they protest?")
    assert any(line.startswith("They want a free hour") for line in lines)
    assert not any("was needed" in line for line in lines)


@pytest.mark.parametrize("question", ["when does it start?", "who must pay", "what happened?", "when did it happen"])
def test_a_question_of_the_article_is_no_answer(toll: Briefing, question: str) -> None:
    assert not any(line.endswith("?") for line in _lines(toll, question))


def test_the_agent_of_a_passive_is_marked(toll: Briefing) -> None:
    phrase = answer(toll, "who drafted the plan").lines[0].phrase
    assert phrase
    assert phrase.of(toll.article.text) == "the finance office"


@pytest.mark.parametrize("question", ["what are lund's debts?", "what is the name of the woman", "how old is farrow"])
def test_what_is_told_of_somebody_else_is_no_answer(toll: Briefing, question: str) -> None:
    assert _lines(toll, question) == []


def test_every_language_has_all_cues() -> None:
    for code in CODES:
        assert question_words(code).agents
        assert question_words(code).within
        words = dispute_words(code)
        cues = (words.opposing, words.conditions, words.penalties, words.advising, words.remedies)
        assert not any(cue.search("") for cue in cues)
