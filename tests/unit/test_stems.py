"""German stems, and the meanings of German compounds."""

from __future__ import annotations

import pytest

from briefings.analysis import brief
from briefings.analysis.questions import answer
from briefings.languages.questions import meaning
from briefings.languages.stems import german_stem
from briefings.sources import read_article

RULING = """Gericht stoppt die Seilbahn

Das Verwaltungsgericht hat am Dienstag den Bau der Seilbahn untersagt. Es gab damit einer Klage des Vereins statt.

Die Stadt hat die Wege am Hang nicht geprüft, sagte die Richterin. Der Bürgermeister will im Mai berichten.
"""


@pytest.mark.parametrize(
    ("one", "others"),
    [
        ("prufen", "prufe pruft geprufte gepruft prufung prufungen"),
        ("einstellen", "eingestellt einzustellen einstellung"),
        ("klagen", "klage geklagt klagt klagten"),
        ("haus", "hauser hauses"),
    ],
)
def test_forms_of_one_word_have_one_stem(one: str, others: str) -> None:
    assert {german_stem(word) for word in others.split()} == {german_stem(one)}


@pytest.mark.parametrize(("one", "other"), [("umgebung", "umbau"), ("genug", "nugat"), ("gegen", "gehen")])
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert german_stem(one) != german_stem(other)


def test_a_compound_means_what_its_last_part_means() -> None:
    assert meaning("verwaltungsgericht", "de") == meaning("gericht", "de")
    assert meaning("gerichtsvollzieher", "de") != meaning("gericht", "de")


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("wer hat geklagt?", "einer Klage des Vereins"),
        ("when did the court decide?", "am Dienstag"),
        ("was muss die stadt prüfen?", "nicht geprüft"),
    ],
)
def test_german_questions_find_words_in_other_forms(question: str, part: str) -> None:
    found = brief(read_article(RULING.encode(), "ruling.txt"))
    assert part in answer(found, question).lines[0].span.of(found.article.text)
