"""Inline mode: stories as cards in any chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.access import Access, Policy
from briefings.scope import Scope
from tests.fakes import article
from tests.telegram import parser
from tests.telegram.server import USERNAME
from tests.telegram.talk import ANN, TelegramTalk, person, telegram_talk

BRIDGE = article("Bridge at Norby collapses", "The bridge at Norby fell into the river on Monday. Nobody was hurt.")


@pytest.fixture(name="talk")
async def _talk() -> AsyncIterator[TelegramTalk]:
    async with telegram_talk() as talk:
        yield talk
        assert talk.api.refused == []


async def offered(talk: TelegramTalk, words: str, user: int = ANN, **client: Any) -> list[dict[str, Any]]:
    """The results for somebody who types the bot's name and these words."""
    results: list[dict[str, Any]] = (await answered(talk, words, user, **client))["results"]
    return results


async def answered(talk: TelegramTalk, words: str, user: int = ANN, **client: Any) -> dict[str, Any]:
    """The whole answer to what somebody types after the bot's name."""
    number = f"i{talk._next()}"
    talk.api.say(inline_query={"id": number, "from": person(user) | client, "query": words, "offset": ""})
    async with asyncio.timeout(60):
        while number not in talk.api.offers:
            await asyncio.sleep(0.01)
    answer = talk.api.offers[number]
    assert answer["is_personal"]
    return answer


def words_of(result: dict[str, Any]) -> str:
    return parser.visible(parser.parse_html(result["input_message_content"]["message_text"]).text)


async def test_a_story_is_found_by_its_words_with_cards_of_its_sections(talk: TelegramTalk) -> None:
    story, *others = await offered(talk, "two drones")
    assert story["title"].startswith("Two drones over the Kremlin")
    assert "Two drones over the Kremlin" in words_of(story)
    who = next(one for one in others if one["title"].startswith("Who · "))
    assert "Two drones over the Kremlin" in words_of(who)


async def test_its_buttons_lead_to_the_bot_and_to_the_source(talk: TelegramTalk) -> None:
    story, *_ = await offered(talk, "two drones")
    keys = [key for row in story["reply_markup"]["inline_keyboard"] for key in row]
    assert all("url" in key for key in keys)
    assert any(key["url"].startswith(f"https://t.me/{USERNAME}?start=") for key in keys)


async def test_nothing_typed_gives_the_newest_stories(talk: TelegramTalk) -> None:
    titles = [one["title"] for one in await offered(talk, "")]
    assert len([title for title in titles if " · " not in title]) > 3


@pytest.mark.parametrize(
    ("typed", "section"),
    [("who kremlin", "Who"), ("perché panama", "Why"), ("reactions", "Reactions"), ("consequences", "Consequences")],
)
async def test_a_section_can_stand_first_or_alone(talk: TelegramTalk, typed: str, section: str) -> None:
    found = await offered(talk, typed)
    assert found
    assert all(one["title"].startswith(f"{section} · ") for one in found)


async def test_the_beginning_of_a_title_is_no_section(talk: TelegramTalk) -> None:
    titles = [one["title"] for one in await offered(talk, "why the panama")]
    assert titles[0].startswith("Why the Panama Canal")


async def test_a_misspelt_title_is_found_and_so_is_the_word_latest(talk: TelegramTalk) -> None:
    assert "Kremlin" in (await offered(talk, "kremiln"))[0]["title"]
    assert await offered(talk, "latest") == await offered(talk, "")


async def test_a_section_can_be_named_in_the_language_of_the_client(talk: TelegramTalk) -> None:
    for words in ("kremlin who", "kremlin chi"):
        found = await offered(talk, words, language_code="it")
        assert found
        assert all(one["title"].startswith("Chi · ") for one in found)


async def test_words_inside_the_articles_are_found_too(talk: TelegramTalk) -> None:
    assert await offered(talk, "Medvedev")


async def test_if_nothing_is_found_a_button_says_so_and_opens_the_latest_stories(talk: TelegramTalk) -> None:
    answer = await answered(talk, "xyzzy", language_code="it")
    assert answer["results"] == []
    assert answer["button"]["text"].startswith("Nessun risultato.")
    [latest] = await talk.says(f"/start {answer['button']['start_parameter']}")
    assert latest.parsed.text.startswith("Latest stories")
    assert "button" not in await answered(talk, "two drones")


async def test_titles_come_first_then_stories_with_the_words_in_their_text() -> None:
    hospital = article("Hospital warns of shortages", "The bridge to Norby is closed. Oxygen lasts for six days.")
    async with telegram_talk(BRIDGE, hospital) as talk:
        titles = [one["title"] for one in await offered(talk, "bridge") if " · " not in one["title"]]
        assert titles == ["Bridge at Norby collapses", "Hospital warns of shortages"]


async def test_who_is_offered_for_a_story_without_such_a_section() -> None:
    fire = article("Fire in Norby", "The mayor accused the owner of the hall of negligence. The owner denied it.")
    async with telegram_talk(fire) as talk:
        [card] = await offered(talk, "fire who")
        assert card["title"] == "Who · Fire in Norby"


async def test_private_and_restricted_stories_are_never_offered() -> None:
    access = Access(Policy.OPEN, frozenset({f"telegram:{ANN}"}), restricted={"secret": frozenset({f"telegram:{ANN}"})})
    async with telegram_talk(article("A quiet day", "Nothing happened on Monday."), access=access) as talk:
        library = talk.bot.dispatcher.context.library
        await library.add(BRIDGE, talk.bot.clock(), Scope(f"telegram:{ANN}"))
        plan = article("A secret plan for Norby", "The plan is secret. It is about the bridge.")
        await library.add(plan, talk.bot.clock(), Scope(tags=frozenset({"secret"})))
        for words in ("", "bridge", "norby", "secret plan", "river", "bridge what"):
            assert all("A quiet day" in one["title"] for one in await offered(talk, words))


async def test_whoever_has_no_access_gets_nothing() -> None:
    async with telegram_talk(BRIDGE, access=Access(Policy.CLOSED, frozenset({f"telegram:{ANN}"}))) as talk:
        assert "button" not in await answered(talk, "bridge", user=8)
        assert await offered(talk, "bridge", user=8) == []
        assert await offered(talk, "bridge")


async def test_a_malformed_query_stops_nothing(talk: TelegramTalk) -> None:
    talk.api.say(inline_query={"id": "x", "query": "bridge"})
    assert await offered(talk, "two drones")
