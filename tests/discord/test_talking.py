"""The adapter over loopback: commands, buttons, messages and message commands, and the bot's answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.access import Access, Policy
from bot.chats import Destination
from bot.commands.chats import barred, let_in
from bot.delivery.model import Delivery, State
from bot.platforms.discord import listeners
from bot.platforms.discord.menus import payloads
from bot.platforms.discord.posts import Draft
from bot.runtime.clock import clock
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseLocked
from bot.subscriptions.model import Settings as UsualSettings
from bot.subscriptions.model import Subscription
from bot.subscriptions.obstacles import Obstacle
from tests.discord.parser import seen
from tests.discord.server import ANN, BOT, CHANNEL, DM, EVERYTHING, FORUM, GUILD, THREAD, Posted, Refusal, guild, person
from tests.discord.talk import DiscordTalk, discord_talk
from tests.fakes import NOON, article, bundled
from tests.libraries import bundled_library

KREMLIN = "story:cfe89c5741b3"
NOTHING = "0"
#: A person who is not in the server.
STRANGER = 8
#: A channel of a server that the person who asks is not in.
ELSEWHERE = 999_110


@pytest.fixture(name="talk")
async def _talk() -> AsyncIterator[DiscordTalk]:
    async with discord_talk() as talk:
        yield talk
        assert talk.api.refused == []
        assert talk.api.pings == []


def an_article() -> str:
    """A text that somebody may send."""
    return (
        "Bridge at Norby collapses\n\nThe bridge at Norby fell into the river on Monday evening, the police said.\n\n"
        "Nobody was hurt, because the road had been closed since the morning. The mayor, Ann Berg, asked for help."
        " The cause is not known. Engineers will look at the remains on Tuesday, and the river stays closed to ships."
    )


class TestCommands:
    async def test_one_answers_in_the_channel_for_all(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("who", story=KREMLIN)
        assert said.seen_by_all
        assert "Two drones over the Kremlin" in seen(said.text).text
        assert said.buttons

    async def test_one_answers_for_the_asker_alone_where_asked_to(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("latest", private=True)
        assert not said.seen_by_all

    async def test_what_one_person_is_shown_is_not_the_channels_story(self, talk: DiscordTalk) -> None:
        await talk.gives("brief", story=KREMLIN)
        await talk.gives("brief", private=True)
        [said] = await talk.gives("who")
        assert "Two drones" in said.text

    async def test_a_number_is_that_of_the_last_list(self, talk: DiscordTalk) -> None:
        [told] = await talk.gives("latest")
        third = list(told.buttons.values())[2]
        [said] = await talk.gives("brief", story="3")
        [pressed] = await talk.presses(third, told)
        assert seen(said.text).text == seen(pressed.text).text

    async def test_words_that_are_missing_are_asked_for_by_discord(self) -> None:
        search = next(one for one in payloads() if one["name"] == "search")
        assert search["options"][0]["required"]

    async def test_one_in_a_private_chat_answers_there(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("help", channel=DM)
        assert said.channel == DM
        assert said.seen_by_all  # nobody else is there

    async def test_answers_are_in_the_askers_language_where_nobody_else_reads(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("latest", private=True, locale="it")
        assert "Ultime notizie" in said.text
        [said] = await talk.gives("latest", locale="it")
        assert "Latest stories" in said.text

    async def test_my_data_come_as_a_file_for_nobody_else(self, talk: DiscordTalk) -> None:
        said = await talk.gives("mydata")
        assert not [one for one in said if one.seen_by_all]
        assert [one for one in said if one.body.get("attachments")]

    async def test_a_stranger_is_told_so(self) -> None:
        async with discord_talk(access=Access(Policy.CLOSED)) as talk:
            [said] = await talk.gives("latest")
            assert f"discord:{ANN}" in said.text  # to be copied as it is
            assert not said.seen_by_all
            assert await talk.is_offered("who", "story", "") == []

    async def test_whoever_is_shut_out_can_stop_posts_and_see_and_delete_what_is_stored(self) -> None:
        async with discord_talk() as talk:
            await talk.gives("subscribe")
            shut = Access(Policy.ALLOW_LIST, allowed=frozenset({"discord:1"}))
            object.__setattr__(talk.bot.dispatcher.context, "access", shut)
            [said] = await talk.gives("privacy")
            assert "/forgetme deletes it" in said.text
            assert await talk.gives("mydata")
            [asked] = await talk.gives("forgetme")
            assert "Delete all of it" in str(asked.body)
            [said] = await talk.gives("unsubscribe", channel=DM)
            assert "no subscription here" in said.text
            [said] = await talk.gives("unsubscribe")
            assert "Unsubscribed" in said.text
            [said] = await talk.presses("c1|forget|0||", asked)
            assert "Your data was deleted" in said.text
            [said] = await talk.gives("settings")
            assert "private" in said.text

    async def test_who_asks_too_much_is_told_in_private(self) -> None:
        async with discord_talk(throttle=1) as talk:
            await talk.gives("latest")
            [said] = await talk.gives("latest")
            [again] = await talk.gives("latest")
            for refusal in (said, again):
                assert "Try again" in refusal.text
                assert not refusal.seen_by_all
            assert talk.api.refused == []

    async def test_who_mentions_the_bot_too_often_is_told_once_and_nobody_else_is(self) -> None:
        async with discord_talk([article("Bridge falls", "A bridge fell. Nobody was hurt.")], throttle=1) as talk:
            await talk.says("<@900> latest", channel=CHANNEL)
            [said] = await talk.says("<@900> latest", channel=CHANNEL)
            assert "Try again" in said.text
            assert said.channel == DM
            assert await talk.says("<@900> latest", channel=CHANNEL) == []

    async def test_a_command_of_another_version_is_answered_kindly(self, talk: DiscordTalk) -> None:
        found = await talk.api.interact(2, {"id": "1", "name": "gone", "type": 1, "options": []})
        assert found.callbacks[0]["type"] == 4


class TestSuggestions:
    async def test_stories_are_offered_by_the_beginnings_of_their_words(self, talk: DiscordTalk) -> None:
        offered = await talk.is_offered("who", "story", "kreml")
        assert KREMLIN in [one["value"] for one in offered]
        assert all("Kremlin" in one["name"] for one in offered)

    async def test_the_newest_are_offered_before_anything_is_typed(self, talk: DiscordTalk) -> None:
        stories = len(bundled()) - 1  # two of the articles report one event
        assert len(await talk.is_offered("who", "story", "")) == stories

    async def test_zones_settings_and_values_are_offered(self, talk: DiscordTalk) -> None:
        assert "Europe/Rome" in [one["value"] for one in await talk.is_offered("subscribe", "zone", "milan")][:2]
        assert len(await talk.is_offered("subscribe", "zone", "")) == 25
        assert "quiet" in [one["value"] for one in await talk.is_offered("settings", "setting", "qui")]
        assert await talk.is_offered("settings", "value", "", setting="days") == []
        await talk.gives("subscribe")
        assert len(await talk.is_offered("settings", "value", "", setting="days")) == 3
        found = await talk.is_offered("settings", "value", "rome", setting="zone")
        assert found[0]["value"] == "Europe/Rome"

    async def test_a_title_is_found_by_words_without_meaning_too(self) -> None:
        title = "Who is the new mayor of Norby?"
        async with discord_talk([article(title, "Ilse Brandt was elected in Norby on Monday.")]) as talk:
            assert [one["name"] for one in await talk.is_offered("who", "story", "who is")] == [title]

    async def test_nobodys_settings_are_offered_to_who_may_not_see_them(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe")
        assert await talk.is_offered("settings", "value", "", setting="days", channel_named=str(CHANNEL))
        assert await talk.is_offered("settings", "value", "", setting="days", permissions="0") == []
        await talk.bot.subscriptions.add(_elsewhere(), 1)
        assert await talk.is_offered("settings", "value", "", setting="days", channel_named=str(ELSEWHERE)) == []
        assert await talk.is_offered("settings", "value", "", setting="days", channel_named="no number") == []

    async def test_whoever_types_without_an_end_is_offered_nothing_any_more(self, talk: DiscordTalk) -> None:
        offered = [await talk.is_offered("subscribe", "zone", "rom") for _ in range(130)]
        assert offered[0]
        assert offered[-1] == []


def _elsewhere() -> Subscription:
    """A subscription of a channel in another server."""
    return Subscription(0, Destination("discord", str(ELSEWHERE)), "discord:9", UsualSettings(), NOON)


class TestButtons:
    async def test_one_in_a_channel_answers_for_who_pressed_it(self, talk: DiscordTalk) -> None:
        [told] = await talk.gives("brief", story=KREMLIN)
        [said] = await talk.presses(next(iter(told.buttons.values())), told, user=8)
        assert (said.seen_by_all, told.edits) == (False, 0)

    async def test_one_of_a_private_answer_changes_it_in_its_place(self, talk: DiscordTalk) -> None:
        [told] = await talk.gives("brief", story=KREMLIN, private=True)
        [said] = await talk.presses(next(iter(told.buttons.values())), told)
        assert said is told

    async def test_one_in_a_private_chat_does_too(self, talk: DiscordTalk) -> None:
        [told] = await talk.gives("brief", channel=DM, story=KREMLIN)
        [said] = await talk.presses(next(iter(told.buttons.values())), told)
        assert said is told

    async def test_a_list_that_one_person_alone_sees_stays(self, talk: DiscordTalk) -> None:
        [told] = await talk.gives("latest", private=True)
        [said] = await talk.presses(next(iter(told.buttons.values())), told)
        assert said is not told

    async def test_a_list_in_a_private_chat_stays(self, talk: DiscordTalk) -> None:
        [told] = await talk.gives("latest", channel=DM)
        [said] = await talk.presses(next(iter(told.buttons.values())), told)
        assert said is not told

    async def test_one_whose_story_is_gone_says_so(self, talk: DiscordTalk) -> None:
        [told] = await talk.gives("brief", story=KREMLIN)
        button = next(iter(told.buttons.values()))
        report = await talk.bot.stories.report_of("cfe89c5741b3")
        assert report
        await talk.bot.stories.remove(report.id)
        [said] = await talk.presses(button, told)
        assert "no longer here" in said.text

    @pytest.mark.parametrize("data", ["?", "x" * 100, "v1|key|nothing|who|0", "c1|set|999|time|07:00"])
    async def test_a_forged_one_harms_nobody(self, talk: DiscordTalk, data: str) -> None:
        [told] = await talk.gives("brief", story=KREMLIN)
        assert [one.seen_by_all for one in await talk.presses(data, told)] == [False]

    async def test_one_works_after_a_restart(self, tmp_path: Path) -> None:
        url = await bundled_library(tmp_path)
        async with discord_talk(url=url) as first:
            [told] = await first.gives("brief", story=KREMLIN)
        async with discord_talk(url=url) as second:
            second.api.messages.append(told)
            [said] = await second.presses(next(iter(told.buttons.values())), told)
            assert "Kremlin" in said.text


class TestMessages:
    async def test_asking_about_a_message_offers_its_story(self, talk: DiscordTalk) -> None:
        [told] = await talk.gives("who", story=KREMLIN)
        [said] = await talk.points("Ask about this", talk.api.as_told(told))
        assert not said.seen_by_all
        assert "What happened" in said.buttons

    async def test_asking_about_a_list_offers_its_stories(self, talk: DiscordTalk) -> None:
        [told] = await talk.gives("latest")
        [said] = await talk.points("Ask about this", talk.api.as_told(told))
        assert len(said.buttons) == len(told.buttons)

    async def test_asking_about_somebody_elses_message_says_so(self, talk: DiscordTalk) -> None:
        message = talk.api.as_told((await talk.gives("help"))[0]) | {"id": "5"}
        [said] = await talk.points("Ask about this", message)
        assert "no longer here" in said.text
        [said] = await talk.points("Ask about this", message | {"author": person(8)})
        assert "is not mine" in said.text

    async def test_data_that_are_asked_for_in_private_come_as_a_file(self, talk: DiscordTalk) -> None:
        await talk.says("/mydata")
        await _until(talk_messages(talk), lambda found: any(one.body.get("attachments") for one in found))

    async def test_who_writes_in_private_may_change_what_is_posted_there(self, talk: DiscordTalk) -> None:
        [said] = await talk.says("/subscribe 7:30 rome")
        assert "Subscribed" in said.text
        [subscription] = await talk.bot.subscriptions.all()
        assert subscription.destination == Destination("discord", str(DM))

    async def test_an_article_is_briefed_for_who_asks_alone(self, talk: DiscordTalk) -> None:
        message = talk.api.as_told((await talk.gives("help"))[0]) | {"id": "5", "content": an_article()}
        [said] = await talk.points("Brief this", message)
        assert "Bridge at Norby collapses" in said.text
        assert not said.seen_by_all
        [pressed] = await talk.presses(next(iter(said.buttons.values())), said)
        assert "Norby" in pressed.text
        [other] = await talk.presses(next(iter(said.buttons.values())), said, user=8)
        assert "no longer here" in other.text
        assert "Norby" not in (await talk.gives("latest"))[0].text

    async def test_what_is_no_article_is_said_to_be_none(self, talk: DiscordTalk) -> None:
        message = talk.api.as_told((await talk.gives("help"))[0]) | {"id": "5", "content": "Hello."}
        [said] = await talk.points("Brief this", message)
        assert "No article" in said.text

    async def test_where_the_operator_allows_none_that_is_said(self) -> None:
        async with discord_talk(access=Access(Policy.OPEN, pasted=False)) as talk:
            message = talk.api.as_told((await talk.gives("help"))[0]) | {"id": "5", "content": an_article()}
            [said] = await talk.points("Brief this", message)
            assert "does not accept articles" in said.text

    async def test_a_question_in_a_private_chat_is_answered(self, talk: DiscordTalk) -> None:
        [said] = await talk.says("who did it?")
        assert said.body["message_reference"]

    async def test_what_has_no_words_in_a_private_chat_is_answered_too(self, talk: DiscordTalk) -> None:
        [said] = await talk.says("", sticker_items=[{"id": "1", "name": "a wave", "format_type": 1}])
        assert said.text.startswith("I read only text.")
        voice = {"id": "1", "filename": "voice-message.ogg", "size": 10, "content_type": "audio/ogg"}
        address = "https://cdn.example/voice-message.ogg"
        [said] = await talk.says("", attachments=[voice | {"url": address, "proxy_url": address}])
        assert said.text.startswith("I read only text.")

    async def test_a_text_that_a_person_cut_inside_a_sentence_is_one_article(self, talk: DiscordTalk) -> None:
        sentences = [f"The council met on day number {number} and decided about the ferry." for number in range(50)]
        whole = "A ferry for Norby\n\n" + " ".join(sentences)
        end = whole.index(" and decided", 1200)
        for part in (whole[:end], whole[end + 1 :]):
            before = len(talk.api.messages)
            await talk.says(part)
            async with asyncio.timeout(60):
                while len(talk.api.messages) == before:
                    await asyncio.sleep(0.02)
        [said] = await talk.says("what happened on day number 49?")
        assert "day number 49" in said.text
        assert "A ferry for Norby" in said.text

    async def test_a_reply_that_mentions_the_bot_is_about_that_message(self, talk: DiscordTalk) -> None:
        [told] = await talk.gives("brief", story=KREMLIN)
        reference = {"message_id": str(told.number), "channel_id": str(CHANNEL), "guild_id": str(GUILD)}
        [said] = await talk.says(f"<@{BOT['id']}> who did it?", channel=CHANNEL, message_reference=reference, user=ANN)
        assert "Two drones over the Kremlin" in seen(said.text).text

    async def test_a_remark_below_its_message_is_left_to_the_others(self, talk: DiscordTalk) -> None:
        [told] = await talk.gives("brief", story=KREMLIN)
        reference = {"message_id": str(told.number), "channel_id": str(CHANNEL), "guild_id": str(GUILD)}
        reply: dict[str, Any] = {"channel": CHANNEL, "message_reference": reference, "user": ANN}
        below: dict[str, Any] = reply | {
            "mentions": [BOT]
        }  # a client mentions the author, though nobody wrote the name
        sticker: dict[str, Any] = {"sticker_items": [{"id": "1", "name": "a wave", "format_type": 1}]}
        link = "https://gazette.example/2023/05/04/moscow-points-at-washington"  # a story of the library
        assert await talk.says(f"People hate drones, see {link}", **below) == []
        assert await talk.says("", **below, **sticker) == []
        [said] = await talk.says("who did it?", **below)
        assert "Two drones over the Kremlin" in seen(said.text).text
        [said] = await talk.says(f"<@{BOT['id']}> lol", **reply)
        assert "I did not understand" in said.text

    async def test_in_a_channel_it_is_silent_until_it_is_spoken_to(self, talk: DiscordTalk) -> None:
        before = len(talk.api.messages)
        await talk.api.tell("MESSAGE_CREATE", {"id": "1"})  # what it does not understand does not end it
        assert await talk.says("who did it?", channel=CHANNEL) == []
        assert len(talk.api.messages) == before


class TestSettings:
    async def test_a_channel_is_subscribed_and_changed_by_a_panel(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("subscribe", time="7:30", zone="Europe/Rome")
        assert "Subscribed" in said.text
        assert not said.seen_by_all
        [panel] = await talk.presses(said.buttons["Change"], said)
        [days] = await talk.chooses(panel.choices["Days"], panel)
        assert days is panel
        assert "every day" in days.text
        [changed] = await talk.presses(days.buttons["Monday to Friday"], days)
        assert "Saved" in changed.text
        [subscription] = await talk.bot.subscriptions.all()
        assert subscription.destination == Destination("discord", str(CHANNEL))
        assert subscription.settings.schedule.days == frozenset(range(5))

    async def test_any_other_value_is_written_in_a_window(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe")
        [panel] = await talk.gives("settings")
        [times] = await talk.chooses(panel.choices["Time"], panel)
        write = times.buttons["Write a value…"]
        found = await talk.api.interact(3, {"custom_id": write, "component_type": 2, "id": 1}, message=times)
        window = found.callbacks[0]
        assert window["type"] == 9
        [saved] = await talk.writes(window["data"]["custom_id"], "6:45 19:10", times)
        assert "06:45, 19:10" in seen(saved.text).text
        [refused] = await talk.writes(window["data"]["custom_id"], "breakfast", saved)
        assert "breakfast" in refused.text
        assert refused.buttons["Write a value…"] == write

    async def test_a_value_that_is_none_is_refused_in_words(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe")
        [said] = await talk.gives("settings", setting="time", value="never")
        assert "never" in said.text
        assert "7:30" in seen(said.text).text

    @pytest.mark.parametrize("name", ["subscribe", "settings", "pause", "resume", "unsubscribe"])
    async def test_who_manages_no_server_changes_nothing(self, talk: DiscordTalk, name: str) -> None:
        [said] = await talk.gives(name, permissions=NOTHING)
        assert "administrator" in said.text
        assert await talk.bot.subscriptions.all() == []

    async def test_another_channel_a_thread_and_a_forum_are_subscribed_by_name(self, talk: DiscordTalk) -> None:
        for channel in (CHANNEL, THREAD, FORUM):
            found = await talk.api.interact(
                2,
                {
                    "id": "1",
                    "name": "subscribe",
                    "type": 1,
                    "options": [{"name": "channel", "type": 7, "value": str(channel)}],
                    "resolved": {"channels": {str(channel): _resolved(channel)}},
                },
            )
            assert found.callbacks
            [said] = [one for one in talk.api.messages if one.number == found.original]
            [panel] = await talk.presses(said.buttons["Change"], said)
            [days] = await talk.chooses(panel.choices["Days"], panel)
            [saved] = await talk.presses(days.buttons["the weekend"], days)
            assert "Saved" in saved.text
        assert {one.settings.schedule.days for one in await talk.bot.subscriptions.all()} == {frozenset({5, 6})}
        places = {str(one.destination) for one in await talk.bot.subscriptions.all()}
        assert places == {f"discord:{CHANNEL}", f"discord:{CHANNEL}:{THREAD}", f"discord:{FORUM}"}


class TestOtherChannels:
    @pytest.mark.parametrize("resolved", [{}, {str(FORUM): {"id": str(FORUM), "type": 15, "permissions": NOTHING}}])
    async def test_one_that_the_person_does_not_see_is_none(self, talk: DiscordTalk, resolved: dict[str, Any]) -> None:
        for name in ("subscribe", "status"):
            data = _with_channel(name, FORUM) | {"resolved": {"channels": resolved}}
            found = await talk.api.interact(2, data)
            assert "administrator" in str(found.callbacks)
        assert await talk.bot.subscriptions.all() == []

    async def test_one_that_is_named_in_a_private_chat_is_its_managers(self, talk: DiscordTalk) -> None:
        found = await talk.api.interact(2, _with_channel("subscribe", CHANNEL), channel=DM, user=STRANGER)
        assert "administrator" in str(found.callbacks)
        assert await talk.bot.subscriptions.all() == []
        await talk.api.interact(2, _with_channel("subscribe", CHANNEL), channel=DM)
        [kept] = await talk.bot.subscriptions.all()
        assert str(kept.destination) == f"discord:{CHANNEL}"
        talk.api.refused.clear()  # Discord does not know the stranger

    async def test_subscriptions_are_changed_from_the_private_chat(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe")
        [told] = await talk.gives("subscriptions", channel=DM)
        [card] = await talk.presses(next(iter(told.buttons.values())), told)
        pause = card.buttons["Pause"]
        [refused] = await talk.presses(pause, card, user=STRANGER)
        assert "Only an administrator" in refused.text
        await talk.presses(pause, card)
        [kept] = await talk.bot.subscriptions.all()
        assert kept.paused == ""
        talk.api.refused.clear()  # Discord does not know the stranger


def _with_channel(name: str, channel: int) -> dict[str, Any]:
    option = {"name": "channel", "type": 7, "value": str(channel)}
    resolved = {"channels": {str(channel): _resolved(channel)}}
    return {"id": "1", "name": name, "type": 1, "options": [option], "resolved": resolved}


def _resolved(channel: int, permissions: str = EVERYTHING) -> dict[str, Any]:
    kinds = {CHANNEL: 0, THREAD: 11, FORUM: 15}
    parent = {"parent_id": str(CHANNEL)} if channel == THREAD else {}
    return {"id": str(channel), "type": kinds[channel], "name": "x", "permissions": permissions, **parent}


class TestMenus:
    async def test_commands_are_told_once(self) -> None:
        async with discord_talk() as first:
            state = {"commands": first.api.commands}
            assert any(method == "PUT" for method, _, _ in first.api.requests)
        async with discord_talk(api_state=state) as second:
            await asyncio.sleep(0.2)
            assert not any(method == "PUT" for method, _, _ in second.api.requests)

    def test_they_have_names_in_every_language(self) -> None:
        for command in payloads():
            assert command["name_localizations"]["it"] != command["name"] or command["name"] in {"privacy", "dashboard"}
            assert len(command.get("description", "")) <= 100
            for option in command.get("options", []):
                assert len(option["description_localizations"]["it"]) <= 100

    def test_only_who_manages_a_server_is_shown_what_changes_it(self) -> None:
        guarded = {one["name"] for one in payloads() if "default_member_permissions" in one}
        assert guarded == {"subscribe", "settings", "pause", "resume", "unsubscribe"}


class TestDeadline:
    async def test_what_takes_long_is_announced_and_then_said_in_its_place(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with discord_talk(grace=0.2) as talk:
            [told] = await talk.gives("brief", story=KREMLIN)
            _slow_down(monkeypatch, 3.5)
            [said] = await talk.gives("latest")
            assert (said.is_deferred, said.edits) == (False, 1)
            assert "Latest stories" in said.text
            [pressed] = await talk.presses(next(iter(told.buttons.values())), told)
            assert (pressed.seen_by_all, pressed.edits) == (False, 1)
            assert talk.api.refused == []

    async def test_nothing_is_offered_rather_than_too_late(
        self, talk: DiscordTalk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _slow_down(monkeypatch, 2.5)
        assert await talk.is_offered("who", "story", "kremlin") == []

    async def test_a_database_that_is_away_is_said_to_be(
        self, talk: DiscordTalk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        @asynccontextmanager
        async def away(*_: object, **__: object) -> AsyncIterator[None]:
            raise DatabaseLocked("here")
            yield

        monkeypatch.setattr(Database, "read", away)
        [said] = await talk.gives("latest")
        assert "Something went wrong" in said.text


def _slow_down(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Makes the database slow, once for each answer."""
    read = Database.read

    @asynccontextmanager
    async def slowly(self: Database, *args: Any, **options: Any) -> AsyncIterator[Any]:
        task = asyncio.current_task()
        if task not in waited:
            waited.add(task)
            await asyncio.sleep(seconds)
        async with read(self, *args, **options) as connection:
            yield connection

    waited: set[Any] = set()
    monkeypatch.setattr(Database, "read", slowly)


class TestPosts:
    async def test_one_is_posted_with_its_buttons_and_is_what_a_reply_is_about(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe")
        await posted(talk, Destination("discord", str(CHANNEL)))
        post = talk.api.messages[-1]
        assert post.text == "**A digest**"
        assert post.body["enforce_nonce"]
        assert post.body["allowed_mentions"] == {"parse": []}

    async def test_a_forum_gets_a_post_of_its_own(self) -> None:
        async with discord_talk(forum_tags=["politics", "weather"]) as talk:
            sent = await posted(talk, Destination("discord", str(FORUM)))
            [thread] = talk.api.threads
            assert (thread["name"], thread["applied_tags"], sent.remote_id) == ("A digest", ["100121"], thread["id"])
            assert talk.api.refused == []

    async def test_an_alert_reaches_its_operator_in_private(self) -> None:
        async with discord_talk(access=Access(Policy.OPEN, frozenset({f"discord:{ANN}"}))) as talk:
            sent = await posted(talk, Destination("discord", str(ANN)), subscription=0)
            assert (sent.state, talk.api.messages[-1].channel) == (State.SENT, DM)

    async def test_a_silent_one_makes_no_sound(self, talk: DiscordTalk) -> None:
        await posted(talk, Destination("discord", str(CHANNEL)), silent=True)
        assert talk.api.messages[-1].body["flags"] & (1 << 12)

    @pytest.mark.parametrize(
        ("status", "code", "words"),
        [
            (403, 50001, "Missing Access"),
            (403, 50013, "Missing Permissions"),
            (404, 10003, "Unknown Channel"),
            (400, 50083, "Thread is archived"),
        ],
    )
    async def test_a_closed_channel_is_paused_with_its_reason(self, status: int, code: int, words: str) -> None:
        async with discord_talk() as talk:
            await talk.gives("subscribe")
            talk.api.closed[CHANNEL] = Refusal(status, code, words)
            sent = await posted(talk, Destination("discord", str(CHANNEL)), subscription=1)
            assert sent.state is State.CANCELLED
            [subscription] = await talk.bot.subscriptions.all()
            assert subscription.paused in set(Obstacle)
            del talk.api.closed[CHANNEL]
            await talk.api.tell("GUILD_CREATE", guild())
            await talk.api.tell("CHANNEL_UPDATE", guild()["channels"][0])
            await _until(talk.bot.subscriptions.all, lambda found: not found[0].paused)

    async def test_who_throws_the_bot_out_pauses_and_who_lets_it_in_resumes(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe")
        await talk.api.tell("GUILD_DELETE", {"id": str(GUILD)})
        await _until(talk.bot.subscriptions.all, lambda found: bool(found[0].paused))
        await talk.api.tell("GUILD_CREATE", guild())
        await _until(talk.bot.subscriptions.all, lambda found: not found[0].paused)

    @pytest.mark.parametrize("event", ["GUILD_DELETE", "GUILD_CREATE"])
    async def test_one_channel_that_cannot_be_paused_or_resumed_holds_up_no_other(
        self, talk: DiscordTalk, monkeypatch: pytest.MonkeyPatch, event: str
    ) -> None:
        await talk.gives("subscribe")
        await talk.gives("subscribe", channel=FORUM)
        if event == "GUILD_CREATE":
            await talk.api.tell("GUILD_DELETE", {"id": str(GUILD)})
            await _until(talk.bot.subscriptions.all, lambda found: all(one.paused for one in found))
        broken: list[str] = []

        def once(real: Any) -> Any:
            async def work(context: Any, where: Destination, *more: Any) -> None:
                if not broken:
                    broken.append(str(where))
                    raise KeyError("a field of a newer version")
                await real(context, where, *more)

            return work

        monkeypatch.setattr(listeners, "let_in", once(let_in))
        monkeypatch.setattr(listeners, "barred", once(barred))
        await talk.api.tell(event, {"id": str(GUILD)} if event == "GUILD_DELETE" else guild())
        is_paused = event == "GUILD_DELETE"
        await _until(talk.bot.subscriptions.all, lambda found: any(bool(one.paused) is is_paused for one in found))
        assert broken


async def posted(talk: DiscordTalk, where: Destination, silent: bool = False, subscription: int = 1) -> Delivery:
    now = clock()
    payload = Draft("**A digest**", silent=silent, name="A digest").write()
    post = Delivery(0, f"{where}:x:1", subscription, where, payload, now, now + timedelta(hours=1), occasion=1)
    await talk.bot.occasions.enqueue([post], now)

    async def latest() -> list[Delivery]:
        return await talk.bot.ledger.latest(1)

    found: Delivery
    [found] = await _until(latest, lambda found: found[0].state not in {State.PENDING, State.SENDING})
    return found


def talk_messages(talk: DiscordTalk) -> Any:
    """Asks for all messages."""

    async def ask() -> list[Posted]:
        return talk.api.messages

    return ask


async def _until(ask: Any, is_so: Any) -> Any:
    for _ in range(300):
        if is_so(found := await ask()):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(found)


class TestPrivacy:
    async def test_what_somebody_had_briefed_for_themselves_is_shown_to_and_deleted_by_them(
        self, talk: DiscordTalk
    ) -> None:
        message = talk.api.as_told((await talk.gives("help"))[0]) | {"id": "5", "content": an_article()}
        [said] = await talk.points("Brief this", message)
        button = next(iter(said.buttons.values()))
        where, ann = Destination("discord", str(CHANNEL)), f"discord:{ANN}"
        privacy = talk.bot.dispatcher.context.privacy
        assert "Norby" in str(await privacy.data(where, ann, is_private=False))
        assert "Norby" not in str(await privacy.data(where, "discord:8", is_private=False))
        await talk.gives("forgetme", permissions=NOTHING, user=8)
        assert "Norby" in (await talk.presses(button, said))[0].text
        await talk.gives("forgetme", permissions=NOTHING)
        assert "Norby" not in str(await privacy.data(where, ann, is_private=False))
        assert "no longer here" in (await talk.presses(button, said))[0].text


async def test_an_operator_decides_about_all_posts_that_failed_by_a_button() -> None:
    async with discord_talk(access=Access(Policy.OPEN, frozenset({f"discord:{ANN}"}))) as talk:
        now = clock() - timedelta(minutes=5)
        payload = Draft("**A digest**", name="A digest").write()
        where = Destination("discord", str(CHANNEL))
        kept = await talk.bot.subscriptions.add(Subscription(0, where, "discord:9", UsualSettings(), NOON), 1)
        assert kept is not None
        lost = [
            Delivery(0, f"x:{n}", kept.id, where, payload, now, now + timedelta(hours=1), state=State.DEAD)
            for n in range(2)
        ]
        await talk.bot.occasions.enqueue(lost, now)
        await talk.bot.posting.alerts.run(clock())
        await _until(talk_messages(talk), bool)
        [alert] = talk.api.messages
        assert list(alert.buttons) == ["Send all again", "Show"]
        again = alert.buttons["Send all again"]
        [refused] = await talk.presses(again, alert, user=99)
        assert "operators" in refused.text
        done = await talk.presses(again, alert)
        assert any("2 posts are sent again." in one.text for one in done)
