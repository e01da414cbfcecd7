"""Reports of mistakes, and the lines that operators hide because of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from bot.i18n import Message, Translator
from bot.views.buttons import Action, Verb
from bot.views.model import Button
from briefings.hiding import lines_with, without_lines
from briefings.scope import Scope
from tests.fakes import OpenTalk, Talk, article, version
from tests.shown import said

WRONG = "Nobody was hurt in the fall."
BRIDGE = article(
    "Bridge in Norby collapses",
    f"The bridge over the Tarn fell on Monday evening. {WRONG} Repairs will cost 4 million euros, the mayor said.",
    "## What are the consequences?",
    "Buses take another way until the spring.",
)


@dataclass
class Told:
    """Operators who note what they are told; the same key is told once."""

    notes: dict[str, Message] = field(default_factory=dict)

    async def tell(self, key: str, said: Message, now: datetime) -> None:
        del now
        self.notes.setdefault(key, said)

    @property
    def words(self) -> list[str]:
        """The notes in English."""
        return [Translator("en").say(one) for one in self.notes.values()]


@pytest.fixture(name="talk")
async def _talk(open_talk: OpenTalk) -> Talk:
    return await open_talk(BRIDGE)


@pytest.fixture(name="told")
def _told(talk: Talk) -> Told:
    told = Told()
    talk.bot.dispatcher.context = replace(talk.bot.dispatcher.context, operators=told)
    return told


async def test_answers_about_a_story_end_with_a_button_to_report_a_mistake(talk: Talk) -> None:
    for command in ("/summary", "/who", "/consequences", "/timeline", "how much will it cost?", "/brief"):
        buttons = [one for one in (await talk.ask(command)).buttons if isinstance(one, Button)]
        actions = [one.action for one in buttons if isinstance(one.action, Action)]
        assert Verb.MISTAKE in [action.verb for action in actions], command


async def test_the_button_tells_the_operators_once_a_day(talk: Talk, told: Told) -> None:
    button = Action(Verb.MISTAKE, version(BRIDGE).id).encode()
    assert "operators have been told" in said(await talk.press(button))
    await talk.press(button)
    [note] = told.words
    assert "Bridge in Norby collapses" in note
    assert version(BRIDGE).id in note


async def test_the_button_below_an_answer_names_its_line(talk: Talk, told: Told) -> None:
    for question, line in {
        "was anybody hurt?": WRONG,
        "how much will it cost?": "Repairs will cost 4 million euros, the",
    }.items():
        answer = await talk.ask(question)
        actions = [one.action for one in answer.buttons if isinstance(one, Button)]
        [button] = [one for one in actions if isinstance(one, Action) and one.verb is Verb.MISTAKE]
        await talk.press(button.encode())
        assert line in told.words[-1]


@pytest.mark.parametrize("page", [3, 9999])
async def test_a_forged_button_that_names_no_line_is_about_the_story(talk: Talk, told: Told, page: int) -> None:
    action = Action(Verb.MISTAKE, version(BRIDGE).id, page=page + len(BRIDGE.blocks) if page < 9 else page)
    await talk.press(action.encode())
    assert "Bridge in Norby collapses" in told.words[0]


async def test_the_command_says_what_is_wrong(talk: Talk, told: Told) -> None:
    await talk.ask("/summary")
    await talk.ask("/report somebody was hurt")
    await talk.ask("/report the mayor said no such thing")
    assert ["somebody was hurt" in note for note in told.words] == [True, False]


async def test_the_part_of_a_message_that_is_replied_to_is_what_is_wrong(talk: Talk, told: Told) -> None:
    await talk.ask("/report", version(BRIDGE).id, quote=WRONG)
    assert WRONG in told.words[0]


async def test_the_operators_are_told_nothing_of_what_a_chat_pasted(open_talk: OpenTalk) -> None:
    talk = await open_talk()
    added = await talk.library.add(BRIDGE, talk.clock(), Scope(talk.where.owner))
    told = Told()
    talk.bot.dispatcher.context = replace(talk.bot.dispatcher.context, operators=told)
    await talk.press(Action(Verb.MISTAKE, added.version.id).encode())
    assert "Bridge" not in told.words[0]


async def test_a_hidden_line_is_in_no_answer_until_it_is_shown_again(talk: Talk) -> None:
    shown = version(BRIDGE)
    lines = lines_with(shown.article, "nobody was hurt")
    assert [line.of(shown.article.text) for line in lines] == [WRONG]
    asked = ("was anybody hurt?", "/search hurt", "/summary", "/brief", "/what", "/digest")
    assert WRONG in said(await talk.ask(asked[0]))
    await talk.bot.stories.hide_lines(shown.id, lines, hidden=True)
    for one in asked:
        assert WRONG not in said(await talk.ask(one)), one
    assert "Buses take another way" in said(await talk.ask("/consequences"))
    await talk.bot.stories.hide_lines(shown.id, await talk.bot.stories.hidden_lines(shown.id), hidden=False)
    assert WRONG in said(await talk.ask(asked[0]))


def test_what_is_left_of_a_paragraph_stays() -> None:
    shown = version(BRIDGE)
    left = without_lines(shown.briefing, lines_with(shown.article, WRONG))
    words = [block.span.of(shown.article.text).strip() for block in left.article.blocks]
    assert words[:2] == [
        "The bridge over the Tarn fell on Monday evening.",
        "Repairs will cost 4 million euros, the mayor said.",
    ]
    assert left.article.text == shown.article.text


def test_a_section_without_key_sentences_goes() -> None:
    shown = version(BRIDGE)
    left = without_lines(shown.briefing, lines_with(shown.article, "Buses take another way"))
    assert all(section.key for section in left.sections)
    assert len(left.sections) < len(shown.briefing.sections)


def test_nothing_is_found_for_no_words() -> None:
    assert lines_with(BRIDGE, "  ") == []
