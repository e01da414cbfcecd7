"""Free questions: what somebody is accused of, what a court decides, names and numbers beside what they tell."""

from __future__ import annotations

import pytest

from briefings.analysis import brief
from briefings.analysis.questions import Asked, answer, parse
from briefings.languages.questions import root
from briefings.model import Briefing
from briefings.sources import read_article

FERRY = """\
Ferry firm must pay back fares, court rules

The High Court in Dunmore ruled on Friday that Larne Lines must refund 40,000 passengers.

The firm had argued that the storms were beyond its control. Judge Edda Moroney ordered it to pay within 60 days.

Its director Paul Keane was charged in May with falsifying the sailing logs. He was reported by a passenger.

Keane sailed to Larne on Sunday.
"""


@pytest.fixture(name="ferry", scope="module")
def _ferry() -> Briefing:
    return brief(read_article(FERRY.encode(), "ferry.txt"))


def shown(found: Briefing, text: str) -> list[str]:
    return [line.span.of(found.article.text) for line in answer(found, text).lines]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("what did the court decide?", "The High Court in Dunmore ruled"),
        ("what did the judge order?", "Judge Edda Moroney ordered it"),
        ("what is Keane accused of?", "Its director Paul Keane was charged"),
        ("what are the charges against Keane?", "Its director Paul Keane was charged"),
    ],
)
def test_rulings_and_charges_answer(ferry: Briefing, text: str, first: str) -> None:
    assert shown(ferry, text)[0].startswith(first)


@pytest.mark.parametrize("text", ["what is Moroney accused of?", "what is the name of the passenger?"])
def test_no_charge_and_no_name_is_invented(ferry: Briefing, text: str) -> None:
    assert shown(ferry, text) == []


def test_the_name_beside_a_description_is_that_persons(ferry: Briefing) -> None:
    assert shown(ferry, "what is the name of the judge?")[0].startswith("Judge Edda Moroney")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("di cosa è accusato il sindaco?", "it"),
        ("was wird dem Chef vorgeworfen?", "de"),
        ("de quoi est-il accusé ?", "fr"),
        ("¿de qué se le acusa?", "es"),
    ],
)
def test_charges_are_asked_for_in_five_languages(text: str, language: str) -> None:
    assert parse(text, language).asked is Asked.ACCUSED


def test_words_for_must_and_will_carry_little() -> None:
    assert [(term.word, term.weight < 1) for term in parse("when do they have to report?").terms] == [
        ("have to", True),
        ("report", False),
    ]
    assert [term.weight for term in parse("did they get in?").terms] == [1.0]


def test_numbers_before_an_article_count() -> None:
    words = "Incendio a Valmora\n\nL'incendio è scoppiato ieri. Sei i testimoni sentiti finora in paese.\n"
    found = brief(read_article(words.encode(), "fuoco.txt"))
    assert shown(found, "quanti testimoni hanno sentito?") == ["Sei i testimoni sentiti finora in paese."]


TRAIN = """\
Bahnchef wirft Ministerium Untätigkeit vor

Die Polizei nahm am Dienstag einen Mann in Husum fest, der Kabel gestohlen haben soll.

Der bekannte Veranstalter sagte das Konzert im Bahnhof wegen der Sperrung ab.
"""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("wo wurde der Mann festgenommen?", "Die Polizei nahm"),
        ("wen nahm die Polizei fest?", "Die Polizei nahm"),
        ("warum wurde das Konzert abgesagt?", "Der bekannte Veranstalter"),
        ("warum sagte er das Konzert ab?", "Der bekannte Veranstalter"),
    ],
)
def test_separated_german_verbs_are_joined(text: str, first: str) -> None:
    assert shown(brief(read_article(TRAIN.encode(), "bahn.txt")), text)[0].startswith(first)


def test_irregular_forms_of_separable_german_verbs_have_one_stem() -> None:
    assert root("festgenommen", "de") == root("festnehmen", "de")
    assert root("vorgeworfen", "de") == root("vorwerfen", "de")


@pytest.mark.parametrize("text", ["when was Moroney elected?", "where was Moroney born?", "who bought Larne Lines?"])
def test_what_is_never_told_is_not_guessed_from_other_words(ferry: Briefing, text: str) -> None:
    assert shown(ferry, text) == []


@pytest.mark.parametrize("text", ["when did Keane sail?", "who charged the director?", "when was Keane charged?"])
def test_what_is_told_is_found(ferry: Briefing, text: str) -> None:
    assert shown(ferry, text)[0].split()[1] in {"director", "sailed"}
