"""Web addresses are checked when they come in. One that no platform would accept is dropped."""

from __future__ import annotations

import json

import pytest

from bot.i18n import Translator, own
from bot.platforms.discord import posts as discord_posts
from bot.platforms.telegram import posts as telegram_posts
from bot.views.layout import web_link
from bot.views.model import LinkButton, Paragraph, Reference, Story, Title, View
from briefings.addresses import web_address
from briefings.model import Article
from briefings.sources import read_article
from tests.addresses import ODD, SOUND

SENTENCES = "The bridge at Norby fell into the river on Monday. Nobody was hurt. The mayor closed the road."
#: They have no dot in their host: an article may stand there, but no platform links to it.
WITHOUT_A_DOT = frozenset({"https://[::1]/x", "https://newsroom/x"})
#: They are sound where a page has an address itself, and lead there.
RELATIVE = {
    "//b.example/x": "https://b.example/x",
    "https:x": "https://a.example/news/x",
    "?x": "https://a.example/news/1?x",
}


def _front_matter(url: str) -> Article:
    said = json.dumps(url)
    head = f"---\ntitle: Bridge\nurl: {said}\nrelated:\n  - {{title: A boat sank, url: {said}}}\n---\n"
    return read_article((head + SENTENCES).encode(errors="surrogatepass"), "x.md")


def _page(url: str) -> Article:
    safe = "".join(char if char.isascii() and char.isalnum() else f"&#{ord(char)};" for char in url)
    page = f"""<html><head><title>Bridge</title><link rel="canonical" href="{safe}"></head><body><article>
    <h1>Bridge</h1><p>{SENTENCES}</p><p>{SENTENCES}</p></article>
    <aside class="related"><a href="{safe}">A boat sank in the harbour of Norby</a></aside></body></html>"""
    return read_article(page.encode(), "x.html")


def _markdown(url: str) -> Article:
    text = f"# Bridge\n\n{SENTENCES}\n\n{SENTENCES}\n\n## Related\n\n- [A boat sank in the harbour](<{url}>)\n"
    return read_article(text.encode(errors="surrogatepass"), "x.md")


@pytest.mark.parametrize("read", [_front_matter, _page, _markdown])
@pytest.mark.parametrize("odd", ODD)
def test_an_article_is_read_without_an_odd_address(read: object, odd: str) -> None:
    assert callable(read)
    article: Article = read(odd)
    kept = {one for one in (article.url, *(each.url for each in article.related)) if one is not None}
    # A reader may mend one: a character that is not seen goes, and what is left is sound.
    assert all(web_address(one) == one and one not in set(ODD) - WITHOUT_A_DOT for one in kept)


@pytest.mark.parametrize("sound", SOUND)
def test_an_unusual_address_is_kept(sound: str) -> None:
    assert web_address(sound) is not None
    assert web_link(sound) is not None


@pytest.mark.parametrize("odd", ODD)
def test_no_platform_links_to_an_odd_address_of_an_older_version(odd: str) -> None:
    title = own("A title")
    story = Story(1, title, odd, (), (Reference(title, odd, own("Corrected:")),))
    view = View((Title(title, odd), story, Paragraph(title)), (LinkButton(own("Source"), odd),))
    for draft in telegram_posts.drafts(view, Translator("en")):
        assert "href" not in draft.html
        assert draft.keyboard == ()
    for card in discord_posts.drafts(view, Translator("en")):
        assert "](" not in card.text
        assert card.buttons == ()


def test_a_base_makes_an_address_of_what_is_relative() -> None:
    base = "https://a.example/news/1"
    assert web_address("../2?x=1", base) == "https://a.example/2?x=1"
    assert {one: web_address(one, base) for one in RELATIVE} == RELATIVE
    assert web_address("javascript:alert(1)", base) is None
    assert web_address("//evil.example:99999999/", base) is None


def test_the_table_holds_no_address_twice() -> None:
    assert len(set(ODD)) == len(ODD) > 40
