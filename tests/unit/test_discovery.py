"""Ways in which sites name their feeds."""

from __future__ import annotations

import pytest

from briefings.errors import FeedEmpty
from briefings.fetching.discovery import discover
from briefings.workers import InProcess
from tests.web import client_for, item, rss, running_web

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
        f'{BODY}<a href="/sub/list" title="RSS feed"><img src="rss.png"></a>',
        f'{BODY}<a href="/sub/list"><img src="rss.png" alt="RSS"></a>',
        f'{BODY}<a href="/sub/list?format=rss">Subscribe</a>',
        f'<link rel=alternate {RSS} href="/sub/the news.xml">{BODY}',
        f'<meta http-equiv="refresh" content="0;url=/sub/news.xml">{BODY}',
        f'<base href="http://HOST/sub/x/"><link rel=alternate {RSS} href="../news.xml">{BODY}',
    ],
)
async def test_a_page_names_its_feed(html: str) -> None:
    async with running_web() as site, client_for(site) as client:
        for path in ("/sub/news.xml", "/sub/list", "/sub/the news.xml"):
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


@pytest.mark.parametrize("body", ["", "%PDF-1.4", "<urlset><url/></urlset>"])
async def test_the_usual_addresses_are_tried_where_nothing_names_a_feed(body: str) -> None:
    async with running_web() as site, client_for(site) as client:
        site.put("/", body, Link="</style.css>; rel=preload")
        assert await discover(client, InProcess(), site.url("/")) == []
        site.put("/feed", rss(item("Port closed", "/port")))
        [found] = await discover(client, InProcess(), site.url("/"))
        assert found.url == site.url("/feed")


async def test_a_feed_that_cannot_be_read_is_no_page() -> None:
    async with running_web() as site, client_for(site) as client:
        site.put("/", rss())
        with pytest.raises(FeedEmpty):
            await discover(client, InProcess(), site.url("/"))
