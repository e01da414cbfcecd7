"""What Discord has and other platforms lack: roles, threads, published posts, command links, lists, guests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.answers.stories import list_view
from bot.chats import Destination
from bot.delivery.model import Delivery, Op, State
from bot.i18n import LOCALES, Translator, own
from bot.jobs import post_due
from bot.platforms.discord.hints import CommandLinks
from bot.platforms.discord.menus import Naming, payloads
from bot.platforms.discord.posts import Draft, drafts
from bot.subscriptions.model import Mode, Role, Subscription
from bot.views.model import Paragraph, View
from briefings.model import SectionKind
from tests.discord.server import ANNOUNCEMENTS, CHANNEL, DM, GUILD, ROLE, THREAD, Posted, Refusal
from tests.discord.talk import DiscordTalk, discord_talk
from tests.fakes import article, until, version
from tests.faults.postman import abort, after, answer, before
from tests.libraries import add_articles

_ELSEWHERE = 555_100


NEWS = [
    article(
        "Bridge at Norby falls", "The bridge at Norby fell into the river on Monday. Nobody was hurt, police said."
    ),
    article(
        "Port of Sund closes", "The port of Sund closed on Tuesday because of ice. Ships wait outside, its head said."
    ),
]


FIRE = article("Fire in the market of Alm", "The market of Alm burned on Wednesday. Nobody was there, the mayor said.")


@pytest.fixture(name="talk")
async def _talk() -> AsyncIterator[DiscordTalk]:
    async with discord_talk(NEWS) as talk:
        yield talk
        assert talk.api.refused == []


async def news(talk: DiscordTalk) -> list[Posted]:
    """A story arrives. Returns the posts about it."""
    await post_due(talk.bot)  # what arrived before is no news
    before = len(talk.api.messages)
    for one in await talk.bot.subscriptions.all():
        await talk.bot.subscriptions.change(one.destination, one.id, _as_it_arrives)
    await add_articles(talk.bot, [FIRE])
    await post_due(talk.bot)
    await until(lambda: len(talk.api.messages) > before)
    return talk.api.messages[before:]


def _as_it_arrives(one: Subscription) -> Subscription:
    return replace(one, settings=replace(one.settings, mode=Mode.ARRIVAL), next_due=None)


async def steps(talk: DiscordTalk) -> list[Delivery]:
    """What followed the posts, once nothing waits."""

    async def found() -> list[Delivery]:
        return [one for one in await talk.bot.ledger.latest(50) if one.op in {Op.THREAD, Op.PUBLISH}]

    for _ in range(200):
        done = await found()
        if done and all(one.state not in {State.PENDING, State.SENDING} for one in done):
            return done
        await asyncio.sleep(0.02)
    return await found()


def with_role(number: int = ROLE, name: str = "Readers") -> dict[str, Any]:
    """The data of /subscribe with a role."""
    options = [{"name": "role", "type": 8, "value": str(number)}]
    resolved = {"roles": {str(number): {"id": str(number), "name": name}}}
    return {"id": "1", "name": "subscribe", "type": 1, "options": options, "resolved": resolved}


class TestRoles:
    async def test_each_post_pings_the_role_that_the_manager_chose_and_nobody_else(self, talk: DiscordTalk) -> None:
        found = await talk.api.interact(2, with_role())
        assert "does not work" not in str(found.callbacks)
        [kept] = await talk.bot.subscriptions.all()
        assert kept.settings.role == Role(str(ROLE), "Readers")
        assert talk.api.pings == []
        [post] = await news(talk)
        assert talk.api.pings == [f"<@&{ROLE}>"]
        assert post.body["allowed_mentions"] == {"parse": [], "roles": [ROLE]}

    async def test_a_right_that_is_missing_is_told_at_once(self, talk: DiscordTalk) -> None:
        found = await talk.api.interact(2, with_role(), app_permissions=str(1 << 10 | 1 << 11))
        assert "may not ping this role" in str(found.callbacks)
        assert "Mention @everyone" in str(found.callbacks).replace("\\", "")

    async def test_everybody_is_never_pinged(self, talk: DiscordTalk) -> None:
        found = await talk.api.interact(2, with_role(GUILD, "@everyone"))
        assert "I never ping everyone." in str(found.callbacks)
        assert await talk.bot.subscriptions.all() == []
        await talk.gives("subscribe")
        for typed in (str(GUILD), "@everyone", "here"):
            [refused] = await talk.gives("settings", setting="role", value=typed)
            assert "I never ping everyone." in refused.text
        [kept] = await talk.bot.subscriptions.all()
        assert kept.settings.role is None
        everyone = replace(kept.settings, role=Role(str(GUILD), "@everyone"))  # as an older version stored it
        await talk.bot.subscriptions.change(kept.destination, kept.id, lambda one: replace(one, settings=everyone))
        await news(talk)
        assert talk.api.pings == []

    async def test_a_role_is_found_by_its_name(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe")
        for typed in ("Readers", "@readers", f"<@&{ROLE}>", str(ROLE)):
            [saved] = await talk.gives("settings", setting="role", value=typed)
            assert "Readers" in saved.text
        [unknown] = await talk.gives("settings", setting="role", value="writers")
        assert "Choose a role from the list" in unknown.text
        [kept] = await talk.bot.subscriptions.all()
        assert kept.settings.role == Role(str(ROLE), "Readers")

    async def test_what_keeps_a_role_from_working_is_said_with_the_role_only(self, talk: DiscordTalk) -> None:
        rights = str(1 << 10 | 1 << 11 | 1 << 35)
        await talk.gives("subscribe", app_permissions=rights)
        [role] = await talk.gives("settings", setting="role", value=str(ROLE), app_permissions=rights)
        [thread] = await talk.gives("settings", setting="thread", value="on", app_permissions=rights)
        assert "may not ping this role" in role.text
        assert "may not ping this role" not in thread.text

    async def test_a_post_that_is_rendered_again_still_names_it(self, talk: DiscordTalk) -> None:
        await talk.api.interact(2, with_role())
        await news(talk)
        [sent] = [one for one in await talk.bot.ledger.latest(9) if one.op is Op.POST]
        rebuilt = await talk.bot.posting.withdrawals._rebuilder.rebuilt(sent)
        assert rebuilt is not None
        assert Draft.read(rebuilt.payload or "").role == str(ROLE)

    async def test_a_role_that_is_gone_is_not_named_in_the_post(self, talk: DiscordTalk) -> None:
        await talk.api.interact(2, with_role(ROLE + 7, "Old"))
        [post] = await news(talk)
        assert "<@&" not in post.text

    async def test_it_is_chosen_from_the_list_of_the_servers_roles(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("subscribe")
        [panel] = await talk.presses(said.buttons["Change"], said)
        [choices] = await talk.chooses(panel.choices["Role"], panel)
        [roles] = [one for one in choices.components if one["type"] == 6]
        data = {"custom_id": roles["custom_id"], "component_type": 6, "values": [str(ROLE)], "id": 1}
        data["resolved"] = {"roles": {str(ROLE): {"id": str(ROLE), "name": "Readers"}}}
        [saved] = await talk._heard(3, data, channel=CHANNEL, message=choices)
        assert "@Readers" in saved.text.replace("\\", "")
        assert "Write a value…" not in saved.buttons
        [kept] = await talk.bot.subscriptions.all()
        assert kept.settings.role == Role(str(ROLE), "Readers")
        [cleared] = await talk.presses(saved.buttons["none"], saved)
        assert "Role: none" in cleared.text

    async def test_its_values_are_suggested(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe")
        offered = await talk.is_offered("settings", "value", "read", setting="role")
        assert [one["name"] for one in offered] == ["Readers"]
        await talk.gives("settings", setting="role", value=offered[0]["value"])
        [kept] = await talk.bot.subscriptions.all()
        assert kept.settings.role == Role(str(ROLE), "Readers")


class TestThreads:
    async def test_a_post_gets_one_with_its_day_and_first_headline(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe", thread="on")
        [post] = await news(talk)
        [step] = await steps(talk)
        assert step.state is State.SENT
        [thread] = talk.api.threads
        assert thread["id"] == str(post.number)
        assert thread["name"].endswith("Fire in the market of Alm")

    async def test_it_is_opened_once_although_the_answer_is_lost(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe", thread="on")
        [_] = await news(talk)
        [step] = await steps(talk)
        again = replace(step, id=0, dedup=f"{step.dedup}:again", state=State.PENDING)
        await talk.bot.occasions.enqueue([again], talk.bot.clock())
        assert {one.state for one in await steps(talk)} == {State.SENT}
        assert len(talk.api.threads) == 1
        assert [one for one in talk.api.refused if "already" in one]
        talk.api.refused.clear()

    @pytest.mark.parametrize(
        "wrong",
        [abort, answer(500, "broken"), answer(502, "<html>"), answer(200, "{")],
        ids=["reset", "500", "502 of a proxy", "garbage"],
    )
    async def test_whatever_the_answer_is_there_is_one_post_and_one_thread(self, talk: DiscordTalk, wrong: Any) -> None:
        await talk.gives("subscribe", thread="on")
        talk.api.faults += [None, after(wrong), before(wrong)]
        [_] = await news(talk)
        [step] = await steps(talk)
        assert step.state is State.SENT
        assert len(talk.api.threads) == 1
        talk.api.refused.clear()

    async def test_where_none_may_be_opened_the_posts_go_on_and_the_status_says_why(self, talk: DiscordTalk) -> None:
        talk.api.threads_refused = Refusal(403, 50013, "Missing Permissions")
        await talk.gives("subscribe", thread="on")
        await news(talk)
        [step] = await steps(talk)
        assert step.state is State.CANCELLED
        [kept] = await talk.bot.subscriptions.all()
        assert kept.paused is None
        [said] = await talk.gives("status")
        assert "no thread below the post" in said.text
        assert "Create Public Threads" in said.text
        talk.api.refused.clear()

    async def test_where_there_can_be_none_that_is_told_at_once(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("subscribe", channel=THREAD, thread="on")
        assert "cannot have a thread of their own" in said.text


class TestPublishing:
    async def test_posts_of_an_announcement_channel_are_published(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("subscribe", channel=ANNOUNCEMENTS, publish="on")
        assert "does not work" not in said.text
        [post] = await news(talk)
        [step] = await steps(talk)
        assert step.state is State.SENT
        assert post.is_published

    async def test_a_lost_answer_publishes_nothing_twice(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe", channel=ANNOUNCEMENTS, publish="on")
        talk.api.faults += [None, after(abort)]
        [post] = await news(talk)
        [step] = await steps(talk)
        assert step.state is State.SENT
        assert post.is_published
        talk.api.refused.clear()

    async def test_another_channel_is_told_at_once_that_it_publishes_nothing(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("subscribe", publish="on")
        assert "not an announcement channel" in said.text
        await news(talk)
        [step] = await steps(talk)
        assert step.state is State.CANCELLED
        talk.api.refused.clear()

    async def test_the_limit_of_an_hour_delays_the_publishing_and_no_post(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe", channel=ANNOUNCEMENTS, publish="on")
        for _ in range(10):
            talk.api.messages.append(Posted(ANNOUNCEMENTS, talk.api.next(), {"content": "x"}, is_published=True))
        [post] = await news(talk)
        where, now = Destination("discord", str(ANNOUNCEMENTS)), talk.bot.clock()

        async def waiting() -> list[Delivery]:
            found = [one for one in await talk.bot.ledger.latest(9) if one.op is Op.PUBLISH]
            return [one for one in found if one.state is State.PENDING and one.attempts]

        for _ in range(200):
            if found := await waiting():
                break
            await asyncio.sleep(0.02)
        [step] = found
        assert step.not_before > now + timedelta(minutes=30)
        assert not post.is_published
        assert await talk.bot.ledger.longest_waiting(now + timedelta(hours=1)) is None  # nobody is alarmed
        more = Delivery(0, "x:y:1", 1, where, Draft("**More**").write(), now, now + timedelta(hours=1), occasion=9)
        await talk.bot.occasions.enqueue([more], now)
        await until(lambda: talk.api.messages[-1].text == "**More**")
        talk.api.refused.clear()


class TestCommandLinks:
    async def test_a_command_in_an_answer_is_a_link_in_the_clients_language(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("latest")
        text = "".join(one["content"] for one in said.components if one["type"] == 10)
        number = next(one["id"] for one in talk.api.commands[0] if one["name"] == "who")
        assert f"</who:{number}> 2" in text

    async def test_a_word_of_an_article_is_none(self) -> None:
        found = version(article("Ministers said /who and /help", "They met on Monday. Nobody said why."))
        other = version(FIRE)
        [draft] = drafts(list_view(own("Latest stories"), (found, other)), Translator("en"))
        links = CommandLinks()
        links.learn([{"name": "who", "id": "7"}, {"name": "help", "id": "8"}])
        text = links.resolved(draft).whole
        assert "Ministers said /who and /help" in text
        assert text.count("</who:7>") == 1

    def test_nor_is_what_a_user_typed(self) -> None:
        view = View((Paragraph(own("I did not understand “{words}”.", words="tell /who now")),))
        [draft] = drafts(view, Translator("en"))
        assert draft.whole == "I did not understand “tell /who now”."

    async def test_below_news_the_link_has_the_whole_path(self) -> None:
        async with discord_talk(NEWS, commands=Naming.GROUPED) as talk:
            [said] = await talk._heard(2, _below("news", "latest"), channel=CHANNEL)
            text = "".join(one["content"] for one in said.components if one["type"] == 10)
            number = next(one["id"] for one in talk.api.commands[0] if one["name"] == "news")
            assert f"</news who:{number}> 2" in text
            assert talk.api.refused == []

    def test_before_the_ids_are_known_the_name_is_plain(self) -> None:
        [draft] = drafts(View((Paragraph(own("/help lists all commands.")),)), Translator("en"))
        assert CommandLinks().resolved(draft).whole == "/help lists all commands."


def _below(top: str, *path: str, **options: Any) -> dict[str, Any]:
    """The data of a command below another."""
    *groups, name = path
    inner: dict[str, Any] = {"name": name, "type": 1}
    inner["options"] = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
    for group in reversed(groups):
        inner = {"name": group, "type": 2, "options": [inner]}
    return {"id": "1", "name": top, "type": 1, "options": [inner]}


class TestNaming:
    @pytest.mark.parametrize("naming", list(Naming))
    def test_every_command_can_be_given_and_none_twice(self, naming: Naming) -> None:
        links = CommandLinks()
        links.learn([one | {"id": "1"} for one in payloads(naming)])
        assert set(links._known.paths) == {one["name"] for one in payloads() if one["type"] == 1}

    def test_a_group_is_within_the_limits_of_discord(self) -> None:
        for locale in LOCALES:
            for one in payloads(Naming.GROUPED):
                assert _letters(one, locale) <= 8000
                assert len(one.get("options", [])) <= 25

    async def test_commands_below_news_are_the_short_ones(self) -> None:
        async with discord_talk(NEWS, commands=Naming.BOTH) as talk:
            [said] = await talk._heard(2, _below("news", "who", story="bridge"), channel=CHANNEL)
            assert "Bridge" in said.text
            [said] = await talk._heard(2, _below("news", "story", "when", story="bridge"), channel=CHANNEL)
            assert "Bridge" in said.text
            [said] = await talk._heard(2, _below("news-setup", "subscribe", time="7:30"), channel=CHANNEL)
            assert "Subscribed" in said.text
            data = _below("news", "who", story="brid")
            data["options"][0]["options"][0]["focused"] = True
            found = await talk.api.interact(4, data)
            assert any("Bridge" in one["name"] for one in found.callbacks[0]["data"]["choices"])
            assert talk.api.refused == []


def _letters(command: dict[str, Any], locale: str) -> int:
    """The letters of names and descriptions, of which Discord counts at most 8,000 for a command."""
    known = {"es": "es-ES"}.get(locale, locale)
    own_words = 0
    for part in ("name", "description"):
        own_words += len(command.get(f"{part}_localizations", {}).get(known, command.get(part, "")))
    return own_words + sum(_letters(one, locale) for one in command.get("options", []))


class TestSeveralValues:
    async def test_days_are_chosen_in_one_go(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("subscribe")
        [panel] = await talk.presses(said.buttons["Change"], said)
        [choices] = await talk.chooses(panel.choices["Days"], panel)
        [days] = [one for one in choices.components if one["type"] == 3]
        assert (days["min_values"], days["max_values"]) == (1, 7)
        [saved] = await _choose(talk, days["custom_id"], ["mon", "wed"], choices)
        assert "Days: Monday, Wednesday" in saved.text
        [kept] = await talk.bot.subscriptions.all()
        assert kept.settings.schedule.days == frozenset({0, 2})
        [days] = [one for one in saved.components if one["type"] == 3]
        assert [one["value"] for one in days["options"] if one.get("default")] == ["mon", "wed"]

    async def test_so_are_sections_and_none_of_them_is_a_choice(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe")
        [choices] = await talk.gives("settings", setting="sections")
        [sections] = [one for one in choices.components if one["type"] == 3]
        await _choose(talk, sections["custom_id"], ["why", "next"], choices)
        [kept] = await talk.bot.subscriptions.all()
        assert kept.settings.sections == (SectionKind.WHY, SectionKind.NEXT)
        await _choose(talk, sections["custom_id"], [], choices)
        [kept] = await talk.bot.subscriptions.all()
        assert kept.settings.sections == ()

    async def test_a_person_without_the_right_changes_nothing(self, talk: DiscordTalk) -> None:
        await talk.gives("subscribe")
        [choices] = await talk.gives("settings", setting="days")
        [days] = [one for one in choices.components if one["type"] == 3]
        [said] = await _choose(talk, days["custom_id"], ["mon"], choices, permissions="0")
        assert "Only an administrator" in said.text
        [kept] = await talk.bot.subscriptions.all()
        assert len(kept.settings.schedule.days) == 7


async def _choose(talk: DiscordTalk, custom_id: str, values: list[str], message: Posted, **more: Any) -> list[Posted]:
    data = {"custom_id": custom_id, "component_type": 3, "values": values, "id": 1}
    return await talk._heard(3, data, channel=message.channel, message=message, **more)


class TestPictures:
    async def test_a_story_comes_as_a_picture_with_buttons(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("card", story="bridge")
        [gallery] = [one for one in said.components if one["type"] == 12]
        [shown] = gallery["items"]
        assert "Bridge at Norby falls" in shown["description"]
        assert talk.api.uploads[0].startswith(b"\x89PNG")
        [opened] = await talk.presses(said.buttons["Read more"], said)
        assert opened.number != said.number

    async def test_one_that_takes_long_comes_after_a_promise(self) -> None:
        async with discord_talk(NEWS, grace=0.0) as talk:
            [said] = await talk.gives("card", story="bridge")
            assert talk.api.uploads
            assert not said.is_deferred
            assert talk.api.refused == []

    async def test_a_mention_is_answered_with_one(self, talk: DiscordTalk) -> None:
        [said] = await talk.says("<@900> /card bridge", channel=CHANNEL)
        assert [one for one in said.components if one["type"] == 12]
        assert talk.api.uploads

    async def test_a_press_in_the_private_chat_leaves_it_there(self, talk: DiscordTalk) -> None:
        [said] = await talk.gives("card", channel=DM, story="bridge")
        [opened] = await talk.presses(said.buttons["Read more"], said)
        assert opened.number != said.number


class TestGuests:
    """A person has added the bot to their account, and uses it where it is no member."""

    AS_GUEST: dict[str, Any] = {  # noqa: RUF012  # never changed
        "guild_id": str(_ELSEWHERE),
        "guild": {"id": str(_ELSEWHERE), "locale": "en-US"},
        "authorizing_integration_owners": {"1": "7"},
    }

    async def test_only_the_person_who_asks_sees_the_answer(self, talk: DiscordTalk) -> None:
        data = {"id": "1", "name": "latest", "type": 1, "options": []}
        [said] = await talk._heard(2, data, channel=CHANNEL, **self.AS_GUEST)
        assert not said.seen_by_all
        [opened] = await talk.presses(next(iter(said.buttons.values())), said, **self.AS_GUEST)
        assert not opened.seen_by_all

    async def test_so_it_is_in_a_conversation_between_people(self, talk: DiscordTalk) -> None:
        data = {"id": "1", "name": "latest", "type": 1, "options": []}
        [said] = await talk._heard(2, data, channel=DM, context=2, authorizing_integration_owners={"1": "7"})
        assert not said.seen_by_all

    async def test_nothing_can_be_posted_there(self, talk: DiscordTalk) -> None:
        data = {"id": "1", "name": "subscribe", "type": 1, "options": []}
        [said] = await talk._heard(2, data, channel=CHANNEL, **self.AS_GUEST)
        assert "not a member of this server" in said.text
        assert await talk.bot.subscriptions.all() == []

    async def test_an_application_that_people_cannot_add_offers_its_commands_in_servers_alone(self) -> None:
        async with discord_talk(NEWS, api_state={"is_for_people": False}) as talk:
            assert {tuple(one["integration_types"]) for one in talk.api.commands[0]} == {(0,)}
            assert {tuple(one["contexts"]) for one in talk.api.commands[0]} == {(0, 1)}
            assert talk.api.refused == []

    def test_every_command_is_offered_there_but_those_of_managers(self) -> None:
        for one in payloads(Naming.BOTH):
            assert one["integration_types"] == [0, 1]
            assert one["contexts"] == ([0, 1] if "default_member_permissions" in one else [0, 1, 2])
        rights = [one["name"] for one in payloads(Naming.BOTH) if "default_member_permissions" in one]
        assert rights == ["subscribe", "settings", "pause", "resume", "unsubscribe", "news-setup"]


def test_a_draft_of_an_older_version_can_be_read() -> None:
    known = json.loads(Draft("**A digest**").write())
    for new in ("role", "several", "roles"):
        known.pop(new)
    assert Draft.read(json.dumps(known)) == Draft("**A digest**")
