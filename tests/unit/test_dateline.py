"""Datelines: they stand before the first sentence and belong to none."""

from __future__ import annotations

import pytest

from briefings.analysis import brief
from briefings.analysis.attribution import analyse
from briefings.analysis.dateline import dateline, dateline_place
from briefings.analysis.sentences import sentences
from briefings.model import Article
from briefings.sources import read_article

_REST = "Orla Venn blamed the owners of the mill for the fire that killed two men last week."


def _read(opening: str, rest: str = _REST) -> Article:
    return read_article(f"Mill fire\n\n{opening}{rest}\n\nThe owners did not answer on Monday.\n".encode(), "pasted")


@pytest.mark.parametrize(
    "opening",
    [
        "MARLOW (CBX) -- ",
        "MARLOW (AP) — ",
        "MARLOW, Sept 12 (Wire) - ",
        "MARLOW, N.Y. — ",
        "Marlow (dpa) - ",
        "Marlow, 12 May 2026 – ",
        "San Marlo del Rio (Wire) – ",
        "(ANSX) - MARLOW, 12 MAG - ",
        "MARLOW, May 3 /TASX/ - ",
        "AGX - ",
        "МАРЛОВ, 3 мая (ТАСХ) — ",
        "MARLOW—",
        "MARLOW: ",
        "NEW MARLOW: ",
        "Marlow - ",
        "San Marlo – ",
        "Marlow, 3 may (EFX).- ",
    ],
)
def test_a_dateline_belongs_to_no_sentence(opening: str) -> None:
    article = _read(opening)
    found = dateline(article)
    assert found is not None
    assert found.of(article.text) == opening
    assert sentences(article)[0].span.of(article.text) == _REST
    assert opening.rstrip() in article.text
    assert all(not span.of(article.text).startswith("M") for span in brief(article).summary)


@pytest.mark.parametrize(
    "opening",
    [
        "The bank (HSBX) – Europe's largest – said so. ",
        "Three men – two of them brothers – died. ",
        "FIFX - the governing body - agreed. ",
        "Monday – A day later than planned – was dry. ",
        "U.S.–China talks end. ",
        "Marlow: The mill has burnt down. ",
        "Marlow – Venn or Dale – who wins? ",
        "Marlow – Dale: five all. ",
        "Orla Venn - The mayor of Marlow - resigned. ",
    ],
)
def test_a_sentence_with_a_dash_has_no_dateline(opening: str) -> None:
    assert dateline(_read(opening)) is None


def test_a_speaker_in_capitals_is_no_dateline() -> None:
    spoken = "ORLA VENN: The mill has burnt down and two men died.\n\nBO EK: Who will build a new mill for the town?"
    assert dateline(read_article(f"Two voices on the mill\n\n{spoken}\n".encode(), "pasted")) is None


def test_nobody_speaks_who_is_a_dateline() -> None:
    article = _read("MARLOW (CBX) -- ", "Mayor Orla Venn today blasted the owners of the mill for the fire.")
    speakers = {claim.speaker.of(article.text) for claim in analyse(article).claims if claim.speaker}
    assert speakers == {"Orla Venn"}


@pytest.mark.parametrize(
    ("opening", "place"),
    [
        ("MARLOW (CBX) -- ", "MARLOW"),
        ("MARLOW, Sept 12 (Wire) - ", "MARLOW"),
        ("12 May 2026 (Wire) - ", None),
        ("San Marlo del Rio (Wire) – ", "San Marlo del Rio"),
        ("(ANSX) - MARLOW, 12 MAG - ", "MARLOW"),
        ("AGX - ", None),
        ("Marlow League – ", None),
        ("ANALYSIS: ", None),
        ("SAN MARLO – ", "SAN MARLO"),
        ("ROM (dpa) - ", "ROM"),
        ("", None),
    ],
)
def test_a_dateline_says_where_if_no_sentence_does(opening: str, place: str | None) -> None:
    article = _read(opening)
    found = dateline_place(article)
    assert (found.of(article.text) if found else None) == place
    answers = brief(article).answers
    assert answers is not None
    assert [answer.span.of(article.text) for answer in answers.where] == ([place] if place else [])
