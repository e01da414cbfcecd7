"""The adapter over loopback: messages, buttons and replies, and the bot's answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.access import Access, Policy
from bot.chats import Destination
from bot.delivery.model import Delivery, State
from bot.i18n import LOCALES, Translator, own
from bot.platforms.telegram.posts import TelegramPosts, deep_link
from bot.subscriptions.model import Settings, Subscription
from bot.views.model import Paragraph, View
from tests.fakes import bundled
from tests.telegram.server import BOT, USERNAME, BotApi, Message, Refusal
from tests.telegram.talk import ANN, CHANNEL, GROUP, TelegramTalk, chat_of, reply_to, telegram_talk


@pytest.fixture(name="talk")
async def _talk() -> AsyncIterator[TelegramTalk]:
    async with telegram_talk() as talk:
        yield talk
        assert talk.api.refused == []


def buttons(message: Message) -> list[dict[str, str]]:
    """The buttons below a message that answer something."""
    rows = message.request["reply_markup"]["inline_keyboard"]
    return [one for row in rows for one in row if "callback_data" in one]


def keys(message: Message) -> list[dict[str, str]]:
    """All buttons below a message."""
    return [one for row in message.request["reply_markup"]["inline_keyboard"] for one in row]


def _named(message: Message, label: str) -> str:
    """What the button with a label sends."""
    return next(one["callback_data"] for one in buttons(message) if one["text"] == label)


def section_button(message: Message) -> str:
    """What its first button sends: that of a section, below a briefing."""
    return buttons(message)[0]["callback_data"]


class TestPrivateChats:
    async def test_a_command_is_answered(self, talk: TelegramTalk) -> None:
        [answer] = await talk.says("/who two drones")
        assert "Two drones over the Kremlin" in answer.parsed.text
        assert "reply_parameters" not in answer.request
        assert answer.request["link_preview_options"] == {"is_disabled": True}

    async def test_with_the_bots_name_too(self, talk: TelegramTalk) -> None:
        [answer] = await talk.says(f"/who@{USERNAME} two drones")
        assert "Two drones over the Kremlin" in answer.parsed.text

    async def test_free_text_is_a_question(self, talk: TelegramTalk) -> None:
        await talk.says("/brief two drones")
        [answer] = await talk.says("who did it?")
        assert "Who is behind the attack?" in answer.parsed.text

    async def test_a_button_edits_the_message(self, talk: TelegramTalk) -> None:
        [answer] = await talk.says("/brief two drones")
        data = section_button(answer)
        [edited] = await talk.presses(data, answer)
        assert (edited.number, edited.edits) == (answer.number, 1)
        assert len(talk.api.messages) == 1
        assert len(talk.api.answered) == 1

    async def test_a_list_stays_when_one_of_its_stories_is_opened(self, talk: TelegramTalk) -> None:
        [latest] = await talk.says("/latest")
        data = latest.request["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        [opened] = await talk.presses(data, latest)
        assert opened.number != latest.number

    async def test_a_button_of_a_story_that_is_gone_answers_kindly(self, talk: TelegramTalk) -> None:
        [answer] = await talk.says("/brief two drones")
        data = section_button(answer).replace(section_button(answer).split("|")[2], "0" * 12)
        [told] = await talk.presses(data, answer)
        assert "That story is no longer here." in told.parsed.text

    async def test_an_article_is_briefed_for_its_own_chat(self, talk: TelegramTalk) -> None:
        text = (
            "Ferry crews walk out in Port Wexley\n\nFerry crews in Port Wexley walked off the job on Monday. "
            "The union demands nine per cent more. The operator says that it has no money for that. "
            "Commuters were stranded for five hours, and the council has called for talks. "
            "The strike is the third of its kind this year, and nobody expects it to be the last one."
        )
        [answer] = await talk.says(text)
        assert "Ferry crews walk out in Port Wexley" in answer.parsed.text
        [other] = await talk.says("/search ferry", chat=8, user=8)
        assert "Nothing found" in other.parsed.text

    async def test_what_has_no_words_is_answered_too(self, talk: TelegramTalk) -> None:
        file = {"file_id": "f", "file_unique_id": "f"}
        kinds: dict[str, Any] = {
            "sticker": file | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False},
            "voice": file | {"duration": 3},
            "location": {"latitude": 1.0, "longitude": 2.0},
            "photo": [file | {"width": 10, "height": 10}],
        }
        for kind, sent in kinds.items():
            [answer] = await talk.says("", **{kind: sent})
            assert answer.parsed.text.startswith("I read only text.")
            assert await talk.says("", chat=GROUP, **{kind: sent}) == []
        [answer] = await talk.says("", photo=kinds["photo"], caption="who is this man?")
        assert answer.parsed.text.startswith("I read only text.")
        [answer] = await talk.says("", photo=kinds["photo"], caption="/who two drones")
        assert "Two drones over the Kremlin" in answer.parsed.text

    async def test_a_deep_link_opens_its_story(self, talk: TelegramTalk) -> None:
        viewer = talk.bot.dispatcher.context.access.viewer(_where(ANN))
        [version] = await talk.bot.dispatcher.context.library.titled(viewer, "two drones")
        payload = deep_link(USERNAME, version.id).partition("start=")[2]
        [answer] = await talk.says(f"/start {payload}")
        assert "Two drones over the Kremlin" in answer.parsed.text

    async def test_the_clients_language_is_spoken_until_another_is_chosen(self, talk: TelegramTalk) -> None:
        [answer] = await talk.says("/help", client={"language_code": "it-IT"})
        assert "Comandi" in answer.parsed.text
        await talk.says("/settings language en", client={"language_code": "it"})
        [answer] = await talk.says("/help", client={"language_code": "it"})
        assert "Commands" in answer.parsed.text

    async def test_a_file_comes_as_a_document(self, talk: TelegramTalk) -> None:
        said = await talk.says("/mydata")
        assert any(isinstance(one.request.get("document"), bytes) for one in said)

    async def test_a_story_comes_as_a_picture_with_buttons(self, talk: TelegramTalk) -> None:
        [said] = await talk.says("/card panama")
        assert bytes(said.request["photo"]).startswith(b"\x89PNG")
        assert "Panama" in said.parsed.text
        [opened] = await talk.presses(buttons(said)[0]["callback_data"], said)
        assert "photo" not in opened.request

    async def test_messages_of_a_chat_are_answered_in_their_order(self, talk: TelegramTalk) -> None:
        for text in ("/latest", "/who 1", "/who 2"):
            talk.api.say(message=talk._message(text, ANN, ANN))
        await talk.says("/help")
        first = [text.splitlines()[0] for text in talk.api.texts(ANN)]
        assert first[0] == "Latest stories"
        assert first[-1] == "Commands"

    async def test_a_link_is_not_followed_and_that_is_said(self, talk: TelegramTalk) -> None:
        [answer] = await talk.says("https://example.com/news/1")
        assert "I cannot open links." in answer.parsed.text

    async def test_a_preview_leaves_what_was_agreed(self, talk: TelegramTalk) -> None:
        [subscribed] = await talk.says("/subscribe 8:00")
        digest = next(one for one in buttons(subscribed) if one["callback_data"].startswith("c1|digest"))
        [shown] = await talk.presses(digest["callback_data"], subscribed)
        assert shown.number != subscribed.number


class TestReplies:
    async def test_a_question_to_an_answer_is_about_its_story(self, talk: TelegramTalk) -> None:
        [brief] = await talk.says("/brief two drones")
        await talk.says("/latest")
        await talk.says("/brief 2")
        [answer] = await talk.says("who did it?", **reply_to(brief))
        assert "Who is behind the attack?" in answer.parsed.text

    async def test_a_number_is_that_of_the_message(self, talk: TelegramTalk) -> None:
        [latest] = await talk.says("/latest")
        await talk.says("/brief two drones")
        [answer] = await talk.says("/brief 2", **reply_to(latest))
        second = next(line for line in latest.parsed.text.splitlines() if line.startswith("2. "))
        assert second.removeprefix("2. ")[:30] in answer.parsed.text

    async def test_a_quoted_part_says_which_story_is_meant(self, talk: TelegramTalk) -> None:
        [latest] = await talk.says("/latest")
        third = next(line for line in latest.parsed.text.splitlines() if line.startswith("3. "))
        title = third.removeprefix("3. ").rstrip("…")
        [answer] = await talk.says("/brief", **reply_to(latest, quote=title))
        assert title in answer.parsed.text

    async def test_without_a_number_a_list_asks_back(self, talk: TelegramTalk) -> None:
        [latest] = await talk.says("/latest")
        [answer] = await talk.says("/who", **reply_to(latest))
        assert "Which story do you mean?" in answer.parsed.text


class TestGroups:
    async def test_an_answer_is_a_reply(self, talk: TelegramTalk) -> None:
        [answer] = await talk.says("/who two drones", chat=GROUP)
        assert answer.request["reply_parameters"]["allow_sending_without_reply"] is True

    async def test_in_a_topic_it_stays_in_the_topic(self, talk: TelegramTalk) -> None:
        [answer] = await talk.says("/latest", chat=GROUP, is_topic_message=True, message_thread_id=44)
        assert answer.request["message_thread_id"] == 44

    async def test_a_row_of_replies_is_no_topic(self, talk: TelegramTalk) -> None:
        [answer] = await talk.says("/latest", chat=GROUP, message_thread_id=44)
        assert "message_thread_id" not in answer.request

    @pytest.mark.parametrize(
        "text", ["who did it?", "/ban somebody", "/who@another_bot kremlin", "a/who b", "@somebody who did it?"]
    )
    async def test_the_bot_speaks_only_when_spoken_to(self, talk: TelegramTalk, text: str) -> None:
        assert await talk.says(text, chat=GROUP) == []

    async def test_its_name_is_enough(self, talk: TelegramTalk) -> None:
        await talk.says("/brief two drones", chat=GROUP)
        [answer] = await talk.says(f"@{USERNAME} who did it?", chat=GROUP)
        assert "Who is behind the attack?" in answer.parsed.text

    async def test_a_reply_to_it_is_enough(self, talk: TelegramTalk) -> None:
        [brief] = await talk.says("/brief two drones", chat=GROUP)
        [answer] = await talk.says("who did it?", chat=GROUP, **reply_to(brief))
        assert "Who is behind the attack?" in answer.parsed.text

    async def test_a_remark_below_its_message_is_left_to_the_others(self, talk: TelegramTalk) -> None:
        [brief] = await talk.says("/brief two drones", chat=GROUP)
        for remark in (
            "People hate drones",
            "Search party found at the Kremlin",
            "Numbers don't lie, the Kremlin is doomed",
            "look at this https://example.org/cat",
            "see https://gazette.example/2023/05/04/moscow-points-at-washington",  # a story of the library
        ):
            assert await talk.says(remark, chat=GROUP, **reply_to(brief)) == [], remark
        assert await talk.says("this is terrible news", chat=GROUP, **reply_to(brief)) == []
        [answer] = await talk.says(f"@{USERNAME} lol", chat=GROUP, **reply_to(brief))
        assert "I did not understand" in answer.parsed.text

    async def test_help_says_what_it_hears(self, talk: TelegramTalk) -> None:
        [answer] = await talk.says("/help", chat=GROUP)
        assert "privacy mode" in answer.parsed.text
        [answer] = await talk.says("/help")
        assert "privacy mode" not in answer.parsed.text

    async def test_a_button_opens_the_private_chat_with_what_it_shows(self, talk: TelegramTalk) -> None:
        [brief] = await talk.says("/brief two drones", chat=GROUP)
        [private] = await talk.says("/brief two drones")
        [link] = [one["url"] for one in keys(brief) if one["text"] == "What happened"]
        [said] = await talk.says(f"/start {link.partition('=')[2]}")
        [pressed] = await talk.presses(_named(private, "What happened"), private)
        assert said.parsed.text == pressed.parsed.text
        assert buttons(brief) == []

    async def test_other_bots_are_not_answered(self, talk: TelegramTalk) -> None:
        other: dict[str, Any] = {"client": {"is_bot": True, "id": 99}}
        assert await talk.says("/who", chat=GROUP, **other) == []


class TestWhoMaySubscribe:
    async def test_a_member_may_not(self, talk: TelegramTalk) -> None:
        [answer] = await talk.says("/subscribe 8:00", chat=GROUP)
        assert "Only an administrator" in answer.parsed.text
        assert await talk.bot.subscriptions.all() == []

    @pytest.mark.parametrize("status", ["creator", "administrator"])
    async def test_an_administrator_may_as_telegram_says_now(self, talk: TelegramTalk, status: str) -> None:
        talk.api.members[GROUP, ANN] = status
        [answer] = await talk.says("/subscribe 8:00", chat=GROUP)
        assert "Subscribed." in answer.parsed.text
        talk.api.members[GROUP, ANN] = "member"
        [answer] = await talk.says("/unsubscribe", chat=GROUP)
        assert "Only an administrator" in answer.parsed.text

    async def test_an_anonymous_administrator_may(self, talk: TelegramTalk) -> None:
        anonymous: dict[str, Any] = {"sender_chat": chat_of(GROUP), "client": {"id": 1087968824, "is_bot": True}}
        [answer] = await talk.says("/subscribe 8:00", chat=GROUP, **anonymous)
        assert "Subscribed." in answer.parsed.text

    async def test_a_post_in_a_channel_may(self, talk: TelegramTalk) -> None:
        [answer] = await talk.posts_in_channel("/subscribe 8:00")
        assert "Subscribed." in answer.parsed.text
        [subscription] = await talk.bot.subscriptions.all()
        assert subscription.destination == _where(CHANNEL)

    async def test_an_administrator_subscribes_a_channel_from_the_private_chat(self, talk: TelegramTalk) -> None:
        [answer] = await talk.says(f"/subscribe {CHANNEL} 8:00")
        assert "You are not an administrator of A chat" in answer.parsed.text
        talk.api.members[CHANNEL, ANN] = "administrator"
        [answer] = await talk.says(f"/subscribe {CHANNEL} 8:00")
        assert "Subscribed." in answer.parsed.text
        assert answer.chat == ANN
        assert answer.parsed.text.startswith("In A chat:")
        [subscription] = await talk.bot.subscriptions.all()
        assert subscription.destination == _where(CHANNEL)

    async def test_a_button_of_the_settings_is_no_members(self, talk: TelegramTalk) -> None:
        talk.api.members[GROUP, ANN] = "administrator"
        [panel] = await talk.says("/subscribe 8:00", chat=GROUP)
        settings = next(one for one in buttons(panel) if one["callback_data"].startswith("c1|panel"))
        assert await talk.presses(settings["callback_data"], panel, user=8) == []
        [told] = [given["text"] for name, given in talk.api.requests if name == "answerCallbackQuery"]
        assert told.startswith("Only an administrator")

    async def test_the_settings_of_a_group_change_in_place(self, talk: TelegramTalk) -> None:
        talk.api.members[GROUP, ANN] = "administrator"
        [panel] = await talk.says("/subscribe 8:00", chat=GROUP)
        settings = next(one for one in buttons(panel) if one["callback_data"].startswith("c1|panel"))
        [changed] = await talk.presses(settings["callback_data"], panel)
        assert changed.number == panel.number


class TestWhoMayNot:
    async def test_a_member_who_writes_as_a_channel_of_theirs(self, talk: TelegramTalk) -> None:
        masked: dict[str, Any] = {"sender_chat": chat_of(-777) | {"type": "channel"}}
        for text in ("/subscribe 8:00", "/forgetme yes"):
            await talk.says(text, chat=GROUP, **masked)
        assert await talk.bot.subscriptions.all() == []

    @pytest.mark.parametrize("command", ["/status", "/settings", "/pause", "/unsubscribe"])
    async def test_who_is_no_administrator_of_a_channel_learns_nothing_of_it(
        self, talk: TelegramTalk, command: str
    ) -> None:
        await talk.posts_in_channel("/subscribe 8:00 rome")
        [answer] = await talk.says(f"{command} {CHANNEL}")
        assert "You are not an administrator of A chat" in answer.parsed.text
        assert "Rome" not in answer.parsed.text

    async def test_a_stranger_by_way_of_a_chat_that_is_allowed(self) -> None:
        access = Access(Policy.ALLOW_LIST, frozenset(), frozenset({f"telegram:{CHANNEL}"}))
        async with telegram_talk(access=access) as talk:
            [answer] = await talk.says(f"/status {CHANNEL}")
            assert "telegram:7" in answer.parsed.text
            assert not [name for name, _ in talk.api.requests if name == "getChat"]

    async def test_a_reader_makes_no_channel_speak(self, talk: TelegramTalk) -> None:
        [post] = await talk.posts_in_channel("/brief two drones")
        urls = [one for row in post.request["reply_markup"]["inline_keyboard"] for one in row]
        assert all("url" in one for one in urls)
        assert await talk.presses("c1|panel|1||", post, user=4242) == []
        assert len(talk.api.messages) == 1

    async def test_a_telegram_that_does_not_say_is_no_no(self, talk: TelegramTalk) -> None:
        talk.api.closed[GROUP] = Refusal(500, "Internal Server Error")

        async def open_again() -> None:
            while not talk.api.refused:
                await asyncio.sleep(0.005)
            del talk.api.closed[GROUP]

        [answer], _ = await asyncio.gather(talk.says("/subscribe 8:00", chat=GROUP), open_again())
        assert "Nothing was changed. Try again in a minute." in answer.parsed.text
        talk.api.refused.clear()

    @pytest.mark.parametrize(
        ("error", "said"),
        [("member list is inaccessible", "Make me an administrator"), ("user not found", "Only an administrator")],
    )
    async def test_a_bot_that_may_not_ask_says_so(self, talk: TelegramTalk, error: str, said: str) -> None:
        talk.api.members[GROUP, ANN] = "administrator"
        [panel] = await talk.says("/subscribe 8:00", chat=GROUP)
        talk.api.untold[GROUP] = Refusal(400, f"Bad Request: {error}")
        [answer] = await talk.says("/unsubscribe", chat=GROUP)
        assert said in answer.parsed.text
        settings = next(one for one in buttons(panel) if one["callback_data"].startswith("c1|panel"))
        assert await talk.presses(settings["callback_data"], panel) == []
        [toast] = [given["text"] for name, given in talk.api.requests if name == "answerCallbackQuery"]
        assert said in toast
        assert len(await talk.bot.subscriptions.all()) == 1
        talk.api.refused.clear()

    async def test_data_of_a_person_is_deleted_where_the_bot_may_not_ask(self, talk: TelegramTalk) -> None:
        talk.api.untold[GROUP] = Refusal(400, "Bad Request: member list is inaccessible")
        [answer] = await talk.says("/forgetme yes", chat=GROUP)
        assert "deleted" in answer.parsed.text
        talk.api.refused.clear()

    @pytest.mark.parametrize("payload", ["日" * 32, "x" * 64, "a|b|c", "../..", ""])
    async def test_a_link_that_is_none_is_a_greeting(self, talk: TelegramTalk, payload: str) -> None:
        [answer] = await talk.says(f"/start {payload}".strip())
        assert "Nutgraf briefs the news." in answer.parsed.text


class TestSettings:
    async def test_are_changed_by_buttons_in_place(self, talk: TelegramTalk) -> None:
        await talk.says("/subscribe 8:00")
        [panel] = await talk.says("/settings")
        silent = next(one for one in buttons(panel) if "|silent|" in one["callback_data"])
        [choices] = await talk.presses(silent["callback_data"], panel)
        assert choices.number == panel.number
        yes = next(one for one in buttons(choices) if one["callback_data"].startswith("c1|set"))
        await talk.presses(yes["callback_data"], choices)
        [subscription] = await talk.bot.subscriptions.all()
        assert subscription.settings.silent is True


class TestMemberships:
    async def test_who_throws_the_bot_out_pauses_and_who_lets_it_in_resumes(self, talk: TelegramTalk) -> None:
        talk.api.members[GROUP, ANN] = "administrator"
        await talk.says("/subscribe 8:00", chat=GROUP)
        await talk.membership(GROUP, "kicked")
        [barred] = await talk.bot.subscriptions.all()
        assert (barred.paused, barred.next_due) == ("removed", None)
        await talk.membership(GROUP, "member")
        [resumed] = await talk.bot.subscriptions.all()
        assert resumed.paused is None
        assert resumed.next_due is not None

    async def test_what_a_person_paused_stays_paused(self, talk: TelegramTalk) -> None:
        await talk.says("/subscribe 8:00")
        await talk.says("/pause")
        await talk.membership(ANN, "kicked")
        await talk.membership(ANN, "member")
        [subscription] = await talk.bot.subscriptions.all()
        assert subscription.paused == ""

    async def test_a_channel_where_it_may_not_post_pauses(self, talk: TelegramTalk) -> None:
        await talk.posts_in_channel("/subscribe 8:00")
        await talk.membership(CHANNEL, "left")
        [subscription] = await talk.bot.subscriptions.all()
        assert subscription.paused == "removed"

    async def test_a_group_that_becomes_a_supergroup_keeps_its_subscription(self, talk: TelegramTalk) -> None:
        talk.api.members[-5, ANN] = "administrator"
        await talk.says("/subscribe 8:00", chat=-5)
        await talk.says("", chat=-5, migrate_to_chat_id=-1005)
        [subscription] = await talk.bot.subscriptions.all()
        assert subscription.destination == _where(-1005)


class TestAccess:
    async def test_whoever_is_shut_out_can_stop_posts_and_see_and_delete_what_is_stored(self) -> None:
        async with telegram_talk() as talk:
            await talk.says("/subscribe")
            shut = Access(Policy.ALLOW_LIST, allowed=frozenset({"telegram:1"}))
            object.__setattr__(talk.bot.dispatcher.context, "access", shut)
            [answer] = await talk.says("/privacy")
            assert "/forgetme deletes it" in answer.parsed.text
            await talk.says("/mydata")
            assert "sendDocument" in [name for name, _ in talk.api.requests]
            [asked] = await talk.says("/forgetme")
            [answer] = await talk.says("/stop")
            assert "Unsubscribed" in answer.parsed.text
            [answer] = await talk.presses("c1|forget|0||", asked)
            assert "Your data was deleted" in answer.parsed.text
            [answer] = await talk.says("c1|forget|0||")
            assert "private" in answer.parsed.text

    async def test_a_stranger_is_told_their_id(self) -> None:
        async with telegram_talk(access=Access(Policy.CLOSED, frozenset({"telegram:8"}))) as talk:
            [answer] = await talk.says("/latest")
            assert "telegram:7" in answer.parsed.text
            [answer] = await talk.says("/latest", chat=8, user=8)
            assert "Latest stories" in answer.parsed.text

    async def test_who_blocked_the_bot_stops_nothing(self) -> None:
        async with telegram_talk() as talk:
            talk.api.closed[8] = Refusal(403, "Forbidden: bot was blocked by the user")
            assert await talk.says("/latest", chat=8, user=8) == []
            assert len(await talk.says("/latest")) == 1


class TestMenus:
    async def test_commands_are_registered_for_each_scope_and_language(self, talk: TelegramTalk) -> None:
        await _registered(talk)
        commands = talk.api.commands
        assert len(commands) == 3 * len(LOCALES)
        names = {scope: [one["command"] for one in found] for scope, found in commands.items()}
        assert "subscribe" in names["all_private_chats"]
        assert "subscribe" not in names["all_group_chats"]
        assert "abbona" in names["all_chat_administrators it"]
        assert talk.api.menu_button == "commands"
        assert talk.api.descriptions["long it"] != talk.api.descriptions["long "]

    async def test_a_menu_that_is_refused_keeps_no_other_from_being_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        tell = BotApi._setMyCommands

        async def picky(self: BotApi, parameters: dict[str, Any]) -> Any:
            if not parameters.get("language_code"):
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
            return await tell(self, parameters)

        monkeypatch.setattr(BotApi, "_setMyCommands", picky)
        async with telegram_talk() as talk:
            async with asyncio.timeout(60):
                while len(talk.api.descriptions) < 2 * len(LOCALES):
                    await asyncio.sleep(0.01)
            assert {name.split()[-1] for name in talk.api.commands} == set(LOCALES[1:])

    async def test_what_is_current_is_not_told_again(self) -> None:
        async with telegram_talk() as first:
            await _registered(first)
            state = {"commands": first.api.commands, "descriptions": first.api.descriptions}
        async with telegram_talk(api_state=state) as second:
            await _registered(second)
            assert not [name for name, _ in second.api.requests if name.startswith("setMy")]


class TestPosts:
    async def test_a_digest_goes_to_its_channel_with_links_to_the_private_chat(self, talk: TelegramTalk) -> None:
        await talk.posts_in_channel("/subscribe 8:00")
        [subscription] = await talk.bot.subscriptions.all()
        [view] = [await talk.bot.posting.previews.sample(subscription)]
        await _post(talk, view, CHANNEL)
        post = talk.api.messages[-1]
        urls = [one["url"] for row in post.request["reply_markup"]["inline_keyboard"] for one in row]
        assert urls
        assert all(url.startswith(f"https://t.me/{USERNAME}?start=") for url in urls)

    async def test_in_a_private_chat_its_buttons_answer_there(self, talk: TelegramTalk) -> None:
        await talk.says("/subscribe 8:00")
        [subscription] = await talk.bot.subscriptions.all()
        await _post(talk, await talk.bot.posting.previews.sample(subscription), ANN)
        post = talk.api.messages[-1]
        assert "callback_data" in post.request["reply_markup"]["inline_keyboard"][0][0]


async def _post(talk: TelegramTalk, view: View, chat: int) -> None:
    """Posts a view by way of the ledger, and waits until it stands in its chat."""
    now = talk.bot.clock()
    payload = TelegramPosts().payload(view, Translator("en"), silent=True)
    count = len(talk.api.messages)
    await talk.bot.occasions.enqueue(
        [Delivery(0, f"x:{count}", 1, _where(chat), payload, now, now + timedelta(hours=1))], now
    )
    while len(talk.api.messages) == count:
        await asyncio.sleep(0.02)
    assert talk.api.messages[-1].request["disable_notification"] is True


def _where(chat: int) -> Destination:
    return Destination("telegram", str(chat))


def test_the_bundled_articles_hold_what_the_tests_ask_for() -> None:
    assert any("Kremlin" in (article.title.of(article.text) if article.title else "") for article in bundled())
    assert BOT["username"] == USERNAME


async def _registered(talk: TelegramTalk) -> None:
    """Returns when the bot has compared all of its menus; the last question is about its short descriptions."""
    async with asyncio.timeout(60):
        while sum(name == "getMyShortDescription" for name, _ in talk.api.requests) < len(LOCALES):
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)


async def test_an_operator_decides_about_all_posts_that_failed_by_a_button() -> None:
    access = Access(Policy.OPEN, frozenset({f"telegram:{ANN}"}))
    async with telegram_talk(access=access) as talk:
        now = talk.bot.clock() - timedelta(minutes=5)
        payload = TelegramPosts().payload(View((Paragraph(own("Commands")),)), Translator("en"), silent=True)
        lost = []
        for chat in (GROUP, CHANNEL):
            kept = await talk.bot.subscriptions.add(Subscription(0, _where(chat), "telegram:9", Settings(), now), 1)
            assert kept is not None
            post = Delivery(0, f"x:{chat}", kept.id, kept.destination, payload, now, now + timedelta(hours=1))
            lost.append(replace(post, state=State.UNCERTAIN))
        await talk.bot.occasions.enqueue(lost, now)
        await talk.bot.posting.alerts.run(talk.bot.clock())
        async with asyncio.timeout(60):
            while not talk.api.texts(ANN):
                await asyncio.sleep(0.02)
        alert = talk.api.messages[-1]
        assert "2 posts" in alert.parsed.text
        assert [one["text"] for one in buttons(alert)] == ["Send all again", "Leave as they are", "Show"]
        again = buttons(alert)[0]["callback_data"]
        [refused] = await talk.presses(again, alert, user=99)
        assert "operators" in refused.parsed.text
        done = await talk.presses(again, alert)
        assert "2 posts are sent again." in [one.parsed.text for one in done]
