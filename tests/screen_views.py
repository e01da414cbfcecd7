"""The messages whose drawings are golden files, each in English and in another language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.answers import following, guide, pauses, pictures, schedules, settings, stories, subscriptions, tastes
from bot.answers.access import in_chat, named
from bot.answers.digests import Place, Reason, Told, apart, heading, part_view
from bot.answers.obstacles import pause_notice_view
from bot.answers.related import related_view
from bot.answers.who import who_view
from bot.chats import Destination
from bot.i18n import Message, own
from bot.subscriptions.edits import Setting
from bot.subscriptions.model import Mode, Quiet, Role, Schedule, Settings, Subscription
from bot.subscriptions.obstacles import Obstacle
from bot.subscriptions.tastes import TasteKind, Trait
from bot.views.buttons import Control, ControlVerb
from bot.views.model import View
from briefings.model import SectionKind
from briefings.related import Related, SharedNames, listed
from tests.fakes import NOON, bundled, version

ROLE, _NEWS = "100160", "Norby Evening News"

_KINDS = (SectionKind.WHO, SectionKind.CONSEQUENCES)
_DAY = date(2025, 3, 14)
VERSIONS = [version(article) for article in bundled()]
_PICTURED = [
    version(replace(one.article, image=f"https://gazette.example/pictures/{number}.jpg"))
    for number, one in enumerate(VERSIONS)
]


def _digest(place: Place = Place.CHAT) -> View:
    shown = _PICTURED[1:4]
    told = [
        Told(number, one, listed(one.article), outlets=("Herald", "Post")[: number - 1])
        for number, one in enumerate(shown, start=1)
    ]
    told, title = apart(told), heading(Reason.SLOT, 3, 1, 1, _DAY)
    late = (own("This post is late. It was due {moment}.", moment="08:00"),) if place is Place.CHAT else ()
    return part_view(title, told, _KINDS, late, ending=True, left=4, place=place, day=_DAY)


def _arrival() -> View:
    told = apart([Told(1, _PICTURED[1], listed(_PICTURED[1].article))])
    return part_view(heading(Reason.REPORT, 1, 1, 1), told, _KINDS, (), ending=True, day=_DAY)


def _related() -> View:
    one = VERSIONS[1].article
    other = Related("x", one.url, SharedNames(("Norby",), ()), VERSIONS[1])
    return related_view(VERSIONS[2], [other, *listed(VERSIONS[2].article)])


_WEEKDAYS = Schedule((time(7, 30), time(18)), frozenset(range(5)), "Europe/Rome", Quiet(time(22), time(7)))


def _subscription(number: int, platform: str, schedule: Schedule, title: str = "", **changed: object) -> Subscription:
    chosen = replace(Settings(schedule), **changed)  # type: ignore[arg-type]  # by their names
    where = Destination(platform, title or "7")
    return Subscription(number, where, "test:7", chosen, NOON, next_due=NOON + timedelta(hours=20))


def _closed(platform: str) -> Obstacle:
    return Obstacle.THREAD_CLOSED if platform == "discord" else Obstacle.TOPIC_CLOSED


def _three(platform: str) -> list[Subscription]:
    role = Role(ROLE, "Readers") if platform == "discord" else None
    return [
        _subscription(1, platform, Schedule()),
        _subscription(2, platform, _WEEKDAYS, "news", tags=("politics",), silent=True, role=role),
        replace(_subscription(3, platform, Schedule(), mode=Mode.ARRIVAL), paused=_closed(platform)),
    ]


def _titles(platform: str) -> dict[int, Message]:
    is_discord = platform == "discord"
    news, weather = ("#news (A server)", "#weather (A server)") if is_discord else (_NEWS, f"{_NEWS}: Weather")
    return {1: subscriptions.THIS_CHAT, 2: named(news), 3: named(weather)}


def _settings(platform: str) -> View:
    return settings.panel_view(_three(platform)[0])


def _digest_in_channel_with_role(_: str) -> View:
    return replace(_digest(Place.CHANNEL), mention=ROLE)


def _subscribed(platform: str) -> View:
    one = _three(platform)[1]
    is_discord = platform == "discord"
    missing = [Obstacle.MENTION_ROLE] if is_discord else []
    obstacle = Obstacle.SEND_MESSAGES if is_discord else Obstacle.CHANNEL_POSTS
    return in_chat(schedules.subscribed_view(one, NOON, 2, obstacle, missing), _NEWS)


def _which(platform: str) -> View:
    def choose(one: Subscription) -> Control:
        return Control(ControlVerb.SET, one.id, Setting.DAYS, "mon, wed")

    return schedules.which_view(_three(platform), choose, unknown=9)


def _tested(platform: str) -> View:
    card = subscriptions.card_view(_three(platform)[1], _titles(platform)[2], NOON)
    return subscriptions.done_view(subscriptions.trial_view(is_sent=True), card)


def _resumed(platform: str) -> View:
    known = [replace(one, paused=None) for one in _three(platform)]
    missed = [
        pauses.Missed(known[0], NOON - timedelta(days=2), NOON, 4),
        pauses.Missed(known[1], NOON - timedelta(days=2), NOON, 1),
    ]
    return pauses.resumed_view(known, NOON, missed)


def _tastes(_: str) -> View:
    liked = {Trait(TasteKind.TAG, "science"): 3, Trait(TasteKind.OUTLET, "The Nutgraf Gazette"): 1}
    return tastes.tastes_view(liked | {Trait(TasteKind.WORD, "drones"): -2}, VERSIONS[1])


def _story_with_follow(_: str) -> View:
    view = following.followable(stories.brief_view(VERSIONS[2]), VERSIONS[2], is_followed=True)
    return following.changed_view(view, is_followed=True)


@dataclass(frozen=True, slots=True)
class Screen:
    """A message that is drawn.

    Attributes:
        build: Returns its view. It is given the platform's name.
        language: The other language.
        is_private: Whether only one person reads the chat.
        platforms: Those that have the message.
    """

    build: Callable[[str], View]
    language: str
    is_private: bool = True
    platforms: tuple[str, ...] = ("telegram", "discord")


SCREENS: dict[str, Screen] = {
    "digest": Screen(lambda _: _digest(), "it"),
    "digest_in_channel": Screen(lambda _: _digest(Place.CHANNEL), "de", is_private=False),
    "digest_with_role": Screen(_digest_in_channel_with_role, "fr", is_private=False, platforms=("discord",)),
    "arrival": Screen(lambda _: _arrival(), "es"),
    "latest": Screen(
        lambda _: stories.list_view(own("Latest stories"), tuple(VERSIONS[:3]), more_after=3, left=5), "it"
    ),
    "summary": Screen(lambda _: stories.summary_view(VERSIONS[1]), "de"),
    "who": Screen(lambda _: who_view(VERSIONS[1]), "fr"),
    "related": Screen(lambda _: _related(), "es"),
    "not_understood": Screen(lambda _: guide.not_understood_view("tell me more"), "it"),
    "edited_command": Screen(lambda _: guide.not_repeated_view("/subscribe"), "de"),
    "followed_story": Screen(_story_with_follow, "fr", platforms=("telegram", "discord")),
    "following": Screen(lambda _: following.following_view(VERSIONS[:2]), "es"),
    "mytopics": Screen(_tastes, "it"),
    "card": Screen(lambda _: pictures.card_view(VERSIONS[1], b""), "de"),
    "subscribed": Screen(_subscribed, "fr"),
    "already_subscribed": Screen(lambda platform: schedules.already_subscribed_view(_three(platform)), "es"),
    "same_twice": Screen(lambda platform: schedules.same_subscription_view(_three(platform)[1], "8:00 rome"), "it"),
    "which_subscription": Screen(_which, "de"),
    "which_zone": Screen(
        lambda _: schedules.zones_to_subscribe_view(["America/New_York", "Asia/Tbilisi"], "8:00 silent"), "fr"
    ),
    "settings": Screen(_settings, "es"),
    "setting_days": Screen(lambda platform: settings.choices_view(_three(platform)[1], Setting.DAYS, "it", 2), "it"),
    "setting_tags": Screen(
        lambda platform: settings.choices_view(_three(platform)[1], Setting.TAGS, "it", 2, ("politics", "sport")), "it"
    ),
    "setting_sections": Screen(
        lambda platform: settings.choices_view(_three(platform)[1], Setting.SECTIONS, "de"), "de"
    ),
    "setting_include": Screen(
        lambda platform: settings.choices_view(_three(platform)[1], Setting.INCLUDE, "fr", 2), "fr"
    ),
    "setting_role": Screen(
        lambda platform: settings.choices_view(_three(platform)[1], Setting.ROLE, "es"), "es", platforms=("discord",)
    ),
    "subscriptions": Screen(
        lambda platform: subscriptions.subscriptions_view(_three(platform), _titles(platform), NOON), "it"
    ),
    "subscription_card": Screen(_tested, "de"),
    "paused": Screen(lambda platform: pauses.paused_view(_three(platform)[0], NOON, 1), "fr"),
    "resumed": Screen(_resumed, "es"),
    "pause_notice": Screen(lambda platform: pause_notice_view(_NEWS, _closed(platform), 3), "it"),
}
