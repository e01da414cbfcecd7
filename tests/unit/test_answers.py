"""Short answers to who, what, when, where, why and how."""

from __future__ import annotations

from datetime import date

import pytest

from briefings.analysis import brief
from briefings.analysis.clauses import headline_clause
from briefings.document import briefing_document
from briefings.model import Answer, Answers, Briefing, Span
from briefings.sources import read_article

ARTICLE = b"""---
title: Ferry hits pier in Harrowby as storm closes port
date: 2024-03-28
---

The ferry Alma hit a pier in Harrowby early on Tuesday, and dozens of passengers were hurt.

Captain Ellen Marsh lost control because the engines had stopped, the coastguard said.

The port will open again next Monday.
"""


def _first(answers: tuple[Answer, ...], text: str) -> str | None:
    return answers[0].span.of(text) if answers else None


def _brief(raw: bytes) -> tuple[Briefing, Answers]:
    briefing = brief(read_article(raw, "article.md"))
    assert briefing.answers is not None
    return briefing, briefing.answers


def test_each_question_has_its_phrase() -> None:
    briefing, answers = _brief(ARTICLE)
    text = briefing.article.text
    assert _first(answers.what, text) == "hits pier"
    assert _first(answers.when, text) == "early on Tuesday"
    assert answers.when[0].days == (date(2024, 3, 26), date(2024, 3, 26))
    assert _first(answers.where, text) == "Harrowby"
    assert _first(answers.why, text) == "the engines had stopped"


def test_the_timeline_is_in_the_order_of_days() -> None:
    briefing, _ = _brief(ARTICLE)
    text = briefing.article.text
    told = [(str(event.moment.first), event.moment.span.of(text)) for event in briefing.timeline]
    assert told == [("2024-03-26", "early on Tuesday"), ("2024-04-01", "next Monday")]


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("“We met on 3 March 2024,” she said.", []),
        ('"We met on 3 March 2024", she said on 5 March 2024.', ["2024-03-05"]),
        ("«Ci siamo visti il 3 March 2024», dice Berg.", []),
        ("She came on 3 March 2024 with “friends”.", ["2024-03-03"]),
    ],
)
def test_what_is_said_in_a_quotation_is_no_event(sentence: str, days: list[str]) -> None:
    briefing, _ = _brief(f"# A meeting in Norby\n\nTwo people met in Norby. {sentence}\n".encode())
    assert [str(event.moment.first) for event in briefing.timeline] == days


def test_people_and_quantities() -> None:
    briefing, _ = _brief(ARTICLE)
    text = briefing.article.text
    assert [person.name.of(text) for person in briefing.people] == ["Ellen Marsh"]
    assert [quantity.span.of(text) for quantity in briefing.quantities] == ["dozens of passengers"]


def test_nothing_is_answered_where_the_article_does_not_say() -> None:
    _, answers = _brief(b"# A note\n\nSomething has changed here, and nobody has said much about it so far.\n")
    assert (answers.when, answers.where, answers.why) == ((), (), ())


def test_a_briefing_of_an_older_version_is_printed_without_answers() -> None:
    article = read_article(ARTICLE, "article.md")
    document = briefing_document(Briefing(article, (), ()), ())
    assert document["answers"]["who"] == []
    assert document["timeline"] == []


@pytest.mark.parametrize(
    ("headline", "subject", "predicate", "is_passive"),
    [
        ("Mayor quits after inquiry", "Mayor", "quits after inquiry", False),
        ("Harrowby fire: Police arrest two men", "Police", "arrest two men", False),
        ("Seven killed in tram crash as brakes fail", "Seven", "killed in tram crash", True),
        ("Two men charged over fire in Leeds", "Two men", "charged over fire in Leeds", True),
        ("Attack on harbour: who is behind it?", None, "Attack on harbour", False),
        ("Miners vote to strike", "Miners", "vote to strike", False),
    ],
)
def test_headlines(headline: str, subject: str | None, predicate: str, is_passive: bool) -> None:
    found = headline_clause(headline, Span(0, len(headline)), "en")
    said = found.subject.of(headline) if found.subject else None
    assert (said, found.predicate.of(headline), found.is_passive) == (subject, predicate, is_passive)


@pytest.mark.parametrize("noise", ["because " * 5000, "on Monday " * 5000, "Aa Bb of " * 5000, "5 " * 5000, "." * 5000])
def test_noise_is_read_in_linear_time(noise: str) -> None:
    brief(read_article(f"# Noise\n\nSome words are here to read. {noise}\n".encode(), "noise.md"))


@pytest.mark.parametrize(
    ("headline", "who"),
    [
        ("At least four killed in Taliban raid on consulate", "Taliban"),
        ("Seven hurt by Harun Front shelling of Norby", "Harun Front"),
        ("Three killed in Norby attack", None),
    ],
)
def test_who_attacks_acts_where_the_headline_begins_with_the_victims(headline: str, who: str | None) -> None:
    lead = "Fighters of the Taliban and of the Harun Front broke into Norby on Monday, the Taliban said."
    raw = f"# {headline}\n\n{lead}\n"
    briefing, answers = _brief(raw.encode())
    found = _first(answers.who, briefing.article.text)
    assert found == who if who else found not in {"Norby", None}


def test_a_headline_may_give_the_reason_behind_after() -> None:
    briefing, answers = _brief(b"# Minister quits after row over dam\n\nThe minister, Ann Lund, resigned on Monday.\n")
    assert _first(answers.why, briefing.article.text) == "row over dam"


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("The anglers shut their club last week.", ["last week"]),
        ("The anglers shut their club in retaliation for a raid last week.", []),
        ("“I lost my boat last week,” an angler said, and sighed.", []),
    ],
)
def test_a_day_in_a_reason_or_in_somebodys_words_is_not_that_of_the_event(sentence: str, days: list[str]) -> None:
    quiet = " ".join(["Nobody in Norby has said much about it so far, nor is anybody going to say more."] * 6)
    found = brief(read_article(f"# Club of anglers is shut\n\n{quiet}\n\n{sentence}\n".encode(), "a.md"))
    answers = found.answers.when if found.answers else ()
    assert [answer.span.of(found.article.text) for answer in answers] == days


def test_a_headline_with_to_announces_its_day() -> None:
    text = "---\ndate: 2025-02-18\n---\n\n# Nurses to strike on Thursday\n\nNurses said so this afternoon in Norby.\n"
    found = brief(read_article(text.encode(), "article.md"))
    assert found.answers
    assert found.answers.when[0].days == (date(2025, 2, 20), date(2025, 2, 20))


@pytest.mark.parametrize(
    ("sentence", "reasons"),
    [
        ("The hiker was found after eleven days.", []),
        ("The hiker was heard after 10 a.m. by a forester.", []),
        ("The hiker went ahead after 71 minutes.", []),
        ("The walk seemed certain to make her famous.", []),
        ("The park closed the path, blaming a lack of rangers.", ["a lack of rangers"]),
        ("The park blamed the delay on a storm.", ["a storm"]),
    ],
)
def test_a_length_of_time_is_no_reason(sentence: str, reasons: list[str]) -> None:
    found = brief(read_article(f"# Hiker alive\n\n{sentence} Her boots were wet.\n".encode(), "article.md"))
    assert found.answers
    assert [answer.span.of(found.article.text) for answer in found.answers.why] == reasons
