"""Every view, parsed by Telegram's own parser: accepted, with the same words, only web links and no mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.answers import guide, sections, stories
from bot.answers.digests import Reason, Told, heading, part_view, quiet_view
from bot.answers.related import related_view
from bot.answers.schedules import when
from bot.commands.names import plain_name
from bot.commands.table import COMMANDS
from bot.i18n import LOCALES, Translator, own
from bot.platforms.telegram.markup import MOST_ENTITIES, MOST_UNITS, Piece, Run, messages, neutral
from bot.platforms.telegram.posts import drafts
from bot.platforms.telegram.render import TelegramRenderer
from bot.subscriptions.model import EVERY_DAY, Schedule
from bot.views.buttons import Action, Verb
from bot.views.model import Paragraph, Quote, Title, Verbatim, View
from briefings.errors import SourceError
from briefings.model import SectionKind, Span, Version
from briefings.sources.plain import parse_plain
from tests.fakes import NOON, article, bundled, version
from tests.telegram import parser

HOSTILE = (
    "<b>bold</b> & <script>alert(1)</script>",
    "@everyone look at @durov and @somebody_else_1",
    "/forgetme and /unsubscribe now",
    "commands:/forgetme, ./unsubscribe and ../brief",
    "tg://user?id=1 and tg://resolve?domain=x",
    "javascript:alert(1) ton://transfer/x",
    "&lt;b&gt; &amp; &quot;",
    "</blockquote></a><a href='tg://user?id=1'>x</a>",
    "😀 👨‍👩‍👧‍👦 🇮🇹 é \u0301 مرحبا שלום",
    "mail me@example.org or +39 06 1234567",
)
SAFE_KINDS = {"Url", "Hashtag", "Cashtag", "PhoneNumber", "BankCardNumber", "MediaTimestamp"}
OUR_COMMANDS = {f"/{name}" for one in COMMANDS for name in (one.name, *(plain_name(one, code) for code in LOCALES))}


def check(view: View, locale: str = "en") -> list[parser.Parsed]:
    """What Telegram makes of a view's messages, after it found nothing to complain of."""
    found = []
    for draft in drafts(view, Translator(locale)):
        parsed = parser.parse_html(draft.html)
        assert 0 < parser.utf16(parsed.text) <= MOST_UNITS
        assert len(parsed.entities) <= MOST_ENTITIES
        assert " ".join(parsed.text.split()) == " ".join(draft.plain.split())
        for link in (one for one in parsed.entities if one.kind == "TextUrl"):
            assert re.match(r"https?://", link.url or "")
        for one in parsed.found:
            words = parsed.of(one)
            if one.kind == "BotCommand":
                assert words in OUR_COMMANDS or _is_ours(parsed, one), words
            else:
                assert one.kind in SAFE_KINDS, (one.kind, words)
                assert one.kind != "Url" or "://" not in words or words.lower().startswith("http")
        for row in draft.keyboard:
            for key in row:
                assert key.label.strip()
                assert len(key.data.encode()) <= 64
        found.append(parsed)
    return found


def _is_ours(parsed: parser.Parsed, entity: parser.Entity) -> bool:
    """Whether a command stands in the bot's own words, which are italics."""
    return any(
        one.kind == "Italic" and one.offset <= entity.offset < one.offset + one.length for one in parsed.entities
    )


def views_of(found: Version) -> Iterator[View]:
    """All that can be asked of one version."""
    yield stories.brief_view(found)
    yield stories.summary_view(found)
    yield stories.whole_view(found, ())
    yield related_view(found, ())
    yield stories.list_view(own("Latest stories"), (found,) * 8)
    yield sections.sections_view(found)
    for kind in SectionKind:
        yield sections.section_view(found, kind)
        yield sections.full_view(found, Action(Verb.FULL, found.id, kind))
    items = [Told(n, found, (), is_update=n == 2) for n in range(1, 6)]
    yield part_view(heading(Reason.SLOT, 5, 1, 1), items, tuple(SectionKind), (), ending=True)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("place", range(len(bundled())))
def test_every_view_of_every_bundled_article(place: int, locale: str) -> None:
    for view in views_of(version(bundled()[place])):
        check(view, locale)


def test_the_bots_own_views() -> None:
    for view in (
        guide.help_view([command.usage for command in COMMANDS], ()),
        guide.start_view([command.usage for command in COMMANDS]),
        guide.not_understood_view("<b>@durov</b> tg://user?id=1"),
        quiet_view((), ()),
    ):
        for locale in LOCALES:
            check(view, locale)


PROSE = (
    "A story of the harbour\n\n"
    "The ferry crews of the harbour walked off the job on Monday, said the mayor of the town.\n\n"
    "The operator of the ferries says that it has no money for what the union of the crews demands. {words}\n\n"
    "“{words}” said a woman who had waited for five hours at the pier of the harbour on Monday."
)


def pasted(words: str) -> Version:
    """A pasted text that holds some words."""
    return version(parse_plain(PROSE.format(words=words), "message"))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_do_nothing(hostile: str) -> None:
    found = pasted(hostile)
    shown = [parser.visible(one.text) for view in views_of(found) for one in check(view)]
    words = " ".join(hostile.split())
    assert words in " ".join(found.article.text.split())
    assert any(words in " ".join(text.split()) for text in shown)


@given(st.text(st.one_of(st.characters(exclude_categories=["C"]), st.sampled_from("<>&@/:\"' .")), max_size=300))
def test_any_words_are_shown_as_they_are(words: str) -> None:
    try:
        found = pasted(words)
    except SourceError:
        assume(False)
    whole = Verbatim(found, Span(0, len(found.article.text)))
    [parsed] = check(View((Paragraph(whole), Quote(whole.shortened(200)))))
    assert " ".join(whole.text.split()) in parser.visible(" ".join(parsed.text.split()))


@given(st.lists(st.tuples(st.integers(1, 6000), st.sampled_from("ab 😀")), min_size=1, max_size=8))
def test_nothing_is_lost_where_messages_are_parted(sizes: list[tuple[int, str]]) -> None:
    pieces = [Piece((Run(f"{n}:" + letter * size + ".", ("i",)),)) for n, (size, letter) in enumerate(sizes)]
    texts = messages(pieces)
    for text in texts:
        assert parser.utf16(parser.parse_html(text.html).text) <= MOST_UNITS
    kept = re.sub(r"\s", "", "".join(text.plain for text in texts))
    assert kept == re.sub(r"\s", "", "".join(piece.text for piece in pieces))


def test_ten_thousand_characters_come_in_messages_that_break_no_word() -> None:
    words = " ".join(f"word{n}" for n in range(1400))
    found = version(article("Long", words))
    place = found.article.text.index("word0")
    parts = check(View((Paragraph(Verbatim(found, Span(place, place + len(words)))),)))
    assert len(parts) == 3
    assert " ".join(one.text for one in parts).split() == words.split()


def test_a_link_that_is_none_of_the_web_is_dropped() -> None:
    found = version(bundled()[0])
    for url in ("javascript:alert(1)", "tg://user?id=1", "https://", "file:///etc/passwd", "http://newsroom/x"):
        [parsed] = check(View((Title(Verbatim(found, Span(0, 5)), url),)))
        assert [one.kind for one in parsed.entities] == ["Bold"]


def test_what_is_the_articles_and_what_is_the_bots_look_different() -> None:
    found = version(bundled()[0])
    [parsed] = check(View((Paragraph(Verbatim(found, Span(0, 20))), Paragraph(own("Commands")))))
    assert [(one.kind, parsed.of(one)) for one in parsed.entities] == [("Italic", "Commands")]


def test_a_long_quotation_is_folded_and_a_short_one_is_not() -> None:
    found = version(bundled()[0])
    text = found.article.text
    [parsed] = check(View((Quote(Verbatim(found, Span(0, 80))), Quote(Verbatim(found, Span(0, min(500, len(text))))))))
    kinds = [one.kind for one in parsed.entities]
    assert kinds == ["BlockQuote", "ExpandableBlockQuote"]


def test_a_moment_is_one_to_the_client() -> None:
    schedule = Schedule((time(8),), EVERY_DAY, "Europe/Rome")
    moment = NOON + timedelta(hours=19)
    said = own("First post {when} ({zone})", when=when(moment, schedule, NOON), zone=schedule.zone)
    [parsed] = check(View((Paragraph(said),)))
    [entity] = [one for one in parsed.entities if one.kind == "DateTime"]
    assert parsed.of(entity) == "tomorrow at 08:00"
    assert parsed.text == "First post tomorrow at 08:00 (Europe/Rome)"


def test_neutral_text_looks_the_same() -> None:
    for hostile in HOSTILE:
        assert parser.visible(neutral(hostile)) == hostile


def test_buttons_share_rows_as_far_as_a_phone_has_room() -> None:
    keyboard = TelegramRenderer().render(stories.brief_view(version(bundled()[0])), Translator("en")).keyboard
    assert all(sum(len(key.label) for key in row) <= 30 or len(row) == 1 for row in keyboard)
    assert any(len(row) > 1 for row in keyboard)
