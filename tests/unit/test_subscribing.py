"""Commands about subscriptions and settings, and the bot's answers."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.answers.described import described
from bot.answers.setting_values import settings_said
from bot.chats import Destination
from bot.commands.context import Policies
from bot.i18n import Message, Translator
from bot.platforms.console.render import ConsoleRenderer, as_text
from bot.subscriptions.edits import Setting, change, settings_of, with_value
from bot.subscriptions.model import EVERY_DAY, Mode, Quiet, Role, Schedule, Settings, Subscription, Uncertain
from bot.subscriptions.obstacles import Obstacle
from bot.subscriptions.parsing import SettingRefused, ZoneUnclear, one_zone, parse_days, parse_times
from bot.subscriptions.typed import typed
from bot.subscriptions.zone_names import zones
from bot.subscriptions.zones import find_zones
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Button, View
from briefings.model import SectionKind
from tests.fakes import NOON, OpenTalk, Talk, article

ROME = Policies(Settings(Schedule((time(8),), EVERY_DAY, "Europe/Rome")))
BRIDGE = article("Bridge in Norby collapses", "The bridge at Norby fell into the river on Monday.")


def said(view: View, locale: str = "en") -> str:
    return as_text(ConsoleRenderer().render(view, Translator(locale)), 1000)


def button(view: View, label: str) -> str:
    """The bytes of the button that says ``label``."""
    say = Translator("en").say
    for one in view.buttons:
        if isinstance(one, Button) and isinstance(one.label, Message) and say(one.label) == label:
            return one.action.encode()
    raise AssertionError(f"no button {label} in {said(view)}")


@pytest.fixture(name="talk")
async def _talk(open_talk: OpenTalk) -> Talk:
    return await open_talk(BRIDGE, policies=ROME)


async def kept(talk: Talk) -> list[Subscription]:
    return await talk.bot.dispatcher.context.subscriptions.of(talk.where)


class TestSubscribe:
    async def test_answers_when_the_first_post_comes_and_what_can_be_done(self, talk: Talk) -> None:
        view = await talk.ask("/subscribe")
        assert said(view) == (
            "Subscribed.\nFirst post tomorrow at 08:00 (Europe/Rome)\n\n"
            "[1] Show a digest now  [2] Change  [3] Time zone"
        )
        [subscription] = await kept(talk)
        assert subscription.next_due == datetime(2025, 3, 15, 7, tzinfo=UTC)
        assert subscription.created_by == talk.user

    async def test_the_platform_is_asked_before_anything_is_stored(self, talk: Talk) -> None:
        """Otherwise a slow platform would hold up everybody who writes to the database."""
        stored = list[list[Subscription]]()

        async def obstacle() -> Obstacle:
            stored.append(await kept(talk))
            return Obstacle.REMOVED

        await talk.ask("/subscribe", obstacle=obstacle)
        assert stored == [[]]
        assert len(await kept(talk)) == 1

    async def test_show_one_now_and_change_do_so(self, talk: Talk) -> None:
        view = await talk.ask("/subscribe")
        assert "Bridge in Norby collapses" in said(await talk.press(button(view, "Show a digest now")))
        assert "Time: 08:00" in said(await talk.press(button(view, "Change")))

    @pytest.mark.parametrize(
        ("typed", "first"),
        [
            ("18:30", "First post today at 18:30 (Europe/Rome)"),
            ("7 tokyo", "First post tomorrow at 07:00 (Asia/Tokyo)"),
            ("8am, 6pm new york", "First post today at 18:00 (America/New_York)"),
            ("kyiv", "First post tomorrow at 08:00 (Europe/Kyiv)"),
            ("7.15 utc", "First post tomorrow at 07:15 (UTC)"),
        ],
    )
    async def test_takes_times_and_a_city(self, talk: Talk, typed: str, first: str) -> None:
        assert first in said(await talk.ask(f"/subscribe {typed}"))

    @pytest.mark.parametrize(
        ("typed", "answer"),
        [
            ("25:00", "“25:00” is not a time of the day"),
            ("8:00 narnia", "Unknown time zone “narnia”"),
            ("america", "Which time zone do you mean?"),
        ],
    )
    async def test_keeps_nothing_of_what_it_does_not_understand(self, talk: Talk, typed: str, answer: str) -> None:
        assert answer in said(await talk.ask(f"/subscribe {typed}"))
        assert await kept(talk) == []

    async def test_again_tells_what_there_is_and_another_time_adds_to_it(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        assert "There is a subscription here:\n• every day at 08:00 (Europe/Rome)" in said(await talk.ask("/subscribe"))
        assert "Subscribed. This is subscription 2." in said(await talk.ask("/subscribe 18:00"))
        assert "There are 2 subscriptions here:" in said(await talk.ask("/subscribe"))

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("weekdays 8:00 rome silent", "Monday to Friday · 08:00 · Europe/Rome · on"),
            ("silent paris mon-fri 7h30", "Monday to Friday · 07:30 · Europe/Paris · on"),
            ("mo-fr 8:00 berlin", "Monday to Friday · 08:00 · Europe/Berlin · off"),
            ("ogni giorno alle 9 milano", "every day · 09:00 · Europe/Rome · off"),
            ("weekend at 10 am in san francisco", "the weekend · 10:00 · America/Los_Angeles · off"),
            ("9:00 mar del plata", "every day · 09:00 · America/Argentina/Buenos_Aires · off"),
            ("8:00 rome; days: mon wed; silent: on", "Monday, Wednesday · 08:00 · Europe/Rome · on"),
        ],
    )
    async def test_takes_days_and_silence_in_any_order(self, talk: Talk, typed: str, shown: str) -> None:
        assert "Subscribed." in said(await talk.ask(f"/subscribe {typed}"))
        values = settings_said((await kept(talk))[0].settings)
        named = (Setting.DAYS, Setting.TIME, Setting.ZONE, Setting.SILENT)
        assert " · ".join(Translator("en").say(values[one]) for one in named) == shown

    async def test_takes_sections_tags_words_and_the_mode(self, talk: Talk) -> None:
        await talk.ask("/subscribe both tags politics, science without football 8:00 sections who, why with: river")
        [one] = await kept(talk)
        assert one.settings.tags == ("politics", "science")
        assert (one.settings.include, one.settings.exclude) == (("river",), ("football",))
        assert (one.settings.mode, one.settings.sections) == (Mode.BOTH, (SectionKind.WHO, SectionKind.WHY))

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("mode arrival quiet 22:00-7:00", "as it arrives · 22:00–07:00 · 5 · the chat's own"),
            ("as it arrives quiet hours 22 - 7", "as it arrives · 22:00–07:00 · 5 · the chat's own"),
            ("8:00 rome stories 3 language it", "as a digest · off · 3 · Italiano"),
            (
                "both notizie 8 lingua deutsch corrections silent off",
                "as it arrives, and a digest · off · 8 · Deutsch",
            ),
        ],
    )
    async def test_takes_every_setting_by_its_name(self, talk: Talk, typed: str, shown: str) -> None:
        assert "Subscribed." in said(await talk.ask(f"/subscribe {typed}"))
        values = settings_said((await kept(talk))[0].settings)
        named = (Setting.MODE, Setting.QUIET, Setting.STORIES, Setting.LANGUAGE)
        assert " · ".join(Translator("en").say(values[one]) for one in named) == shown

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("every weekday at 7:30 rome time", "Monday to Friday at 07:30 (Europe/Rome)"),
            ("noon silent rio de janeiro", "every day at 12:00 (America/Sao_Paulo)"),
            ("da lunedì a venerdì alle 7 ora di roma", "Monday to Friday at 07:00 (Europe/Rome)"),
            ("monday to friday 18h paris", "Monday to Friday at 18:00 (Europe/Paris)"),
            ("7:30 weekdays in portland maine", "Monday to Friday at 07:30 (America/New_York)"),
        ],
    )
    async def test_takes_whole_sentences(self, talk: Talk, typed: str, shown: str) -> None:
        await talk.ask(f"/subscribe {typed}")
        [one] = await kept(talk)
        assert Translator("en").say(described(one)) == shown

    @pytest.mark.parametrize("typed", ["sunrise", "at sunset rome", "all'alba", "nach dem Frühstück"])
    async def test_takes_no_time_that_no_clock_shows(self, talk: Talk, typed: str) -> None:
        assert "is not a time of the day" in said(await talk.ask(f"/subscribe {typed}"))
        assert "(America/New_York)" in said(await talk.ask("/subscribe 8:00 sunrise"))  # a town in Florida

    async def test_says_which_words_it_does_not_understand(self, talk: Talk) -> None:
        assert "I do not understand “weekly”." in said(await talk.ask("/subscribe 18:00 paris weekly"))
        assert await kept(talk) == []

    async def test_confirms_what_was_chosen(self, talk: Talk) -> None:
        view = await talk.ask("/subscribe weekends silent tags sport")
        assert "• Days: the weekend\n• Tags: sport\n• Silent: on" in said(view)

    async def test_another_one_has_the_zone_and_the_language_and_nothing_else_of_the_first(self, talk: Talk) -> None:
        await talk.ask("/subscribe arrival tokyo tags sport language it")
        await talk.ask("/subscribe 9:00")
        [_, other] = await kept(talk)
        assert other.settings == Settings(Schedule((time(9),), EVERY_DAY, "Asia/Tokyo"), language="it")

    @pytest.mark.parametrize("typed", ["est", "weekdays 9:00 georgia silent", "portland; mode: both"])
    async def test_an_unclear_zone_is_asked_for_and_its_button_subscribes(self, talk: Talk, typed: str) -> None:
        view = await talk.ask(f"/subscribe {typed}")
        assert await kept(talk) == []
        assert "Subscribed." in said(await talk.press(button(view, "America/New_York")))
        [one] = await kept(talk)
        assert one.settings.schedule.zone == "America/New_York"
        assert one.settings.silent == ("silent" in typed)
        assert (one.settings.mode is Mode.BOTH) == ("both" in typed)

    @pytest.mark.parametrize(
        ("typed", "at"),
        [
            ("tomorrow at 9 am", "09:00"),
            ("in 5 minutes", "13:05"),
            ("tra un'ora", "14:00"),
            ("once", "13:00"),
            ("in 2 hours", "15:00"),
        ],
    )
    async def test_one_post_soon_is_explained_and_nothing_is_kept(self, talk: Talk, typed: str, at: str) -> None:
        view = await talk.ask(f"/subscribe {typed}")
        assert "posts every day at the same time, not once" in said(view)
        assert await kept(talk) == []
        await talk.press(button(view, f"Every day at {at}"))
        assert [f"{one.settings.schedule.times[0]:%H:%M}" for one in await kept(talk)] == [at]

    async def test_the_same_twice_asks_and_can_be_added(self, talk: Talk) -> None:
        await talk.ask("/subscribe 8:00 rome")
        view = await talk.ask("/subscribe 8:00 rome")
        assert "This subscription already exists" in said(view)
        assert len(await kept(talk)) == 1
        assert "Settings" in said(await talk.press(button(view, "Change it")))
        assert "subscription 2" in said(await talk.press(button(view, "Add a second one")))
        assert len(await kept(talk)) == 2

    async def test_has_a_limit(self, talk: Talk) -> None:
        for hour in range(12):
            await talk.ask(f"/subscribe {hour}:00")
        assert len(await kept(talk)) == 10

    async def test_is_for_each_topic_of_a_chat_its_own(self, talk: Talk) -> None:
        talk.where = Destination("test", "chat", "7")
        await talk.ask("/subscribe")
        assert len(await kept(talk)) == 1
        assert "no subscription here" in said(await talk.elsewhere("chat").ask("/status"))


class TestLeaving:
    @pytest.mark.parametrize("command", ["/unsubscribe", "/stop"])
    async def test_ends_the_only_one(self, talk: Talk, command: str) -> None:
        await talk.ask("/subscribe")
        assert "Nothing more will be posted." in said(await talk.ask(command))
        assert await kept(talk) == []
        view = await talk.ask(command)
        assert "There is no subscription here." in said(view)
        assert "Subscribed." in said(await talk.press(button(view, "Subscribe")))

    async def test_of_several_asks_which(self, talk: Talk) -> None:
        for hour in (8, 18, 20):
            await talk.ask(f"/subscribe {hour}")
        assert "Which subscription do you mean?" in said(await talk.ask("/stop"))
        assert "There is no subscription 7." in said(await talk.ask("/stop 7"))
        assert "subscriptions remain" in said(await talk.ask("/stop 2"))
        assert [one.settings.schedule.times for one in await kept(talk)] == [(time(8),), (time(20),)]
        assert "Unsubscribed from all 2." in said(await talk.press(button(await talk.ask("/stop"), "All of them")))

    async def test_a_mistyped_name_does_nothing(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        assert "Stop posting here" in said(await talk.ask("/unsubscrbe"))
        assert len(await kept(talk)) == 1


class TestPausing:
    async def test_posts_nothing_and_makes_up_for_nothing(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        view = await talk.ask("/pause")
        assert "Nothing is posted until you resume it." in said(view)
        assert [one.next_due for one in await kept(talk)] == [None]
        assert "paused" in said(await talk.ask("/status"))
        talk.clock.now += timedelta(days=3)
        assert "Resumed.\n• next post tomorrow at 08:00 (Europe/Rome)" in said(await talk.ask("/resume"))
        assert [one.next_due for one in await kept(talk)] == [datetime(2025, 3, 18, 7, tzinfo=UTC)]

    async def test_its_answer_has_a_button_that_resumes_all(self, talk: Talk) -> None:
        await talk.ask("/subscribe 8")
        await talk.ask("/subscribe 18")
        assert "Resumed." in said(await talk.press(button(await talk.ask("/pause"), "Resume")))
        assert [one.paused for one in await kept(talk)] == [None, None]
        assert "1 other subscription stays active." in said(await talk.ask("/pause 2"))

    async def test_without_a_subscription_says_so(self, talk: Talk) -> None:
        for command in ("/pause", "/resume", "/settings", "/status", "/settings days"):
            assert "There is no subscription here." in said(await talk.ask(command))


class TestWithoutSubscription:
    async def test_language_and_time_zone_can_be_chosen(self, talk: Talk) -> None:
        panel = await talk.ask("/settings", locale="it")
        assert "Language: the chat's own" in said(panel)
        zones_offered = await talk.press(button(panel, "Time zone"), locale="it")
        assert said(zones_offered).index("Europe/Rome") < said(zones_offered).index("Europe/Berlin")
        assert "Saved." in said(await talk.press(button(zones_offered, "Europe/Madrid")))
        assert "Time zone: Europe/Madrid" in said(await talk.ask("/settings"))
        assert "Language: Italiano" in said(await talk.ask("/settings language italiano"))
        assert "Language: the chat's own" in said(await talk.ask("/settings language own"))
        assert "Which time zone" in said(await talk.ask("/settings zone est"))
        assert "Unknown time zone" in said(await talk.ask("/settings zone narnia"))
        assert "(Europe/Madrid)" in said(await talk.ask("/subscribe 8:00"))

    async def test_the_digest_has_the_day_of_the_chats_time_zone(self, talk: Talk) -> None:
        usual = said(await talk.ask("/digest")).splitlines()[0]
        await talk.ask("/settings zone auckland")
        assert said(await talk.ask("/digest")).splitlines()[0] != usual  # it is tomorrow there

    async def test_a_button_for_it_does_nothing_once_there_is_one(self, talk: Talk) -> None:
        panel = await talk.ask("/settings")
        await talk.ask("/subscribe")
        assert "There is no subscription here." in said(await talk.press(button(panel, "Time zone")))


class TestLanguages:
    async def test_a_topic_has_its_own_and_goes_back_to_the_chats(self, talk: Talk) -> None:
        chats = talk.bot.dispatcher.context.chats
        topic = Destination("test", "chat", "7")
        await talk.ask("/settings language it")
        assert (await chats.language(topic), await chats.language(talk.where)) == ("it", "it")
        talk.where = topic
        await talk.ask("/subscribe")
        await talk.ask("/settings language en")
        assert (await chats.language(topic), await chats.language(Destination("test", "chat"))) == ("en", "it")
        choices = await talk.ask("/settings language")
        await talk.press(button(choices, "the chat's own"))
        assert await chats.language(topic) == "it"
        assert (await kept(talk))[0].settings.language is None


class TestLabels:
    @pytest.mark.parametrize(
        "typed",
        [
            *("quiet hours 22:00-7:00", "Orario 7:30", "fuso orario roma", "Modalità both", "includi ponte", "TIME 8"),
            *("mode as it arrives", "sezioni chi, perché", "uncertain send again", "time noon"),
        ],
    )
    async def test_a_label_can_be_typed_in_any_language(self, talk: Talk, typed: str) -> None:
        await talk.ask("/subscribe")
        assert "Saved." in said(await talk.ask(f"/settings {typed}"))

    @pytest.mark.parametrize("setting", Setting)
    def test_a_value_as_it_is_typed_changes_nothing(self, setting: Setting) -> None:
        quiet = Schedule((time(8), time(18)), frozenset({0, 3}), "Europe/Rome", Quiet(time(22), time(6)))
        for settings in (Settings(), Settings(quiet, tags=("a", "b c"), language="it", silent=True)):
            assert with_value(settings, setting, typed(settings, setting), NOON) == settings


class TestSeveral:
    @pytest.mark.parametrize(
        ("command", "answer"),
        [
            ("settings", "Settings of subscription 2"),
            ("unsubscribe", "One subscription remains"),
            ("pause 9", "Paused"),
            ("settings days mon, wed", "Saved for subscription 2. Next post Mon, Mar 17 at 18:00."),
            ("settings quiet", "Quiet hours: off"),
        ],
    )
    async def test_one_is_chosen_by_a_button(self, talk: Talk, command: str, answer: str) -> None:
        await talk.ask("/subscribe 8")
        await talk.ask("/subscribe 18")
        view = await talk.ask(f"/{command}")
        assert answer in said(await talk.press(button(view, "2: 18:00")))

    async def test_a_paused_one_is_resumed_by_its_button(self, talk: Talk) -> None:
        await talk.ask("/subscribe 8")
        await talk.ask("/subscribe 18")
        await talk.ask("/pause")
        await talk.press(button(await talk.ask("/resume 9"), "1: 08:00"))
        assert [one.paused for one in await kept(talk)] == [None, ""]


class TestManaging:
    async def test_a_user_sees_those_of_all_chats_in_private_alone(self, talk: Talk) -> None:
        await talk.ask("/subscribe 8", title="News room")
        other = talk.elsewhere("other", talk.user)
        await other.ask("/subscribe 18", title="Sports")
        view = await talk.ask("/subscriptions", is_private=True)
        assert "1. News room – every day at 08:00" in said(view)
        assert "2. Sports – every day at 18:00" in said(view)
        assert "Sports" not in said(await talk.ask("/subscriptions", is_private=False))
        assert "Sports" not in said(await talk.elsewhere("third", "test:9").ask("/subscriptions", is_private=True))

    async def test_who_manages_a_server_sees_those_of_its_channels(self, talk: Talk) -> None:
        await talk.ask("/subscribe 8", title="#news")
        other = talk.elsewhere("other", "test:9")
        assert "You have no subscriptions." in said(await other.ask("/subscriptions"))
        assert "#news" in said(await other.ask("/subscriptions", manages=lambda: frozenset({"test:chat"})))

    async def test_each_has_a_card_with_all_that_can_be_done(self, talk: Talk) -> None:
        await talk.ask("/subscribe 8", title="News room")
        card = await talk.press(button(await talk.ask("/subscriptions", is_private=True), "1. News room"))
        assert said(card).startswith("News room\n• every day at 08:00 (Europe/Rome)\n• next post tomorrow")
        tested = await talk.press(button(card, "Send a test now"))
        assert said(tested).startswith("A test post is on its way.")
        assert button(tested, "Pause") == button(card, "Pause")
        [post] = await talk.bot.ledger.latest(5, talk.where)
        assert "Bridge in Norby collapses" in (post.payload or "")
        card = await talk.press(button(card, "Pause"))
        assert said(card).startswith("Paused.\n\nNews room\n• every day at 08:00 (Europe/Rome)\n• paused")
        assert "1. News room" in said(await talk.press(button(card, "All subscriptions"), is_private=True))
        assert "Resumed." in said(await talk.press(button(card, "Resume")))
        assert "Unsubscribed." in said(await talk.press(button(card, "Unsubscribe")))

    async def test_a_test_needs_a_platform_that_takes_posts(self, talk: Talk) -> None:
        talk.where = Destination("nowhere", "chat")
        await talk.ask("/subscribe 8")
        [one] = await kept(talk)
        control = Control(ControlVerb.TEST, one.id).encode()
        assert "Nothing can be posted there." in said(await talk.press(control))


class TestStatus:
    async def test_tells_the_next_three_posts_in_local_time(self, talk: Talk) -> None:
        await talk.ask("/subscribe 8 20")
        assert said(await talk.ask("/status")).startswith(
            "Next posts (Europe/Rome)\n• today at 20:00\n• tomorrow at 08:00\n• tomorrow at 20:00\n"
        )

    async def test_speaks_of_days_further_off_by_their_name(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        await talk.ask("/settings days mon")
        view = await talk.ask("/status")
        assert "• Mon, Mar 17 at 08:00" in said(view)
        assert "• lun 17 mar alle 08:00" in said(view, "it")


class TestSettings:
    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("time 7:30 20:00", "Time: 07:30, 20:00"),
            ("days mon-fri", "Days: Monday to Friday"),
            ("days sab dom", "Days: the weekend"),
            ("days fri-mon", "Days: Monday, Friday, Saturday, Sunday"),
            ("zone kolkata", "Time zone: Asia/Kolkata"),
            ("quiet 22-7", "Quiet hours: 22:00–07:00"),
            ("quiet none", "Quiet hours: off"),
            ("stories 3", "Stories: 3"),
            ("sections why, how", "Sections: Why, How"),
            ("sections +why -who", "Sections: Consequences, Why"),
            ("sections none", "Sections: no sections"),
            ("sections , why", "Sections: Why"),
            ("include any", "Include: any words"),
            ("tags politics, local news", "Tags: politics, local news"),
            ("tags none", "Tags: all"),
            ("include bridge river", "Include: bridge, river"),
            ("exclude football", "Exclude: football"),
            ("silent on", "Silent: on"),
            ("mode both", "Mode: as it arrives, and a digest"),
            ("uncertain resend", "Uncertain: send again"),
            ("corrections yes", "Corrections: on"),
        ],
    )
    async def test_each_is_changed_by_typing_and_shown(self, talk: Talk, typed: str, shown: str) -> None:
        await talk.ask("/subscribe")
        answer = said(await talk.ask(f"/settings {typed}"))
        assert "Saved." in answer
        assert shown in answer
        assert shown in said(await talk.ask("/settings"))

    @pytest.mark.parametrize(
        ("typed", "answer"),
        [
            ("time teatime", "“teatime” is not a time of the day"),
            ("time 24:00", "“24:00” is not a time of the day"),
            ("time 13pm", "“13pm” is not a time of the day"),
            ("days someday", "“someday” is not a day"),
            ("zone narnia", "Unknown time zone “narnia”"),
            ("quiet late", "Write quiet hours as 22:00-7:00"),
            ("quiet 7-7", "Write quiet hours as 22:00-7:00"),
            ("quiet 7-9", "08:00 is in the quiet hours (07:00–09:00)"),
            ("stories many", "Write a number of stories from 1 to 10."),
            ("stories 11", "Write a number of stories from 1 to 10."),
            ("stories 00059999", "Write a number of stories from 1 to 10."),
            ("sections who, gossip,", "“gossip” is not a section"),
            ("sections gossip", "“gossip” is not a section"),
            ("tags " + ",".join(map(str, range(30))), "Write 1 to 20 words"),
            ("language xx", "I speak English, Italiano, Deutsch, Français, Español"),
            ("silent maybe", "Write “on” or “off”."),
            ("mode never", "Choose one of: as a digest, as it arrives, as it arrives, and a digest."),
            ("uncertain perhaps", "Choose one of: hold, send again."),
            ("volume 11", "There is no setting “volume”."),
        ],
    )
    async def test_what_is_no_value_is_refused_and_nothing_changes(self, talk: Talk, typed: str, answer: str) -> None:
        await talk.ask("/subscribe")
        before = await kept(talk)
        assert answer in said(await talk.ask(f"/settings {typed}"))
        assert await kept(talk) == before

    async def test_every_one_has_a_button_with_its_choices(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        panel = await talk.ask("/settings")
        assert len(panel.buttons) == len(settings_of("test"))
        for one in panel.buttons:
            assert isinstance(one, Button)
            choices = await talk.press(one.action.encode())
            for choice in choices.buttons:
                assert isinstance(choice, Button)
                assert isinstance(choice.action, Control)
                answer = said(await talk.press(choice.action.encode()))
                assert "Saved." in answer or choice.action.verb is ControlVerb.PANEL or "quiet hours" in answer
                await talk.ask("/settings quiet none")
                await talk.ask("/settings time 8:00")

    async def test_one_shown_now_is_as_it_was_wished(self, talk: Talk) -> None:
        await talk.add(article("A cheese wins", "A goat cheese won the prize of the dairies."))
        view = await talk.ask("/subscribe")
        assert "Digest: 2 stories" in said(await talk.press(button(view, "Show a digest now")))
        await talk.ask("/settings exclude bridge")
        shown = said(await talk.press(button(view, "Show a digest now")))
        assert "Digest: 1 story" in shown
        assert "Bridge" not in shown
        assert said(await talk.ask("/digest")) == shown

    async def test_what_a_button_holds_is_as_harmless_as_what_is_typed(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        await talk.press("c1|set|1|tags|a\x00\nb\u202e")
        assert (await kept(talk))[0].settings.tags == ()

    async def test_several_subscriptions_are_numbered(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        await talk.ask("/subscribe 18")
        assert "Which subscription do you mean?" in said(await talk.ask("/settings stories 3"))
        assert "Stories: 3" in said(await talk.ask("/settings 2 stories 3"))
        assert [one.settings.stories for one in await kept(talk)] == [5, 3]
        assert "Settings of subscription 2" in said(await talk.ask("/settings 2"))

    async def test_examples_have_the_number_of_the_subscription(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        assert "/settings Time 7:30 20:00" in said(await talk.ask("/settings"))
        await talk.ask("/subscribe 18")
        assert "/settings 2 Time 7:30 20:00" in said(await talk.ask("/settings 2"))
        assert "/settings 2 Quiet hours 22:00-7:00" in said(await talk.ask("/settings 2 quiet late"))
        assert "/settings 2 Giorni lun-ven" in said(await talk.ask("/settings 2 days"), "it")

    async def test_the_language_of_several_is_that_of_the_chat(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        await talk.ask("/subscribe 18")
        assert "Saved." in said(await talk.ask("/settings language it"))
        assert [one.settings.language for one in await kept(talk)] == ["it", "it"]

    async def test_the_current_value_is_marked(self, talk: Talk) -> None:
        await talk.ask("/subscribe weekdays 9:00")
        assert "✓ Monday to Friday" in said(await talk.ask("/settings days"))
        assert "✓ 09:00" in said(await talk.ask("/settings time"))

    async def test_the_language_is_the_chats_from_then_on(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        await talk.ask("/settings language it")
        assert await talk.bot.chats.language(talk.where) == "it"

    async def test_several_zones_are_a_choice_of_buttons(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        view = await talk.ask("/settings zone indiana")
        assert "Which time zone do you mean?" in said(view)
        await talk.press(button(view, "America/Indiana/Vincennes"))
        assert (await kept(talk))[0].settings.schedule.zone == "America/Indiana/Vincennes"

    async def test_a_button_of_another_chat_changes_nothing(self, talk: Talk) -> None:
        await talk.ask("/subscribe")
        [mine] = await kept(talk)
        forged = Control(ControlVerb.SET, mine.id, Setting.STORIES, "1").encode()
        assert "There is no subscription here." in said(await talk.elsewhere("other").press(forged))
        assert await kept(talk) == [mine]

    @pytest.mark.parametrize(
        "forged", ["c1|set|1|volume|11", "c1|choose|1||", "c1|set|-1|time|8", "c1|set|x|time|8", "c1|set", "c1|||||||"]
    )
    async def test_a_forged_button_is_answered_kindly(self, talk: Talk, forged: str) -> None:
        await talk.ask("/subscribe")
        answer = said(await talk.press(forged))
        assert "no longer here" in answer or "no subscription" in answer

    async def test_members_may_look_and_not_touch(self, talk: Talk) -> None:
        async def nobody() -> bool:
            return False

        await talk.ask("/subscribe")
        [before] = await kept(talk)
        for command in ("/subscribe 9", "/stop", "/pause", "/resume", "/settings stories 1"):
            assert "Only an administrator" in said(await talk.ask(command, may_manage=nobody))
        pressed = Control(ControlVerb.SET, before.id, Setting.STORIES, "1").encode()
        assert "Only an administrator" in said(await talk.press(pressed, may_manage=nobody))
        assert await kept(talk) == [before]
        assert "Next posts" in said(await talk.ask("/status", may_manage=nobody))


class TestChanges:
    def _subscription(self, settings: Settings | None = None) -> Subscription:
        return Subscription(
            1,
            Destination("test", "1"),
            "",
            settings or ROME.subscribing,
            NOON - timedelta(days=9),
            datetime(2025, 3, 14, 8),
        )

    def test_a_new_time_counts_from_now(self) -> None:
        changed = change(self._subscription(), Setting.TIME, "7:30", NOON)
        assert changed.next_due == datetime(2025, 3, 15, 6, 30, tzinfo=UTC)
        assert change(changed, Setting.TIME, "15:00", NOON).next_due == datetime(2025, 3, 14, 14, tzinfo=UTC)

    def test_a_new_zone_keeps_what_is_done(self) -> None:
        changed = change(self._subscription(), Setting.ZONE, "new york", NOON)
        assert changed.cursor == datetime(2025, 3, 14, 8)
        assert changed.next_due == datetime(2025, 3, 15, 12, tzinfo=UTC)

    def test_arrival_alone_has_no_digest(self) -> None:
        changed = change(self._subscription(), Setting.MODE, "arrival", NOON)
        assert (changed.settings.mode, changed.next_due) == (Mode.ARRIVAL, None)

    def test_the_other_settings_are_kept(self) -> None:
        full = Settings(
            Schedule((time(9),), frozenset({1}), "Asia/Tokyo", Quiet(time(22), time(7))),
            ("a",),
            ("b",),
            ("c",),
            2,
            (SectionKind.WHY,),
            "it",
            True,
            Mode.BOTH,
            Uncertain.RESEND,
            True,
        )
        changed = change(self._subscription(full), Setting.STORIES, "3", NOON)
        assert changed.settings.schedule == full.schedule
        assert (changed.settings.tags, changed.settings.silent, changed.settings.stories) == (("a",), True, 3)


class TestTyping:
    @pytest.mark.parametrize(
        ("typed", "times"),
        [
            ("8", ["08:00"]),
            ("20:15, 7.30", ["07:30", "20:15"]),
            ("8 8:00", ["08:00"]),
            ("12am", ["00:00"]),
            ("12 pm", ["12:00"]),
            ("8h30", ["08:30"]),
        ],
    )
    def test_times(self, typed: str, times: list[str]) -> None:
        assert [f"{one:%H:%M}" for one in parse_times(typed)] == times

    @pytest.mark.parametrize("typed", ["", "x", "8:60", "-1", "1 2 3 4 5 6 7 8 9 10 11 12 13"])
    def test_no_times(self, typed: str) -> None:
        with pytest.raises(SettingRefused):
            parse_times(typed)

    @pytest.mark.parametrize(
        ("typed", "days"),
        [
            ("daily", range(7)),
            ("Mon", [0]),
            ("lun - ven", range(5)),
            ("domenica", [6]),
            ("tue,thu", [1, 3]),
            ("Do", [3]),
            ("mié vie", [2, 4]),
            ("täglich", range(7)),
        ],
    )
    def test_days(self, typed: str, days: list[int]) -> None:
        assert parse_days(typed) == set(days)

    @pytest.mark.parametrize(
        ("typed", "zone"),
        [
            ("Europe/Rome", "Europe/Rome"),
            ("roma", "Europe/Rome"),
            ("ROME", "Europe/Rome"),
            ("New_York", "America/New_York"),
            ("são paulo", "America/Sao_Paulo"),
            ("utc", "UTC"),
            ("+5:45", "Asia/Kathmandu"),
            ("lord howe", "Australia/Lord_Howe"),
        ],
    )
    def test_zones(self, typed: str, zone: str) -> None:
        assert zone in find_zones(typed, NOON).names[:2]

    @pytest.mark.parametrize(
        ("typed", "zone"),
        [
            ("Pacific time", "America/Los_Angeles"),
            ("Central European Time", "Europe/Berlin"),
            ("MEZ", "Europe/Berlin"),
            ("congo", "Africa/Kinshasa"),
            ("korea", "Asia/Seoul"),
            ("la", "America/Los_Angeles"),
            ("somewhere in texas", "America/Chicago"),
        ],
    )
    def test_a_name_of_several_zones_is_asked_about(self, typed: str, zone: str) -> None:
        found = find_zones(typed, NOON)
        assert zone in found.names[:2]
        assert not found.is_clear

    @pytest.mark.parametrize(
        ("typed", "zone"),
        [
            ("rome, italy", "Europe/Rome"),
            ("London, UK", "Europe/London"),
            ("birmingham alabama", "America/Chicago"),
            ("san jose costa rica", "America/Costa_Rica"),
            ("india time", "Asia/Kolkata"),
            ("ora di Roma", "Europe/Rome"),
            ("US/Eastern", "America/New_York"),
        ],
    )
    def test_a_name_that_leaves_no_doubt_is_not_asked_about(self, typed: str, zone: str) -> None:
        assert one_zone(typed, NOON) == zone

    def test_an_abbreviation_is_not_the_beginning_of_a_name(self) -> None:
        assert set(find_zones("IST", NOON).names) == {
            "Asia/Kolkata",
            "Asia/Jerusalem",
            "Europe/Dublin",
            "Europe/Istanbul",
        }

    def test_an_offset_is_that_of_the_moment(self) -> None:
        assert "Europe/Rome" in find_zones("utc+1", NOON).names
        assert "Europe/Rome" not in find_zones("+2", NOON).names
        assert "Europe/Rome" in find_zones("GMT +2", NOON + timedelta(days=60)).names
        assert "America/St_Johns" in find_zones("-3:30", NOON - timedelta(days=60)).names

    def test_every_zone_is_found_by_its_name_and_fits_a_button(self) -> None:
        for zone in zones():
            assert one_zone(zone, NOON) == zone
            assert len(Control(ControlVerb.SET, 10**9, Setting.ZONE, zone).encode()) <= 64

    def test_an_unclear_zone_tells_the_candidates(self) -> None:
        with pytest.raises(ZoneUnclear) as unclear:
            one_zone("argentina", NOON)
        assert "America/Argentina/Ushuaia" in unclear.value.zones


class TestSettingsOfDiscord:
    @pytest.mark.parametrize("typed", ["@everyone", "here", "<@7>", "<@&>", "1" * 20, "7; DROP", "１２"])
    def test_what_is_no_role_is_refused(self, typed: str) -> None:
        with pytest.raises(SettingRefused):
            with_value(Settings(), Setting.ROLE, typed, NOON)

    @pytest.mark.parametrize("written", ["7 News team", "<@&7> News team"])
    def test_a_role_is_an_id_and_its_name(self, written: str) -> None:
        assert with_value(Settings(), Setting.ROLE, written, NOON).role == Role("7", "News team")

    async def test_other_platforms_do_not_have_them(self, open_talk: OpenTalk) -> None:
        talk = await open_talk(article("Bridge falls", "A bridge fell. Nobody was hurt."))
        await talk.ask("/subscribe 8:00")
        said = as_text(ConsoleRenderer().render(await talk.ask("/settings role 7"), Translator("en")))
        assert "no setting “role”" in said
        assert "publish" not in said
