"""Whoever follows a story is told of each report and each version with news, once, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.access import Access, Policy
from bot.chats import Destination
from bot.commands.context import Request
from bot.delivery.model import State
from bot.storage.database.engine import Database
from bot.subscriptions.following import MOST_FOLLOWED
from bot.subscriptions.model import Mode
from bot.views.buttons import Action, Verb
from bot.views.model import Button, View
from briefings.model import Article
from briefings.scope import Scope, Viewer
from tests.fakes import article
from tests.newsroom import Newsroom
from tests.shown import said

ANN, GROUP = Destination("test", "9"), Destination("test", "-1")
FIRST = "The bridge at Norby fell into the river on Monday."


def bridge(*more: str) -> Article:
    return article("Bridge collapses", FIRST, *more, url="https://news.example/bridge")


@pytest.fixture(name="newsroom")
async def _newsroom(database: Database) -> Newsroom:
    newsroom = Newsroom(database, Access(Policy.OPEN))
    await newsroom.add(bridge())
    await newsroom.at(6)
    return newsroom


async def ask(newsroom: Newsroom, text: str, where: Destination = ANN) -> View:
    view = await newsroom.bot.dispatcher.answer(Request(where, text, "test:9", is_private=where == ANN))
    assert view is not None
    return view


async def press(newsroom: Newsroom, verb: Verb, where: Destination = ANN) -> View:
    [version, *_] = await newsroom.bot.dispatcher.context.library.newest(Viewer(str(ANN)), 1)
    request = Request(where, Action(verb, version.id).encode(), "test:9", is_private=where == ANN)
    view = await newsroom.bot.dispatcher.press(request)
    assert view is not None
    return view


def verbs(view: View) -> set[Verb]:
    actions = (button.action for button in view.buttons if isinstance(button, Button))
    return {action.verb for action in actions if isinstance(action, Action)}


async def test_a_new_version_with_news_is_sent_once(newsroom: Newsroom) -> None:
    await press(newsroom, Verb.FOLLOW)
    assert await newsroom.at(7) == []  # what was known is not told
    await newsroom.add(bridge("Divers found the cause on Tuesday."))
    [post] = await newsroom.at(7, minute=5)
    assert post.destination == ANN
    assert "News of a story that you follow." in (post.payload or "")
    assert "Divers found the cause on Tuesday." in (post.payload or "")
    await newsroom.add(bridge())  # a text that only gets shorter tells nothing new
    assert await newsroom.at(7, minute=10) == [post]
    await newsroom.send()
    assert await newsroom.states() == [State.SENT]


async def test_another_report_of_the_story_is_sent(newsroom: Newsroom) -> None:
    await press(newsroom, Verb.FOLLOW)
    await newsroom.add(replace(article("Norby loses its bridge", FIRST, url="https://other.example/1"), site="Other"))
    reports = await newsroom.bot.stories.newest(Viewer(), 5)
    await newsroom.bot.stories.join([one.id for one in reports])
    [post] = await newsroom.at(7)
    assert "Norby loses its bridge" in (post.payload or "")


async def test_nothing_is_sent_after_unfollowing(newsroom: Newsroom) -> None:
    assert Verb.UNFOLLOW in verbs(await press(newsroom, Verb.FOLLOW))
    assert "Bridge collapses" in said(await ask(newsroom, "/following"))
    assert Verb.UNFOLLOW in verbs(await ask(newsroom, "/brief"))
    assert Verb.FOLLOW in verbs(await press(newsroom, Verb.UNFOLLOW))
    assert "You follow no stories." in said(await ask(newsroom, "/following"))
    await newsroom.add(bridge("Divers found the cause on Tuesday."))
    assert await newsroom.at(7) == []


async def test_a_summary_can_be_followed_and_stays_a_summary(newsroom: Newsroom) -> None:
    button = next(one for one in (await ask(newsroom, "/summary")).buttons if str(one.label.text) == "Follow")
    assert isinstance(button, Button)
    request = Request(ANN, button.action.encode(), "test:9", is_private=True)
    view = await newsroom.bot.dispatcher.press(request)
    assert view is not None
    assert Verb.UNFOLLOW in verbs(view)
    assert Verb.SUMMARY not in verbs(view)


async def test_a_hidden_story_is_not_sent_even_if_it_waits(newsroom: Newsroom) -> None:
    await press(newsroom, Verb.FOLLOW)
    await newsroom.add(bridge("Divers found the cause on Tuesday."))
    [_] = await newsroom.at(7)
    [report] = await newsroom.bot.stories.newest(Viewer(), 5)
    await newsroom.bot.stories.hide(report.id, hidden=True)
    assert await newsroom.send() == []


async def test_whoever_may_not_use_the_bot_any_more_is_sent_nothing(newsroom: Newsroom) -> None:
    await press(newsroom, Verb.FOLLOW)
    await newsroom.add(bridge("Divers found the cause on Tuesday."))
    [_] = await newsroom.at(7)
    newsroom.bot.dispatcher.context.access.take_over(Access(Policy.CLOSED))
    assert await newsroom.send() == []


async def test_a_chat_with_each_story_as_it_arrives_is_not_told_twice(newsroom: Newsroom) -> None:
    await newsroom.subscribe(ANN, mode=Mode.ARRIVAL)
    await press(newsroom, Verb.FOLLOW)
    await newsroom.add(bridge("Divers found the cause on Tuesday."))
    [post] = await newsroom.at(7)
    assert post.subscription > 0


async def test_groups_have_no_such_button_and_a_forged_one_does_nothing(newsroom: Newsroom) -> None:
    assert Verb.FOLLOW not in verbs(await ask(newsroom, "/brief", GROUP))
    await press(newsroom, Verb.FOLLOW, GROUP)
    await newsroom.add(bridge("Divers found the cause on Tuesday."))
    assert await newsroom.at(7) == []


async def test_a_story_that_is_opened_by_its_address_can_be_followed(newsroom: Newsroom) -> None:
    assert Verb.FOLLOW in verbs(await ask(newsroom, "https://news.example/bridge"))
    assert Verb.FOLLOW not in verbs(await ask(newsroom, "https://news.example/bridge", GROUP))


async def test_ones_own_article_cannot_be_followed(newsroom: Newsroom) -> None:
    await newsroom.add(article("My own", "A text of mine. It says little."), Scope(str(ANN)))
    assert Verb.FOLLOW not in verbs(await ask(newsroom, "/brief"))
    assert Verb.FOLLOW not in verbs(await ask(newsroom, "/summary"))
    assert "I cannot follow an article that you sent me yourself" in said(await press(newsroom, Verb.FOLLOW))


async def test_there_is_a_limit(newsroom: Newsroom) -> None:
    store = newsroom.bot.dispatcher.context.following
    assert store is not None
    for number in range(MOST_FOLLOWED):
        await newsroom.add(article(f"Story number {number}", f"Text {number} is about nothing else. Really."))
        [version] = await newsroom.bot.dispatcher.context.library.newest(Viewer(), 1)
        report = await newsroom.bot.stories.report_of(version.id)
        assert report is not None
        await newsroom.bot.stories.split(report.id)
        assert await store.follow(ANN, version.id, newsroom.clock())
    assert len(await store.followed(ANN)) == MOST_FOLLOWED
    assert "which is the most I can do" in said(await press(newsroom, Verb.FOLLOW))
