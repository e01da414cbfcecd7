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


def test_a_number_is_shown_unless_it_surely_counts_nothing() -> None:
    text = (
        "One of Lund’s clerks left. Ten fishermen drowned, 500 yen and 3,000 kroner were paid. Hundreds fled the town. "
        "It was hard to be the one calling at five o’clock (0400 GMT), in the 2022/23 season, for 30 of Lund’s clerks. "
        "It has 300 kW of power and 12 bison; a 6.2 magnitude quake, 4 stone, 350 cattle died. One building fell."
    )
    found = [one for one in quantities(text, Span(0, len(text)), "en") if tells_size(text, one, "en")]
    assert [one.span.of(text) for one in found] == [
        "Ten fishermen drowned",
        "500 yen",
        "3,000 kroner",
        "Hundreds fled",
        "300 kW",
        "12 bison",
        "6.2 magnitude quake",
        "4 stone",
        "350 cattle died",
        "One building fell",
    ]
