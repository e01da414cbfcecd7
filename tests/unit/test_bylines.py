"""Bylines of pages in seven languages: several authors, roles, places, agencies, and who only took the photographs."""

from __future__ import annotations

import pytest

from briefings.sources.html.authors import NameReader

BYLINES = [
    ("de", "Von Karla Winter und Jonas Ebert", ["Karla Winter", "Jonas Ebert"]),
    ("de", "Von unserer Korrespondentin Karla Winter", ["Karla Winter"]),
    ("de", "Karla Winter (dpa)", ["Karla Winter"]),
    ("de", "Ein Gastbeitrag von Jonas Ebert", ["Jonas Ebert"]),
    ("de", "Text: Karla Winter; Fotos: Jonas Ebert", ["Karla Winter"]),
    ("de", "Interview: Karla Winter", ["Karla Winter"]),
    ("de", "Karla Winter, Redakteurin", ["Karla Winter"]),
    ("fr", "Par Lucie Martel et Paul Roche", ["Lucie Martel", "Paul Roche"]),
    ("fr", "Par Lucie Martel (avec AFP)", ["Lucie Martel"]),
    ("fr", "Lucie Martel, correspondante à Berlin", ["Lucie Martel"]),
    ("fr", "Propos recueillis par Lucie Martel", ["Lucie Martel"]),
    ("es", "Por Ana Ruiz y Pablo Gil", ["Ana Ruiz", "Pablo Gil"]),
    ("es", "Por Ana Ruiz, enviada especial", ["Ana Ruiz"]),
    ("es", "Texto: Ana Ruiz", ["Ana Ruiz"]),
    ("it", "di Livia Serra e Marco Riva", ["Livia Serra", "Marco Riva"]),
    ("it", "dal nostro inviato Marco Riva", ["Marco Riva"]),
    ("it", "a cura di Livia Serra", ["Livia Serra"]),
    ("pt", "Por João Dias e Rita Melo", ["João Dias", "Rita Melo"]),
    ("ru", "Анна Ли, корреспондент", ["Анна Ли"]),
    ("en", "By Ann Lee, Political Editor, and Bo Ek", ["Ann Lee", "Bo Ek"]),
    ("en", "Words by Ann Lee, photographs by Bo Ek", ["Ann Lee"]),
    ("en", "Reporting by Ann Lee; editing by Bo Ek", ["Ann Lee"]),
    ("en", "Ann Lee in Oslo and Bo Ek in Bergen", ["Ann Lee", "Bo Ek"]),
    ("en", "AP Staff", ["AP Staff"]),
]


@pytest.mark.parametrize(("code", "line", "authors"), BYLINES)
def test_a_byline_names_those_who_wrote(code: str, line: str, authors: list[str]) -> None:
    assert NameReader(code, []).read([line]) == authors


def test_agencies_are_found_among_the_stated_authors_unless_they_are_the_site() -> None:
    stated = ["Karla Winter, dpa", "Reuters"]
    assert NameReader("de", ["Reuters"]).agencies(stated) == ["dpa"]
