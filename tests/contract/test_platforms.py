"""Requirements for every platform: how it renders views and sends posts."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from io import StringIO
from typing import Protocol

import pytest
from rich.console import Console

from bot.answers import guide, sections, stories
from bot.answers.digests import Reason, Told, heading, part_view, quiet_view
from bot.chats import Destination
from bot.commands.names import plain_name
from bot.commands.table import COMMANDS
from bot.delivery.model import Dead, Delivery, Op, Sender, Sent
from bot.i18n import LOCALES, Message, Translator, own
from bot.platforms.console.render import ConsolePosts, ConsoleRenderer, as_text
from bot.platforms.console.sender import ConsoleSender
from bot.platforms.discord.posts import DiscordPosts
from bot.platforms.discord.posts import drafts as on_discord
from bot.platforms.discord.sender import DiscordSender
from bot.platforms.telegram.client import new_bot
from bot.platforms.telegram.posts import TelegramPosts, drafts
from bot.platforms.telegram.sender import TelegramSender
from bot.posting.compositions import PostRenderer
from bot.views.model import Text, Verbatim, View
from briefings.model import SectionKind, Version
from tests.discord.parser import seen
from tests.discord.server import running_discord
from tests.discord.talk import logged_in
from tests.fakes import NOON, bundled, version
from tests.telegram import parser
from tests.telegram.server import TOKEN, running_bot_api


class Platform(Protocol):
    """A platform as these tests see it."""

    posts: PostRenderer

    def said(self, view: View, locale: str) -> str:
        """What a person reads of a view."""

    def links(self, view: View) -> set[str]:
        """The addresses that it leads to."""


class OnConsole:
    posts: PostRenderer = ConsolePosts()

    def said(self, view: View, locale: str) -> str:
        return as_text(ConsoleRenderer().render(view, Translator(locale)), width=10_000)

    def links(self, view: View) -> set[str]:
        return set(re.findall(r"https?://\S+", self.said(view, "en")))


class OnTelegram:
    posts: PostRenderer = TelegramPosts()

    def said(self, view: View, locale: str) -> str:
        made = drafts(view, Translator(locale))
        labels = [key.label for draft in made for row in draft.keyboard for key in row]
        shown = "\n".join([*(parser.visible(parser.parse_html(draft.html).text) for draft in made), *labels])
        english = {plain_name(command, locale): command.name for command in COMMANDS}
        return re.sub(r"/(\w+)", lambda hint: f"/{english.get(hint[1], hint[1])}", shown)

    def links(self, view: View) -> set[str]:
        parsed = [parser.parse_html(draft.html) for draft in drafts(view, Translator("en"))]
        return {one.url for text in parsed for one in text.entities if one.url}


class OnDiscord:
    posts: PostRenderer = DiscordPosts()

    def said(self, view: View, locale: str) -> str:
        made = on_discord(view, Translator(locale))
        labels = [key.label for draft in made for key in (*sum(draft.buttons, ()), *draft.choices)]
        return "\n".join([*(seen(draft.whole).text for draft in made), *labels])

    def links(self, view: View) -> set[str]:
        return {link for draft in on_discord(view, Translator("en")) for link in seen(draft.whole).links}


PLATFORMS: dict[str, Platform] = {"console": OnConsole(), "telegram": OnTelegram(), "discord": OnDiscord()}


@pytest.fixture(name="platform", params=PLATFORMS)
def _platform(request: pytest.FixtureRequest) -> Platform:
    return PLATFORMS[request.param]


VERSIONS = [version(article) for article in bundled()]


def views(found: Version) -> Iterator[View]:
    yield stories.brief_view(found)
    yield stories.summary_view(found)
    yield stories.list_view(own("Latest stories"), tuple(VERSIONS[:4]))
    yield sections.sections_view(found)
    for kind in (SectionKind.WHO, SectionKind.CONSEQUENCES, SectionKind.WHEN):
        yield sections.section_view(found, kind)
    items = [Told(n, one, (), is_update=False) for n, one in enumerate(VERSIONS[:3], start=1)]
    yield part_view(heading(Reason.SLOT, 3, 1, 1), items, (SectionKind.WHO,), (), ending=True)
    yield quiet_view((), ())
    yield guide.no_such_story_view("<nothing> & co")


def words_of(text: Text, locale: str) -> str:
    said = Translator(locale).say(text) if isinstance(text, Message) else " ".join(text.text.split())
    return said + "…" if isinstance(text, Verbatim) and text.is_cut else said


class TestViews:
    @pytest.mark.parametrize("locale", LOCALES)
    @pytest.mark.parametrize("place", range(len(VERSIONS)))
    def test_everything_is_said_in_its_order(self, platform: Platform, place: int, locale: str) -> None:
        for view in views(VERSIONS[place]):
            said = " ".join(platform.said(view, locale).replace("\u00a0", " ").replace("│ ", "").split())
            at = 0
            for text in replace(view, buttons=()).texts():
                words = " ".join(words_of(text, locale).split())
                at = said.find(words, at)
                assert at >= 0, words
                at += len(words)

    def test_every_story_leads_to_its_source(self, platform: Platform) -> None:
        view = stories.list_view(own("Latest stories"), tuple(VERSIONS[:6]))
        sources = {one.article.url for one in VERSIONS[:6] if one.article.url}
        assert sources
        assert sources <= platform.links(view)

    def test_all_say_the_same(self) -> None:
        for view in views(VERSIONS[0]):
            kept = [
                re.sub(r"https?://\S+|[^\w]|\d+", "", platform.said(replace(view, buttons=()), "en")).lower()
                for platform in PLATFORMS.values()
            ]
            assert len(set(kept)) == 1


@asynccontextmanager
async def _sending(name: str) -> AsyncIterator[tuple[Sender, Seen]]:
    if name == "console":
        page = StringIO()
        yield ConsoleSender(Console(file=page, width=200)), Seen(page, None)
    elif name == "telegram":
        async with running_bot_api() as api:
            client = new_bot(TOKEN, api.url)
            await client.open()
            yield TelegramSender(client, "nutgraf_test_bot"), Seen(None, api.texts)
            await client.close_connections()
    else:
        async with running_discord() as side, logged_in(side) as discord:
            yield DiscordSender(discord, "Choose"), Seen(None, lambda: [seen(text).text for text in side.texts()])


@dataclass
class Seen:
    """What stands on a platform."""

    page: StringIO | None
    texts: Callable[[], list[str]] | None

    def text(self) -> str:
        return self.page.getvalue() if self.page else "\n".join(self.texts() if self.texts else [])


@pytest.mark.parametrize("name", PLATFORMS)
class TestPosts:
    def _post(self, name: str, view: View, **more: object) -> Delivery:
        payload = PLATFORMS[name].posts.payload(view, Translator("en"), silent=False)
        post = Delivery(0, "a", 1, Destination(name, "110"), payload, NOON, NOON)
        return replace(post, **more)  # type: ignore[arg-type]  # by their names

    async def test_one_is_sent_and_has_an_id(self, name: str) -> None:
        async with _sending(name) as (sender, seen):
            outcome = await sender.send(self._post(name, stories.summary_view(VERSIONS[0])))
            assert isinstance(outcome, Sent)
            assert outcome.remote_id
            first = VERSIONS[0].briefing.summary[0].of(VERSIONS[0].article.text)
            assert " ".join(first.split())[:60] in " ".join(seen.text().split())

    async def test_one_is_edited_and_an_edit_may_be_repeated(self, name: str) -> None:
        async with _sending(name) as (sender, seen):
            sent = await sender.send(self._post(name, quiet_view((), ())))
            assert isinstance(sent, Sent)
            edit = self._post(name, guide.gone_view(), op=Op.EDIT, target=sent.remote_id)
            for _ in range(2):
                assert isinstance(await sender.send(edit), Sent)
            assert "That story is no longer here." in seen.text()

    async def test_one_whose_content_was_deleted_is_dead(self, name: str) -> None:
        async with _sending(name) as (sender, _):
            outcome = await sender.send(self._post(name, quiet_view((), ()), payload=None))
            assert isinstance(outcome, Dead)

    async def test_a_post_of_ten_stories_is_parted_where_it_does_not_fit(self, name: str) -> None:
        items = [Told(n, one, (), is_update=False) for n, one in enumerate((VERSIONS * 2)[:10], start=1)]
        view = part_view(heading(Reason.SLOT, 10, 1, 1), items, tuple(SectionKind), (), ending=True)
        posts = PLATFORMS[name].posts
        if posts.fits(view, Translator("en")):
            assert posts.payload(view, Translator("en"), silent=False)
        else:
            with pytest.raises(ValueError, match="unpack"):
                posts.payload(view, Translator("en"), silent=False)
