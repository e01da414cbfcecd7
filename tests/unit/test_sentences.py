"""Sentence boundaries, on sentences written for their abbreviations, ordinals and quotation marks.

Each line of `tests/data/sentences/CODE.txt` is one sentence. They are put beside each other in several orders, so that
each sentence ends before many others.
"""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
import yaml

from briefings import languages
from briefings.analysis.boundaries import split_sentences
from briefings.analysis.sentences import split_block
from briefings.languages.boundaries import sentence_marks
from briefings.model import Block, BlockKind, Span
from tests.golden import DATA

_ORDERS = 5
_WITHOUT_BLANKS = frozenset({"ja", "zh"})
_SPLIT = (*languages.codes(), *languages.partial_codes())


def split(text: str, language: str | None = "en") -> list[str]:
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)), language)]


def read_lines(name: str) -> list[str]:
    return (DATA / "sentences" / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def boundary_f1(lines: list[str], language: str) -> float:
    right = found = wanted = 0
    for seed in range(_ORDERS):
        Random(seed).shuffle(lines)  # noqa: S311  # the same orders in every run
        text, ends = "", set()
        for line in lines:
            text += line
            ends.add(len(text))
            text += "" if language in _WITHOUT_BLANKS else " "
        block = Block(BlockKind.PARAGRAPH, Span(0, len(text)))
        got = {span.end for span in split_block(text, block, language)}
        right, found, wanted = right + len(got & ends), found + len(got), wanted + len(ends)
    return 2 * right / (found + wanted)


@pytest.mark.parametrize("language", [*_SPLIT, *sorted(_WITHOUT_BLANKS)])
def test_boundaries_are_found_in_every_language(language: str) -> None:
    assert boundary_f1(read_lines(language), language) >= 0.985


@pytest.mark.parametrize("language", [*_SPLIT, *sorted(_WITHOUT_BLANKS)])
def test_boundaries_are_found_in_other_sentences_too(language: str) -> None:
    assert boundary_f1(read_lines(f"held_back/{language}"), language) >= 0.985


def generated(language: str, count: int = 200) -> list[str]:
    """So many sentences of the grammar in `tests/data/sentences/grammar.yaml`, the same in every run."""
    grammar = yaml.safe_load((DATA / "sentences" / "grammar.yaml").read_text(encoding="utf-8"))[language]
    every = [
        f"{start} {middle}{end}"
        for start, middle, end in product(grammar["starts"], grammar["middles"], grammar["ends"])
    ]
    return Random(1).sample(every, count)  # noqa: S311  # the same in every run


@pytest.mark.parametrize("language", _SPLIT)
def test_boundaries_are_found_in_two_hundred_sentences_of_a_grammar(language: str) -> None:
    assert boundary_f1(generated(language), language) >= 0.985


@pytest.mark.parametrize(
    ("text", "first"),
    [
        # A dateline.
        ("BUFFALO, N.Y. — Hours later the lake froze. It thawed.", "BUFFALO, N.Y. — Hours later the lake froze."),
        # A blank that was lost on the way.
        ("They closed the bridge.Nobody crossed it.", "They closed the bridge."),
        # Dots with blanks between them.
        ("They waited . . . Nobody came.", "They waited . . ."),
        # A footnote's mark belongs to the sentence before it.
        ("It fell in May.[12] Nobody saw it.", "It fell in May.[12]"),
        # A name in lower case with a capital inside.
        ("He sold it. iPhones were next.", "He sold it."),
        # A day is no sentence end within a time.
        ("It opens at 8 p.m. Monday. It closes late.", "It opens at 8 p.m. Monday."),
    ],
)
def test_shapes_that_no_list_of_words_covers(text: str, first: str) -> None:
    assert split(text)[0] == first


def test_an_unknown_language_is_split_like_english() -> None:
    assert split("Loď stojí v přístavu. Nikdo ji nechce.", "cs") == ["Loď stojí v přístavu.", "Nikdo ji nechce."]


def test_a_text_without_marks_is_one_sentence() -> None:
    assert split("no end") == ["no end"]
    assert split("  ") == []


@pytest.mark.parametrize("language", _SPLIT)
def test_an_abbreviation_belongs_to_one_class(language: str) -> None:
    marks = sentence_marks(language)
    assert not marks.never & marks.either
    assert not marks.never & marks.measures
    assert not marks.either & marks.measures


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Sie spielen bei der EM. Die Mannschaft freut sich."),
        ("fr", "C’est ce que dit Max. Elle part."),
        ("fr", "Ils regardent la mer. 12 bateaux partent."),
        ("fr", "Ils ont perdu le jeu. 12 joueurs sont partis."),
        ("it", "Il cliente ha una card. La usa sempre."),
        ("pt", "É o que eles podem ter. 12 pessoas ficaram feridas."),
        ("ru", "Об этом сказал Макс. Он ушёл."),
        ("es", "Cuesta 100 euros máx. Los clientes protestan."),
    ],
)
def test_a_word_that_is_spelt_like_an_abbreviation_ends_a_sentence(language: str, text: str) -> None:
    assert len(split(text, language)) == 2
