"""Texts that a client splits, and the stories that operators see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.access import Access, Policy
from briefings.scope import Scope
from tests.fakes import Talk, article, talk_over
from tests.shown import said

_SENTENCES = [f"The council met on day number {number} and decided about the bridge." for number in range(90)]
WHOLE = "A bridge for Norby\n\n" + " ".join(_SENTENCES)


async def _send(talk: Talk, *parts: str, seconds: int = 0) -> str:
    answer = ""
    for part in parts:
        answer = said(await talk.ask(part))
        talk.clock.now += timedelta(seconds=seconds)
    return answer


def _parts() -> tuple[str, str]:
    end = WHOLE.rindex(" ", 0, 4096)
    return WHOLE[:end], WHOLE[end + 1 :]


async def _newest(talk: Talk) -> str:
    viewer = talk.bot.dispatcher.context.access.viewer(talk.where)
    [newest] = await talk.library.newest(viewer, 1)
    return newest.article.text


async def test_a_text_that_a_client_splits_is_one_text() -> None:
    async with talk_over() as talk:
        await _send(talk, *_parts())
        text = await _newest(talk)  # the first part alone is no story of its own
        assert _SENTENCES[0] in text
        assert _SENTENCES[-1] in text


async def test_a_message_that_comes_later_is_another_one() -> None:
    async with talk_over() as talk:
        await _send(talk, *_parts(), seconds=120)
        assert _SENTENCES[0] not in await _newest(talk)


async def test_a_text_does_not_go_on_for_ever() -> None:
    async with talk_over() as talk:
        part = "The council met on day one and decided about the bridge. " * 70
        for number in range(30):
            await talk.ask(f"Part {number}\n\n{part}")
        viewer = talk.bot.dispatcher.context.access.viewer(talk.where)
        lengths = [len(one.article.text) for one in await talk.library.newest(viewer, 9)]
        assert len(lengths) > 1
        assert max(lengths) < 110_000


async def test_nobody_else_continues_a_text() -> None:
    async with talk_over() as talk:
        first, second = _parts()
        await talk.ask(first)
        other = replace(talk, user="test:8")
        await other.ask(second)
        assert _SENTENCES[0] not in await _newest(talk)


async def test_operators_see_restricted_stories_in_their_own_chat_alone() -> None:
    access = Access(Policy.OPEN, frozenset({"test:7"}), restricted={"secret": frozenset({"test:other"})})
    async with talk_over(access=access) as talk:
        await talk.add(article("A secret plan", "The plan is secret."), Scope(tags=frozenset({"secret"})))
        assert "A secret plan" in said(await talk.ask("/latest"))
        assert "A secret plan" not in said(await talk.ask("/latest", is_private=False))
        stranger = replace(talk, user="test:9")
        assert "A secret plan" not in said(await stranger.ask("/latest"))
