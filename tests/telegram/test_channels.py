"""Channels as sources: their posts become stories where an administrator and the operator want it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.access import Access, Policy
from bot.chats import Destination
from bot.ingest.channels import ChannelIntake
from briefings.model import Version
from briefings.scope import Viewer
from tests.discord.talk import discord_talk
from tests.fakes import bundled
from tests.telegram.server import USERNAME
from tests.telegram.talk import ANN, CHANNEL, TelegramTalk, chat_of, telegram_talk
from tests.web import Web, client_for, page, running_web

PLACE = f"telegram:{CHANNEL}"
ALLOWED = Access(Policy.OPEN, links=frozenset({PLACE}))
TEXT = (
    "Bridge at Norby collapses\n\nThe bridge at Norby fell into the river on Monday evening, the police said.\n\n"
    "Nobody was hurt, because the road had been closed since the morning. The mayor, Ann Berg, asked for help."
    " The cause is not known. Engineers will look at the remains on Tuesday, and the river stays closed to ships."
)


@pytest.fixture(name="site")
async def _site() -> AsyncIterator[Web]:
    async with running_web() as site:
        site.put("/port", page("Port of Harwell closed"))
        yield site


@pytest.fixture(name="talk")
async def _talk(site: Web) -> AsyncIterator[TelegramTalk]:
    async with client_for(site) as client, telegram_talk(bundled()[0], access=ALLOWED, client=client) as talk:
        yield talk
        assert talk.api.refused == []


def link(text: str, address: str) -> dict[str, Any]:
    """The entity of a link in a post."""
    return {"entities": [{"type": "url", "offset": text.index(address), "length": len(address)}]}


async def stories(talk: TelegramTalk) -> dict[str, Version]:
    """The public stories that did not come with the talk, by their titles."""
    found = await talk.bot.dispatcher.context.library.newest(Viewer(), 50)
    known = bundled()[0].text
    return {one.article.headline().of(one.article.text): one for one in found if one.article.text != known}


async def test_a_post_with_an_article_becomes_a_story_with_the_channels_tags(talk: TelegramTalk) -> None:
    [said] = await talk.posts_in_channel("/source #bridges #local_news")
    assert said.parsed.text == "Posts of this channel become stories. Tags: bridges, local news"
    assert await talk.posts_in_channel(TEXT) == []
    version = (await stories(talk))["Bridge at Norby collapses"]
    assert version.article.site == "News"
    report = await talk.bot.dispatcher.context.library.report_of(version.id)
    assert report is not None
    assert report.scope.tags == {"bridges", "local news"}
    assert not report.scope.owner


async def test_the_public_address_of_a_post_is_its_storys(talk: TelegramTalk) -> None:
    await talk.posts_in_channel("/source #bridges")
    chat = {"id": CHANNEL, "type": "channel", "title": "News", "username": "norby_news"}
    await talk.posts_in_channel(TEXT, chat=chat, message_id=77)
    assert (await stories(talk))["Bridge at Norby collapses"].article.url == "https://t.me/norby_news/77"


async def test_a_post_with_a_link_becomes_the_story_of_its_page(talk: TelegramTalk, site: Web) -> None:
    await talk.posts_in_channel("/source #ports")
    text = f"Read this: {site.url('/port')}"
    await talk.posts_in_channel(text, **link(text, site.url("/port")))
    assert "Port of Harwell closed" in await stories(talk)


async def test_a_hidden_link_counts_too(talk: TelegramTalk, site: Web) -> None:
    await talk.posts_in_channel("/source #ports")
    hidden = {"type": "text_link", "offset": 0, "length": 4, "url": site.url("/port")}
    await talk.posts_in_channel("Read this", entities=[hidden])
    assert "Port of Harwell closed" in await stories(talk)


async def test_each_page_that_a_post_links_to_becomes_a_story(talk: TelegramTalk, site: Web) -> None:
    await talk.posts_in_channel("/source #ports")
    site.put("/mill", page("Mill at Norby burns", *TEXT.split("\n\n")))
    links = [site.url(path) for path in ("/nothing", "/port", "/mill", "/port")]
    hidden = [{"type": "text_link", "offset": at, "length": 1, "url": url} for at, url in enumerate(links)]
    await talk.posts_in_channel("Read this", entities=hidden)
    assert set(await stories(talk)) == {"Port of Harwell closed", "Mill at Norby burns"}


async def test_where_the_link_gives_nothing_the_posts_own_text_counts(talk: TelegramTalk, site: Web) -> None:
    await talk.posts_in_channel("/source #ports")
    text = f"{TEXT}\n{site.url('/nothing')}"
    await talk.posts_in_channel(text, **link(text, site.url("/nothing")))
    assert "Bridge at Norby collapses" in await stories(talk)


async def test_a_post_whose_page_does_not_answer_is_kept_and_can_be_tried_again(talk: TelegramTalk, site: Web) -> None:
    await talk.posts_in_channel("/source #ports")
    site.put("/slow", "Broken", status=500)
    text = f"Read this: {site.url('/slow')}"
    assert await talk.posts_in_channel(text, **link(text, site.url("/slow"))) == []
    [kept] = await talk.bot.inbox.aside()
    assert kept.reason == "the page that it links to cannot be read now"
    site.put("/slow", page("Port of Harwell closed"))
    assert await talk.bot.inbox.retry(kept.id)
    async with asyncio.timeout(60):
        while "Port of Harwell closed" not in await stories(talk):
            await asyncio.sleep(0.05)
    assert await talk.bot.inbox.aside() == []


async def test_the_front_page_of_a_site_is_not_read_in_place_of_the_post(talk: TelegramTalk, site: Web) -> None:
    await talk.posts_in_channel("/source #ports")
    site.put("/", page("All of the harbour"))
    text = f"{TEXT}\n{site.url('/')}"
    await talk.posts_in_channel(text, **link(text, site.url("/")))
    assert list(await stories(talk)) == ["Bridge at Norby collapses"]


@pytest.mark.parametrize("text", ["Good morning. More later. Stay with us.", "https://t.me/other/5", "/unknown"])
async def test_what_is_no_article_becomes_none(talk: TelegramTalk, text: str) -> None:
    await talk.posts_in_channel("/source #ports")
    more = link(text, text) if text.startswith("https") else {}
    assert await talk.posts_in_channel(text, **more) == []
    assert await stories(talk) == {}


async def test_a_post_may_name_the_bot_and_a_forwarded_one_is_of_its_first_channel(talk: TelegramTalk) -> None:
    await talk.posts_in_channel("/source #bridges")
    first = {"id": -1009, "type": "channel", "title": "Other News", "username": "other_news"}
    origin = {"type": "channel", "date": 1_700_000_000, "chat": first, "message_id": 5}
    assert await talk.posts_in_channel(f"{TEXT}\n\nSend your tips to @{USERNAME}", forward_origin=origin) == []
    article = (await stories(talk))["Bridge at Norby collapses"].article
    assert (article.site, article.url) == ("Other News", "https://t.me/other_news/5")


async def test_a_story_that_its_post_makes_shorter_is_corrected(talk: TelegramTalk) -> None:
    await talk.posts_in_channel("/source #bridges")
    await talk.posts_in_channel(TEXT, message_id=900)
    chat, short = chat_of(CHANNEL), TEXT.split("\n\nNobody", maxsplit=1)[0] + " Nobody was hurt. It stands again."
    post = {"message_id": 900, "date": 1_700_000_000, "edit_date": 1_700_000_100, "chat": chat, "sender_chat": chat}
    await talk._answered(lambda: talk.api.say(edited_channel_post=post | {"text": short}))
    assert "It stands again." in (await stories(talk))["Bridge at Norby collapses"].article.text


async def test_other_channels_are_no_sources(talk: TelegramTalk) -> None:
    await talk.posts_in_channel(TEXT)
    assert await stories(talk) == {}


async def test_it_ends(talk: TelegramTalk) -> None:
    await talk.posts_in_channel("/source #bridges")
    [said] = await talk.posts_in_channel("/source aus")
    assert "do not become stories" in said.parsed.text
    await talk.posts_in_channel(TEXT)
    assert await stories(talk) == {}
    [said] = await talk.posts_in_channel("/source")
    assert "do not become stories" in said.parsed.text


async def test_an_administrator_does_it_from_the_private_chat(talk: TelegramTalk) -> None:
    talk.api.members[-1009, ANN] = "administrator"
    [said] = await talk.says("/source @norby_news #bridges")
    assert "telegram:-1009 in “fetching: allow_links”" in said.parsed.text
    talk.api.members[-1009, ANN] = "member"
    [said] = await talk.says("/source @norby_news #bridges")
    assert "You are not an administrator" in said.parsed.text


async def test_the_operator_has_to_allow_the_channel(site: Web) -> None:
    async with client_for(site) as client, telegram_talk(access=Access(Policy.OPEN), client=client) as talk:
        [said] = await talk.posts_in_channel("/source #bridges")
        assert f"{PLACE} in “fetching: allow_links”" in said.parsed.text
        await talk.posts_in_channel(TEXT)
        assert "Bridge at Norby collapses" not in await stories(talk)


async def test_operators_see_and_end_it(site: Web) -> None:
    access = Access(Policy.OPEN, frozenset({f"telegram:{ANN}"}), links=frozenset({PLACE}))
    async with client_for(site) as client, telegram_talk(bundled()[0], access=access, client=client) as talk:
        await talk.posts_in_channel("/source #bridges")
        [said] = await talk.says("/feeds")
        assert f"{PLACE}: a channel whose posts become stories. bridges" in said.parsed.text
        [said] = await talk.says(f"/feeds remove {PLACE}")
        assert "Removed" in said.parsed.text
        desk = talk.bot.ingest
        assert desk is not None
        assert await desk.channels.sources.tags(Destination("telegram", str(CHANNEL))) is None


async def test_a_private_chat_and_a_server_of_discord_are_no_channels(talk: TelegramTalk, site: Web) -> None:
    [said] = await talk.says("/source #bridges")
    assert "Only a channel on Telegram can be a source" in said.parsed.text
    async with discord_talk() as other:
        [card] = await other.gives("source", tags="#bridges")
        assert "This bot is offline" in card.text
    assert not site.requests


async def test_a_post_that_takes_too_much_costs_itself_alone(
    talk: TelegramTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from briefings.errors import LimitExceeded

    async def fail(*_: object) -> None:
        raise LimitExceeded("time")

    await talk.posts_in_channel("/source #bridges")
    monkeypatch.setattr(ChannelIntake, "_written", fail)
    assert await talk.posts_in_channel(TEXT) == []
    assert await talk.bot.inbox.aside() == []
    monkeypatch.undo()
    await talk.posts_in_channel(TEXT)
    assert "Bridge at Norby collapses" in await stories(talk)
