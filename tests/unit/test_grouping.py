"""Which story a new report joins."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.common import also_in
from bot.i18n import Translator
from briefings.analysis.capitals import capitalised_names
from briefings.grouping import Candidate, matching_stories, possible
from briefings.similarity import (
    Frequencies,
    Profile,
    most_similarities,
    name_terms,
    profile,
    shared_names,
    similarities,
)
from briefings.sources.markdown import parse_markdown
from briefings.sources.plain import parse_plain

DAY = date(2025, 3, 14)
#: A library in which each of these words is as rare as all others.
FREQUENCIES = Frequencies(100, {})


def text(*words: str, own: str) -> tuple[str, ...]:
    """The terms of an article of some length: words of its own besides those that are given."""
    return (*words, *(f"{own}{n}" for n in range(40)))


SHARED = [f"shared{n}" for n in range(30)]
NEW = profile(text("bridge", "norby", *SHARED, own="a"), ["bridge", "norby"])
SAME = profile(text("bridge", "norby", *SHARED, own="b"), ["bridge", "norby"])
#: Has 15 of the 72 terms, and none of the title.
SLIGHTLY = profile(text("school", "teacher", *SHARED[:15], own="c"), ["school", "teacher"])
#: Has 21 of them, and one of the title.
RATHER = profile(text("school", "norby", *SHARED[:20], own="e"), ["school", "norby"])
OTHER = profile(text("cheese", "goat", own="d"), ["cheese"])


def test_a_report_joins_the_story_that_is_most_alike() -> None:
    candidates = [Candidate(1, DAY, OTHER), Candidate(2, DAY, SAME)]
    assert matching_stories(NEW, DAY, candidates, FREQUENCIES) == (2,)


def test_a_report_of_nothing_known_opens_a_story() -> None:
    assert matching_stories(NEW, DAY, [Candidate(1, DAY, OTHER)], FREQUENCIES) == ()
    assert matching_stories(NEW, DAY, [], FREQUENCIES) == ()


@pytest.mark.parametrize(
    ("days", "alike"),
    [
        (0, (SLIGHTLY, RATHER, SAME)),
        (4, (SLIGHTLY, RATHER, SAME)),
        (5, (RATHER, SAME)),
        (14, (RATHER, SAME)),
        (15, (SAME,)),
    ],
)
def test_articles_of_distant_days_need_to_be_more_alike(days: int, alike: tuple[Profile, ...]) -> None:
    published = DAY - timedelta(days=days)
    joined = [
        other
        for other in (SLIGHTLY, RATHER, SAME)
        if matching_stories(NEW, DAY, [Candidate(1, published, other)], FREQUENCIES)
    ]
    assert joined == list(alike)


def test_short_texts_need_to_be_more_alike() -> None:
    """A few words in common are chance."""
    harbour = profile(("harbour", "news", "harbour", "did", "things"), ["harbour", "news"])
    cheese = profile(("cheese", "news", "cheese", "did", "things"), ["cheese", "news"])
    assert matching_stories(harbour, DAY, [Candidate(1, DAY, cheese)], FREQUENCIES) == ()
    assert matching_stories(harbour, DAY, [Candidate(1, DAY, harbour)], FREQUENCIES) == (1,)


def test_two_stories_that_are_both_very_similar_become_one() -> None:
    candidates = [Candidate(1, DAY, SAME), Candidate(2, DAY, SAME)]
    assert sorted(matching_stories(NEW, DAY, candidates, FREQUENCIES)) == [1, 2]


def test_a_story_that_a_person_joined_or_split_is_not_merged() -> None:
    candidates = [Candidate(1, DAY, SAME), Candidate(2, DAY, SAME, is_fixed=True)]
    assert len(matching_stories(NEW, DAY, candidates, FREQUENCIES)) == 1


def test_reports_in_two_languages_are_joined_by_their_names() -> None:
    """They share hardly any other words."""
    names = [f"name{n}" for n in range(6)]
    english = profile([*names, *(f"word{n}" for n in range(24))], ["word0", "word1"])
    words = [*names, *(f"wort{n}" for n in range(24))]
    for known, joined in ((names, (1,)), (names[:1], ()), ([], ())):
        german = profile(words, ["wort0", "wort1"], names=known)
        assert matching_stories(german, DAY, [Candidate(1, DAY, english)], FREQUENCIES) == joined


def test_more_shared_names_count_more() -> None:
    new = profile(["a", "b", "c", "d", "word"], [], names=["a", "b", "c", "d", "elsewhere"])
    others = [profile(words, []) for words in (["a", "b", "c", "d"], ["a", "b"], ["word"])]
    assert shared_names(new, others, FREQUENCIES) == pytest.approx([4 / 6, 2 / 6, 0])
    assert shared_names(profile(["a"], []), others, FREQUENCIES) == [0, 0, 0]


def test_names_are_words_with_capitals_inside_sentences() -> None:
    text = "The harbour was closed on Friday by Norby's mayor, Ana Ruiz. Divers of the Red Cross searched it."
    found = parse_plain(f"Harbour closed\n\n{text}")
    assert name_terms(found) == {"norby", "ana", "ruiz", "red", "cross"}


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Вчера мэр города Ана Руис закрыла мост через Волгу.", ["Ана Руис", "Волгу"]),
        ("Учора мерка Їжакова їздила до Євпаторії.", ["Їжакова", "Євпаторії"]),
        ("Χθες η δήμαρχος Άννα Ρουίς έκλεισε όλη τη γέφυρα.", ["Άννα Ρουίς"]),
        ("Hier, l'école où étudie Élise Ébert était fermée à Évreux.", ["Élise Ébert", "Évreux"]),
        ("Gestern wurde über Öhringen ähnlich geurteilt.", ["Öhringen"]),
        ("Dün İzmir çevresinde Şule Işık ölçüm yaptı.", ["İzmir", "Şule Işık"]),
        ("Danas je ǅemal Bijedić čekao.", ["ǅemal Bijedić"]),
        ("أغلقت رئيسة البلدية آنا رويس الجسر أمس.", []),
        ("昨天 安娜 市长 关闭 大桥。", []),
        ("გუშინ ქალაქის მერმა ანა რუისმა ხიდი დაკეტა.", []),
    ],
)
def test_names_have_capitals_in_every_script(sentence: str, names: list[str]) -> None:
    """Lower-case letters outside "a" to "z" are no capitals, and scripts without case have none."""
    article = parse_markdown(f"# Title\n\n{sentence}")
    assert list(capitalised_names(article)) == names


def test_a_text_that_tells_what_another_led_with_is_more_alike() -> None:
    """Both share as many words with the first report, and neither has one of them in its own lead."""
    lead, rest = ([f"{part}{n}" for n in range(60)] for part in ("lead", "rest"))
    first = profile([*lead, *rest], [])
    tells_lead, tells_rest = (
        profile([*(f"{own}{n}" for n in range(60)), *shared[:20]], []) for own, shared in (("b", lead), ("c", rest))
    )
    scores = similarities(first, [tells_lead, tells_rest], FREQUENCIES)
    assert scores[0] > scores[1] > 0


def test_one_exception_in_a_story_does_not_bring_a_report_in() -> None:
    mixed = [Candidate(1, DAY, SLIGHTLY), Candidate(1, DAY, OTHER), Candidate(1, DAY, OTHER)]
    assert matching_stories(NEW, DAY, mixed, FREQUENCIES) == ()


@given(
    st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=30), min_size=2, max_size=4),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 50)),
    st.sampled_from([None, "en"]),
)
def test_a_bound_of_a_similarity_is_never_below_it(
    texts: list[list[str]], counts: dict[str, int], language: str | None
) -> None:
    one, *others = [profile(words, words[:2], language) for words in texts]
    frequencies = Frequencies(50, counts).including(one.body)
    bounds = most_similarities(one, others, frequencies)
    scores = similarities(one, others, frequencies)
    assert all(bound >= score - 1e-9 for bound, score in zip(bounds, scores, strict=True))


def test_stories_that_are_too_different_are_not_compared_closely() -> None:
    candidates = [Candidate(1, DAY, SAME), Candidate(1, DAY, OTHER), Candidate(2, DAY, OTHER)]
    assert possible(NEW, candidates, FREQUENCIES) == candidates[:2]


def test_of_many_similar_reports_only_the_most_similar_ones_are_compared_closely() -> None:
    candidates = [*(Candidate(story, DAY, RATHER) for story in range(20)), Candidate(20, DAY, SAME)]
    compared = possible(NEW, candidates, FREQUENCIES)
    assert compared[0] == candidates[-1]
    assert 2 < len(compared) < 10


@pytest.mark.parametrize(
    ("outlets", "said"),
    [
        (("Post",), "Also in Post"),
        (("Post", "Sun", "Star"), "Also in Post, Sun, Star"),
        (("Post", "Sun", "Star", "Globe"), "Also in Post, Sun, Star and 1 more outlet"),
        (("Post", "Sun", "Star", "Globe", "Echo"), "Also in Post, Sun, Star and 2 more outlets"),
    ],
)
def test_at_most_three_other_outlets_are_named(outlets: tuple[str, ...], said: str) -> None:
    shown = also_in(outlets)
    assert shown is not None
    assert Translator("en").say(shown) == said
    assert also_in(()) is None
