"""Which stories a post chooses from, also on a day with very many of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.jobs import post_due
from bot.posting import window
from briefings.digest import Wishes, shortlist
from briefings.model import Article
from briefings.scope import Scope
from briefings.story_store import WindowEntry
from tests.fakes import NOON, OpenTalk, Talk, article
from tests.integration.test_week_of_feeds import Chats

HOUR = timedelta(hours=1)
ALL = Wishes()


def entry(report: int, story: int, hours: float = 1, number: int = 1, *tags: str) -> WindowEntry:
    return WindowEntry(report, story, number, NOON - hours * HOUR, frozenset(tags))


class TestShortlist:
    def test_a_story_that_is_untold_comes_once_as_its_newest_report(self) -> None:
        assert shortlist([entry(3, 1, 1), entry(2, 1, 2), entry(1, 2, 3)], {}, (), ALL, NOON) == [3, 1]

    def test_a_told_story_comes_with_all_of_its_updated_reports(self) -> None:
        entries = [entry(4, 1, 1, 3), entry(3, 1, 2, 2), entry(2, 1, 3), entry(1, 2, 4)]
        assert shortlist(entries, {4: 2, 3: 1}, {1}, ALL, NOON) == [4, 3, 1]
        assert shortlist(entries, {4: 3, 3: 2}, {1, 2}, ALL, NOON) == []

    def test_what_many_report_comes_first_then_what_is_new(self) -> None:
        entries = [entry(6, 3, 1), entry(5, 2, 5), *(entry(n, 1, 20) for n in range(1, 5))]
        assert shortlist(entries, {}, (), ALL, NOON) == [1, 6, 5]

    def test_the_chats_tags_decide(self) -> None:
        entries = [entry(2, 2, 1, 1, "sport"), entry(1, 1, 2, 1, "local news")]
        assert shortlist(entries, {}, (), Wishes(tags=("Local News",)), NOON) == [1]


WORDS = [first + second for first in ("bap", "dov", "kel", "mir", "tus") for second in ("ora", "ine", "ulo")]


def about(word: str) -> Article:
    return article(f"The {word} of the {word} king", f"{word.title()} {word}s were {word}ed by the {word} king.")


async def _next_digest(talk: Talk, chats: Chats) -> str:
    talk.clock.now = (talk.clock.now + timedelta(days=1)).replace(hour=8, minute=0)
    await post_due(talk.bot)
    await chats.take()
    return chats.posts[-1].delivery.payload or ""


class TestFloods:
    @pytest.fixture(autouse=True)
    def _small_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(window, "_PAGE", 3)
        monkeypatch.setattr(window, "_ENOUGH", 5)

    async def test_an_old_story_of_many_outlets_is_told_before_a_flood_of_new_ones(self, open_talk: OpenTalk) -> None:
        talk = await open_talk()
        chats = Chats(talk)
        await talk.ask("/subscribe 8:00")
        first = about("quince")
        for outlet in range(4):
            url = f"https://outlet{outlet}.example/quince"
            report = article("The quince of the quince king", first.text, url=url)
            await talk.add(replace(report, site=f"Outlet {outlet}"))
        talk.clock.now += HOUR
        for word in WORDS:
            await talk.add(about(word))
        digest = await _next_digest(talk, chats)
        assert "1. The quince of the quince king" in digest
        assert f"And {len(WORDS) + 1 - 5} more stories" in digest

    async def test_a_word_is_looked_for_in_all_of_them(self, open_talk: OpenTalk) -> None:
        talk = await open_talk()
        chats = Chats(talk)
        await talk.ask("/subscribe 8:00")
        await talk.ask("/settings include quince")
        await talk.add(about("quince"))
        talk.clock.now += HOUR
        for word in WORDS:
            await talk.add(about(word))
        digest = await _next_digest(talk, chats)
        assert "The quince of the quince king" in digest
        assert "apple" not in digest

    async def test_after_quiet_hours_every_story_is_told(self, open_talk: OpenTalk) -> None:
        talk = await open_talk()
        chats = Chats(talk)
        await talk.ask("/subscribe 8:00")
        await talk.ask("/settings mode arrival")
        await talk.ask("/settings quiet 22:00-7:00")
        talk.clock.now = NOON.replace(hour=23)
        for word in WORDS:
            await talk.add(about(word))
            await post_due(talk.bot)
        talk.clock.now = NOON.replace(hour=7) + timedelta(days=1)
        await post_due(talk.bot)
        await chats.take()
        said = "\n".join(post.delivery.payload or "" for post in chats.posts)
        assert all(f"The {word} of the {word} king" in said for word in WORDS)


async def test_a_told_story_that_was_joined_with_another_is_not_told_again(open_talk: OpenTalk) -> None:
    talk = await open_talk()
    chats = Chats(talk)
    await talk.ask("/subscribe 8:00")
    later = await talk.add(about("quince"), Scope(tags=frozenset({"a"})))
    told = await talk.add(about("lemon"))
    assert "lemon" in await _next_digest(talk, chats)
    reports = [report for one in (later, told) if (report := await talk.library.report_of(one.id))]
    await talk.bot.stories.join([one.id for one in reports])
    other = await talk.add(about("melon"))
    joined = await talk.library.report_of(other.id)
    assert joined is not None
    await talk.bot.stories.join([reports[1].id, joined.id])
    await talk.add(about("grape"))
    digest = await _next_digest(talk, chats)
    assert "Digest: 1 story" in digest
    assert "1. The grape of the grape king" in digest


async def test_a_later_report_of_a_told_story_is_not_told_again(open_talk: OpenTalk) -> None:
    talk = await open_talk()
    chats = Chats(talk)
    await talk.ask("/subscribe 8:00")
    first = about("quince")
    await talk.add(replace(first, site="Outlet 1"))
    assert "1. The quince of the quince king" in await _next_digest(talk, chats)
    await talk.add(replace(first, site="Outlet 2", url="https://outlet2.example/quince"))
    await talk.add(about("lemon"))
    digest = await _next_digest(talk, chats)
    assert "Digest: 1 story" in digest
    assert "1. The lemon of the lemon king" in digest


async def test_a_chat_that_wants_to_know_of_quiet_days_is_told_from_the_next_one_on(open_talk: OpenTalk) -> None:
    talk = await open_talk()
    chats = Chats(talk)
    await talk.ask("/subscribe 8:00")
    for value in ("say", "skip"):
        before = len(chats.posts)
        await talk.ask(f"/settings quiet_days {value}")
        talk.clock.now = (talk.clock.now + timedelta(days=1)).replace(hour=8, minute=0)
        await post_due(talk.bot)
        await chats.take()
        said = [post.delivery.payload or "" for post in chats.posts[before:]]
        assert ["No news this time" in one for one in said] == [True] * (value == "say")
