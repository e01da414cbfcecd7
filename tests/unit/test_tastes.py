"""What a chat likes, from its reactions, and what that changes in its digests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.answers.tastes import tastes_view
from bot.commands.tastes import react
from bot.subscriptions.tastes import HIGHEST, TasteKind, Trait, taste_for, traits_of
from bot.views.buttons import Control, ControlVerb
from bot.views.model import View
from briefings.digest import Item, Wishes, best
from briefings.scope import Scope
from briefings.story_store import Report
from tests.fakes import NOON, Talk, article, talk_over, version
from tests.shown import said
from tests.unit.test_commands import pressed

FERRY = replace(article("Ferry strike in Wexley goes on", "The crews met on Monday. They go on."), site="The Gazette")
CHEESE = replace(article("Cheese prices rise again", "Cheese costs more than last year."), site="The Herald")


def word(name: str) -> Trait:
    return Trait(TasteKind.WORD, name)


def test_the_traits_of_a_story_are_its_tags_its_outlet_and_the_words_of_its_title() -> None:
    traits = traits_of(FERRY, ["politics"])
    assert {Trait(TasteKind.TAG, "politics"), Trait(TasteKind.OUTLET, "The Gazette"), word("ferry")} <= traits
    assert word("the") not in traits
    assert (
        taste_for(FERRY, ["politics"], {word("ferry"): 2, word("cheese"): 5, Trait(TasteKind.TAG, "politics"): -1}) == 1
    )


def test_a_liked_story_comes_first_and_a_disliked_one_last() -> None:
    reports = [
        Report(n, n, Scope(), version(one, NOON - timedelta(hours=n))) for n, one in enumerate((FERRY, CHEESE), 1)
    ]
    items = [Item(report) for report in reports]
    assert [item.report.id for item in best(items, Wishes(), NOON)] == [1, 2]
    for first, second, order in ((0, 1, [2, 1]), (-1, 0, [2, 1]), (3, 2, [1, 2]), (9, 7, [1, 2])):
        tasted = [replace(items[0], taste=first), replace(items[1], taste=second)]
        assert [item.report.id for item in best(tasted, Wishes(), NOON)] == order


async def _react(talk: Talk, change: int, message: str = "5") -> None:
    await react(talk.bot.dispatcher.context, talk.where, talk.user, message, change)


async def _topics(talk: Talk) -> View:
    return await talk.ask("/mytopics")


async def test_reactions_are_shown_and_undone() -> None:
    async with talk_over(FERRY, CHEESE) as talk:
        assert "You have not reacted to any story yet." in said(await _topics(talk))
        [ferry] = [
            one.id for one in await talk.library.titled(talk.bot.dispatcher.context.access.viewer(talk.where), "ferry")
        ]
        await talk.bot.chats.posted(talk.where, "5", (ferry,))
        await _react(talk, 1)
        assert "More: ferry (1)" in said(await _topics(talk))
        await _react(talk, -2)
        assert "Less: The Gazette (1)" in said(await _topics(talk))
        assert "Remove ferry" in said(await _topics(talk))
        left = await talk.press(Control(ControlVerb.FORGET_TASTE, 0, TasteKind.WORD, "ferry").encode())
        assert "ferry" not in said(left)
        assert "You have not reacted" in said(await talk.press(pressed(left, "Remove all")))


async def test_scores_have_a_limit_and_one_of_zero_is_gone() -> None:
    async with talk_over(FERRY) as talk:
        store = talk.bot.dispatcher.context.tastes
        assert store is not None
        for _ in range(9):
            await store.react(talk.where, [word("ferry")], 1, NOON)
        assert await store.tastes(talk.where) == {word("ferry"): HIGHEST}
        await store.react(talk.where, [word("ferry")], -HIGHEST, NOON)
        assert await store.tastes(talk.where) == {}


async def test_of_very_many_traits_the_last_ones_are_kept() -> None:
    async with talk_over(FERRY) as talk:
        store = talk.bot.dispatcher.context.tastes
        assert store is not None
        for number in range(80):
            traits = [word(f"word{number}x{place}") for place in range(5)]
            await store.react(talk.where, traits, 1, NOON + timedelta(minutes=number))
        kept = await store.tastes(talk.where)
        assert len(kept) == 300
        assert word("word79x0") in kept


async def test_a_reaction_to_a_list_or_to_nothing_known_changes_nothing() -> None:
    async with talk_over(FERRY, CHEESE) as talk:
        await talk.bot.chats.posted(talk.where, "5", ("a", "b"))
        await _react(talk, 1)
        await _react(talk, 1, "unknown")
        assert "You have not reacted" in said(await _topics(talk))


async def test_the_digest_of_the_chat_follows_its_taste() -> None:
    async with talk_over(FERRY, CHEESE) as talk:
        before = said(await talk.ask("/digest"))
        assert before.index("Cheese") < before.index("Ferry")
        store = talk.bot.dispatcher.context.tastes
        assert store is not None
        await store.react(talk.where, [word("ferry")], 3, NOON)
        after = said(await talk.ask("/digest"))
        assert after.index("Ferry") < after.index("Cheese")


async def test_buttons_like_and_dislike_the_story_that_was_shown_last() -> None:
    async with talk_over(FERRY, CHEESE) as talk:
        await talk.ask("/brief cheese")
        topics = await _topics(talk)
        assert "The last story: “Cheese prices rise again”" in said(topics)
        assert "More: cheese (1)" in said(await talk.press(pressed(topics, "More like this")))
        await talk.press(pressed(topics, "Less like this"))
        assert "Less: cheese (1)" in said(await talk.press(pressed(topics, "Less like this")))
        [button] = [pressed(topics, "More like this")]
        await talk.press(button, is_private=False)
        assert "Less: cheese (1)" in said(await _topics(talk))


def test_names_that_are_too_long_for_a_button_are_listed() -> None:
    outlet = Trait(TasteKind.OUTLET, "The Gazette of Norby and its many surrounding towns and hills")
    view = tastes_view({outlet: 1, Trait(TasteKind.TAG, "politics"): 2}, None)
    assert "The Gazette of Norby" in said(view)
    assert "Remove #politics" in said(view)
