"""An article pasted in a private chat is invisible in all other chats, whatever is asked or forged there."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.access import Access, Policy, Throttle, Wait
from bot.chats import Destination
from bot.commands.context import Request
from bot.commands.table import BY_NAME, COMMANDS
from bot.i18n import Translator
from bot.platforms.console.render import ConsoleRenderer, as_text
from bot.views.buttons import Action, Control, ControlVerb, Verb
from bot.views.model import Button, View
from briefings.model import SectionKind
from briefings.scope import Scope, Viewer
from tests.fakes import NOON, OpenTalk, Talk, article
from tests.golden import DATA

SECRET = "Zyxwvut"
PASTED = (
    f"{SECRET} merger shakes the Norby dairy\n\n"
    f"The board of {SECRET} said on Monday that it would buy the dairy of Norby, three people told the paper.\n\n"
    "Who is involved?\n\n"
    f"The chairwoman of {SECRET}, Ilse Brandt, wants the milk. The dairy had refused an offer in March.\n\n"
    "What are the consequences?\n\n"
    f"Two hundred people may lose their work, says {SECRET}. The town council meets on Friday to talk about it.\n"
)
BRIDGE = article(
    "Bridge in Norby collapses",
    "The bridge at Norby fell into the river on Monday, said Ilse Brandt of the dairy.",
    "## Who is responsible?",
    "The mayor blames the owner of the ship.",
)


def said(view: View) -> str:
    document = view.document.text if view.document else ""
    return as_text(ConsoleRenderer().render(view, Translator("en")), 1000) + document


@pytest.fixture(name="talk")
async def _talk(open_talk: OpenTalk) -> Talk:
    talk = await open_talk(BRIDGE)
    assert SECRET in said(await talk.ask(PASTED))
    return talk


async def test_it_is_briefed_for_its_own_chat(talk: Talk) -> None:
    assert f"The chairwoman of {SECRET}" in said(await talk.ask("/who"))
    assert f"{SECRET} merger" in said(await talk.ask("/latest"))
    assert f"{SECRET} merger" in said(await talk.ask("/search dairy"))
    assert SECRET not in said(await talk.ask("/digest"))  # pasted articles are never posted


@pytest.mark.parametrize("place", ["other", "cha", "chat2"])
async def test_no_command_of_another_chat_tells_of_it(talk: Talk, place: str) -> None:
    other = talk.elsewhere(place)
    [secret] = await talk.library.titled(Viewer(talk.where.owner), SECRET)
    words = ["", SECRET, "merger dairy", "1", "2", secret.id]
    for command, argument in product(COMMANDS, words):
        answer = said(await other.ask(f"/{command.name} {argument}"))
        assert SECRET not in answer.replace(f"“{SECRET}”", "").replace(f"{SECRET}\n", ""), (command.name, answer)
        assert "dairy had refused" not in answer
        assert secret.id not in answer.replace(f"“{secret.id}”", "")
    for question in ("who wants the milk?", f"what about the {SECRET} merger?", "why?"):
        assert "chairwoman" not in said(await other.ask(question))


async def test_no_reply_in_another_chat_finds_it(talk: Talk) -> None:
    [secret] = await talk.library.titled(Viewer(talk.where.owner), SECRET)
    other = talk.elsewhere("other")
    for command in BY_NAME:
        assert "chairwoman" not in said(await other.ask(f"/{command}", secret.id))
        assert "chairwoman" not in said(await other.ask(f"/{command} 1", secret.id))


async def test_no_forged_button_in_another_chat_opens_it(talk: Talk) -> None:
    [secret] = await talk.library.titled(Viewer(talk.where.owner), SECRET)
    other = talk.elsewhere("other")
    for verb, kind in product(Verb, [None, *SectionKind]):
        assert "no longer here" in said(await other.press(Action(verb, secret.id, kind).encode()))
    for control in ControlVerb:
        assert SECRET not in said(await other.press(Control(control, 1).encode()))


async def test_every_button_that_another_chat_is_shown_tells_nothing_of_it(talk: Talk) -> None:
    other = talk.elsewhere("other")
    for command in BY_NAME:
        for button in (await other.ask(f"/{command}")).buttons:
            if isinstance(button, Button):
                assert SECRET not in said(await other.press(button.action.encode()))


async def test_the_same_text_pasted_elsewhere_is_that_chats_own(talk: Talk) -> None:
    other = talk.elsewhere("other")
    await other.ask(PASTED)
    await other.ask("/forgetme yes")
    assert "chairwoman" not in said(await other.ask(f"/who {SECRET}"))
    assert "chairwoman" in said(await talk.ask(f"/who {SECRET}"))


async def test_markdown_is_read_by_a_single_heading(talk: Talk) -> None:
    """A heading that only its marks give away is shown without them."""
    shown = said(await talk.ask((DATA / "one_heading.md").read_text(encoding="utf-8")))
    assert "Engineers will come back" in shown
    assert "##" not in shown


async def test_a_topic_sees_what_its_chat_was_sent(talk: Talk) -> None:
    talk.where = Destination("test", "chat", "9")
    assert "chairwoman" in said(await talk.ask(f"/who {SECRET}"))


async def test_in_a_group_no_text_is_taken_for_an_article(open_talk: OpenTalk) -> None:
    talk = await open_talk(BRIDGE)
    await talk.ask(PASTED, is_private=False)
    assert SECRET not in said(await talk.ask("/latest"))


async def test_where_the_operator_forbids_it_no_text_is_taken(open_talk: OpenTalk) -> None:
    talk = await open_talk(BRIDGE, access=Access(Policy.OPEN, pasted=False))
    await talk.ask(PASTED)
    assert SECRET not in said(await talk.ask("/latest"))


async def test_a_long_question_is_no_article(open_talk: OpenTalk) -> None:
    talk = await open_talk(BRIDGE)
    await talk.ask("who " * 200)
    assert len(await talk.library.newest(Viewer(talk.where.owner), 9)) == 1


async def test_a_restricted_tag_leaves_no_trace_elsewhere(open_talk: OpenTalk) -> None:
    access = Access(Policy.OPEN, restricted={"internal": frozenset({"test:staff"})})
    talk = await open_talk(BRIDGE, access=access)
    secret = await talk.add(
        article(f"{SECRET} plan", f"The {SECRET} plan of Norby is not public."), Scope(tags=frozenset({"internal"}))
    )
    assert SECRET in said(await talk.elsewhere("staff").ask("/latest"))
    for command in COMMANDS:
        assert SECRET not in said(await talk.ask(f"/{command.name} plan"))
    assert "no longer here" in said(await talk.press(Action(Verb.BRIEF, secret.id).encode()))


async def test_a_tag_is_restricted_however_it_is_written(open_talk: OpenTalk) -> None:
    talk = await open_talk(access=Access(Policy.OPEN, restricted={"Internal": frozenset({"test:staff"})}))
    await talk.add(article(f"{SECRET} plan", f"The {SECRET} plan is not public."), Scope(tags=frozenset({" INTERNAL"})))
    assert SECRET not in said(await talk.ask("/latest"))
    assert SECRET in said(await talk.elsewhere("staff").ask("/latest"))


class TestHidden:
    async def test_a_hidden_paste_stays_hidden_when_it_is_pasted_again(self, talk: Talk) -> None:
        [secret] = await talk.library.titled(Viewer(talk.where.owner), SECRET)
        report = await talk.bot.stories.report_of(secret.id)
        assert report is not None
        await talk.bot.stories.hide(report.id, True)
        assert SECRET not in said(await talk.ask(PASTED))

    async def test_a_hidden_story_leaves_everything_at_once(self, open_talk: OpenTalk) -> None:
        talk = await open_talk(BRIDGE)
        listed = await talk.ask("/latest")
        [button] = [one for one in listed.buttons if isinstance(one, Button)]
        report = await talk.bot.stories.report_of(listed.about[0])
        assert report is not None
        await talk.bot.stories.hide(report.id, True)
        for command in ("/latest", "/search norby", "/digest", "/who 1", "/who norby", "/sources"):
            assert "Bridge" not in said(await talk.ask(command))
        assert "no longer here" in said(await talk.press(button.action.encode()))
        assert "no longer here" in said(await talk.ask("/who", listed.about[0]))


class TestAccess:
    USER = "test:7"

    @pytest.mark.parametrize(
        ("access", "is_let_in"),
        [
            (Access(), False),
            (Access(operators=frozenset({"test:7"})), True),
            (Access(operators=frozenset({"test:77"})), False),
            (Access(Policy.ALLOW_LIST), False),
            (Access(Policy.ALLOW_LIST, allowed=frozenset({"test:7"})), True),
            (Access(Policy.ALLOW_LIST, allowed=frozenset({"test:chat"})), True),
            (Access(Policy.CLOSED, allowed=frozenset({"test:7"})), False),
            (Access(Policy.OPEN), True),
        ],
        ids=["closed", "operator", "other operator", "empty list", "user", "chat", "list without policy", "open"],
    )
    async def test_a_stranger_is_told_their_id_and_nothing_else(
        self, open_talk: OpenTalk, access: Access, is_let_in: bool
    ) -> None:
        talk = await open_talk(BRIDGE, access=access)
        stranger = "This bot is private. To get access, send your id to its operator: test:7"
        for view in (
            await talk.ask("/latest"),
            await talk.ask("who did it?"),
            await talk.press(Control(ControlVerb.DIGEST).encode()),
        ):
            assert (said(view) == stranger) is not is_let_in

    async def test_a_flooder_is_told_once_and_takes_nobodys_turn(self, open_talk: OpenTalk) -> None:
        talk = await open_talk(BRIDGE, throttle=Throttle(3, timedelta(minutes=1)))
        for _ in range(3):
            assert "Latest" in said(await talk.ask("/latest"))
        assert "Try again in 60 seconds." in said(await talk.ask("/latest"))
        for _ in range(5):
            assert await talk.bot.dispatcher.answer(_request(talk)) is None
        assert "Latest" in said(await talk.elsewhere("chat").ask("/latest"))
        talk.clock.now += timedelta(minutes=1)
        assert "Latest" in said(await talk.ask("/latest"))

    async def test_operators_are_never_throttled(self, open_talk: OpenTalk) -> None:
        access = Access(operators=frozenset({self.USER}))
        talk = await open_talk(BRIDGE, access=access, throttle=Throttle(1, timedelta(minutes=1)))
        for _ in range(5):
            assert "Latest" in said(await talk.ask("/latest"))

    def test_a_clock_put_back_shuts_nobody_out(self) -> None:
        throttle = Throttle(1, timedelta(minutes=1))
        assert throttle.check("a", NOON) is None
        assert throttle.check("a", NOON - timedelta(hours=6)) is None

    def test_a_throttle_counts_a_sliding_minute_and_forgets_old_users(self) -> None:
        throttle = Throttle(2, timedelta(minutes=1))
        assert throttle.check("a", NOON) is None
        assert throttle.check("a", NOON + timedelta(seconds=40)) is None
        assert throttle.check("a", NOON + timedelta(seconds=50)) == Wait(timedelta(seconds=10), True)
        assert throttle.check("a", NOON + timedelta(seconds=55)) == Wait(timedelta(seconds=5), False)
        assert throttle.check("a", NOON + timedelta(seconds=61)) is None
        for number in range(20_000):
            throttle.check(f"user {number}", NOON)


class TestPrivacy:
    async def test_says_it_in_seven_lines(self, open_talk: OpenTalk) -> None:
        talk = await open_talk()
        assert len((await talk.ask("/privacy")).blocks) == 7

    async def test_sends_all_as_json(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        view = await talk.ask("/mydata")
        assert view.document is not None
        assert PASTED.splitlines()[2] in view.document.text
        assert '"created_by": "test:7"' in view.document.text

    async def test_tells_a_group_nothing_of_other_chats_and_people(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        group = talk.elsewhere("group", "test:9")
        await group.ask("/subscribe")
        data = said(await replace(group, user=talk.user).ask("/mydata", is_private=False))
        assert "test:chat" not in data
        assert "test:9" not in data

    async def test_leaves_no_word_of_a_private_text_in_the_file(self, open_talk: OpenTalk, tmp_path: Path) -> None:
        path = tmp_path / "nutgraf.db"
        talk = await open_talk(BRIDGE, url=f"sqlite:///{path}")
        await talk.ask(PASTED)
        await talk.ask("/forgetme yes")
        async with talk.bot.stories._database.write() as connection:
            await connection.execute(text("INSERT INTO term VALUES ('x', 1)"))
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        assert SECRET[:6].lower().encode() not in path.read_bytes().lower()

    async def test_deletes_it_and_says_what_stays(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        answer = said(await talk.ask("/forgetme yes"))
        assert "Deleted: subscriptions" in answer
        assert "Not deleted" in answer
        assert SECRET not in said(await talk.ask("/mydata"))
        assert SECRET not in said(await talk.ask("/latest"))
        assert "no subscription here" in said(await talk.ask("/status"))

    async def test_it_asks_first(self, talk: Talk) -> None:
        await talk.ask("/subscribe 8:00")
        asked = await talk.ask("/forgetme")
        assert "This deletes the chat's subscriptions" in said(asked)
        assert await talk.bot.subscriptions.of(talk.where)
        [button] = asked.buttons
        assert isinstance(button, Button)
        await talk.press(button.action.encode())
        assert await talk.bot.subscriptions.of(talk.where) == []

    async def test_a_member_deletes_their_own_name_alone(self, talk: Talk) -> None:
        async def nobody() -> bool:
            return False

        await talk.ask("/subscribe")
        assert "An administrator can delete" in said(await talk.ask("/forgetme", may_manage=nobody))
        assert "Next posts" in said(await talk.ask("/status"))
        assert '"created_by": ""' in said(await talk.ask("/mydata"))


class TestReplies:
    async def test_a_reply_finds_the_stories_of_its_message(self, open_talk: OpenTalk) -> None:
        cheese = article("A cheese wins", "A goat cheese won a prize.", "## Why?", "Because it is good.")
        talk = await open_talk(cheese, BRIDGE)
        view = await talk.ask("/latest")
        await talk.bot.chats.posted(talk.where, "55", view.about)
        await talk.ask("/summary bridge")
        await talk.bot.chats.posted(talk.where, "56", (view.about[1],))
        assert "Because it is good." in said(await talk.ask("/why 2", replies_to="55"))
        assert "Because it is good." in said(await talk.ask("/why", replies_to="56"))
        assert "Which story do you mean?" in said(await talk.ask("/why", replies_to="55"))
        assert "A cheese wins" in said(await talk.ask("/who", replies_to="unknown"))  # as without a reply


def _request(talk: Talk) -> Request:
    return Request(talk.where, "/latest", talk.user)
