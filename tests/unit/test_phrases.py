from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings import languages
from briefings.phrases import compile_any, compile_phrase, fold


@pytest.mark.parametrize(
    ("pattern", "text", "weight"),
    [
        ("who is", "So who is it?", 2),
        ("who is", "whoever is", 0),
        ("attack~", "The ATTACKERS fled", 1),
        ("was|were hurt", "nobody were hurt", 2),
        ("the| damage", "Damage", 1),
        ("the| damage", "the damage", 2),
        ("how ... spread", "How does the virus spread", 2),  # words in a gap do not count
        ("^ who $", "who", 1.5),
        ("^ who $", "who is it", 0),
        ("0 comments", "12 comments", 2),
        ("what we know so_far|now", "What we know so far", 5),
        ("perché", "Perche'", 1),  # accents aside
        ("what's", "What’s next", 2),  # whatever the apostrophe
    ],
)
def test_a_pattern_weighs_the_words_that_it_explains(pattern: str, text: str, weight: float) -> None:
    assert compile_phrase(pattern).weight(fold(text)) == weight


def test_a_pattern_without_a_word_is_refused() -> None:
    with pytest.raises(ValueError, match="without a word"):
        compile_phrase("the| ...")


def test_no_patterns_find_nothing() -> None:
    assert not compile_any(()).search("anything")


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("code", languages.codes())
def test_every_pattern_of_every_language_compiles_and_matches_something(code: str) -> None:
    language = languages.load(code)
    tables = (language.headings, language.questions, language.cues)
    patterns = [pattern for table in tables for rows in table.values() for pattern in rows]
    patterns += [pattern for rows in language.furniture.values() for pattern in rows]
    for pattern in patterns:
        compile_phrase(pattern)
    assert len(language.months) >= 12
    assert set(language.months.values()) == set(range(1, 13))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The minister said that it was not yet clear who had done it and why.", "en"),
        ("Il ministro ha detto che non è ancora chiaro chi sia stato e perché.", "it"),
        ("Der Minister sagte, es sei noch nicht klar, wer es war und warum.", "de"),
        ("Le ministre a dit que l'on ne sait pas encore qui l'a fait ni pourquoi.", "fr"),
        ("El ministro dijo que todavía no se sabe quién lo hizo ni por qué.", "es"),
        ("O ministro disse que ainda não se sabe quem foi nem por que o fez.", "pt"),
        ("Министр сказал, что пока не ясно, кто это сделал и почему.", "ru"),
        ("Міністр сказав, що поки не ясно, хто це зробив і чому саме так.", "uk"),
        ("Lorem ipsum dolor sit amet consectetur", None),
        ("", None),
    ],
)
def test_a_language_is_told_by_its_small_words(text: str, code: str | None) -> None:
    assert languages.detect(text) == code
