"""The HTTP client over loopback: what it fetches and refuses, and the error of each failure."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import socket
import zlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from email.utils import format_datetime
from ipaddress import ip_address

import brotli
import pytest
from aiohttp import web

from bot.answers.errors import error_message
from bot.i18n import Translator
from briefings import errors
from briefings.fetching.address import PublicSockets, checked_url, is_public, parse_endpoint
from briefings.fetching.client import Client, ClientOptions
from briefings.fetching.headers import LONGEST_WAIT, HeaderLink, Validators, max_age, read_links, retry_after
from briefings.fetching.politeness import Politeness
from briefings.fetching.robots import Robots, rule
from briefings.fetching.unpacking import content_encodings, decoded
from briefings.workers import InProcess
from tests.fakes import NOON, Clock
from tests.web import Names, Web, client_for, running_web

URL = "https://a.example/"
#: Compresses a body for each encoding. The lowest quality of Brotli is quick enough for large bodies.
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw deflate": lambda body: zlib.compress(body, wbits=-zlib.MAX_WBITS),
    "br": lambda body: brotli.compress(body, quality=1),
}
PRIVATE = (
    "127.0.0.1",
    "127.8.9.10",
    "0.0.0.0",  # noqa: S104  # nothing listens
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "168.63.129.16",
    "172.16.0.1",
    "192.168.1.1",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
)
#: Other spellings of loopback and of the address of cloud metadata, which the system's resolver understands.
SPELLINGS = (
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "127.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "2852039166",
    "0xa9fea9fe",
    "169.254.43518",
    "localhost",
)


#: Some spellings aiohttp refuses by itself.
REFUSED = (errors.AddressNotPublic, errors.AddressInvalid)


@pytest.fixture(name="site")
async def _site() -> AsyncIterator[Web]:
    async with running_web() as found:
        yield found


class TestAddresses:
    @pytest.mark.parametrize("address", PRIVATE)
    def test_private_ones_are_refused(self, address: str) -> None:
        assert not is_public(ip_address(address))

    @pytest.mark.parametrize(
        "address", ["93.184.216.34", "8.8.8.8", "172.32.0.1", "2606:2800:21f::1", "64:ff9b::808:808"]
    )
    def test_public_ones_are_not(self, address: str) -> None:
        assert is_public(ip_address(address))

    @pytest.mark.parametrize("host", [*(f"[{one}]" if ":" in one else one for one in PRIVATE), *SPELLINGS])
    async def test_no_private_address_is_connected(self, site: Web, host: str) -> None:
        async with Client(ClientOptions(), Clock()) as client:
            with pytest.raises(REFUSED):
                await client.fetch(f"http://{host}:{site.port}/")
        assert not site.requests

    @pytest.mark.parametrize("address", PRIVATE)
    async def test_no_name_leads_to_a_private_address(self, site: Web, address: str) -> None:
        async with Client(ClientOptions(), Clock(), resolver=Names(news_example=[address])) as client:
            with pytest.raises(errors.AddressNotPublic):
                await client.fetch(f"http://news.example:{site.port}/")
        assert not site.requests

    async def test_a_name_whose_answer_changes_is_checked_each_time(self, site: Web) -> None:
        site.put("/", "hello", Connection="close")
        names = Names(news_example=["127.0.0.1", "127.0.0.2"])
        async with client_for(site, resolver=names) as client:
            assert (await client.fetch(f"http://news.example:{site.port}/")).body == b"hello"
            with pytest.raises(errors.AddressNotPublic):
                await client.fetch(f"http://news.example:{site.port}/")

    @pytest.mark.parametrize("address", [*PRIVATE, *SPELLINGS])
    async def test_no_redirect_leads_to_a_private_address(self, site: Web, address: str) -> None:
        host = f"[{address}]" if ":" in address else address
        async with running_web() as other, client_for(site) as client:
            site.put("/", status=302, Location=f"http://{host}:{other.port}/secret")
            with pytest.raises(REFUSED):
                await client.fetch(site.url())
            assert not other.requests

    async def test_nothing_but_the_named_port_is_allowed(self, site: Web) -> None:
        site.put("/", "hello")
        async with running_web() as other, client_for(site) as client:
            assert (await client.fetch(site.url())).body == b"hello"
            with pytest.raises(errors.AddressNotPublic):
                await client.fetch(other.url())
            assert not other.requests

    async def test_nothing_is_allowed_by_default(self, site: Web) -> None:
        async with Client(ClientOptions(), Clock()) as client:
            with pytest.raises(errors.AddressNotPublic):
                await client.fetch(site.url())
        assert not site.requests

    def test_a_public_address_gets_a_socket(self) -> None:
        info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80))
        with PublicSockets()(info) as made:
            assert made.family == socket.AF_INET

    @pytest.mark.parametrize(
        "url",
        [
            "ftp://a.example/",
            "file:///etc/passwd",
            "http://",
            "http://user@a.example/",
            "http://[::1",
            "x",
            "http://a:0/",
        ],
    )
    def test_what_is_no_web_address_is_refused(self, url: str) -> None:
        with pytest.raises(errors.AddressInvalid):
            checked_url(url)

    def test_endpoints_are_read(self) -> None:
        assert parse_endpoint("127.0.0.1:80") == ("127.0.0.1", 80)
        assert parse_endpoint("[::1]:8080") == ("::1", 8080)
        for wrong in ("127.0.0.1", "localhost:80", "127.0.0.1:0", "127.0.0.1:70000"):
            with pytest.raises(ValueError, match=r"."):
                parse_endpoint(wrong)

    async def test_a_proxy_is_given_no_private_address(self, site: Web) -> None:
        async with client_for(site, proxy=site.url()) as client:
            for host in ("127.1", "localhost", "[::1]", "2130706433"):
                with pytest.raises(errors.AddressNotPublic):
                    await client.fetch(f"http://{host}/")
            assert not site.requests

    async def test_a_proxy_is_used_where_it_is_set(self, site: Web, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        site.put("/page", "through the proxy")
        async with client_for(site) as client:
            await client.fetch(site.url("/page"))  # the environment's is not
        async with client_for(site, proxy=site.url()) as client:
            assert (await client.fetch("http://news.example/page")).body == b"through the proxy"


class TestResponses:
    async def test_says_who_asks(self, site: Web) -> None:
        site.put("/", "x")
        async with client_for(site, version="1.2", contact="https://ours.example/bot") as client:
            await client.fetch(site.url())
        assert site.headers["/"]["User-Agent"] == "Nutgraf/1.2 (+https://ours.example/bot)"

    async def test_asks_whether_it_has_changed(self, site: Web) -> None:
        async def answer(request: web.BaseRequest) -> web.Response:
            is_known = request.headers.get("If-None-Match") == '"1"'
            return web.Response(
                status=304 if is_known else 200, body=b"" if is_known else b"x", headers={"ETag": '"1"'}
            )

        site.serve("/", answer)
        async with client_for(site) as client:
            first = await client.fetch(site.url())
            second = await client.fetch(site.url(), validators=first.validators)
        assert (first.body, first.is_unchanged) == (b"x", False)
        assert (second.body, second.is_unchanged) == (b"", True)

    @pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
    async def test_compressed_bodies_are_read(self, site: Web, encoding: str) -> None:
        whole = PACKERS[encoding](b"hello " * 100)
        site.put("/", whole, Content_Encoding=encoding)
        site.put("/cut", whole[:-1], Content_Encoding=encoding)
        async with client_for(site) as client:
            assert (await client.fetch(site.url())).body == b"hello " * 100
            assert site.headers["/"]["Accept-Encoding"] == "gzip, deflate, br"
            with pytest.raises(errors.ResponseInvalid):
                await client.fetch(site.url("/cut"))

    @pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
    async def test_bombs_are_stopped(self, site: Web, encoding: str) -> None:
        site.put("/", PACKERS[encoding](bytes(200_000_000)), Content_Encoding=encoding)
        async with client_for(site) as client:
            with pytest.raises(errors.SourceTooLarge):
                await client.fetch(site.url())

    async def test_a_body_without_end_is_stopped(self, site: Web) -> None:
        async def endless(request: web.BaseRequest) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            for _ in range(10_000):
                await response.write(bytes(10_000))
            return response

        site.serve("/", endless)
        async with client_for(site) as client:
            with pytest.raises(errors.SourceTooLarge):
                await client.fetch(site.url())

    async def test_a_slow_body_is_given_up(self, site: Web) -> None:
        async def slow(request: web.BaseRequest) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            await asyncio.sleep(10)
            return response

        site.serve("/", slow)
        async with client_for(site, limits={"seconds": 0.2}) as client:
            with pytest.raises(errors.FetchTimeout):
                await client.fetch(site.url())

    async def test_a_permanent_move_is_told(self, site: Web) -> None:
        site.put("/old", status=301, Location="/newer")
        site.put("/newer", status=308, Location="/new")
        site.put("/new", "x")
        async with client_for(site) as client:
            found = await client.fetch(site.url("/old"))
        assert found.moved_to == found.url == site.url("/new")

    async def test_a_move_is_permanent_up_to_the_first_that_is_not(self, site: Web) -> None:
        site.put("/old", status=301, Location="/new")
        site.put("/new", status=302, Location="/today")
        site.put("/today", "x")
        async with client_for(site) as client:
            found = await client.fetch(site.url("/old"))
        assert (found.moved_to, found.url) == (site.url("/new"), site.url("/today"))

    async def test_one_request_a_host_at_a_time(self, site: Web) -> None:
        async def slow(_: web.BaseRequest) -> web.Response:
            await asyncio.sleep(0.01)
            return web.Response(body=b"x")

        site.serve("/", slow)
        async with client_for(site) as client:
            await asyncio.gather(*(client.fetch(site.url()) for _ in range(5)))
        assert (site.requests["/"], site.most_at_once) == (5, 1)

    async def test_a_busy_server_is_left_alone(self, site: Web) -> None:
        site.put("/", status=429, Retry_After="120")
        async with client_for(site) as client:
            for _ in range(2):
                with pytest.raises(errors.ServerBusy) as caught:
                    await client.fetch(site.url())
                assert 100 < caught.value.seconds <= 120
        assert site.requests["/"] == 1


class TestFailures:
    @pytest.mark.parametrize(
        ("status", "headers", "error"),
        [
            (404, {}, errors.StatusRefused),
            (403, {}, errors.StatusRefused),
            (500, {}, errors.StatusRefused),
            (410, {}, errors.AddressGone),
            (503, {}, errors.ServerBusy),
            (301, {}, errors.RedirectFailed),
            (302, {"Location": "/"}, errors.RedirectFailed),
            (302, {"Location": "javascript:alert(1)"}, errors.RedirectFailed),
            (302, {"Location": "ftp://a.example/rss"}, errors.RedirectFailed),
            (302, {"Location": "http://[broken"}, errors.RedirectFailed),
            (304, {}, errors.StatusRefused),
        ],
    )
    async def test_each_status_has_its_error(
        self, site: Web, status: int, headers: dict[str, str], error: type[Exception]
    ) -> None:
        site.put("/", "x", status, **headers)
        async with client_for(site) as client:
            with pytest.raises(error):
                await client.fetch(site.url())

    async def test_too_many_redirects(self, site: Web) -> None:
        for number in range(10):
            site.put(f"/{number}", status=302, Location=f"/{number + 1}")
        async with client_for(site) as client:
            with pytest.raises(errors.RedirectFailed):
                await client.fetch(site.url("/0"))

    async def test_nobody_listens(self, unused_tcp_port: int) -> None:
        options = ClientOptions(allowed=frozenset({("127.0.0.1", unused_tcp_port)}))
        async with Client(options, Clock()) as client:
            with pytest.raises(errors.ServerUnreachable):
                await client.fetch(f"http://127.0.0.1:{unused_tcp_port}/")

    async def test_there_is_no_such_name(self, site: Web) -> None:
        async with client_for(site, resolver=Names()) as client:
            with pytest.raises(errors.HostUnknown):
                await client.fetch("http://nowhere.example/")

    async def test_tls_fails(self, site: Web) -> None:
        async with client_for(site) as client:
            with pytest.raises((errors.CertificateInvalid, errors.ServerUnreachable)):
                await client.fetch(site.url().replace("http:", "https:"))

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (b"", errors.ServerUnreachable),
            (b"not HTTP at all\r\n\r\n", errors.ResponseInvalid),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", errors.ResponseInvalid),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n", errors.ResponseInvalid),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nshort", errors.ResponseInvalid),
            (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain", errors.ResponseInvalid),
            (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", errors.ResponseInvalid),
        ],
        ids=["nothing", "no HTTP", "cut off", "no last chunk", "half a chunk", "not compressed", "long header"],
    )
    async def test_what_is_no_response(self, answer: bytes, error: type[Exception]) -> None:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, Client(ClientOptions(allowed=frozenset({("127.0.0.1", port)})), Clock()) as client:
            with pytest.raises(error):
                await client.fetch(f"http://127.0.0.1:{port}/")


class TestHeaders:
    @pytest.mark.parametrize(
        ("value", "wait"),
        [
            ("120", timedelta(minutes=2)),
            ("999999999999", LONGEST_WAIT),
            (format_datetime(NOON + timedelta(minutes=5)), timedelta(minutes=5)),
            (format_datetime(NOON - timedelta(minutes=5)), timedelta()),
            ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
            ("soon", None),
            ("-1", None),
            ("", None),
        ],
    )
    def test_retry_after(self, value: str, wait: timedelta | None) -> None:
        assert retry_after({"Retry-After": value}, NOON) == wait

    def test_max_age(self) -> None:
        assert max_age({"Cache-Control": "public, max-age=600"}) == timedelta(minutes=10)
        assert max_age({"Cache-Control": "no-store"}) is None

    def test_validators_that_are_too_long_are_not_kept(self) -> None:
        assert Validators(None, "x").as_headers() == {"If-Modified-Since": "x"}


class TestRobots:
    TEXT = "User-agent: nutgraf\nDisallow: /private\nCrawl-delay: 3\n\nUser-agent: *\nDisallow: /\n"

    def test_rules_are_those_for_us(self) -> None:
        assert rule(self.TEXT, "http://a.example/news").is_allowed
        assert not rule(self.TEXT, "http://a.example/private/1").is_allowed
        assert rule(self.TEXT, "http://a.example/").pause == 3.0

    async def test_are_read_once_and_obeyed(self, site: Web) -> None:
        site.put("/robots.txt", "User-agent: *\nDisallow: /private\n")
        async with client_for(site) as client:
            robots = Robots(client, InProcess())
            await robots.check(site.url("/news"))
            with pytest.raises(errors.RobotsRefusal):
                await robots.check(site.url("/private/1"))
        assert site.requests["/robots.txt"] == 1

    async def test_a_site_without_them_allows_all(self, site: Web) -> None:
        async with client_for(site) as client:
            await Robots(client, InProcess()).check(site.url("/news"))

    async def test_a_site_that_fails_allows_nothing(self, site: Web) -> None:
        site.put("/robots.txt", status=500)
        async with client_for(site) as client:
            with pytest.raises(errors.StatusRefused) as caught:
                await Robots(client, InProcess()).check(site.url("/news"))
        assert (caught.value.name, caught.value.status) == (site.url("/news"), 500)


class TestPoliteness:
    async def test_a_host_that_nobody_waits_for_is_forgotten_first(self) -> None:
        politeness = Politeness(0.0, lambda: 0.0)
        politeness.wait("busy.example", 60.0)
        for number in range(10_050):
            async with politeness.turn(f"{number}.example", "url"):
                pass
        with pytest.raises(errors.ServerBusy):
            async with politeness.turn("busy.example", "url"):
                pass

    async def test_there_is_a_pause_between_two_requests(self) -> None:
        now = asyncio.get_running_loop().time
        politeness = Politeness(0.05, now)
        begun = now()
        for _ in range(3):
            async with politeness.turn("a.example", "url"):
                pass
        assert now() - begun >= 0.1


def _samples() -> list[errors.SourceError]:
    data: dict[type[errors.SourceError], tuple[object, ...]] = {
        errors.CertificateInvalid: ("expired",),
        errors.FetchTimeout: (20.0,),
        errors.ServerBusy: (120.0,),
        errors.StatusRefused: (500,),
    }
    kinds = [*errors.FetchError.__subclasses__(), *errors.FeedError.__subclasses__(), errors.AddressGone]
    pages = [errors.PageIsNoArticle("https://a.example/", kind) for kind in errors.PageKind]
    return [*(kind("https://a.example/", *data.get(kind, ())) for kind in kinds), *pages]


@pytest.mark.parametrize("error", _samples(), ids=repr)
def test_each_failure_has_words_of_its_own(error: errors.SourceError) -> None:
    said = Translator("en").say(error_message(error))
    assert said.startswith("https://a.example/")
    assert said != "https://a.example/ cannot be read."


def test_statuses_that_people_know_are_named() -> None:
    say = Translator("en").say
    assert "no such page" in say(error_message(errors.StatusRefused("a", 404)))
    assert "login (403)" in say(error_message(errors.StatusRefused("a", 403)))
    assert "wait for 2 min" in say(error_message(errors.ServerBusy("a", 120.0)))


@pytest.mark.parametrize(
    ("line", "links"),
    [
        ('</feed>; rel="alternate"; type="application/rss+xml"; title="News, all; of it"', [
            HeaderLink("/feed", frozenset({"alternate"}), "application/rss+xml", "News, all; of it")
        ]),
        ("<a>;rel=next,<//b.example/c> ; REL=Canonical", [
            HeaderLink("a", frozenset({"next"})), HeaderLink("//b.example/c", frozenset({"canonical"}))
        ]),
        ('<a>; rel="alternate home"; rel="canonical"', [HeaderLink("a", frozenset({"alternate", "home"}))]),
        ('<a>; rel="open', [HeaderLink("a", frozenset())]),
        ("a; rel=canonical", []),
        ("<" * 4000, []),
        ('<a>"' * 2000, None),
    ],
)  # fmt: skip
def test_links_in_headers_are_read(line: str, links: list[HeaderLink] | None) -> None:
    found = list(read_links([line]))
    assert found == links if links is not None else len(found) <= 50


@pytest.mark.parametrize(("times", "encoding"), [(1, "identity"), (1, "x-gzip"), (2, "gzip"), (2, "identity")])
async def test_a_gzip_file_is_unpacked(times: int, encoding: str) -> None:
    raw = b"news"
    for _ in range(times):
        raw = gzip.compress(raw)
    async with running_web() as site, client_for(site) as client:
        url = site.put("/feed.gz", raw, Content_Encoding=encoding)
        assert (await client.fetch(url)).body == b"news"


def test_a_large_gzip_file_is_refused() -> None:
    for packed in (gzip.compress(bytes(1001)), gzip.compress(bytes(501)) * 2):
        with pytest.raises(errors.SourceTooLarge):
            decoded(URL, packed, [], 1000)
    assert decoded(URL, gzip.compress(bytes(500)) * 2, [], 1000) == bytes(1000)


def test_all_members_of_a_gzip_file_are_read() -> None:
    first, second = hashlib.shake_128(b"port").digest(40_000), b"news"  # the first is unpacked in pieces
    packed = gzip.compress(first) + gzip.compress(b"") + gzip.compress(second)
    assert decoded(URL, packed + b"padding", [], 1_000_000) == first + second
    assert decoded(URL, gzip.compress(b"") * 1000 + gzip.compress(second), [], 100) == second


@pytest.mark.parametrize("kept", [5, 20, -1])
def test_a_damaged_gzip_file_is_refused(kept: int) -> None:
    whole = gzip.compress(b"The port was closed on Friday.")
    for packed in (whole[:kept], whole + whole[:kept], whole[:kept] + b"broken" * 9):
        with pytest.raises(errors.ResponseInvalid):
            decoded(URL, packed, [], 1000)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate", "br"])
def test_a_body_that_is_cut_off_is_refused(encoding: str) -> None:
    named = [encoding.removeprefix("raw ")]
    text = hashlib.shake_128(b"port").hexdigest(2_000).encode()
    whole = PACKERS[encoding](text)
    assert decoded(URL, whole, named, 10_000) == text
    assert decoded(URL, b"", named, 10_000) == b""
    for kept in (1, 2, 10, len(whole) // 2, len(whole) - 1):
        with pytest.raises(errors.ResponseInvalid):
            decoded(URL, whole[:kept], named, 10_000)


@pytest.mark.parametrize("named", [["zstd"], ["gzip", "gzip", "gzip"], ["br"], ["deflate"], ["gzip", "br"]])
def test_a_body_that_is_compressed_in_another_way_is_refused(named: list[str]) -> None:
    with pytest.raises(errors.ResponseInvalid):
        decoded(URL, b"(\xb5/\xfd" + gzip.compress(b"news"), named, 10_000)


@pytest.mark.parametrize(
    ("lines", "encodings"),
    [
        ([], []),
        (["identity"], []),
        (["utf-8"], []),
        (["GZIP"], ["gzip"]),
        (["deflate, br"], ["deflate", "br"]),
        (["deflate", "zstd"], ["deflate", "zstd"]),
    ],
)
def test_encodings_are_read_in_the_order_of_their_headers(lines: list[str], encodings: list[str]) -> None:
    assert content_encodings(lines) == encodings


def test_encodings_are_undone_from_the_last_to_the_first() -> None:
    assert decoded(URL, brotli.compress(zlib.compress(b"news")), ["deflate", "br"], 10_000) == b"news"


def test_a_robots_txt_can_have_a_mark_of_its_encoding_or_other_ends_of_lines() -> None:
    assert not rule("User-agent: *\rDisallow: /p\r", "https://a.example/p").is_allowed
    assert not rule("USER-AGENT: NUTGRAF\nDISALLOW: /p", "https://a.example/p").is_allowed
