"""Telling people from other names."""

from __future__ import annotations

import pytest

from bot.answers.facts import people_view
from bot.views.model import Bullet, Verbatim
from tests.fakes import article, version


def _people(title: str, *paragraphs: str) -> list[str]:
    found = version(article(title, *paragraphs))
    return [person.name.of(found.article.text) for person in found.briefing.people]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The new Silver Kettle boils fast, and Silver Kettle sales rose. Everton Glassworks makes it.", []),
        ("Orvik Tallon won the race. Tallon thanked the crowd.", ["Orvik Tallon"]),
        ("Letitia Marsh spoke after the Border Office had closed.", ["Letitia Marsh"]),
        ("Rep. David Orme, D-Harrow, met Mr Tillok. The UK Home Secretary, Priya Dunmore, left.", None),
        ("Seabirds 4, Harriers 1: Jonas Brode scored twice.", ["Jonas Brode"]),
        ("Orvik Tallon, 34, and Brelda Nemm, the valley’s foreign minister, left.", ["Orvik Tallon", "Brelda Nemm"]),
        ("Silver Fantasy, Football Manager, and Tallon Race are games.", []),
        ("Orvik Tallon-Nemm won. The cheers for Tallon-Nemm were loud.", ["Orvik Tallon-Nemm"]),
        ("The court heard Sarah-Jane Brelmer once.", ["Sarah-Jane Brelmer"]),
        ("She won three Premier League titles and lay in the Lady Orvik Private Hospital.", []),
        ("The boss of Silver Tallon, Silver Tallon, has turned down a move to coach abroad, and left.", []),
        ("Xu Mowen met Stephen King in the old town.", ["Xu Mowen", "Stephen King"]),
    ],
)
def test_people_are_known_by_a_first_name_a_title_or_a_surname_alone(text: str, expected: list[str] | None) -> None:
    assert _people("The news of the day in the valley", text) == (
        ["David Orme", "Tillok", "Priya Dunmore"] if expected is None else expected
    )


def test_a_german_noun_with_a_genitive_is_no_person() -> None:
    text = (
        "Der Einsatz der Kolleginnen war gut, und die Mehrheit der Stimmen ging an den Kandidaten Michail Dorn. "
        "Dorns Helfer und zahlreiche Gäste aus vielen Städten feierten mit ihm am Abend in der Halle."
    )
    assert _people("Die Wahl in der Stadt ist vorbei und alle feiern", text) == ["Michail Dorn"]


def test_an_italian_particle_does_not_join_two_whole_names() -> None:
    text = "Bene Giorgia Tarelli da Donald Orme per parlare di pace, ha scritto il ministro della giustizia."
    assert _people("La visita della premier in Florida è stata breve", text) == ["Giorgia Tarelli", "Donald Orme"]


def test_a_person_behind_a_word_for_a_place_is_known() -> None:
    text = "In piazza Anna Ferri ha parlato. Il sindaco della città Aldo Berti ha ascoltato."
    assert _people("La pioggia ha fermato la città per tutta la notte", text) == ["Anna Ferri", "Aldo Berti"]


def test_a_person_is_shown_in_the_sentence_with_the_full_name() -> None:
    found = version(
        article(
            "Marsh wins the long race",
            "The harbour cheered when Marsh came home first on Monday evening.",
            "Ellen Marsh, 41, had trained for it over two winters in the hills.",
        )
    )
    lines = [block.text for block in people_view(found).blocks if isinstance(block, Bullet)]
    assert [line.parts()[1] for line in lines if isinstance(line, Verbatim)] == ["Ellen Marsh"]


def test_names_in_other_letters_need_no_known_first_name() -> None:
    text = "Владимир Орлин встретился с Дональдом Ормом в старом городе. Сергей Тальников сказал, что доволен беседой."
    found = _people("Встреча в старом городе прошла вчера", text)
    assert found == ["Владимир Орлин", "Дональдом Ормом", "Сергей Тальников"]
