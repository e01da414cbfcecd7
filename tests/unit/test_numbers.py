"""Finding numbers and what they count."""

from __future__ import annotations

import pytest

from briefings.analysis.dates import moments
from briefings.analysis.numbers import quantities, tells_size
from briefings.model import Span


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Eight men who were filling potholes", [("Eight men", 8)]),
        ("en", "about 8,000 jobs depend on it", [("about 8,000 jobs", 8000)]),
        ("en", "at least seven people died", [("at least seven people", 7)]),
        ("en", "dozens of passengers were hurt", [("dozens of passengers", None)]),
        ("en", "almost four million dollars at auction", [("almost four million dollars", 4_000_000)]),
        ("en", "It costs $1.5 million to run", [("$1.5 million", 1_500_000)]),
        ("en", "rose by 2.30 per cent", [("2.30 per cent", 2.3)]),
        ("en", "fell 12% overnight", [("12%", 12)]),
        ("en", "Flight 93 and Covid-19", []),
        ("en", "on 3 May 2023 at 6am", []),
        ("en", "the home crowd of 3,100 fell silent", [("crowd of 3,100", 3100)]),
        ("en", "Police arrested a man of 40 at dawn", []),
        ("en", "shut since the summer of 1950", []),
        ("en", "The 2019 seizures and the 2020 Lotta coupe", []),
        ("en", "moved from a 4:25 kickoff", []),
        ("en", "Harrow is on a 1-6-2 skid", []),
        ("en", "two F-16 jets and the 2B Mindset plan", []),
        ("en", "a loaded .45-caliber handgun", [(".45-caliber handgun", 0.45)]),
        ("de", "gekürzt auf -0,5 Prozent", [("-0,5 Prozent", -0.5)]),
        ("de", "hat er 200.000 zusammen", []),
        ("de", "lief auf der Bahn, von 3.000 bis 10.000 Meter", [("10.000 Meter", 10_000)]),
        ("fr", "créé deux grandes zones protégées pour", [("deux grandes zones protégées", 2)]),
        ("it", "davanti a un pubblico di 3.100, tutti in piedi", [("pubblico di 3.100", 3100)]),
        ("it", "Circa 1.500 persone hanno dovuto", [("Circa 1.500 persone", 1500)]),
        ("it", "hanno ricevuto centinaia di richieste", [("centinaia di richieste", None)]),
        ("de", "mindestens 40 Menschen starben", [("mindestens 40 Menschen", 40)]),
        ("fr", "environ 200 habitants", [("environ 200 habitants", 200)]),
    ],
)
def test_quantities(language: str, text: str, expected: list[tuple[str, float | None]]) -> None:
    whole = Span(0, len(text))
    dates = [moment.span for moment in moments(text, whole, language)]
    assert [(found.span.of(text), found.value) for found in quantities(text, whole, language, dates)] == expected


def test_a_number_tells_a_size_where_english_words_agree_with_it() -> None:
    text = (
        "Two of the five shareholders left. The 480 program and the Norda 310-2 boat were late, and 12 freight. "
        "It was hard to be the one calling, said one of Lund’s clerks at five o’clock; about 660,000 based on figures. "
        "It has 6 decks, 300 kW of power and 20 aircraft; 12 injured sailors had a 4-0 win, 350 dead, one cup."
    )
    found = [one for one in quantities(text, Span(0, len(text)), "en") if tells_size(text, one, "en")]
    assert [one.span.of(text) for one in found] == [
        "five shareholders",
        "6 decks",
        "300 kW",
        "20 aircraft",
        "12 injured sailors",
        "4-0 win",
        "350 dead",
        "one cup",
    ]
