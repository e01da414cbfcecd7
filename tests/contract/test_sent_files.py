"""Files that people send: every platform reads them, refuses them and shows its progress in the same way."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any, Protocol

import pytest

from bot.access import Access
from bot.commands.dispatcher import Dispatcher
from briefings.scope import Scope, Viewer
from briefings.sources import MAX_BYTES
from tests.discord.parser import seen
from tests.discord.server import CHANNEL as DISCORD_CHANNEL
from tests.discord.server import DM
from tests.discord.talk import DiscordTalk, discord_talk
from tests.fakes import OPEN
from tests.pdfs import Line, column, encrypted_pdf, pdf
from tests.telegram.server import BOT, USERNAME
from tests.telegram.talk import ANN, GROUP, TelegramTalk, chat_of, person, telegram_talk

TITLE = "Bridge at Norby collapses"
TEXT = f"""{TITLE}

The bridge at Norby fell into the river on Monday evening, the police said.

Nobody was hurt, because the road had been closed since the morning. The mayor, Ann Berg, asked for help.
The cause is not known. Engineers will look at the remains on Tuesday, and the river stays closed to ships.
"""
PAGE = "<html><body><article><h1>{}</h1>{}</article></body></html>".format(
    TITLE, "".join(f"<p>{line}</p>" for line in TEXT.splitlines()[2:] if line)
)
PRIVATE, GROUP_CHAT = "private", "group"


class Platform(Protocol):
    """A platform as these tests see it."""

    dispatcher: Dispatcher
    #: The private chat, as `Scope.owner` names it.
    private: str
    user: str

    async def sends(
        self, name: str, content: bytes | None, caption: str = "", where: str = PRIVATE, **more: Any
    ) -> str:
        """Somebody sends a file, in a group with the bot's name; what the bot says to it."""

    async def says(self, text: str) -> str:
        """Somebody writes in private; what the bot says to it."""

    @property
    def is_typing_shown(self) -> bool:
        """Whether the bot has shown that it is working."""

    @property
    def requests_for_files(self) -> int:
        """How many files were asked for."""


class OnTelegram:
    private, user = f"telegram:{ANN}", f"telegram:{ANN}"

    def __init__(self, talk: TelegramTalk) -> None:
        self.talk, self.dispatcher = talk, talk.bot.dispatcher

    async def sends(
        self, name: str, content: bytes | None, caption: str = "", where: str = PRIVATE, **more: Any
    ) -> str:
        chat = ANN if where == PRIVATE else GROUP
        named = f"@{USERNAME} {caption}".strip() if where != PRIVATE else caption
        return "\n".join(one.parsed.text for one in await self.talk.sends(name, content, named, chat, **more))

    async def says(self, text: str) -> str:
        return "\n".join(one.parsed.text for one in await self.talk.says(text))

    @property
    def is_typing_shown(self) -> bool:
        return bool(self.talk.api.actions)

    @property
    def requests_for_files(self) -> int:
        return sum(method == "getFile" for method, _ in self.talk.api.requests)


class OnDiscord:
    private, user = f"discord:{DM}", f"discord:{ANN}"

    def __init__(self, talk: DiscordTalk) -> None:
        self.talk, self.dispatcher = talk, talk.bot.dispatcher

    async def sends(
        self, name: str, content: bytes | None, caption: str = "", where: str = PRIVATE, **more: Any
    ) -> str:
        told = {"content_type": more["media"]} if "media" in more else {}
        attached = self.talk.api.attached(name, content, **told, **({"size": more["size"]} if "size" in more else {}))
        named = f"<@{BOT_ID}> {caption}" if where != PRIVATE else caption
        channel = DM if where == PRIVATE else DISCORD_CHANNEL
        return _text(await self.talk.says(named, channel, attachments=[attached]))

    async def says(self, text: str) -> str:
        return _text(await self.talk.says(text))

    @property
    def is_typing_shown(self) -> bool:
        return bool(self.talk.api.typing)

    @property
    def requests_for_files(self) -> int:
        return self.talk.api.handed_out


BOT_ID = 900


def _text(said: Any) -> str:
    return "\n".join(seen(one.text).text for one in said)


@asynccontextmanager
async def _on_telegram(access: Access) -> AsyncIterator[Platform]:
    async with telegram_talk(access=access) as talk:
        yield OnTelegram(talk)
        assert [one for one in talk.api.refused if "getFile" not in one] == []


@asynccontextmanager
async def _on_discord(access: Access) -> AsyncIterator[Platform]:
    async with discord_talk(access=access) as talk:
        yield OnDiscord(talk)
        assert talk.api.refused == []


class Opens(Protocol):
    """Opens a platform for a test."""

    def __call__(self, access: Access = OPEN) -> AbstractAsyncContextManager[Platform]: ...


@pytest.fixture(name="running", params=[_on_telegram, _on_discord], ids=["telegram", "discord"])
def _running(request: pytest.FixtureRequest) -> Opens:
    return lambda access=OPEN: request.param(access)


@pytest.fixture(name="platform")
async def _platform(running: Opens) -> AsyncIterator[Platform]:
    async with running() as platform:
        yield platform


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bridge.txt", TEXT.encode()),
        ("bridge.md", f"# {TEXT}".encode()),
        ("bridge.html", PAGE.encode()),
        ("bridge.pdf", pdf(column(TEXT))),
        ("message.txt", TEXT.encode("utf-16")),
        ("no ending", TEXT.encode()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_file_is_briefed_for_its_chat_alone(platform: Platform, name: str, content: bytes) -> None:
    said = await platform.sends(name, content)
    assert TITLE in said
    assert "fell into the river on Monday evening" in said
    library = platform.dispatcher.context.library
    assert TITLE not in _titles(await library.newest(Viewer(), 50))
    assert TITLE in _titles(await library.newest(Viewer(platform.private), 50))


async def test_a_question_beside_a_file_is_answered_too(platform: Platform) -> None:
    said = await platform.sends("bridge.txt", TEXT.encode(), "what is the cause?")
    assert "The cause is not known." in said
    assert "fell into the river on Monday evening" in said
    assert said.index("The cause is not known.") < said.index("fell into the river on Monday evening")


async def test_a_command_beside_a_file_is_about_it(platform: Platform) -> None:
    assert "Ann Berg" in await platform.sends("bridge.txt", TEXT.encode(), "/people")


async def test_other_words_beside_a_file_are_no_question(platform: Platform) -> None:
    assert "I did not understand" not in await platform.sends("bridge.txt", TEXT.encode(), "have a look")


async def test_questions_after_a_file_are_about_it(platform: Platform) -> None:
    await platform.sends("bridge.pdf", pdf(column(TEXT)))
    assert "The cause is not known." in await platform.says("what is the cause?")


async def test_the_chat_shows_that_the_bot_is_working(platform: Platform) -> None:
    await platform.sends("bridge.txt", TEXT.encode())
    assert platform.is_typing_shown


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.mark.parametrize(
    ("name", "content", "more", "words"),
    [
        ("long.txt", b"a" * (MAX_BYTES + 1), {"size": 1000}, "long.txt is larger than 5 MB"),
        ("huge.txt", b"", {"size": MAX_BYTES + 1}, "huge.txt is larger than 5 MB"),
        ("photo.png", PICTURE, {"media": "image/png"}, "I read only text."),
        ("photo.png", PICTURE, {}, "Cannot read photo.png (PNG)"),
        ("letter.docx", b"PK\x03\x04" + bytes(100), {}, "Cannot read letter.docx (ZIP, DOCX, ODT)"),
        ("program", bytes(range(32)) * 100, {}, "program is not a text file"),
        ("scan.pdf", pdf([]), {}, "scan.pdf has pictures of pages, but no text"),
        ("secret.pdf", encrypted_pdf(), {}, "secret.pdf needs a password"),
        ("broken.pdf", b"%PDF-1.4 and nothing more", {}, "broken.pdf is a damaged PDF"),
        ("book.pdf", pdf(*[[Line("A page.", 60, 700)]] * 41), {}, "book.pdf has more than 40 pages"),
        ("empty.txt", b" \n", {}, "empty.txt is empty"),
        ("words.txt", b"one two three", {}, "No article was found in words.txt"),
        ("lost.txt", None, {}, "lost.txt: the server does not answer"),
    ],
)
async def test_a_file_without_an_article_is_refused_in_words(
    platform: Platform, name: str, content: bytes | None, more: dict[str, Any], words: str
) -> None:
    assert words in re.sub(r"\s+", " ", await platform.sends(name, content, **more))


async def test_a_file_that_telegram_finds_too_big(running: Opens) -> None:
    async with running() as platform:
        said = await platform.sends("big.txt", b"a" * 20_000_001, size=0)
        assert "big.txt is larger than 5 MB" in said


class TestWhoMay:
    async def test_files_are_not_read_in_groups(self, platform: Platform) -> None:
        said = await platform.sends("bridge.txt", TEXT.encode(), where=GROUP_CHAT)
        assert said == "I do not read files in this chat. Send the file to me in a private chat."
        assert not platform.requests_for_files

    async def test_except_where_links_are(self, running: Opens) -> None:
        groups = frozenset({f"telegram:{GROUP}", f"discord:{DISCORD_CHANNEL}"})
        async with running(replace(OPEN, links=groups)) as platform:
            assert TITLE in await platform.sends("bridge.txt", TEXT.encode(), where=GROUP_CHAT)

    async def test_where_no_articles_are_taken_none_are_read_from_files(self, running: Opens) -> None:
        async with running(replace(OPEN, pasted=False)) as platform:
            said = await platform.sends("bridge.txt", TEXT.encode())
            assert said == "I do not read files in this chat. The operator of this bot can allow it."
            assert not platform.requests_for_files

    async def test_an_operator_may_anywhere(self, running: Opens) -> None:
        operators = frozenset({f"telegram:{ANN}", f"discord:{ANN}"})
        async with running(replace(OPEN, pasted=False, operators=operators)) as platform:
            assert TITLE in await platform.sends("bridge.txt", TEXT.encode(), where=GROUP_CHAT)

    async def test_a_stranger_may_not_by_a_command_that_is_for_everybody(self, running: Opens) -> None:
        async with running(Access()) as platform:
            said = await platform.sends("bridge.txt", TEXT.encode(), "/privacy")
            assert TITLE not in said
            assert not platform.requests_for_files


class TestPublishing:
    async def test_an_operator_publishes_an_article_with_tags(self, running: Opens) -> None:
        operators = frozenset({f"telegram:{ANN}", f"discord:{ANN}"})
        async with running(replace(OPEN, operators=operators)) as platform:
            await platform.sends("bridge.pdf", pdf(column(TEXT)))
            said = await platform.says("/publish #bridges #local_news")
            assert "This story is public now, with the tags bridges, local news." in said
            library = platform.dispatcher.context.library
            [found] = [one for one in await library.newest(Viewer(), 50) if TITLE in _titles([one])]
            report = await library.report_of(found.id)
            assert report is not None
            assert report.scope == Scope(tags=frozenset({"bridges", "local news"}))

    async def test_nobody_else_does(self, platform: Platform) -> None:
        await platform.sends("bridge.txt", TEXT.encode())
        assert "Only an operator" in await platform.says("/publish")
        assert TITLE not in _titles(await platform.dispatcher.context.library.newest(Viewer(), 50))


class TestOnlyOnTelegram:
    async def test_brief_as_a_reply_reads_the_file_replied_to(self) -> None:
        async with _on_telegram(replace(OPEN, links=frozenset({f"telegram:{GROUP}"}))) as platform:
            assert isinstance(platform, OnTelegram)
            message = platform.talk.file_message("bridge.txt", TEXT.encode(), "look at this", GROUP)
            replied = message | {"from": person(8), "chat": chat_of(GROUP)}
            said = await platform.talk.says("/brief", GROUP, reply_to_message=replied)
            assert TITLE in said[0].parsed.text

    async def test_a_file_in_a_group_that_is_not_for_the_bot(self) -> None:
        async with _on_telegram(OPEN) as platform:
            assert isinstance(platform, OnTelegram)
            assert await platform.talk.sends("bridge.txt", TEXT.encode(), "look at this", GROUP) == []

    async def test_a_reply_to_the_bot_needs_no_words(self) -> None:
        async with _on_telegram(replace(OPEN, links=frozenset({f"telegram:{GROUP}"}))) as platform:
            assert isinstance(platform, OnTelegram)
            mine = {"message_id": 1, "date": 1_700_000_000, "chat": chat_of(GROUP), "from": BOT, "text": "Hello"}
            said = await platform.talk.sends("bridge.txt", TEXT.encode(), "", GROUP, reply_to_message=mine)
            assert TITLE in said[0].parsed.text

    async def test_an_album_of_pictures_is_answered_once(self) -> None:
        async with _on_telegram(OPEN) as platform:
            assert isinstance(platform, OnTelegram)
            more: dict[str, Any] = {
                "photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}],
                "media_group_id": "1",
            }
            album = [await platform.talk.says("", caption=one, **more) for one in (TEXT, "", "")]
            assert [TITLE in one.parsed.text for said in album for one in said] == [True]


class TestOnlyOnDiscord:
    async def test_a_message_with_a_file_is_briefed_for_the_asker_alone(self) -> None:
        async with discord_talk() as talk:
            message: dict[str, Any] = {"id": "5", "content": "", "author": {"id": "8"}}
            message["attachments"] = [talk.api.attached("message.txt", TEXT.encode())]
            [said] = await talk.points("Brief this", message)
            assert TITLE in seen(said.text).text
            assert not said.seen_by_all

    async def test_words_beside_a_picture_are_answered(self) -> None:
        async with discord_talk() as talk:
            picture = talk.api.attached("photo.png", PICTURE, content_type="image/png")
            said = await talk.says("/latest", attachments=[picture])
            assert "photo.png" not in _text(said)
            assert "Latest stories" in _text(said)

    async def test_a_question_about_a_picture_is_not_answered_from_a_story(self) -> None:
        async with discord_talk() as talk:
            picture = talk.api.attached("photo.png", PICTURE, content_type="image/png")
            assert "I read only text." in _text(await talk.says("what is this?", attachments=[picture]))

    async def test_of_two_files_the_first_is_read_and_that_is_said(self) -> None:
        async with discord_talk() as talk:
            two = [talk.api.attached(name, TEXT.encode()) for name in ("a.txt", "b.txt")]
            picture = talk.api.attached("photo.png", PICTURE, content_type="image/png")
            said = _text(await talk.says("", attachments=[picture, *two]))
            assert "I read one file of a message. 1 more was not read." in said
            assert TITLE in said


def _titles(versions: Any) -> str:
    return "\n".join(one.article.headline().of(one.article.text) for one in versions)
