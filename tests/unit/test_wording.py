"""Commands and small talk that people write in their own way."""

from __future__ import annotations

import pytest

from bot.commands.context import Request
from bot.commands.numbers import number_in
from bot.commands.plain_requests import PlainRequest, plain_request
from bot.commands.wording import commands_mentioned, tidied
from tests.fakes import OpenTalk, Talk, article
from tests.shown import said

STORIES = [
    article(f"Bridge number {place} at Norby collapses", f"The bridge of {place} fell on Monday. Nobody was hurt.")
    for place in ("Alden", "Boxley", "Corby", "Denby", "Elton", "Farley", "Garby", "Halden", "Ilby", "Jarley")
]


@pytest.fixture(name="talk")
async def _talk(open_talk: OpenTalk) -> Talk:
    return await open_talk(*STORIES)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("//who", "/who"),
        ("/ who kremlin", "/who kremlin"),
        ("/who?", "/who"),
        ("/who@a_bot! kremlin?", "/who@a_bot kremlin?"),
        ("WHO DID IT???", "who did it???"),
        ("WHO", "WHO"),  # it may be an acronym
        ("Is it NATO?", "Is it NATO?"),
        ("and/or", "and/or"),
        ("/", "/"),
    ],
)
def test_slashes_marks_and_capitals_are_tidied(typed: str, read: str) -> None:
    assert tidied(typed) == read


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2", ("", 2)),
        ("#2.", ("", 2)),
        ("number 2", ("", 2)),
        ("No. 2", ("", 2)),
        ("Nummer 3", ("", 3)),
        ("who 2", ("who", 2)),
        ("the second one", ("", 2)),
        ("la terza", ("", 3)),
        ("2 and 3", None),
        ("second thoughts", None),
    ],
)
def test_numbers_are_read_in_any_of_the_languages(typed: str, found: tuple[str, int] | None) -> None:
    assert number_in(typed) == found


def test_commands_are_found_among_the_words_in_the_language_of_the_client() -> None:
    assert [one.name for one in commands_mentioned("I want a digest every morning", "en")] == ["digest"]
    assert [one.name for one in commands_mentioned("vorrei il riepilogo alle 8", "it")] == ["digest"]
    assert commands_mentioned("vorrei il riepilogo alle 8", "en") == []
    assert commands_mentioned("so many people, and what next", "en") == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("LATEST", "Latest stories"),
        ("latest", "Latest stories"),
        ("ultime", "Latest stories"),
        ("any news?", "Latest stories"),
        ("what's new?", "Latest stories"),
        ("help", "Commands"),
        ("Hello bot", "Nutgraf briefs the news."),
        ("who are you?", "Nutgraf briefs the news."),
        ("cosa sai fare?", "Nutgraf briefs the news."),
        ("search hurt", "for “hurt”"),
        ("summary corby", "Bridge number Corby"),
        ("/corby", "Bridge number Corby"),
        ("❤️", "You are welcome."),
        ("😡", "I did not understand"),
        ("?", "I did not understand"),
        ("...", "I did not understand"),
        ("stop", "Stop posting here"),
        ("subscribe me", "Post a digest here every day"),
        ("resume, please", "Resume posting"),
        ("please resume now", "Resume posting"),
        ("report", "Report a mistake to the operators"),
        ("/more", "Bridge number"),
        ("what's going on?", "Latest stories"),
        ("was ist los?", "Latest stories"),
        ("lastest", "The newest stories"),
        ("look for hurt please", "for “hurt”"),
        ("find out who did it", "The article does not say."),
        ("/follow corby", "I will send you what is new about this story"),
        ("stop following the corby story", "You do not follow this story any more."),
        ("follow unicorns", "I did not understand"),
        ("follow corby, it lies", "I did not understand"),
        ("Find it hard to believe", "I did not understand"),
    ],
)
async def test_they_are_answered(talk: Talk, typed: str, shown: str) -> None:
    assert shown in said(await talk.ask(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "can you summarize the story about Corby, please?",
        "TL;DR of Corby",
        "puoi riassumere la notizia su Corby?",
        "Fasse bitte die Meldung über Corby zusammen",
        "résume l'article sur Corby, s'il te plaît",
        "hazme un resumen de Corby, por favor",
    ],
)
async def test_a_summary_is_asked_for_in_a_sentence(talk: Talk, typed: str) -> None:
    summary = said(await talk.ask("/summary corby"))
    await talk.ask("/brief alden")
    assert said(await talk.ask(typed)) == summary
    await talk.ask("/brief corby")
    assert said(await talk.ask("in short, please")) == summary


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("quick summary", PlainRequest("summary", "")),
        ("summarize tunnel and bridge now", PlainRequest("summary", "tunnel and bridge")),
        ('please search for "red line"', PlainRequest("search", '"red line"')),
        ("suche Tunnel", PlainRequest("search", "Tunnel")),
        ("the summary was wrong", PlainRequest("summary", "was wrong", is_remark=True)),
        ("trova il ponte e la diga", PlainRequest("search", "ponte e la diga")),
        ("in short, the mayor lied", PlainRequest("summary", "mayor lied", is_remark=True)),
        ("find it hard to believe", PlainRequest("search", "hard to believe", is_remark=True)),
        ("cerca di non piangere", PlainRequest("search", "non piangere", is_remark=True)),
        ("trouve ça bizarre", PlainRequest("search", "bizarre", is_remark=True)),
        ("busca lo que quieras", PlainRequest("search", "que quieras", is_remark=True)),
        ("in short, please", PlainRequest("summary", "")),
        ("summarize it for me", PlainRequest("summary", "")),
        ("please", None),
        ("who is to blame?", None),
    ],
)
def test_requests_are_read_without_the_words_around_them(typed: str, read: PlainRequest | None) -> None:
    assert plain_request(typed) == read


async def test_a_remark_is_no_request(talk: Talk) -> None:
    [story] = (await talk.ask("/brief corby")).about
    for remark in ("search for yourselves", "follow the money", "see https://example.org/corby", "who knows"):
        heard = Request(talk.where, remark, talk.user, about=(story,), is_overheard=True)
        assert await talk.bot.dispatcher.answer(heard) is None, remark
    asked = Request(talk.where, "how much did the party cost", talk.user, about=(story,), is_overheard=True)
    assert await talk.bot.dispatcher.answer(asked) is not None


async def test_a_remark_that_shares_a_word_with_a_title_is_told_so(talk: Talk) -> None:
    assert "This story has some of your words in its title." in said(await talk.ask("corby is dull"))
    assert "your words" not in said(await talk.ask("corby bridge"))


async def test_stories_are_followed_in_private_chats(talk: Talk) -> None:
    assert "in a private chat" in said(await talk.ask("follow corby", is_private=False))
    refused = await talk.ask("follow corby", is_edit=True)
    assert refused.is_refusal


async def test_more_goes_on_with_the_last_list_and_then_with_the_last_story(talk: Talk) -> None:
    await talk.ask("/latest")
    assert "9. " not in said(await talk.ask("/latest"))
    more = said(await talk.ask("more"))
    assert "Bridge number Jarley" in more or "Bridge number Alden" in more
    await talk.ask("/who corby")
    assert "Bridge number Corby" in said(await talk.ask("tell me more"))


async def test_a_command_without_its_slash_needs_words_that_all_stand_in_one_title(talk: Talk) -> None:
    [story] = (await talk.ask("/brief corby")).about
    assert "I did not understand" in said(await talk.ask("people hate this bridge", story))
    assert "I did not understand" not in said(await talk.ask("people bridge corby", story))


async def test_a_shouted_question_stays_with_the_last_story(talk: Talk) -> None:
    await talk.ask("/brief corby")
    assert "Bridge number Corby" in said(await talk.ask("WHAT HAPPENED THERE?"))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("https://gazette.example/ferry", "A ferry burns"),
        ("look at this https://gazette.example/ferry", "A ferry burns"),
        ("how many were hurt? https://gazette.example/ferry", "Four people were hurt."),
        ("look at this https://gazette.example/other", "I cannot open links."),
        ("how many were saved? see https://gazette.example/other", "Nine people were saved."),
    ],
)
async def test_a_link_beside_words_is_looked_up_too(open_talk: OpenTalk, typed: str, shown: str) -> None:
    ferry = article("A ferry burns", "A ferry burned. Four people were hurt.", url="https://gazette.example/ferry")
    talk = await open_talk(ferry, article("A tram burns", "A tram burned on Monday. Nine people were saved."))
    await talk.ask("/brief tram")
    assert shown in said(await talk.ask(typed))
