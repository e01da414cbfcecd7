"""Questions that ask only who is to blame: answered by an accusation, and by nothing else."""

from __future__ import annotations

import pytest

from briefings.analysis import brief
from briefings.analysis.questions import answer
from briefings.languages.disputes import dispute_words
from briefings.languages.questions import CODES
from briefings.phrases import fold
from briefings.sources import read_article

QUESTIONS = {
    "en": ("who did it?", "who is to blame?", "whose fault is it?", "who was behind it?"),
    "it": ("chi è stato?", "di chi è la colpa?", "chi l'ha fatto?", "chi c'è dietro?"),
    "de": (
        "wer war es?",
        "wer ist schuld?",
        "wer hat das getan?",
        "wer steckt dahinter?",
        "wer trägt die Verantwortung?",
    ),
    "fr": ("qui est coupable ?", "qui a fait ça ?", "à qui la faute ?", "c'est la faute de qui ?"),
    "es": ("¿quién fue?", "¿quién tiene la culpa?", "¿quién lo hizo?", "¿quién está detrás?"),
}
#: The beginning of an article, an accusation, and a sentence about somebody's work.
ARTICLES = {
    "en": (
        "Warehouse burns in Norvik\n\nA warehouse burned down in the harbour of Norvik on Monday night.",
        "Two students were arrested near the harbour.",
        "The responsible librarian is Ida Holm.",
    ),
    "it": (
        "Brucia un deposito a Valdora\n\nUn deposito è bruciato lunedì notte nel porto di Valdora. Nessuno è ferito.",
        "Due studenti sono stati denunciati dai carabinieri.",
        "Ivo Sala è responsabile della biblioteca per ragazzi.",
    ),
    "de": (
        "Halle in Norden brennt\n\nEine Halle ist in der Nacht zum Montag im Hafen von Norden abgebrannt.",
        "Anwohner machen die Firma Kabelhaus für den Brand verantwortlich.",
        "Die Verantwortlichen der Bücherei lobten Uwe Brandt.",
    ),
    "fr": (
        "Un entrepôt brûle à Morlac\n\nUn entrepôt a brûlé dans la nuit de lundi dans le port de Morlac.",
        "Les pompiers reprochent à la société Cabline d'avoir stocké des solvants.",
        "Les responsables de la ville ont remercié Luc Aubrac.",
    ),
    "es": (
        "Arde un almacén en Villar\n\nUn almacén ardió en la noche del lunes en el puerto de Villar.",
        "Los vecinos responsabilizan a la empresa Cablesur.",
        "Los responsables del puerto dieron las gracias a Luis Prado.",
    ),
}
CASES = [(code, question) for code, questions in QUESTIONS.items() for question in questions]


def _lines(code: str, sentence: str, question: str) -> list[str]:
    text = f"{ARTICLES[code][0]}\n\n{sentence}\n"
    briefing = brief(read_article(text.encode(), "article.txt"))
    return [line.span.of(briefing.article.text) for line in answer(briefing, question).lines]


@pytest.mark.parametrize(("code", "question"), CASES)
def test_an_accusation_answers_who_is_to_blame(code: str, question: str) -> None:
    accusation = ARTICLES[code][1]
    assert _lines(code, accusation, question) == [accusation]


@pytest.mark.parametrize(("code", "question"), CASES)
def test_without_an_accusation_the_article_does_not_say(code: str, question: str) -> None:
    assert _lines(code, ARTICLES[code][2], question) == []


def test_the_words_of_the_question_answer_it() -> None:
    [line] = _lines("en", ARTICLES["en"][2], "who is responsible?")
    assert line == ARTICLES["en"][2]


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_words_of_accusing(code: str) -> None:
    own = dispute_words(code).accusing
    assert own.search(fold(ARTICLES[code][1]))
    assert not own.search("")
