"""Headings and questions mapped to the question that they ask."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest

from briefings import languages
from briefings.analysis.headings import classify_heading, classify_question
from briefings.model import SectionKind
from tests.golden import DATA
from tests.shared import shared

# The shared headings know no difference between these.
SAME = {"when": "when_where", "where": "when_where", "how": "why"}


def _rows() -> dict[str, list[tuple[str, str]]]:
    rows: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    with (DATA / "headings.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            rows[row["language"]].append((row["heading"], row["section"]))
    return rows


@pytest.mark.parametrize("language", languages.codes())
def test_headings_of_every_language_find_their_kind(language: str) -> None:
    rows = _rows()[language]
    right = [classify_heading(heading, language).value == kind for heading, kind in rows]
    assert len(rows) >= 12
    assert sum(right) / len(rows) >= 0.85


def test_headings_of_explainers_find_their_kind() -> None:
    with (DATA / "explainer_headings.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    found = [classify_heading(row["heading"]).value for row in rows]
    right = [SAME.get(kind, kind) == row["section"] for kind, row in zip(found, rows, strict=True)]
    assert sum(right) / len(rows) >= 0.9


def test_the_shared_headings_find_their_kind() -> None:
    with shared("bench", "headings", "dev.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    found = [classify_heading(row["heading"]).value for row in rows]
    right = [SAME.get(kind, kind) == row["section"] for kind, row in zip(found, rows, strict=True)]
    assert sum(right) / len(rows) >= 0.85


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("who did it?", SectionKind.WHO),
        ("chi è stato?", SectionKind.WHO),
        ("who's behind this", SectionKind.WHO),
        ("what happened", SectionKind.WHAT),
        ("cosa è successo?", SectionKind.WHAT),
        ("what does it mean for us?", SectionKind.CONSEQUENCES),
        ("e quali sono le conseguenze?", SectionKind.CONSEQUENCES),
        ("why did they do that", SectionKind.WHY),
        ("what happens now", SectionKind.NEXT),
        ("when was this?", SectionKind.WHEN),
        ("dove?", SectionKind.WHERE),
        ("what don't we know?", SectionKind.UNKNOWNS),
        ("was soll ich jetzt tun?", SectionKind.ADVICE),
        ("¿quién fue?", SectionKind.WHO),
        ("hello", SectionKind.OTHER),
        ("", SectionKind.OTHER),
    ],
)
def test_free_questions_are_understood_in_any_language(question: str, kind: SectionKind) -> None:
    assert classify_question(question) is kind


@pytest.mark.parametrize("numbering", ["1. ", "2) ", "iv. ", "B) "])
def test_numbering_is_no_part_of_a_heading(numbering: str) -> None:
    assert classify_heading(f"{numbering}What happened?") is SectionKind.WHAT


def test_a_specific_phrase_goes_before_a_question_word() -> None:
    assert classify_heading("Who was affected?") is SectionKind.CONSEQUENCES
    assert classify_heading("Who was it?") is SectionKind.WHO
