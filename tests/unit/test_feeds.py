"""Feeds: every kind is read, what is hostile ends soon with its own error, and the next feed is read."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.workers.pool import WorkerPool
from briefings.errors import (
    ArticleNotFound,
    BriefingError,
    FeedEmpty,
    FeedInvalid,
    FeedUnsafe,
    LimitExceeded,
    SourceError,
    SourceTooLarge,
)
from briefings.sources.decode import MAX_BYTES
from briefings.sources.feeds import Feed, FeedItem, item_article, read_feed
from briefings.sources.feeds.reading import MOST_ITEMS
from briefings.sources.links import is_same_site, without_trackers

URL = "https://news.example/feed"
JSON_FEED = "https://jsonfeed.org/version/1"
_STORY = "<p>The port of Harwell was closed on Tuesday.</p><p>Forty containers were lost in a storm.</p>"


def rss(*items: str, head: str = "", prolog: str = "") -> bytes:
    """An RSS feed of items."""
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'{prolog}<rss version="2.0"><channel><title>Harbour News</title>{head}{body}</channel></rss>'.encode()


PORT = "<title>Port closed</title><link>https://news.example/port</link><guid>1</guid>"

FEEDS = {
    "rss": rss(PORT + "<pubDate>Tue, 04 Mar 2025 10:00:00 +0100</pubDate>"),
    "atom": b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour News</title>'
    b'<entry><id>1</id><link href="https://news.example/port"/><title>Port closed</title>'
    b"<updated>2025-03-04T09:00:00Z</updated></entry></feed>",
    "rdf": b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    b' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Harbour News</title></channel>'
    b'<item rdf:about="1"><title>Port closed</title><link>https://news.example/port</link>'
    b"<dc:date>2025-03-04T09:00:00Z</dc:date></item></rdf:RDF>",
    "json": b'{"version": "https://jsonfeed.org/version/1.1", "title": "Harbour News", "items": [{"id": "1",'
    b' "url": "https://news.example/port", "title": "Port closed", "date_published": "2025-03-04T09:00:00Z"}]}',
}


@pytest.mark.parametrize("kind", FEEDS)
def test_each_kind_is_read(kind: str) -> None:
    feed = read_feed(FEEDS[kind], URL)
    [item] = feed.items
    assert (feed.title, item.title, item.url) == ("Harbour News", "Port closed", "https://news.example/port")
    assert item.published == datetime(2025, 3, 4, 9, tzinfo=UTC)


class TestItems:
    def test_the_newest_comes_first(self) -> None:
        dated = "<title>{0}</title><link>/{0}</link><pubDate>Tue, 0{0} Mar 2025 10:00:00 GMT</pubDate>"
        feed = read_feed(rss(dated.format(4), dated.format(6), dated.format(5)), URL)
        assert [item.title for item in feed.items] == ["6", "5", "4"]

    def test_links_are_whole_and_without_trackers(self) -> None:
        link = "<title>a</title><link>/port?id=7&amp;utm_source=rss&amp;fbclid=x#top</link>"
        assert read_feed(rss(link), URL).items[0].url == "https://news.example/port?id=7"

    def test_a_link_that_is_none_is_left_out(self) -> None:
        assert read_feed(rss("<title>a</title><link>javascript:alert(1)</link>"), URL).items[0].url is None

    def test_atoms_links_to_the_page_are_those_without_a_relation_too(self) -> None:
        links = '<link rel="self" href="/api/1.xml"/><link rel="enclosure" href="/1.mp3"/><link href="2025/one.html"/>'
        start = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/blog/">'
        raw = f"{start}<title>A</title><entry><title>One</title>{links}<id>x</id></entry></feed>"
        assert read_feed(raw.encode(), URL).items[0].url == "https://a.example/blog/2025/one.html"

    def test_unescaped_characters_lose_nothing(self) -> None:
        title = "<title>Profits & losses: Smith &nbsp;&eacute;t\u00e9 < 5 &unknown; &#233;</title>"
        link = "<link>https://a.example/x?a=1&b=2</link>"
        [item] = read_feed(rss(f"{title}{link}<description><![CDATA[a & b < c &amp; d]]></description>"), URL).items
        assert item.title == "Profits & losses: Smith \u00e9t\u00e9 < 5 &unknown; \u00e9"
        assert item.url == "https://a.example/x?a=1&b=2"
        assert item.text == "a & b < c &amp; d"

    def test_a_json_feed_is_read_without_the_items_that_are_none(self) -> None:
        items = [{"id": 7, "url": "/7", "content_text": "The port is closed."}, "rubbish", None, 5]
        raw = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Micro", "items": items}).encode()
        assert [item.url for item in read_feed(raw, URL).items] == ["https://news.example/7"]

    def test_titles_are_words(self) -> None:
        title = "<title>Ports &amp;amp; &lt;b&gt;ships&lt;/b&gt;\u202e\u0007</title>"
        assert read_feed(rss(title), URL).items[0].title == "Ports & ships"

    def test_an_item_may_have_no_title(self) -> None:
        [item] = read_feed(rss(f"<description><![CDATA[{_STORY}]]></description>"), URL).items
        assert item.title == ""
        assert item_article(item).headline().of(item_article(item).text).startswith("The port of Harwell")

    def test_an_item_that_says_nothing_is_none(self) -> None:
        with pytest.raises(FeedEmpty):
            read_feed(rss("", "<guid>1</guid>"), URL)

    def test_ids_and_dates_that_change_make_no_other_item(self) -> None:
        [one] = read_feed(rss(PORT + "<pubDate>Tue, 04 Mar 2025 10:00:00 GMT</pubDate>"), URL).items
        again = PORT.replace("<guid>1", "<guid>2") + "<pubDate>Wed, 05 Mar 2025 10:00:00 GMT</pubDate>"
        [other] = read_feed(rss(again), URL).items
        assert (one.key, one.fingerprint) == (other.key, other.fingerprint)

    def test_an_edit_changes_the_fingerprint_alone(self) -> None:
        [one] = read_feed(rss(PORT), URL).items
        [other] = read_feed(rss(PORT.replace("closed", "reopened")), URL).items
        assert one.key == other.key
        assert one.fingerprint != other.fingerprint

    def test_the_same_item_twice_is_one(self) -> None:
        assert len(read_feed(rss(PORT, PORT), URL).items) == 1

    @pytest.mark.parametrize(
        ("head", "interval"),
        [
            ("<ttl>90</ttl>", timedelta(minutes=90)),
            ("<ttl>0</ttl>", None),
            ("", None),
            ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", timedelta(hours=6)),
        ],
    )
    def test_hints_of_the_interval(self, head: str, interval: timedelta | None) -> None:
        assert read_feed(rss(PORT, head=head), URL).interval == interval


class TestArticles:
    def test_the_text_of_an_item_is_an_article(self) -> None:
        item = FeedItem("https://news.example/port", "1", "Port closed", _STORY, datetime(2025, 3, 4, tzinfo=UTC))
        article = item_article(item, "Harbour News")
        assert article.text.startswith("Port closed\n\nThe port of Harwell was closed on Tuesday.")
        assert (article.url, article.site, str(article.published)) == (item.url, "Harbour News", "2025-03-04")

    def test_plain_text_keeps_its_paragraphs(self) -> None:
        text = "The port of Harwell was closed on Tuesday.\n\nForty containers < fifty were lost in a storm."
        assert len(item_article(FeedItem(None, "1", "Port closed", text)).blocks) == 2

    def test_a_text_without_a_sentence_is_none(self) -> None:
        with pytest.raises(ArticleNotFound):
            item_article(FeedItem(None, "1", "Port closed", "Read more"))


class TestLinks:
    @pytest.mark.parametrize(
        ("url", "clean"),
        [
            ("https://A.example/x?utm_medium=a&b=1&gclid=2#c", "https://a.example/x?b=1"),
            ("https://a.example/x?id=1&page=2", "https://a.example/x?id=1&page=2"),
            ("https://a.example/x?ref=rss&from=Atom&id=rss-1", "https://a.example/x?id=rss-1"),
            ("https://a.example/x?q=a%26b&ref=home", "https://a.example/x?q=a%26b&ref=home"),
            ("https://a.example/x?", "https://a.example/x"),
        ],
    )
    def test_only_trackers_go(self, url: str, clean: str) -> None:
        assert without_trackers(url) == clean

    def test_one_site_has_several_hosts(self) -> None:
        assert is_same_site("https://www.a.example/x", "https://a.example/y")
        assert is_same_site("https://amp.a.example/x", "https://m.a.example/y")
        assert not is_same_site("https://a.example/x", "https://b.example/x")
        assert not is_same_site("https://www.co", "https://www.uk")


ENTITIES = '<!DOCTYPE rss [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>'
UNSAFE = {
    "entities": rss(PORT, prolog=ENTITIES),
    "external": rss(PORT, prolog='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "parameter": rss(PORT, prolog='<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]>'),
    "lower case": rss(PORT, prolog='<!doctype r [<!entity x "y">]>'),
    "after a comment": rss(PORT, prolog="<!-- <rss> -->" + ENTITIES),
    "after junk": rss(PORT, prolog="junk" + ENTITIES),
    "without end": rss(PORT, prolog='<!DOCTYPE r [<!ENTITY x "y"'),
    "utf-16": rss(PORT, prolog=ENTITIES).decode().encode("utf-16"),
    "bare": rss(PORT, prolog='<!ENTITY x "y">'),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_declared_entities_are_refused(name: str) -> None:
    with pytest.raises(FeedUnsafe):
        read_feed(UNSAFE[name], URL)


@pytest.mark.parametrize(
    "prolog",
    ['<?xml version="1.0"?>', "\ufeff", "<!DOCTYPE rss>", '<!DOCTYPE rss PUBLIC "-//N//DTD" "http://x.example/rss.dtd">',
     "<!DOCTYPE rss [<!ATTLIST item x CDATA #IMPLIED>]>", "<!-- a --> <?xml-stylesheet href='a'?>", "\n\n  "],
)  # fmt: skip
def test_what_else_stands_before_a_feed_is_ignored(prolog: str) -> None:
    assert read_feed(rss(PORT, prolog=prolog), URL).items[0].title == "Port closed"


def test_an_article_may_tell_of_entities() -> None:
    [item] = read_feed(
        rss(PORT + "<description><![CDATA[<p>Write &lt;!ENTITY x> so.</p> <!ENTITY]]></description>"), URL
    ).items
    assert "ENTITY" in item.text


LATIN = '<?xml version="1.0" encoding="ISO-8859-1"?>'


@pytest.mark.parametrize(
    ("raw", "charset", "title"),
    [
        (rss("<title>Città</title>", prolog=LATIN).decode().encode("cp1252"), None, "Città"),
        (rss("<title>Città</title>", prolog=LATIN), None, "Città"),  # it is UTF-8
        (rss("<title>Привет</title>").decode().encode("cp1251"), "windows-1251", "Привет"),
        (rss("<title>Città</title>").decode().encode("utf-16"), None, "Città"),
        (rss("<title>Ci\x00tta</title>"), None, "Citta"),
    ],
    ids=["declared", "wrongly declared", "told by the server", "utf-16", "a zero byte"],
)  # fmt: skip
def test_encodings(raw: bytes, charset: str | None, title: str) -> None:
    assert read_feed(raw, URL, charset).items[0].title == title


@pytest.mark.parametrize(
    "raw",
    [b"", b"   ", b"hello", b"<html><body><p>Hi</p></body></html>", b"{}", b"[1]", b'{"items": 3}', b"\x89PNG\r\n",
     gzip.compress(b"<rss/>", mtime=0), b"<!DOCTYPE", b"<!--", b"<?xml", b"<rss", b"{" * 100_000, b"\x00\xff" * 1000],
)  # fmt: skip
def test_what_is_no_feed(raw: bytes) -> None:
    with pytest.raises((FeedInvalid, FeedEmpty)):
        read_feed(raw, URL)


def test_a_feed_without_items() -> None:
    with pytest.raises(FeedEmpty):
        read_feed(rss(), URL)


def test_a_feed_that_is_broken_is_read_as_far_as_it_goes() -> None:
    raw = rss(PORT, "<title>Second</title><link>/2</link>").replace(
        b"</channel></rss>", b"<item><title>Third &nbsp; & more"
    )
    assert {"Port closed", "Second"} <= {item.title for item in read_feed(raw, URL).items}


def test_more_bytes_than_allowed() -> None:
    with pytest.raises(SourceTooLarge):
        read_feed(b" " * (MAX_BYTES + 1), URL)


def _big(start: str, unit: str, end: str = "") -> bytes:
    room = MAX_BYTES - len(start) - len(end)
    return (start + unit * (room // len(unit)) + end).encode()


_HEAD, _END = "<rss><channel><title>T</title>", "</channel></rss>"
HOSTILE = {
    "300,000 items": _big(_HEAD, "<item></item>", _END),
    "items of a letter": _big(_HEAD, "<item><title>a</title></item>", _END),
    "entries": _big('<feed xmlns="http://www.w3.org/2005/Atom">', '<entry><link href="a"/></entry>', "</feed>"),
    "deep": _big(_HEAD, "<a>"),
    "deep item": _big(_HEAD + "<item><title>x</title><description>", "<b>"),
    "200,000 attributes": (
        _HEAD + "<item " + " ".join(f'a{n}="1"' for n in range(200_000)) + f"><title>A</title></item>{_END}"
    ).encode(),
    "namespaces": (
        "<rss " + " ".join(f'xmlns:a{n}="u{n}"' for n in range(150_000)) + f"><channel><item/>{_END}"
    ).encode(),
    "unclosed CDATA": _big(_HEAD + "<item><title><![CDATA[", "x"),
    "CDATA sections": _big(_HEAD + "<item><title>", "<![CDATA[x]]>", f"</title></item>{_END}"),
    "title of megabytes": _big(_HEAD + "<item><title>", "x", f"</title></item>{_END}"),
    "text of megabytes": _big(_HEAD + "<item><description>", "A word. ", f"</description></item>{_END}"),
    "less-than signs": _big(_HEAD, "<"),
    "ampersands": _big(_HEAD + "<item><title>", "&", f"</title></item>{_END}"),
    "comments": _big("", "<!--"),
    "instructions": _big("", "<?x?>"),
    "doctypes": _big("", "<!DOCTYPE a>"),
    "brackets": _big("<!DOCTYPE a [", "]"),
    "marks of direction": _big(_HEAD + "<item><title>", "\u202e", f"</title></item>{_END}")[:MAX_BYTES],
    "piled marks": _big(_HEAD + "<item><title>a", "\u0301", f"</title></item>{_END}")[:MAX_BYTES],
    "bases": _big(_HEAD, '<item xml:base="a/"><title>a</title><link>b</link></item>', _END),
    "JSON brackets": _big('{"items": ', "["),
    "JSON items": _big('{"version":"https://jsonfeed.org/version/1","items":[', '{"id":1},', '{"id":1}]}'),
    "NULs": bytes(MAX_BYTES),
    "a NUL in each item": _big(_HEAD, "<item><title>\x00</title></item>", _END),
    "letters of Cyrillic": _big(_HEAD + "<item><title>", "Привет мир\n", f"</title></item>{_END}")[:MAX_BYTES],
}


@pytest_asyncio.fixture(name="pool", scope="module", loop_scope="module")
async def _pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool()
    await pool.start()
    yield pool
    await pool.close()


@pytest.mark.asyncio(loop_scope="module")
class TestHostileFeeds:
    @pytest.mark.parametrize("name", HOSTILE)
    async def test_each_ends_within_the_limits_and_the_next_feed_is_read(self, pool: WorkerPool, name: str) -> None:
        with suppress(SourceError, LimitExceeded):
            found: Feed = await pool.run(read_feed, HOSTILE[name][:MAX_BYTES], URL)
            assert 0 < len(found.items) <= MOST_ITEMS
            assert all(len(item.title) <= 500 and "\u202e" not in item.title for item in found.items)
        assert (await pool.run(read_feed, FEEDS["rss"], URL)).items


_MARKS = st.text(alphabet="<>/![]CDATAitemrss&;\"'= x\x00", max_size=300)
_JSON = st.recursive(st.none() | st.booleans() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3))


@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=300).map(lambda text: rss(f"<title>{text}</title>")),
        _MARKS.map(lambda text: f"<rss><channel>{text}".encode()),
        _JSON.map(lambda found: json.dumps({"version": JSON_FEED, "items": [{"id": found, "title": found}]}).encode()),
    )
)
def test_any_bytes_are_items_or_one_of_our_errors(raw: bytes) -> None:
    try:
        feed = read_feed(raw, URL)
        for item in feed.items:
            with suppress(ArticleNotFound):
                item_article(item)
    except BriefingError:
        return
    assert feed.items


def test_addresses_are_relative_to_the_base_of_the_channel() -> None:
    raw = b'<rss><channel xml:base="https://x.example/a/"><item><title>T</title><link>b</link></item></channel></rss>'
    [found] = read_feed(raw, "https://feeds.example/rss").items
    assert found.url == "https://x.example/a/b"


def test_a_title_can_be_xhtml() -> None:
    title = '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Port <b>closed</b> &amp; empty</div></title>'
    raw = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{title}<id>1</id><link href="/a"/></entry></feed>'
    [found] = read_feed(raw.encode(), "https://feeds.example/atom").items
    assert found.title == "Port closed & empty"


def first_address(raw: str) -> str | None:
    return read_feed(raw.encode(), "https://feeds.example/x").items[0].url


def atom_entry(content: str, attributes: str = "") -> str:
    """An Atom feed with one entry."""
    start = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
    return f"{start}<entry {attributes}><title>Port closed</title><id>tag:1</id>{content}</entry></feed>"


PAGE = "https://news.example/a/port"
ORIGINAL = f"<feedburner:origLink>{PAGE}</feedburner:origLink>"
RSS_HEAD = '<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel>'


@pytest.mark.parametrize(
    "raw",
    [
        atom_entry('<link href="port"/>', 'xml:base="https://news.example/a/"'),
        atom_entry('<link xml:base="a/" href="port"/>', 'xml:base="https://news.example/"'),
        atom_entry(f'<content type="text/html" src="{PAGE}"/>'),
        atom_entry('<content src="port"/>', 'xml:base="https://news.example/a/"'),
        atom_entry(f'<link href="https://proxy.example/1"/>{ORIGINAL}'),
        f"{RSS_HEAD}<item><title>A</title><link>https://proxy.example/1</link>{ORIGINAL}</item></channel></rss>",
        '<rss><channel><item xml:base="https://news.example/a/"><title>A</title><link>port</link></item></channel></rss>',
        f'<rss><channel><item><title>A</title><guid isPermaLink="false">https://x.example/1</guid><link>{PAGE}</link>'
        "</item></channel></rss>",
        f"<rss><channel><item><title>A</title><guid>{PAGE}</guid></item></channel></rss>",
    ],
    ids=["base of an entry", "bases of link and entry", "content", "content and base", "proxy of Atom", "proxy of RSS",
         "base of an item", "link beside an id", "id that is a link"],
)  # fmt: skip
def test_the_address_of_an_items_page(raw: str) -> None:
    assert first_address(raw) == PAGE


@pytest.mark.parametrize(
    "raw",
    [
        '<rss><channel><item><title>A</title><guid isPermaLink="false">https://x.example/1</guid></item></channel></rss>',
        atom_entry('<content type="image/png" src="https://x.example/1.png"/>'),
    ],
    ids=["id", "picture"],
)
def test_what_is_no_address_of_a_page(raw: str) -> None:
    assert first_address(raw) is None


def test_an_original_address_that_is_none_is_ignored() -> None:
    assert first_address(atom_entry(f'<link href="{PAGE}"/><feedburner:origLink>none</feedburner:origLink>')) == PAGE


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("mar., 04 mars 2025 10:00:00 +0100", 9),
        ("mardi 4 mars 2025 à 10h00", 10),
        ("Dienstag, 4. März 2025 10:00 Uhr", 10),
        ("mar, 04 mar 2025 10:00:00 +0100", 9),
        ("martes, 4 de marzo de 2025 10:00", 10),
        ("<![CDATA[martedì 4 marzo 2025]]>", 0),
        ("Tue, 4 March 2025 1:00 PM", 13),
    ],
)
def test_dates_in_other_languages(written: str, hour: int) -> None:
    [item] = read_feed(rss(f"{PORT}<pubDate>{written}</pubDate>"), URL).items
    assert item.published == datetime(2025, 3, 4, hour, tzinfo=UTC)


@pytest.mark.parametrize("written", ["Tuesday", "10:00", "10:00 +0100", "March 2025", "4 Blarch 2025", "4 " * 300, "?"])
def test_an_unreadable_date_is_none(written: str) -> None:
    assert read_feed(rss(f"{PORT}<pubDate>{written}</pubDate>"), URL).items[0].published is None


def test_an_id_is_no_date() -> None:
    [item] = read_feed(rss(PORT), URL).items
    assert (item.id, item.published) == ("1", None)
