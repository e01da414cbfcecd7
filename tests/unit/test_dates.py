"""Finding dates and times, and the days that they mean."""

from __future__ import annotations

from datetime import date

import pytest

from briefings.analysis.dates import moments
from briefings.model import Span

# A Thursday.
PUBLISHED = date(2024, 3, 28)


def _found(text: str, language: str = "en", published: date | None = PUBLISHED) -> list[tuple[str, str]]:
    return [
        (moment.span.of(text), _days(moment.first, moment.last))
        for moment in moments(text, Span(0, len(text)), language, published)
    ]


def _days(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    return str(first) if first == last else f"{first} {last}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It fell early on Tuesday, they said.", [("early on Tuesday", "2024-03-26")]),
        ("It fell on Thursday.", [("Thursday", "2024-03-28")]),
        ("She will speak on Thursday.", [("Thursday", "2024-03-28")]),
        ("She will speak on Wednesday.", [("Wednesday", "2024-04-03")]),
        ("On Monday, she will speak.", [("Monday", "2024-04-01")]),
        ("The council said on Monday that it would close the pool.", [("Monday", "2024-03-25")]),
        ("The mayor told reporters on Monday he plans to resign.", [("Monday", "2024-03-25")]),
        ("The port, which is expected to close, said on Monday that it was full.", [("Monday", "2024-03-25")]),
        ("The vote planned for Friday was called off on Monday.", [("Friday", "2024-03-29"), ("Monday", "2024-03-25")]),
        ("The results will be announced on Friday.", [("Friday", "2024-03-29")]),
        ("The museum opens on Saturday.", [("Saturday", "2024-03-30")]),
        ("The law takes effect on Monday.", [("Monday", "2024-04-01")]),
        ("Fans welcome the Norby Rovers home on Monday.", [("Monday", "2024-03-25")]),
        ("The road should have opened on Monday.", [("Monday", "2024-03-25")]),
        ("A planned walkout on Friday is off.", [("Friday", "2024-03-29")]),
        ("The expected vote on Friday could be close.", [("Friday", "2024-03-29")]),
        ("Rain fell on Monday and more was expected on Friday.", [("Monday", "2024-03-25"), ("Friday", "2024-03-29")]),
        ("Lee will meet Ek ahead of a planned strike on Friday.", [("Friday", "2024-03-29")]),
        ("A hearing has been scheduled for Friday.", [("Friday", "2024-03-29")]),
        ("The storm should ease by Thursday.", [("Thursday", "2024-03-28")]),
        ("The firm began four rounds of planned cuts on Monday.", [("Monday", "2024-03-25")]),
        ("The man who hosts the show died on Monday.", [("Monday", "2024-03-25")]),
        ("The fair runs from 3 to 5 May 2024.", [("3 to 5 May 2024", "2024-05-03 2024-05-05")]),
        ("It is closed from May 30 to June 2, 2024.", [("May 30 to June 2, 2024", "2024-05-30 2024-06-02")]),
        ("It is held between 3 and 5 May 2024.", [("3 and 5 May 2024", "2024-05-03 2024-05-05")]),
        ("It rose from 3 to 5 in May 2024.", [("May 2024", "2024-05-01 2024-05-31")]),
        ("It lasted from 30 December to 2 January 2024.", [("30 December to 2 January 2024", "2023-12-30 2024-01-02")]),
        ("He was arrested over the September 21 fire.", [("September 21", "2023-09-21")]),
        ("The ban will begin on 10 December.", [("10 December", "2024-12-10")]),
        ("The death toll rose on March 3 to 12.", [("March 3", "2024-03-03")]),
        ("They plan to meet on Monday.", [("Monday", "2024-04-01")]),
        (
            "The fair is open 18-24 May and June 3–5.",
            [("18-24 May", "2024-05-18 2024-05-24"), ("June 3–5", "2024-06-03 2024-06-05")],
        ),
        ("They met at Mar-a-Lago in March-April.", [("March", "2024-03-01 2024-03-31")]),
        ("He told USA Today that he was well today.", [("today", "2024-03-28")]),
        ("Last Thursday it fell.", [("Last Thursday", "2024-03-21")]),
        ("The court sits next Monday.", [("next Monday", "2024-04-01")]),
        ("in the early hours of the 3rd of May by two", [("early hours of the 3rd of May", "2024-05-03")]),
        ("the morning of May 3, 2023", [("morning of May 3, 2023", "2023-05-03")]),
        ("They came at around 6am.", [("around 6am", "")]),
        ("at 6.10am on Wednesday", [("6.10am on Wednesday", "2024-03-27")]),
        ("at 12:47 a.m. Thursday", [("12:47 a.m. Thursday", "2024-03-28")]),
        ("WASHINGTON, Nov. 6 (Wire)", [("Nov. 6", "2023-11-06")]),
        (
            "It opened in 1977 and closed two days ago.",
            [("1977", "1977-01-01 1977-12-31"), ("two days ago", "2024-03-26")],
        ),
        ("On 2024-03-26 and 26/03/2024", [("2024-03-26", "2024-03-26"), ("26/03/2024", "2024-03-26")]),
        ("It rose by 2.30 per cent in May.", [("May", "2023-05-01 2023-05-31")]),
        ("The owl sat in the sun, wed to its branch.", []),
        ("They met on Sat, Mar 2, and on friday.", [("Sat, Mar 2", "2024-03-02"), ("friday", "2024-03-22")]),
        ("He may 3 times fail, in 20 of 31 cases.", []),
        ("yesterday evening", [("yesterday evening", "2024-03-27")]),
        ("It fell last week.", [("last week", "2024-03-18 2024-03-24")]),
        ("on 31 February 2024", [("31 February 2024", "")]),
        ("It opens in the summer of 2027.", [("summer of 2027", "2027-01-01 2027-12-31")]),
        (
            "It closes by the end of 2028, or this winter.",
            [("the end of 2028", "2028-01-01 2028-12-31"), ("this winter", "")],
        ),
        ("It was sold in autumn.", [("autumn", "")]),
        ("In the fall of the wall, summer visitors fall into the spring.", []),
        ("9999999 years ago", [("9999999 years ago", "")]),
    ],
)
def test_english(text: str, expected: list[tuple[str, str]]) -> None:
    assert _found(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("it", "ha colpito lunedì sera", [("lunedì sera", "2024-03-25")]),
        ("it", "arrivata alle 20.10, a una", [("20.10", "")]),
        ("it", "lunedì scorso alle 18.30", [("lunedì scorso alle 18.30", "2024-03-25")]),
        ("it", "Il Consiglio si riunirà lunedì.", [("lunedì", "2024-04-01")]),
        ("it", "Il ministro ha detto lunedì che il ponte riaprirà.", [("lunedì", "2024-03-25")]),
        ("de", "Am Montag sagte er, die Brücke werde gesperrt.", [("Montag", "2024-03-25")]),
        ("it", "eletta con la lista Borgo Domani", []),
        ("it", "due giorni fa", [("due giorni fa", "2024-03-26")]),
        ("de", "am 3. Mai 2023 um 18 Uhr", [("3. Mai 2023 um 18 Uhr", "2023-05-03")]),
        ("de", "vor zwei Tagen", [("vor zwei Tagen", "2024-03-26")]),
        ("fr", "il y a deux jours", [("il y a deux jours", "2024-03-26")]),
        ("fr", "lundi dernier", [("lundi dernier", "2024-03-25")]),
        ("es", "el lunes pasado", [("lunes pasado", "2024-03-25")]),
        ("es", "La huelga empezará el lunes, dijo el martes.", [("lunes", "2024-04-01"), ("martes", "2024-03-26")]),
        ("es", "el 3 de mayo de 2023", [("3 de mayo de 2023", "2023-05-03")]),
        ("de", "vom 3. bis 5. Mai 2024", [("3. bis 5. Mai 2024", "2024-05-03 2024-05-05")]),
        ("it", "dal 30 maggio al 2 giugno 2024", [("30 maggio al 2 giugno 2024", "2024-05-30 2024-06-02")]),
        ("fr", "du 1er au 4 juin 2024", [("1er au 4 juin 2024", "2024-06-01 2024-06-04")]),
        ("es", "del 3 al 5 de mayo de 2024", [("3 al 5 de mayo de 2024", "2024-05-03 2024-05-05")]),
        ("de", "soll im Sommer 2027 öffnen", [("Sommer 2027", "2027-01-01 2027-12-31")]),
        (
            "it",
            "entro la fine del 2028, l'estate scorsa",
            [("la fine del 2028", "2028-01-01 2028-12-31"), ("estate scorsa", "")],
        ),
        ("fr", "à l'été 2027, il a été fermé", [("été 2027", "2027-01-01 2027-12-31")]),
        ("es", "en la primavera de 2026", [("primavera de 2026", "2026-01-01 2026-12-31")]),
        ("ru", "летом 2027 года", [("летом 2027", "2027-01-01 2027-12-31")]),
        ("pt", "na terça-feira passada", [("terça-feira passada", "2024-03-26")]),
        ("ru", "3 мая 2023 года", [("3 мая 2023", "2023-05-03")]),
        ("uk", "3 травня 2023 року", [("3 травня 2023", "2023-05-03")]),
    ],
)
def test_other_languages(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert _found(text, language) == expected


def test_without_a_day_of_publication_only_full_dates_have_a_day() -> None:
    assert _found("on Tuesday, 3 May, 3 May 2023", published=None) == [
        ("Tuesday, 3 May", ""),
        ("3 May 2023", "2023-05-03"),
    ]


def test_a_sentence_with_many_dates_is_read_in_linear_time() -> None:
    """In quadratic time this would take a minute and more."""
    text = f"The council will {'look at the road planned for the town ' * 3}on Saturday " * 500
    found = moments(text, Span(0, len(text)), "en", PUBLISHED)
    assert {_days(moment.first, moment.last) for moment in found} == {"2024-03-30"}
