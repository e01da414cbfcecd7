"""Answers to "who": accusers, denials and other accounts of all reports, or else who acted and who is affected."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.answers.questions import reply_view
from bot.answers.who import who_view
from bot.i18n import Translator
from bot.platforms.console.markdown import MarkdownRenderer
from bot.platforms.console.render import ConsoleRenderer, Line, as_text
from bot.views.model import SCREEN, Bullet, Conflict, Heading, Quote, Verbatim, View
from briefings.analysis import brief
from briefings.analysis.answers.affected import affected
from briefings.analysis.questions import answer
from briefings.model import Article, Claim, Span, Stance, Version, version_id
from briefings.sources import read_article
from tests.shown import said

FERRY = """---
title: Ferry hits pier in Harrowby as storm closes port
site: Gazette
---

The ferry Alma hit a pier in Harrowby early on Tuesday, and dozens of passengers were hurt.

Dockers accuse the owner of saving on repairs. The owner denies this. Anglers blame the harbour master.
"""
#: The same with the denial in a paragraph of its own.
APART = FERRY.replace(" The owner denies", "\n\nThe owner denies")
OTHER = """---
title: Pier in Harrowby hit by ferry
site: Courier
---

The dockers of Harrowby accuse the owner of negligence after a ferry hit the pier.
"""
QUIET = "# Storm hits pier in Norby\n\nA storm hit the pier in Norby on Monday. Three people were injured by glass.\n"


def _version(raw: str, *claims: tuple[str, str, str | None, Stance]) -> Version:
    article = read_article(raw.encode(), "article.md")
    found = tuple(_claim(article, *claim) for claim in claims)
    return Version(version_id(article), replace(brief(article), claims=found), datetime(2024, 3, 28, tzinfo=UTC))


def _claim(article: Article, sentence: str, speaker: str, target: str | None, stance: Stance) -> Claim:
    start = article.text.index(sentence)

    def span(words: str) -> Span:
        place = article.text.index(words, start)
        return Span(place, place + len(words))

    named, whole = span(speaker), span(sentence)
    return Claim(named, named, None, (whole,), whole, stance, span(target) if target else None)


ACCUSED = ("Dockers accuse the owner of saving on repairs.", "Dockers", "the owner", Stance.ACCUSES)
UNANSWERED = ("Dockers accuse the owner of saving on repairs.", "Dockers", "repairs", Stance.ACCUSES)
DENIED = ("The owner denies this.", "The owner", None, Stance.DENIES)
BLAMED = ("Anglers blame the harbour master.", "Anglers", "the harbour master", Stance.ACCUSES)


def _quotes(view: View) -> list[tuple[str, str, bool]]:
    return [
        (block.text.text, block.speaker.text, block.outlets is not None)
        for block in view.blocks
        if isinstance(block, Quote) and block.speaker
    ]


def test_accusers_come_first_then_denials_then_other_accounts() -> None:
    view = who_view(_version(APART, BLAMED, (*DENIED[:1], "The owner", None, Stance.DENIES), UNANSWERED))
    assert [words for words, _, _ in _quotes(view)] == [UNANSWERED[0], DENIED[0], BLAMED[0]]
    headings = [block.text for block in view.blocks if isinstance(block, Heading)]
    assert [Translator("en").say(one) for one in headings] == [  # type: ignore[arg-type]  # all are messages
        "Who is said to be responsible",
        "Who denies it",
        "Other accounts",
    ]


@pytest.mark.parametrize(
    ("accused", "addressed"),
    [(ACCUSED, None), (UNANSWERED, "Dockers")],
)
def test_an_accusation_stands_beside_the_denial_of_it(
    accused: tuple[str, str, str | None, Stance], addressed: str | None
) -> None:
    whole = "Dockers accuse the owner of saving on repairs. The owner denies this."
    denial = (whole if addressed else DENIED[0], "The owner", addressed, Stance.DENIES)
    view = who_view(_version(FERRY, BLAMED, denial, accused))
    [conflict] = [block for block in view.blocks if isinstance(block, Conflict)]
    text = conflict.denial.text.version.article.text
    assert [side.speaker.span.of(text).lower() for side in conflict.sides] == ["dockers", "the owner"]
    for words in (
        as_text(ConsoleRenderer().render(view, Translator("en"))),
        MarkdownRenderer().render(view, Translator("en")),
    ):
        assert words.index("Accusation") < words.index("Denial") < words.index("Other accounts")


def test_the_next_sentence_of_the_accused_side_is_its_denial() -> None:
    text = (
        "# Ferry hit\n\nDockers blamed the northern army. The northern ministry denied having fired. Anglers watched.\n"
    )
    blamed = ("Dockers blamed the northern army.", "Dockers", "the northern army", Stance.ACCUSES)
    denied = ("The northern ministry denied having fired.", "The northern ministry", None, Stance.DENIES)
    [conflict] = [block for block in who_view(_version(text, blamed, denied)).blocks if isinstance(block, Conflict)]
    assert conflict.denial.text.text == denied[0]


@pytest.mark.parametrize(
    ("sentence", "target", "is_shown"),
    [
        ("Anglers criticised the timing.", "the timing", False),
        ("Anglers criticised Ann Lee.", "Ann Lee", True),
        ("Anglers blamed the timing.", "the timing", True),
    ],
)
def test_criticism_of_a_thing_names_nobody_as_responsible(sentence: str, target: str, is_shown: bool) -> None:
    text = f"# Ferry hit pier in Norby\n\nThe ferry hit a pier. {sentence} Dockers watched.\n"
    version = _version(text, (sentence, "Anglers", target, Stance.ACCUSES))
    [claim] = version.briefing.claims or ()
    start = claim.sentence.start + len("Anglers ")
    told = replace(claim, cue=Span(start, start + len(sentence.split()[1])))
    view = who_view(replace(version, briefing=replace(version.briefing, claims=(told,))))
    assert bool(_quotes(view)) == is_shown


def test_a_line_begins_with_its_speaker() -> None:
    sentence = "Meanwhile the dockers of Harrowby have accused the owner of saving on repairs for many years."
    text = f"# Ferry hits pier\n\nThe ferry hit a pier. {sentence}\n"
    version = _version(text, (sentence, "the dockers of Harrowby", "the owner", Stance.ACCUSES))
    [claim] = version.briefing.claims or ()
    article = version.article
    cue, said = (article.text.index(words) for words in ("accused", "the owner of"))
    told = replace(claim, cue=Span(cue, cue + 7), content=(Span(said, claim.sentence.end - 1),))
    view = who_view(replace(version, briefing=replace(version.briefing, claims=(told,))))
    [(words, _, _)] = _quotes(view)
    assert words.startswith("the dockers of Harrowby have accused the owner")


def test_an_accusation_within_somebody_elses_words_is_no_yes() -> None:
    sentence = "Vance said that Orlov is accusing the mayor of theft to win votes."
    version = _version(f"# Theft in Norby\n\nMoney is missing in Norby. {sentence}\n")
    article = version.article
    start = article.text.index(sentence)

    def span(words: str) -> Span:
        place = article.text.index(words, start)
        return Span(place, place + len(words))

    outer = Claim(span("Vance"), span("Vance"), span("said"), (span(sentence[16:-1]),), span(sentence))
    inner = Claim(span("Orlov"), span("Orlov"), span("accusing"), (span("the mayor of theft"),), span(sentence))
    inner = replace(inner, stance=Stance.ACCUSES, target=span("the mayor"))
    for claims, sides in (((outer, inner), 0), ((inner,), 1)):
        reply = answer(replace(version.briefing, claims=claims), "did the mayor do it?")
        assert sum(line.side is not None for line in reply.lines) == sides


def test_a_denial_answers_nobody_who_accuses_somebody_else_in_another_paragraph() -> None:
    view = who_view(_version(APART, DENIED, UNANSWERED))
    assert not any(isinstance(block, Conflict) for block in view.blocks)


def test_a_denial_answers_the_accusation_before_it_in_its_paragraph() -> None:
    [conflict] = [
        block for block in who_view(_version(FERRY, DENIED, UNANSWERED)).blocks if isinstance(block, Conflict)
    ]
    assert (conflict.accusation.text.text, conflict.denial.text.text) == (UNANSWERED[0], DENIED[0])


@pytest.mark.parametrize(
    ("sentence", "cue", "is_shown"),
    [
        ("The owner rejected the accusation.", "rejected", True),
        ("The owner rejected that.", "rejected", True),
        ("The owner turned down an offer for the ferry.", "turned down", False),
        ("The owner denied three counts of fraud.", "denied", True),
    ],
)
def test_who_refuses_something_else_than_an_accusation_denies_nothing(sentence: str, cue: str, is_shown: bool) -> None:
    text = f"# Ferry hits pier\n\nDockers accuse the owner of saving on repairs. {sentence}\n"
    version = _version(text, ACCUSED, (sentence, "The owner", None, Stance.DENIES))
    accusing, denying = version.briefing.claims or ()
    start = version.article.text.index(cue)
    told = replace(
        denying, cue=Span(start, start + len(cue)), content=(Span(start + len(cue) + 1, denying.sentence.end),)
    )
    view = who_view(replace(version, briefing=replace(version.briefing, claims=(accusing, told))))
    assert any(isinstance(block, Conflict) for block in view.blocks) == is_shown


def test_a_pronoun_is_no_name_of_a_speaker() -> None:
    text = "# Bees die\n\nI blame the agency for the deaths of my bees.\n"
    view = who_view(
        _version(text, ("I blame the agency for the deaths of my bees.", "I", "the agency", Stance.ACCUSES))
    )
    assert [block.speaker for block in view.blocks if isinstance(block, Quote)] == [None]


def test_claims_of_several_reports_are_joined_by_speaker_and_target_and_name_their_outlets() -> None:
    sentence = "The dockers of Harrowby accuse the owner of negligence after a ferry hit the pier."
    other = _version(OTHER, (sentence, "The dockers of Harrowby", "the owner", Stance.ACCUSES))
    view = who_view(_version(FERRY, ACCUSED, BLAMED), (other,))
    assert _quotes(view) == [(ACCUSED[0], "Dockers", True), (BLAMED[0], "Anglers", False)]
    assert "  · Gazette, Courier" in as_text(ConsoleRenderer().render(view, Translator("en")))


def test_claims_about_others_are_not_joined() -> None:
    sentence = "The dockers of Harrowby accuse the owner of negligence after a ferry hit the pier."
    other = _version(OTHER, (sentence, "The dockers of Harrowby", "a ferry", Stance.ACCUSES))
    view = who_view(_version(FERRY, ACCUSED), (other,))
    assert len(_quotes(view)) == 2


def test_where_nobody_is_accused_it_is_said_who_acted_and_who_is_affected() -> None:
    text = said(who_view(_version(QUIET)))
    assert "Who acted" in text
    assert "A storm hit the pier" in text
    assert text.index("Who is affected") < text.index("Three people were injured")


def test_many_claims_fit_on_a_screen() -> None:
    long = " ".join(["repairs"] * 30)
    raw = FERRY.replace("repairs. The owner denies this.", f"{long}. The owner denies this.")
    sentence = f"Dockers accuse the owner of saving on {long}."
    claims = [(sentence, who, "the owner", Stance.ACCUSES) for who in ("Dockers", "the owner", "saving")]
    view = who_view(_version(raw, *claims, (ACCUSED[0][:7], "Dockers", None, Stance.DENIES)))
    assert sum(len(words) for words, _, _ in _quotes(view)) <= SCREEN


@pytest.mark.parametrize(
    ("headline", "hit"),
    [
        ("Two men charged over fire in Leeds", ["Two men"]),
        ("Police arrest Ellen Marsh over fire", ["Ellen Marsh"]),
        ("Bridge closed after crash", ["Bridge"]),
        ("A quiet day in Leeds", []),
    ],
)
def test_whom_a_headline_says_that_something_happens_to(headline: str, hit: list[str]) -> None:
    briefing = brief(read_article(f"# {headline}\n\nEllen Marsh was there, as neighbours said.\n".encode(), "a.md"))
    assert [one.span.of(briefing.article.text) for one in affected(briefing)] == hit


def test_a_measure_is_nobody_who_is_affected() -> None:
    briefing = brief(read_article(b"# Storm\n\nA storm of 162 km an hour injured 12 people in two days.\n", "a.md"))
    assert [one.span.of(briefing.article.text) for one in affected(briefing)] == ["12 people"]


def test_a_question_for_yes_or_no_shows_who_says_so_and_who_denies_it() -> None:
    version = _version(FERRY, ACCUSED, DENIED, BLAMED)
    text = said(reply_view(version, answer(version.briefing, "is the owner to blame?")))
    assert text.index("Who says so") < text.index(ACCUSED[0]) < text.index("Who denies it") < text.index(DENIED[0])
    assert "Who says so" not in text.split(BLAMED[0])[0].split("Who denies it")[1]


def test_an_accusation_of_somebody_else_is_no_yes() -> None:
    version = _version(FERRY, ACCUSED, BLAMED)
    reply = answer(version.briefing, "is the harbour master to blame?")
    assert [line.side.speaker for line in reply.lines if line.side] == [version.briefing.claims[1].speaker]  # type: ignore[index]


def test_who_is_behind_it_asks_for_all_of_who() -> None:
    version = _version(FERRY, ACCUSED)
    reply = answer(version.briefing, "who is behind it?")
    assert reply.is_general
    assert [line.span.of(version.article.text) for line in reply.lines] == [ACCUSED[0]]


def test_a_terminal_shows_the_phrase_that_answers_in_bold_across_its_rows() -> None:
    line = Line("Buses stop here because the road was closed at noon", False, mark="• ", bold=(16, 43))
    rows = line.rows(24)
    parts = [row[start:end] for row, (start, end) in zip(rows, line.bold_parts(rows), strict=True)]
    assert " ".join(part for part in parts if part) == "because the road was closed"


def test_markdown_shows_the_phrase_that_answers_in_bold() -> None:
    version = _version(FERRY)
    words = Verbatim(version, Span(0, 10), marked=Span(0, 5))
    assert MarkdownRenderer().render(View((Bullet(words),)), Translator("en")) == "- **Ferry** hits\n"


def test_where_nobody_acts_the_name_that_the_article_has_is_shown() -> None:
    text = (
        "# Fermé\n\nDepuis lundi, plus de pain au village. Le maire, Thierry Lagarde, cherche un boulanger pour mai.\n"
    )
    found = who_view(_version(text))
    assert "Thierry Lagarde" in said(found)
    assert "does not say" not in said(found)


def test_an_accusation_of_the_title_is_not_repeated_above_that_of_the_text() -> None:
    found = _version(
        FERRY.replace("Ferry hits pier in Harrowby as storm closes port", "Anglers blame the owner"),
        ("Anglers blame the owner", "Anglers", "owner", Stance.ACCUSES),
        ("Anglers blame the harbour master.", "Anglers", "harbour master", Stance.ACCUSES),
    )
    quoted = [block.text for block in who_view(found).blocks if isinstance(block, Quote)]
    assert [words.text for words in quoted] == ["Anglers blame the harbour master."]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # A thing below a headline that names who acts, and somebody who is only mentioned often.
        (
            "# Norda Air buys 30 jets\n\nNorda Air has bought 30 jets from Velt. The order is worth $8 billion.\n\n"
            "Velt was glad. Velt had few orders. Velt has a new jet. Velt is big. Velt sells. Velt builds.\n",
            ["Norda Air"],
        ),
        # A quotation as the first part of a headline, and a name that only describes the subject.
        (
            "# ‘He fell beside me’: Two pro-Marsh marchers killed in Norby\n\n"
            "Two pro-Marsh marchers were killed in Norby on Monday. He fell beside me, said a friend.\n",
            ["Two pro-Marsh marchers"],
        ),
        # What the title alone names stands above the answer already, and is told where nobody else acts.
        (
            "# Landslide destroys old pier\n\nAfter a night of rain, half of it is gone. Mayor Ann Lee went there.\n",
            ["Ann Lee"],
        ),
        (
            "# Harbour council sues Velt\n\nWhat it knew of the wreck is unclear. It is not known when Velt was told. "
            "A letter to Velt was sent. A call to Velt was made. A visit to Velt was planned. Who runs Velt?\n",
            ["Harbour council"],
        ),
        # Victims are only a number, and do not act.
        (
            "# Dozens killed in Norby blaze\n\nDozens were killed in Norby on Monday. A dozen were hurt.\n",
            ["Dozens", "A dozen"],
        ),
        (
            "# Two policemen shot\n\nTwo policemen were shot in Norby on Monday. Ten fishermen were killed.\n",
            ["Two policemen", "Ten fishermen"],
        ),
        ("# Two held after raid\n\nPolice said two men from Holm have been held in Norby.\n", ["Police", "two men"]),
        # A share is no actor without what it is a share of.
        ("# A survey\n\n31% of buyers were hurt by the storm in Norby on Monday, a survey found.\n", ["31% of buyers"]),
    ],
)
def test_who_acts_is_neither_a_thing_nor_a_bare_number(text: str, shown: list[str]) -> None:
    lines = [block.text for block in who_view(_version(text)).blocks if isinstance(block, Bullet)]
    assert [line.parts()[1] for line in lines if isinstance(line, Verbatim)] == shown
