"""Finding the names in an article without a parser."""

from __future__ import annotations

import pytest

from briefings.analysis.names import names
from briefings.analysis.sentences import sentences
from briefings.model import Article, Block, BlockKind, Span

TEXT = """Mayor of Harrowby quits after tram inquiry
Ellen Marsh, the mayor of Harrowby, resigned on Monday. Mrs Marsh told the Evening Courier that she was sorry.
The National Tram Safety Board (NTSB) published its report last week. Police have questioned the former transport \
minister Dario Venn. Venn denies any wrongdoing, and the NTSB declined to comment. British officials met in Geneva."""


def _article(text: str, language: str = "en") -> Article:
    title, _, body = text.partition("\n")
    block = Block(BlockKind.PARAGRAPH, Span(len(text) - len(body), len(text)))
    return Article(text, Span(0, len(title)), None, (block,), language=language)


def _named(text: str, language: str = "en") -> dict[str, tuple[str, int, str | None]]:
    article = _article(text, language)
    return {
        entity.name.of(text): (
            entity.kind.value,
            len(entity.mentions),
            entity.introduction.of(text) if entity.introduction else None,
        )
        for entity in names(article, sentences(article))
    }


@pytest.mark.parametrize(
    ("words", "introduction"),
    [
        ("sagte Elke Brandt, die Stadt habe nicht gefragt.", None),
        ("sagte Elke Brandt, die Leiterin der Schule.", "die Leiterin der Schule"),
    ],
)
def test_a_clause_behind_a_german_name_does_not_introduce_it(words: str, introduction: str | None) -> None:
    found = _named(f"Norby\nZur Begründung der Entscheidung am Montag {words} Das Urteil ist noch nicht gültig.", "de")
    assert found["Elke Brandt"][2] == introduction


def test_amounts_are_no_names_where_every_noun_has_a_capital() -> None:
    found = _named("Norby\nDie Bahn von Tannau soll 18 Millionen Euro kosten, und 40 Kilometer Gleise.", "de")
    assert not {"Millionen Euro", "Euro", "Millionen", "Kilometer Gleise"} & set(found)


def test_kinds_short_forms_acronyms_and_introductions() -> None:
    assert _named(TEXT) == {
        "Harrowby": ("place", 2, None),
        "Ellen Marsh": ("person", 2, "the mayor of Harrowby"),
        "Evening Courier": ("organisation", 1, None),
        "National Tram Safety Board": ("organisation", 3, None),
        "Dario Venn": ("person", 2, "former transport minister"),
        "Geneva": ("place", 1, None),
    }


def test_a_headline_in_capitals_names_nobody_new() -> None:
    found = _named(
        "Three People Hurt As Lorry Hits Shop In Leeds\nA lorry hit a shop in Leeds. Three people were hurt."
    )
    assert found == {"Leeds": ("place", 2, None)}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("it", "Il caso\nIl sindaco Paolo Ferri ha parlato a Bologna.", {"Paolo Ferri": "person", "Bologna": "place"}),
        ("de", "Der Fall\nDer Minister Karl Weber sprach in Hamburg.", {"Karl Weber": "person", "Hamburg": "place"}),
        ("fr", "L'affaire\nLe ministre Louis Morel a parlé à Lyon.", {"Louis Morel": "person", "Lyon": "place"}),
        ("es", "El caso\nEl alcalde Pablo Ruiz habló en Sevilla.", {"Pablo Ruiz": "person", "Sevilla": "place"}),
    ],
)
def test_other_languages(language: str, text: str, expected: dict[str, str]) -> None:
    assert {name: kind for name, (kind, _, _) in _named(text, language).items()} == expected


def test_a_text_of_capitals_only_is_read() -> None:
    assert _named("NEWS\n" + "AAA BBB " * 2000)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Price of lenses falls\nShares in Grantham Optics fell on Friday.", "Grantham Optics"),
        ("Three killed in Krayt raid\nThe raid by Krayt began at dawn. Nobody had heard of Krayt.", "Krayt"),
        ("Un fondo compra\nIl fondo ha una quota in Grantham Optics da anni.", "Grantham Optics"),
    ],
)
def test_a_party_behind_in_is_no_place(text: str, name: str) -> None:
    language = "it" if text.startswith("Un ") else "en"
    assert _named(text, language)[name][0] != "place"


def test_an_unknown_name_behind_in_is_a_place() -> None:
    assert _named("A house burns\nA house burnt down in Grantham on Friday.")["Grantham"][0] == "place"
