"""A question is never lost: when the bot has to ask which story is meant, and when a question names another one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.views.model import Button
from tests.discord.server import BOT, CHANNEL, GUILD
from tests.discord.talk import discord_talk
from tests.fakes import Talk, article, talk_over
from tests.shown import said
from tests.telegram.talk import GROUP, reply_to, telegram_talk

BRIDGE = article(
    "Bridge collapses after a ship hits it",
    "The bridge in Baltimore fell into the river on Tuesday after a container ship had lost its power.",
    "## Who is responsible?",
    "The owner of the ship blames the harbour.",
    url="https://a.example/1",
)
FERRY = article(
    "Ferry collapses at its quay",
    "The ferry in Norby broke in two on Monday, and the harbour was closed for the day.",
    "## Who is responsible?",
    "The captain blames the builder of the ferry.",
    url="https://a.example/2",
)
KREMLIN = article(
    "Two drones over the Kremlin",
    "Russia says that two drones were flown at the Kremlin. It happened in the night.",
    "## Who is responsible?",
    "Moscow blames Kyiv.",
    url="https://a.example/3",
)
ALL = (BRIDGE, FERRY, KREMLIN)


@pytest.fixture(name="talk")
async def _talk() -> AsyncIterator[Talk]:
    async with talk_over(*ALL) as talk:
        yield talk


class TestWhichStory:
    @pytest.mark.parametrize("choice", ["1", "#1", "2"])
    async def test_a_number_answers_what_was_asked(self, talk: Talk, choice: str) -> None:
        asked = await talk.ask("/who collapses")
        assert "Which story do you mean?" in said(asked)
        answer = said(await talk.ask(choice))
        assert "blames the" in answer

    async def test_a_button_does_too(self, talk: Talk) -> None:
        asked = await talk.ask("/who collapses")
        answer = said(await talk.press(f"v1|brief|{asked.about[0]}||0"))
        assert "blames the" in answer
        assert "Who is responsible?" in answer

    async def test_what_was_asked_since_counts(self, talk: Talk) -> None:
        asked = await talk.ask("/who collapses")
        await talk.ask("/latest")
        assert talk.bot.dispatcher.context.pending.about(talk.user, asked.about[0]) == ""


class TestNumbers:
    async def test_a_number_alone_opens_the_story_of_the_list(self, talk: Talk) -> None:
        latest = await talk.ask("/latest")
        assert (await talk.ask("2")).about == (latest.about[1],)

    async def test_a_command_needs_no_slash_before_a_number(self, talk: Talk) -> None:
        latest = await talk.ask("/latest")
        answer = await talk.ask("who 3")
        assert answer.about == (latest.about[2],)
        assert "blames" in said(answer)

    async def test_a_number_that_is_not_in_the_list_is_told(self, talk: Talk) -> None:
        await talk.ask("/latest")
        assert "no story number 9" in said(await talk.ask("9"))

    @pytest.mark.parametrize("text", ["stop 1", "unsubscribe 1"])
    async def test_what_changes_something_needs_its_slash(self, talk: Talk, text: str) -> None:
        assert "Unsubscribed" not in said(await talk.ask(text))


class TestLists:
    async def test_a_search_goes_on(self) -> None:
        many = [article(f"Harbour report {n}", f"The harbour was closed {n} times.") for n in range(12)]
        async with talk_over(*many) as talk:
            first = await talk.ask("/search harbour")
            [more] = [one.action.encode() for one in first.buttons if isinstance(one, Button)][-1:]
            second = await talk.press(more)
            assert (len(first.about), len(second.about)) == (8, 4)
            assert not set(first.about) & set(second.about)
            assert "More stories" not in said(second)


class TestOtherStories:
    async def test_a_question_that_names_another_story_is_about_that(self, talk: Talk) -> None:
        await talk.ask("/brief kremlin")
        assert "The bridge in Baltimore" in said(await talk.ask("what happened in Baltimore?"))

    async def test_a_question_about_nothing_in_the_library_says_so(self, talk: Talk) -> None:
        await talk.ask("/brief kremlin")
        answer = said(await talk.ask("what happened in Reykjavik?"))
        assert "No recent story says anything about “Reykjavik”." in answer

    async def test_a_question_about_a_person_is_about_the_story_that_names_them_anywhere(self) -> None:
        budget = article(
            "Budget of Norby passes",
            "The council of Norby passed its budget on Monday after a long debate about schools and roads.",
            "The vote was close.",
            *(f"Item {n} of the budget pays for the road to Farm {n}, which was washed away." for n in range(2, 9)),
            "Ilan Petrosk, who leads the library, said that it will close on Sundays.",
            url="https://a.example/4",
        )
        async with talk_over(KREMLIN, budget) as talk:
            await talk.ask("/brief kremlin")
            assert "leads the library" in said(await talk.ask("who is Ilan Petrosk?"))

    async def test_a_question_about_the_current_story_stays_with_it(self, talk: Talk) -> None:
        await talk.ask("/brief kremlin")
        assert "Moscow blames Kyiv." in said(await talk.ask("who does Moscow blame?"))


async def test_a_question_below_a_list_is_about_the_story_with_its_names(talk: Talk) -> None:
    listed = await talk.ask("/latest")
    assert "Moscow blames Kyiv." in said(await talk.ask("who does Moscow blame?", *listed.about))
    for text in ("why did it happen?", "who does Narnia blame?"):
        assert "Which story do you mean?" in said(await talk.ask(text, *listed.about))


async def test_on_telegram_a_reply_to_a_list_and_a_mention_with_a_number_work() -> None:
    async with telegram_talk(*ALL) as talk:
        [latest] = await talk.says("/latest", chat=GROUP)
        [replied] = await talk.says("2", chat=GROUP, **reply_to(latest))
        [named] = await talk.says("@nutgraf_test_bot 2", chat=GROUP)
        assert "Ferry collapses" in replied.parsed.text
        assert replied.parsed.text == named.parsed.text
        [asked] = await talk.says("who does Moscow blame?", chat=GROUP, **reply_to(latest))
        assert "Moscow blames Kyiv." in asked.parsed.text


async def test_on_discord_a_mention_with_a_number_and_a_bare_mention_are_answered() -> None:
    async with discord_talk(ALL) as talk:
        [latest] = await talk.gives("latest")
        below = {"message_id": str(latest.number), "channel_id": str(CHANNEL), "guild_id": str(GUILD)}
        [asked] = await talk.says("who does Moscow blame?", CHANNEL, message_reference=below, mentions=[BOT])
        assert "Moscow blames Kyiv." in asked.text
        [named] = await talk.says(f"<@{BOT['id']}> 2", channel=CHANNEL)
        [bare] = await talk.says(f"<@{BOT['id']}>", channel=CHANNEL)
        assert "Ferry collapses" in named.text
        assert "Nutgraf briefs the news." in bare.text
