"""Bylines of pages in seven languages: several authors, roles, places, agencies, and who only took the photographs."""

from __future__ import annotations

import pytest

from briefings.sources.furniture import furniture
from briefings.sources.html.authors import NameReader
from briefings.sources.uncased_bylines import stated_authors, uncased_authors

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


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("2024-03-05 10:02来源：河城日报作者：王小明", ["王小明"]),
        ("本报记者 王小明 李华", ["王小明", "李华"]),
        ("記者林志玲／台北報導", ["林志玲"]),
        ("撰文：欧阳文静", ["欧阳文静"]),
        ("责任编辑：李华", []),
        ("记者：高考什么时候结束", []),
        ("김하나·박서준 기자", ["김하나", "박서준"]),
        ("(강릉=강변뉴스) 이도윤 기자", ["이도윤"]),
        ("이날 기자회견 열어", []),
        ("بقلم: سلمى حداد ومحمود سامي", ["سلمى حداد", "محمود سامي"]),
        ("كتبت سلمى حداد", ["سلمى حداد"]),
        ("كتبت له رسالة طويلة", []),
        ("佐々木 花子記者", ["佐々木 花子"]),
        ("取材・文＝高瀬みのり", ["高瀬みのり"]),
        ("佐藤首相が会見した記者", []),
    ],
)
def test_authors_are_found_in_scripts_without_capitals(line: str, names: list[str]) -> None:
    assert uncased_authors(line) == names


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("王小明", ["王小明"]),
        ("河城新闻网", []),
        ("김하나 기자", ["김하나"]),
        ("강변일보 편집국", []),
        ("فريق التحرير", []),
    ],
)
def test_a_newsroom_is_no_author_in_scripts_without_capitals(stated: str, names: list[str]) -> None:
    assert stated_authors(stated) == names


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("de", "Ein Artikel von Ann Lee"),
        ("fr", "Un article de Ann Lee"),
        ("es", "Texto de Ann Lee"),
        ("pt", "Texto de Ann Lee"),
    ],
)
def test_an_author_stands_behind_a_word_for_the_text(code: str, line: str) -> None:
    assert furniture(code).bylines.author(line) == "Ann Lee"


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("de", "Bericht von Amnesty"),
        ("fr", "Article de Loi"),
        ("es", "Artículo de Opinión"),
        ("pt", "Reportagem de Guerra"),
    ],
)
def test_a_heading_with_such_a_word_names_no_author(code: str, line: str) -> None:
    assert not furniture(code).bylines.author(line)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("pt", "27/03/2026 19h30 Atualizado há 2 horas"),
        ("de", "27.03.2026 Aktualisiert vor 5 Minuten"),
        ("fr", "27/03/2026 Modifié il y a 3 heures"),
    ],
)
def test_a_date_with_the_time_since_the_last_change_is_only_a_date(code: str, line: str) -> None:
    assert furniture(code).calendar.is_dateline(line)
