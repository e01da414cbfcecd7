"""The role of a sentence in its article, determined by its words and position."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest
import yaml

from briefings import languages
from briefings.analysis.roles import SentenceRole, cues_of, sentence_roles
from briefings.analysis.sentences import sentences
from briefings.languages.roles import CueGroup, role_cues
from briefings.model import Article, Block, BlockKind, Span
from tests.golden import DATA

_FILLER = "Xyz."


def _article(sentence: str, language: str) -> Article:
    """An article in which ``sentence`` is the fifth of eight."""
    lines = ["Title", *[_FILLER] * 4, sentence, *[_FILLER] * 3]
    blocks: list[Block] = []
    start = 0
    for line in lines[1:]:
        start += len(lines[0]) + 1 if not blocks else 0
        blocks.append(Block(BlockKind.PARAGRAPH, Span(start, start + len(line))))
        start += len(line) + 1
    return Article("\n".join(lines), Span(0, 5), None, tuple(blocks), language=language)


def _rows() -> list[tuple[str, str, str]]:
    with (DATA / "roles.tsv").open(encoding="utf-8") as file:
        return [(row["language"], row["role"], row["sentence"]) for row in csv.DictReader(file, delimiter="\t")]


@pytest.mark.parametrize(("language", "role", "sentence"), _rows())
def test_a_sentence_is_given_its_role(language: str, role: str, sentence: str) -> None:
    article = _article(sentence, language)
    assert sentence_roles(article, sentences(article))[4].best() is SentenceRole(role)


def test_a_sentence_without_cues_has_no_role() -> None:
    article = _article("The dog sleeps behind the old white house", "en")
    assert sentence_roles(article, sentences(article))[4].best() is None


def test_the_lead_that_repeats_the_title_is_the_main_event() -> None:
    text = "Storm closes Harwell port\nA storm closed the port of Harwell on Monday.\nIt is quiet."
    blocks = tuple(Block(BlockKind.PARAGRAPH, span) for span in (Span(26, 70), Span(71, 83)))
    article = Article(text, Span(0, 25), None, blocks, language="en")
    assert sentence_roles(article, sentences(article))[0].best() is SentenceRole.MAIN


@pytest.mark.parametrize("language", languages.codes())
def test_every_language_has_cues_of_every_kind(language: str) -> None:
    raw = yaml.safe_load(files("briefings.languages.roles").joinpath(f"{language}.yaml").read_bytes())
    groups = {*raw, *raw.get("endings", {})} - {"endings"}
    assert {group.value for group in CueGroup} - groups <= {CueGroup.CAPTION}
    assert set(role_cues(language).endings) == set(raw.get("endings", {}))


@pytest.mark.parametrize(
    ("sentence", "group"),
    [
        ("Der Sachschaden liegt bei 30.000 Euro.", CueGroup.DAMAGE),
        ("Nach der Vollsperrung fuhren Busse.", CueGroup.DAMAGE),
        ("Zwei Schwerverletzte kamen in eine Klinik.", CueGroup.CASUALTY),
        ("Die Preise könnten steigen.", CueGroup.MAY),
    ],
)
def test_german_cues_are_found_at_the_end_of_compounds_and_with_their_umlauts(sentence: str, group: CueGroup) -> None:
    assert group in cues_of(sentence, "de")


def test_what_somebody_was_able_to_do_in_german_is_no_expectation() -> None:
    assert CueGroup.MAY not in cues_of("Die Polizei konnte den Täter fassen.", "de")
    assert CueGroup.WOULD not in cues_of("Die Brücke wurde gebaut.", "de")


def test_what_italian_experts_have_forecast_is_no_past_plan() -> None:
    assert CueGroup.UNREAL not in cues_of("La banca ha previsto che i prezzi cresceranno.", "it")
    assert CueGroup.UNREAL in cues_of("La banca aveva previsto che i prezzi sarebbero cresciuti.", "it")
