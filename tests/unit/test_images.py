"""The picture that a page gives for its article."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.digests import Place, Told, apart, part_view
from bot.i18n import Translator, own
from bot.platforms.discord.layout import layout
from bot.platforms.discord.posts import drafts as on_discord
from bot.platforms.telegram.posts import drafts as on_telegram
from bot.views.model import View
from briefings.model import SectionKind
from briefings.related import listed
from briefings.sources.html import parse_html
from tests.fakes import bundled, version

_BODY = "<p>The bridge at Norby fell on Monday. Nobody was hurt.</p><p>The town will build it again.</p>"
ENGLISH = Translator("en")


def page(head: str) -> str:
    return (
        '<html><head><title>A bridge fell</title><link rel="canonical" href="https://gazette.example/a/bridge">'
        f"{head}</head><body><article><h1>A bridge fell</h1>{_BODY}</article></body></html>"
    )


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta property="og:image" content="https://cdn.example/b.jpg">', "https://cdn.example/b.jpg"),
        ('<meta property="og:image" content="/b.jpg">', "https://gazette.example/b.jpg"),
        ('<meta name="twitter:image" content="//cdn.example/b.webp">', "https://cdn.example/b.webp"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "image": {"url": "https://cdn.example/c.png"}}'
            "</script>",
            "https://cdn.example/c.png",
        ),
        # A picture that everybody can see comes before one that is refused.
        (
            '<meta property="og:image" content="http://192.168.0.1/b.jpg">'
            '<meta name="twitter:image" content="https://cdn.example/b.jpg">',
            "https://cdn.example/b.jpg",
        ),
        ("", None),
        ('<meta property="og:image" content="http://localhost/b.jpg">', None),
        ('<meta property="og:image" content="http://printer.local/b.jpg">', None),
        ('<meta property="og:image" content="http://[::1]/b.jpg">', None),
        ('<meta property="og:image" content="javascript:alert(1)">', None),
        ('<meta property="og:image" content="data:image/png;base64,AAAA">', None),
        ('<meta property="og:image" content="https://user:password@cdn.example/b.jpg">', None),
        ('<meta property="og:image" content="https://cdn.example/site-logo.png">', None),
        ('<meta property="og:image" content="https://cdn.example/b.svg">', None),
    ],
)
def test_it_is_an_address_that_everybody_can_open(head: str, expected: str | None) -> None:
    assert parse_html(page(head)).image == expected


def _post(count: int) -> View:
    articles = [replace(one, image=f"https://cdn.example/{n}.jpg") for n, one in enumerate((bundled() * 3)[:count])]
    told = [Told(number, version(one), listed(one)) for number, one in enumerate(articles, start=1)]
    return part_view(own("Digest"), apart(told), (SectionKind.WHO,), (), ending=True)


def test_telegram_shows_the_first_above_the_text() -> None:
    [draft] = on_telegram(_post(3), ENGLISH)
    assert draft.picture == "https://cdn.example/0.jpg"


@pytest.mark.parametrize("count", [1, 3, 10])
def test_discord_shows_each_beside_its_story(count: int) -> None:
    made = on_discord(_post(count), ENGLISH)
    shown = [part.picture for draft in made for part in draft.parts if part.picture]
    assert shown == [f"https://cdn.example/{n}.jpg" for n in range(count)]
    assert all(layout(draft, "Choose").total_children_count <= 40 for draft in made)


def test_a_channel_is_offered_no_command() -> None:
    told = [Told(number, version(one)) for number, one in enumerate(bundled()[:2], start=1)]
    view = part_view(own("Digest"), told, (), (), ending=True, left=2, place=Place.CHANNEL)
    [draft] = on_telegram(view, ENGLISH)
    assert "/" not in draft.plain
    assert [key.label for row in draft.keyboard for key in row] == ["1", "2", "Ask the bot"]


def test_a_related_story_is_shown_once_and_only_with_a_link() -> None:
    told = apart([Told(number, version(one), listed(one)) for number, one in enumerate(bundled()[:3], start=1)])
    urls = [related.url for one in told for related in one.related]
    assert None not in urls
    assert len(urls) == len(set(urls))
    assert set(urls).isdisjoint(one.version.article.url for one in told)
