"""Free questions: charges, decisions, names and numbers beside what they tell, and other words for what is told."""

from __future__ import annotations

from functools import cache

import pytest

from briefings.analysis import brief
from briefings.analysis.questions import Asked, answer, parse
from briefings.model import Briefing
from briefings.sources import read_article

FERRY = """\
Ferry firm must pay back fares, court rules

The High Court in Dunmore ruled on Friday that Larne Lines must refund 40,000 passengers.

The firm had argued that the storms were beyond its control. Judge Edda Moroney ordered it to pay within 60 days.

Its director Paul Keane was charged in May with falsifying the sailing logs. He was reported by a passenger.

Keane sailed to Larne on Sunday.
"""


@cache
def briefed(text: str) -> Briefing:
    return brief(read_article(text.encode(), "article.txt"))


@pytest.fixture(name="ferry", scope="module")
def _ferry() -> Briefing:
    return briefed(FERRY)


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
    found = briefed(words)
    assert shown(found, "quanti testimoni hanno sentito?") == ["Sei i testimoni sentiti finora in paese."]


RETREAT = """\
Meldungen vom Montag

Minister Otto Blum trat am Montag zurück. Die Brücke bei Norby ist ab Montag zu.

Die Züge kommen am Montag in Lund an. Der Arzt Jan Rehm half am Montag mit.

Die Staatsanwaltschaft wirft dem Fahrer Tom Kranz fahrlässige Tötung vor.
"""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Wann trat Blum zurück?", "Minister Otto Blum"),
        ("Wann ist die Brücke zu?", "Die Brücke"),
        ("Wann kommen die Züge an?", "Die Züge"),
        ("Wer half?", "Der Arzt"),
        ("Was wird Kranz vorgeworfen?", "Die Staatsanwaltschaft"),
    ],
)
def test_german_verbs_with_a_particle_apart_are_found(text: str, first: str) -> None:
    assert shown(briefed(RETREAT), text)[0].startswith(first)


FEES = """\
Norby council decides on parking charges

The council decided on Monday that drivers pay more. The charges are two euros an hour in the centre.

Lars Toft was found guilty of fraud in 2019. Toft was charged 40 euros for parking. The suspect was remanded.
"""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("what are the charges?", ["The charges are two euros"]),
        ("what is the charge in the centre?", ["The charges are two euros"]),
        ("what was Toft charged with?", []),
        ("what is Toft guilty of?", ["Lars Toft was found guilty"]),
        ("what did the council decide?", ["The council decided on Monday"]),
        ("what was decided?", ["The council decided on Monday"]),
    ],
)
def test_fees_are_no_charges_and_a_decision_stands_alone(text: str, lines: list[str]) -> None:
    found = shown(briefed(FEES), text)
    assert [line[: len(start)] for line, start in zip(found, lines, strict=False)] == lines
    assert bool(found) == bool(lines)


@pytest.mark.parametrize(
    ("text", "language"), [("quelles charges paie l'acheteur ?", "fr"), ("¿qué cargos asumió Toft?", "es")]
)
def test_costs_and_posts_are_no_charges(text: str, language: str) -> None:
    assert parse(text, language).asked is Asked.THING


NAMES = """\
Fire kills baker

The baker, Tom Field, 44, was found by his wife Ann. The suspect was identified as Carl Dahl, 30.

The owner of the house is Jan Ek. Police chief Mark Dunn led the search. The ferry Sea Queen brought water.
"""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("what is the baker called?", "The baker, Tom Field"),
        ("what is the suspect called?", "The suspect was identified"),
        ("what is the owner's name?", "The owner of the house"),
        ("what is the name of the police chief?", "Police chief Mark Dunn"),
        ("what is the ferry called?", "The ferry Sea Queen"),
    ],
)
def test_a_name_behind_a_description_is_found(text: str, first: str) -> None:
    assert shown(briefed(NAMES), text)[0].startswith(first)


def test_no_capital_alone_is_a_name() -> None:
    words = "Report from Holm\n\nThe driver was Swedish. The driver, Monday night, fled.\n"
    assert shown(briefed(words), "what is the driver called?") == []


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("La vittima si chiamava Paolo Riva. Il consiglio non ha detto altro.", "come si chiama la vittima?"),
        ("Der Fahrer war Tom Kranz.", "Wie heißt der Fahrer?"),
        ("La victime est Paul Riva.", "comment s'appelle la victime ?"),
        ("La víctima es Pablo Riva.", "¿cómo se llama la víctima?"),
    ],
)
def test_a_name_behind_a_verb_is_found(told: str, text: str) -> None:
    assert told.startswith(shown(briefed(f"Lund 2026\n\n{told}\n"), text)[0])


PLANE = """\
Report from Holm

The plane crashed near Holm on Monday; its pilot was taken to Lund Hospital. Paul Reed overpowered a robber.

The concert takes place at Holm Castle on 3 December. Thieves stole a painting from the museum in Varde on Sunday.
"""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("when did the plane come down?", "The plane"),
        ("where is the pilot being treated?", "The plane"),
        ("who stopped the robber?", "Paul Reed"),
        ("where is the concert held?", "The concert"),
        ("when was the picture stolen?", "Thieves"),
        ("when was the painting nicked?", "Thieves"),
    ],
)
def test_other_words_for_what_is_told_find_it(text: str, first: str) -> None:
    assert shown(briefed(PLANE), text)[0].startswith(first)


@pytest.mark.parametrize("text", ["quand a lieu le procès ?", "quand se tient le procès ?", "quand débute le procès ?"])
def test_other_french_words_find_it_too(text: str) -> None:
    words = "Procès à Lund\n\nLe procès s'ouvre le 3 mai à Lund. Le conseil n'a rien ajouté de plus.\n"
    assert shown(briefed(words), text)[0].startswith("Le procès")


@pytest.mark.parametrize("text", ["when was Moroney elected?", "where was Moroney born?", "who bought Larne Lines?"])
def test_what_is_never_told_is_not_guessed_from_other_words(ferry: Briefing, text: str) -> None:
    assert shown(ferry, text) == []


@pytest.mark.parametrize("text", ["when did Keane sail?", "who charged the director?", "when was Keane charged?"])
def test_what_is_told_is_found(ferry: Briefing, text: str) -> None:
    assert shown(ferry, text)[0].split()[1] in {"director", "sailed"}
