"""Ways in which sites name their feeds."""

from __future__ import annotations

import pytest

from briefings.errors import FeedInvalid
from briefings.fetching.discovery import discover
from briefings.workers import InProcess
from tests.unit.test_ingest import item, rss
from tests.web import client_for, running_web

RSS = "type=application/rss+xml"
#: Paragraphs, so that the page is one.
BODY = "<body><p>Harbour news, every day.</p>"


@pytest.mark.parametrize(
    "html",
    [
        f"<link rel=alternate {RSS} href=news.xml>{BODY}",
        f"<LINK REL=ALTERNATE TYPE='Application/RSS+XML; charset=utf-8' HREF='/sub/news.xml'>{BODY}",
        f'<link rel="alternate home" {RSS} href="//HOST/sub/news.xml">{BODY}',
        f'<link rel=alternate {RSS} href="&#47;sub&#47;news.xml">{BODY}',
        f'<link rel=alternate {RSS} href="/sub/%6eews.xml">{BODY}',
        f'<link rel=alternate {RSS} href=" /sub/news.xml\n">{BODY}',
        f'<link rel=alternate type=text/xml href="/sub/news.xml">{BODY}',
        f'<link rel=feed href="/sub/news.xml">{BODY}',
        f'{BODY}<link rel=alternate {RSS} href="/sub/news.xml">',
        f'{BODY}<a href="news.xml">Subscribe</a>',
        f'{BODY}<a type="application/rss+xml" href="/sub/list">Subscribe</a>',
        f'<meta http-equiv="refresh" content="0;url=/sub/news.xml">{BODY}',
        f'<base href="http://HOST/sub/x/"><link rel=alternate {RSS} href="../news.xml">{BODY}',
    ],
)
async def test_a_page_names_its_feed(html: str) -> None:
    async with running_web() as site, client_for(site) as client:
        for path in ("/sub/news.xml", "/sub/list"):
            site.put(path, rss(item("Port closed", "/port")))
        site.put("/sub/", f"<html>{html.replace('HOST', site.url('').removeprefix('http://'))}")
        [found] = await discover(client, InProcess(), site.url("/sub/"))
        assert (found.title, found.items) == ("Harbour News", 1)


@pytest.mark.parametrize("body", ["<html><body><p>Harbour news.</p></body></html>", "{}", ""])
@pytest.mark.parametrize("href", ["/sub/news.xml?a=1&b=2", "news.xml?a=1&amp;b=2"])
async def test_a_server_names_the_feed_of_a_page_in_a_header(body: str, href: str) -> None:
    async with running_web() as site, client_for(site) as client:
        site.put("/sub/news.xml", rss(item("Port closed", "/port")))
        site.put("/sub/", body, Link=f"</style.css>; rel=preload, <{href}>; rel=alternate; {RSS}")
        [found] = await discover(client, InProcess(), site.url("/sub/"))
        assert found.url == site.url("/sub/news.xml?a=1&b=2")


async def test_what_is_neither_a_page_nor_names_a_feed_is_no_feed() -> None:
    async with running_web() as site, client_for(site) as client:
        site.put("/", "", Link="</style.css>; rel=preload")
        with pytest.raises(FeedInvalid):
            await discover(client, InProcess(), site.url("/"))
