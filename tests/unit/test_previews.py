"""Posts as the dashboard shows them: the same words, links and buttons as in the chat, and nothing else."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markupsafe import Markup

from bot.i18n import Translator
from bot.platforms.console.render import ConsolePosts
from bot.platforms.discord.posts import Draft as DiscordDraft
from bot.platforms.discord.posts import drafts as discord_drafts
from bot.platforms.telegram.posts import Draft as TelegramDraft
from bot.platforms.telegram.posts import drafts as telegram_drafts
from bot.views.layout import Key
from bot.web.previews import preview, preview_view
from bot.web.previews.markdown import markdown
from tests.screen_views import SCREENS

ALLOWED = {
    *("div", "p", "span", "a", "strong", "em", "u", "s", "code", "pre", "blockquote", "details", "summary", "time"),
    *("hr", "ul", "li", "small"),
}
EN = Translator("en")
_FOLDED = "<summary>Folded until somebody opens it</summary>"


def _elements(shown: Markup) -> list[html.HtmlElement]:
    return [one for one in html.fragment_fromstring(f"<main>{shown}</main>").iter() if one.tag != "main"]


def _words(shown: str) -> str:
    return " ".join(html.fragment_fromstring(f"<main>{shown}</main>").text_content().split())


def _shown(platform: str, payload: str) -> Markup:
    found = preview(platform, payload)
    assert found is not None
    return found


@pytest.mark.parametrize("name", SCREENS)
def test_telegram_shows_the_words_the_links_and_the_buttons(name: str) -> None:
    for draft in telegram_drafts(SCREENS[name].build("telegram"), EN):
        shown = _shown("telegram", draft.write())
        seen = _words(shown.replace(_FOLDED, " ").replace("\u2060", ""))
        assert " ".join(draft.plain.replace("\u2060", "").split()) in seen
        for key in (key for row in draft.keyboard for key in row):
            assert key.label in _words(shown)
        sent = {link.get("href") for link in html.fragment_fromstring(f"<div>{draft.html}</div>").iter("a")}
        assert sent <= {link.get("href") for link in _elements(shown) if link.tag == "a"}


@pytest.mark.parametrize("name", SCREENS)
def test_discord_shows_the_words_and_the_buttons(name: str) -> None:
    for draft in discord_drafts(SCREENS[name].build("discord"), EN):
        words = _words(_shown("discord", draft.write()))
        for key in (*(key for row in draft.buttons for key in row), *draft.choices):
            assert key.label[:80] in words
        assert [mark for mark in ("**", "\\", "](", "###", "\ue011") if mark in words] == []


@pytest.mark.parametrize("platform", ["telegram", "discord", "console", "test"])
@pytest.mark.parametrize("name", SCREENS)
def test_a_view_is_shown_with_harmless_elements_alone(name: str, platform: str) -> None:
    for element in _elements(preview_view(platform, SCREENS[name].build(platform), EN)):
        assert element.tag in ALLOWED
        assert set(element.attrib) <= {"class", "href", "rel", "datetime"}
        assert element.get("href", "https://").startswith(("http://", "https://"))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="https://a.example" onclick="alert(1)">x</a>',
        '<b style="position:fixed" class="x">x</b>',
        "</div></div><form action=/sign-out method=post><button>",
        '<tg-time unix="99999999999999999999">x</tg-time>',
        "<blockquote expandable><b>never closed",
        "<!-- <script> --><![CDATA[<script>]]>",
    ],
)
def test_a_payload_that_is_not_ours_stays_harmless(hostile: str) -> None:
    key = Key(hostile, url="javascript:alert(1)")
    payloads = {
        "telegram": TelegramDraft(hostile, "x", ((key,),), picture="javascript:alert(1)").write(),
        "discord": DiscordDraft(
            hostile, choices=(Key("x", data="x"),), heading=hostile, picture="https://a.example/x"
        ).write(),
        "console": hostile,
    }
    for platform, payload in payloads.items():
        shown = _shown(platform, payload)
        for element in _elements(shown):
            assert element.tag in ALLOWED, platform
            assert set(element.attrib) <= {"class", "href", "rel", "datetime"}
            assert element.get("href", "https://").startswith(("http://", "https://"))
        assert shown.count("<div") == shown.count("</div>")


@given(st.text(alphabet="ab *_\\[]()<>@#-`~|\n:/.t0123https&;\ue011\ue012", max_size=200))
def test_any_markdown_is_balanced_and_keeps_its_letters(text: str) -> None:
    shown = markdown(text)
    assert all(one.tag in ALLOWED for one in _elements(shown))
    assert [one for one in unescape(str(shown)) if one == "&"] == [one for one in text if one == "&"]


def test_markdown_is_shown_as_discord_shows_it() -> None:
    assert markdown("### A *title*") == '<p class="heading">A <em>title</em></p>'
    assert markdown("**bold** and ***both***") == (
        '<p class="line"><strong>bold</strong> and <strong><em>both</em></strong></p>'
    )
    assert markdown("> one\n> two") == "<blockquote>one\ntwo</blockquote>"
    assert markdown(r"\*not\* \[this\](x) \<@1>") == '<p class="line">*not* [this](x) &lt;@1&gt;</p>'
    assert '<a href="https://a.example/x" rel="noreferrer noopener">a <strong>b</strong></a>' in markdown(
        "[a **b**](https://a.example/x)"
    )
    assert "2025-03-14 12:00 UTC" in markdown("<t:1741953600:R>")
    assert markdown("\ue011latest\ue012 <@&7>") == (
        '<p class="line"><span class="mention">/latest</span> <span class="mention">@role</span></p>'
    )


@pytest.mark.parametrize("platform", ["telegram", "discord"])
@pytest.mark.parametrize("payload", ["", "x", "[]", "{}", '{"html": 1}'])
def test_a_payload_that_cannot_be_read_is_not_shown(platform: str, payload: str) -> None:
    assert preview(platform, payload) is None


def test_the_terminal_shows_its_text() -> None:
    payload = ConsolePosts().payload(SCREENS["digest"].build("console"), EN, silent=False)
    assert "Digest: 3 stories" in _words(_shown("console", payload))
