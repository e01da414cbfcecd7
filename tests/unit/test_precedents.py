"""Questions about earlier cases, ages and counts, and whether something is known: "has this happened before?"."""

from __future__ import annotations

import pytest

from briefings.analysis import brief
from briefings.analysis.questions import Asked, Reply, answer, parse
from briefings.sources import read_article

_SECOND = "It was the second accident at the baths in three years.\n\n"
BATHS = f"""\
Boiler explosion closes Hartwell baths

A boiler at the public baths in Hartwell exploded on Tuesday evening, injuring two attendants. The council's engineer, \
Dora Finch, blamed a blocked valve.

{_SECOND}The operator, Cleanswim, denied that it had skipped inspections. The baths were opened in 1931.

Finch, 44, said that the baths would stay shut until June.
"""
_QUINTO = "È il quinto incendio in città dall'inizio dell'anno.\n\n"
INCENDIO = f"""\
Brucia un deposito di carta a Lonate

Un incendio ha distrutto ieri notte un deposito di carta a Lonate. Il proprietario accusa un vicino.

{_QUINTO}Il custode lavora lì da trenta anni.

Il sindaco, Aldo Prina, 51 anni, ha chiuso la strada.
"""
_ZWEITE = "Es ist der zweite Ausfall innerhalb eines Monats.\n\n"
AUSFALL = (
    f"Bahnhof ohne Strom\n\nDer Bahnhof in Orfeld hatte am Montag keinen Strom.\n\n{_ZWEITE}Die Bahn bestreitet Fehler."
)
_JAMAIS = "Jamais la rivière n'avait débordé auparavant.\n\n"
CRUE = f"""\
La Sorne déborde

La rivière a inondé lundi vingt maisons à Orval.

{_JAMAIS}Le maire accuse un voisin.
"""
_TERCERO = "Es el tercer robo en el museo en dos años.\n\n"
ROBO = f"""\
Roban un cuadro

Unos ladrones robaron el lunes un cuadro en el museo de Orbe.

{_TERCERO}La policía sospecha de un guardia.
"""


def _asked(text: str, question: str) -> tuple[Reply, list[str]]:
    briefing = brief(read_article(text.encode(), "article.txt"))
    reply = answer(briefing, question)
    return reply, [line.span.of(briefing.article.text) for line in reply.lines]


@pytest.mark.parametrize(
    ("text", "told", "question"),
    [
        (BATHS, _SECOND, "has this happened before?"),
        (BATHS, _SECOND, "is this the first time?"),
        (BATHS, _SECOND, "have there been similar accidents?"),
        (INCENDIO, _QUINTO, "è già successo?"),
        (INCENDIO, _QUINTO, "ci sono stati altri casi?"),
        (AUSFALL, _ZWEITE, "ist das schon einmal passiert?"),
        (CRUE, _JAMAIS, "est-ce déjà arrivé ?"),
        (ROBO, _TERCERO, "¿ha pasado antes?"),
    ],
)
def test_earlier_cases(text: str, told: str, question: str) -> None:
    assert _asked(text, question)[1][0] == told.strip()
    # Accusations and denials do not tell whether it happened before.
    assert _asked(text.replace(told, ""), question)[1] == []


@pytest.mark.parametrize(
    "question", ["did they know about it before?", "was there a warning?", "did he do it?", "what did she do before?"]
)
def test_other_questions_ask_for_no_earlier_case(question: str) -> None:
    assert parse(question).asked is not Asked.PRECEDENT


CARD = """\
Bus card to end

From the end of March the green card will stop working on buses in Wex. More than 70,000 people still use it. The firm
has worked on a new one for two years. A clerk stole 9,000 crowns from the old cards.
The firm rejects the accusation of theft.

What if I do nothing?

Your card will be refused from 1 April.
"""


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("how many people still use the card?", "More than 70,000 people still use it."),
        ("what happens if I don't do anything?", "Your card will be refused from 1 April."),
        ("how much did the clerk steal?", "A clerk stole 9,000 crowns from the old cards."),
        ("does the firm admit it?", "The firm rejects the accusation of theft."),
    ],
)
def test_counts_sums_conditions_and_pleas(question: str, first: str) -> None:
    assert first in _asked(CARD, question)[1][:2]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("do they know why it burnt?", Asked.REASON),
        ("is it known who did it?", Asked.PERSON),
        ("si sa quando riapre?", Asked.TIME),
        ("weiß man, wer es war?", Asked.PERSON),
        ("sait-on pourquoi ?", Asked.REASON),
        ("¿se sabe dónde está?", Asked.PLACE),
    ],
)
def test_a_question_whether_something_is_known_asks_for_it(question: str, asked: Asked) -> None:
    assert parse(question).asked is asked


@pytest.mark.parametrize(
    ("text", "question", "first"),
    [
        (BATHS, "how old is the engineer?", "Finch, 44, said"),
        (INCENDIO, "quanti anni ha il sindaco?", "Il sindaco, Aldo Prina, 51 anni"),
        # "The second accident in three years", "da trenta anni" and somebody else's age tell no age.
        (BATHS, "how old are the baths?", None),
        (INCENDIO, "quanti anni ha il custode?", None),
    ],
)
def test_an_age_is_that_of_the_one_who_is_asked_for(text: str, question: str, first: str | None) -> None:
    lines = _asked(text, question)[1]
    assert lines[0].startswith(first) if first else not lines
