"""Choosing the stories of a digest: which, in what order, and why."""

from __future__ import annotations

from datetime import timedelta

from bot.answers.digests import Reason as Occasion
from bot.answers.digests import Told, heading, part_view, why
from bot.i18n import Translator
from briefings.digest import Item, Wishes, best
from briefings.scope import Scope
from briefings.story_store import Report
from tests.fakes import NOON, OpenTalk, article, version
from tests.shown import said

WISHES = Wishes(most=3)


def item(number: int, title: str, hours: int = 1, outlets: int = 1, *tags: str) -> Item:
    found = version(article(title, f"Sentence {number} of the story."), NOON - timedelta(hours=hours))
    report = Report(number, number, Scope(tags=frozenset(tags)), found)
    return Item(report, outlets=tuple(f"Outlet {n}" for n in range(1, outlets)))


def reason(chosen: Item) -> str:
    """Why a story was chosen, in English."""
    said = why(chosen)
    return Translator("en").say(said) if said else ""


def numbers(items: list[Item]) -> list[int]:
    return [one.report.id for one in items]


def test_newer_stories_come_first_if_nothing_else_differs() -> None:
    found = [item(1, "Bridge falls", 5), item(2, "Cheese wins", 1), item(3, "Volcano wakes", 3)]
    assert numbers(best(found, WISHES, NOON)) == [2, 3, 1]


def test_what_many_outlets_report_comes_before_what_is_new() -> None:
    found = [item(1, "Bridge falls", 20, 12), item(2, "Cheese wins"), item(3, "Volcano wakes"), item(4, "Ship sinks")]
    chosen = best(found, WISHES, NOON)
    assert chosen[0].report.id == 1
    assert reason(chosen[0]) == "12 outlets"


def test_the_chats_tags_and_words_count_and_are_named() -> None:
    found = [item(1, "Bridge falls", 1), item(2, "Cheese wins", 4, 1, "food")]
    [tagged, _] = best(found, Wishes(("food", "local")), NOON)
    assert (tagged.report.id, tagged.tags) == (2, ("food",))
    assert reason(tagged) == "Tagged food"
    [first, second] = best(found, Wishes(include=("cheese", "sentence", "wins"), most=5), NOON)
    assert (first.words, second.words) == (("cheese", "sentence", "wins"), ("sentence",))
    assert reason(second) == "Has “sentence”"


def test_five_stories_of_one_event_do_not_fill_a_digest() -> None:
    same = [item(n, f"Bridge in Norby falls {word}", 1, 3) for n, word in enumerate(("again", "today", "early"), 1)]
    others = [item(8, "Cheese wins", 9), item(9, "Volcano wakes", 9)]
    assert set(numbers(best([*same, *others], WISHES, NOON))) >= {8, 9}


def test_the_last_part_says_how_many_more_there_are() -> None:
    told = [Told(1, version(article("Bridge falls", "It fell.")))]
    title = heading(Occasion.SLOT, 1, 1, 1)
    view = part_view(title, told, (), (), ending=True, left=6)
    assert "And 6 more stories: /latest" in said(view)
    assert "More stories" in said(view)
    assert "more stor" not in said(part_view(title, told, (), (), ending=True))
    assert "more stor" not in said(part_view(title, told, (), (), ending=False, left=6))


async def test_the_newest_stories_are_paged_through(open_talk: OpenTalk) -> None:
    words = ["apple", "banana", "cherry", "damson", "elder", "figs", "grape", "hazel", "ivory", "jute"]
    talk = await open_talk(*(article(f"The {word}", f"{word} {word}s are {word}ed.") for word in words))
    first = await talk.ask("/latest")
    assert "More stories" in said(first)
    second = await talk.press("c1|latest|8||")
    assert "And 2 more stories." in said(first)
    assert len(first.about) == 8
    assert len(second.about) == 2
    assert set(first.about).isdisjoint(second.about)
    assert "ore stories" not in said(second)
    assert (await talk.press("c1|latest|999999||")).about == ()


async def test_very_many_stories_are_not_counted(open_talk: OpenTalk) -> None:
    words = [2 * one + 2 * other for one in "abcdefghi" for other in "klmnopqrst"]
    talk = await open_talk(*(article(f"The {word}", f"{word} {word}s are {word}ed.") for word in words))
    assert "There are many more." in said(await talk.ask("/latest"))
    last = await talk.press("c1|latest|80||")
    assert "There are many more." in said(last)
    assert len(last.about) == 8
