"""German stems: participles and infinitives with "zu" have that of the plain infinitive."""

from __future__ import annotations

import pytest

from briefings.analysis import brief
from briefings.analysis.questions import answer
from briefings.languages.stems import german_stem
from briefings.sources import read_article

RULING = """Gericht stoppt die Seilbahn

Das Verwaltungsgericht hat am Dienstag den Bau der Seilbahn untersagt. Es gab damit einer Klage des Vereins statt.

Die Stadt hat die Wege am Hang nicht geprüft, sagte die Richterin. Der Bürgermeister will im Mai berichten.
"""


@pytest.mark.parametrize(
    ("one", "others"),
    [
        ("prufen", "geprufte gepruft"),
        ("einstellen", "eingestellt einzustellen"),
        ("klagen", "klage geklagt"),
        ("arbeiten", "gearbeitet arbeit"),
    ],
)
def test_forms_of_one_word_have_one_stem(one: str, others: str) -> None:
    assert {german_stem(word) for word in others.split()} == {german_stem(one)}


@pytest.mark.parametrize(
    ("one", "other"), [("gericht", "richter"), ("haut", "haus"), ("hundert", "hund"), ("gelande", "land")]
)
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert german_stem(one) != german_stem(other)


@pytest.mark.parametrize(
    ("question", "part"),
    [("wer hat geklagt?", "einer Klage des Vereins"), ("was muss die stadt prüfen?", "nicht geprüft")],
)
def test_german_questions_find_words_in_other_forms(question: str, part: str) -> None:
    found = brief(read_article(RULING.encode(), "ruling.txt"))
    assert part in answer(found, question).lines[0].span.of(found.article.text)
