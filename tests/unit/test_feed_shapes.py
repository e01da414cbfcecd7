"""Feeds that break the rules of their format, or use it in an unusual way, are read as they are meant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from briefings.sources.feeds import Feed, FeedItem, read_feed

_PAGE = "https://news.example/port"
_MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'


def feed_of(*items: str, attributes: str = _MEDIA, prolog: str = "", head: str = "") -> Feed:
    """An RSS feed of items, as it is read."""
    body = "".join(f"<item>{item}</item>" for item in items)
    raw = f"{prolog}<rss {attributes}><channel><title>Harbour News</title>{head}{body}</channel></rss>"
    return read_feed(raw.encode(), "https://news.example/feed")


def only_item(item: str) -> FeedItem:
    [found] = feed_of(item).items
    return found


def atom_item(content: str) -> FeedItem:
    raw = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:1</id>{content}</entry></feed>'
    [found] = read_feed(raw.encode(), "https://news.example/feed").items
    return found


def test_markup_that_is_not_escaped_belongs_to_the_text() -> None:
    found = only_item("<title>Port <b>closed</b></title><description>Lead. <br>A <i>storm</i> came.</description>")
    assert (found.title, found.text) == ("Port closed", "Lead. <br>A <i>storm</i> came.")


def test_the_summary_of_an_atom_entry_can_be_xhtml() -> None:
    summary = '<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>A storm came.</p></div></summary>'
    assert "<p>A storm came.</p>" in atom_item(f"<title>Port closed</title>{summary}").text


def test_a_title_that_does_not_end_takes_nothing_of_the_next_item() -> None:
    found = feed_of("<title>Port <b>closed</b>", f"<title>Mayor</title><link>{_PAGE}</link>")
    assert not [item for item in found.items if "closedMayor" in item.title]


def test_titles_of_pictures_and_programmes_are_not_the_items_own() -> None:
    found = only_item(
        "<media:title>A crane</media:title><media:description>A crane in the harbour at dawn.</media:description>"
        "<itunes:title>Episode 4</itunes:title><title>Port closed</title><description>A storm came.</description>"
    )
    assert (found.title, found.text) == ("Port closed", "A storm came.")


@pytest.mark.parametrize("shared", ["<link>https://news.example/now</link>", "<guid isPermaLink='false'>1</guid>"])
def test_different_items_with_one_address_or_id_are_all_read(shared: str) -> None:
    found = feed_of(*(f"<title>Ship {n}</title>{shared}<description>Ship {n} came.</description>" for n in range(3)))
    assert [(item.title, item.url) for item in found.items] == [(f"Ship {n}", None) for n in range(3)]
    assert len({item.key for item in found.items}) == 3


def test_one_item_twice_is_one() -> None:
    titles = ("Port closed", "Port closed after storm")
    found = feed_of(*(f"<title>{one}</title><link>{_PAGE}</link><description>A storm.</description>" for one in titles))
    assert [item.url for item in found.items] == [_PAGE]


def test_the_front_page_is_no_page_of_an_item() -> None:
    found = feed_of(
        "<title>Port closed</title><link>https://news.example</link><guid>https://news.example/#1</guid>",
        head="<link>https://news.example/</link>",
    )
    assert [(item.url, item.id) for item in found.items] == [(None, "https://news.example/#1")]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://news.example/a port.html", "https://news.example/a%20port.html"),
        ("https://news.example/?a=1&amp;amp;b=2", "https://news.example/?a=1&b=2"),
        ("https://news.example/a|b", "https://news.example/a%7Cb"),
    ],
)
def test_links_are_read_as_browsers_read_them(written: str, address: str) -> None:
    assert only_item(f"<title>Port closed</title><link>{written}</link>").url == address


def test_a_page_for_people_is_better_than_one_for_programs() -> None:
    links = f'<link type="application/json" href="{_PAGE}.json"/><link type="text/html" href="{_PAGE}"/>'
    assert atom_item(f"<title>Port closed</title>{links}").url == _PAGE


def test_the_title_of_a_feed_in_a_namespace() -> None:
    assert feed_of("<title>A</title>", attributes='xmlns="http://backend.userland.com/rss2"').title == "Harbour News"


def test_warnings_of_the_server_before_a_feed_are_ignored() -> None:
    prolog = '<br />\n<b>Warning</b>: no such file in <b>/srv/feed.php</b><br />\n<?xml version="1.0"?>'
    assert [item.title for item in feed_of("<title>Port closed</title>", prolog=prolog).items] == ["Port closed"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("04.03.2025 10:00", (2025, 3, 4)),
        ("14/03/2025 10:00", (2025, 3, 14)),
        ("3/14/2025 10:00", (2025, 3, 14)),
        ("5/5/2025 10:00", (2025, 5, 5)),
        ("3/4/2025 10:00", None),
        ("44.03.2025 10:00", None),
        ("04.13.2025 10:00", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0001-01-01T00:00:00Z", None),
    ],
)
def test_dates_in_numbers_and_those_that_are_none(written: str, day: tuple[int, int, int] | None) -> None:
    found = only_item(f"<title>Port closed</title><pubDate>{written}</pubDate>").published
    assert found == (datetime(*day, 10, tzinfo=UTC) if day else None)
