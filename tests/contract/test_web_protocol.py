"""Attacks on the dashboard by the protocol itself: broken and ambiguous requests, each with its refusal."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator

import pytest

from bot.access import Access, Policy
from bot.delivery.model import State, Uncertain
from bot.runtime.http_log import SERVER_LOG
from bot.settings.operating import WebConfig
from bot.storage.database.engine import Database
from bot.web.server import serving
from tests.dashboards import OPERATOR, Visit, checkup_of, visiting
from tests.newsroom import BRIDGE, Newsroom

_FORM = "Content-Type: application/x-www-form-urlencoded"
_LOST = "POST /posts/1/lost HTTP/1.1"
#: What is sent after the request line, the host and the cookie, and the status of the answer.
BROKEN: dict[str, tuple[str, list[str], bytes, int]] = {
    "two lengths of one body": (_LOST, [_FORM, "Content-Length: 6", "Transfer-Encoding: chunked"], b"0\r\n\r\n", 400),
    "two lengths": (_LOST, [_FORM, "Content-Length: 0", "Content-Length: 6"], b"abcdef", 400),
    "a signed length": (_LOST, [_FORM, "Content-Length: +5"], b"abcde", 400),
    "a length without end": (_LOST, [_FORM, f"Content-Length: {'9' * 20}"], b"abc", 400),
    "an unknown coding": (_LOST, [_FORM, "Transfer-Encoding: xchunked"], b"0\r\n\r\n", 400),
    "a coding after chunks": (_LOST, [_FORM, "Transfer-Encoding: chunked, identity"], b"0\r\n\r\n", 400),
    "a space before the colon": (_LOST, [_FORM, "Transfer-Encoding : chunked"], b"0\r\n\r\n", 400),
    "a negative chunk": (_LOST, [_FORM, "Transfer-Encoding: chunked"], b"-1\r\nabc\r\n0\r\n\r\n", 400),
    "a chunk too large": (_LOST, [_FORM, "Transfer-Encoding: chunked"], b"F" * 17 + b"\r\nabc\r\n0\r\n\r\n", 400),
    "a body that grows": (
        _LOST, [_FORM, "Content-Encoding: gzip", "Connection: close", "Transfer-Encoding: chunked"],
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed := gzip.compress(b"csrf=" + b"a" * 5_000_000)), packed), 413,
    ),
    "a body that is not packed": (_LOST, [_FORM, "Content-Encoding: gzip", "Content-Length: 5"], b"abcde", 400),
    "a folded header": ("GET /posts HTTP/1.1", ["X-A: b\r\n c"], b"", 400),
    "a line break in a header": ("GET /posts HTTP/1.1", ["X-A: b\rc"], b"", 400),
    "a second host": ("GET /posts HTTP/1.1", ["Host: evil.example"], b"", 400),
    "another host in the line": ("GET http://evil.example/posts HTTP/1.1", [], b"", 421),
    "a tunnel": ("CONNECT evil.example:443 HTTP/1.1", [], b"", 421),
    "a method in a header": ("GET /posts/1/lost HTTP/1.1", ["X-HTTP-Method-Override: POST"], b"", 405),
    "a question of another site": ("OPTIONS /posts/1/lost HTTP/1.1", ["Origin: https://evil.example"], b"", 403),
    "a very long address": (f"GET /posts?chat={'a' * 9_000} HTTP/1.1", [], b"", 400),
    "very many headers": ("GET /posts HTTP/1.1", [f"X-{number}: a" for number in range(5_000)], b"", 400),
    "a site behind the root": ("GET //evil.example/%2e%2e HTTP/1.1", [], b"", 404),
    "a number in other digits": ("GET /posts/%EF%BC%91 HTTP/1.1", [], b"", 404),
    "a raised number": ("GET /posts/%C2%B9 HTTP/1.1", [], b"", 404),
    "a path in other dots": ("GET /static/%C0%AE%C0%AE/server.py HTTP/1.1", [], b"", 404),
    "half a letter": ("GET /stories?q=%ED%A0%80 HTTP/1.1", [], b"", 200),
    "a page to go to": ("GET /?next=https://evil.example HTTP/1.1", [], b"", 200),
    "another host by a proxy": (
        "GET /posts HTTP/1.1", ["X-Forwarded-Host: evil.example", "X-Original-URL: /sign-out"], b"", 200
    ),
}  # fmt: skip

HOSTS = ("localhost:8080", "LOCALHOST", "[::1]:8080", "[::ffff:127.0.0.1]", "127.0.0.1")
NO_HOSTS = (
    "localhost:99999", "localhost:x", "localhost:", "localhost.", "[::1]evil", "127.0.0.1:80:80", "127.1",
    "0x7f000001", "[v1.x]", "localhost,evil", "localhost#x", "１２７.0.0.1",
)  # fmt: skip


@pytest.fixture(name="newsroom")
def _newsroom(database: Database) -> Newsroom:
    return Newsroom(database, Access(Policy.OPEN, frozenset({OPERATOR})))


@pytest.fixture(name="visit")
async def _visit(newsroom: Newsroom) -> AsyncIterator[Visit]:
    await newsroom.subscribe()
    await newsroom.add(BRIDGE)
    await newsroom.at(8)
    await newsroom.send(Uncertain("reset"))
    async with visiting(newsroom) as visit:
        await visit.sign_in()
        yield visit


def _session(visit: Visit) -> str:
    cookies = visit.client.session.cookie_jar.filter_cookies(visit.client.make_url("/"))
    return cookies["nutgraf"].value


async def _sent(port: int, request: bytes) -> bytes:
    """Sends bytes and returns the head of the answer, with the beginning of its body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    async with asyncio.timeout(60):
        answer = await reader.readuntil(b"\r\n\r\n") + await reader.read(10_000)
    writer.close()
    return answer


def _request(line: str, cookie: str, headers: list[str], body: bytes) -> bytes:
    return "\r\n".join([line, "Host: localhost", f"Cookie: {cookie}", *headers, "", ""]).encode() + body


async def test_broken_and_ambiguous_requests_change_nothing(newsroom: Newsroom, visit: Visit) -> None:
    cookie, wrong = f"nutgraf={_session(visit)}", {}
    for name, (line, headers, body, status) in BROKEN.items():
        answer = await _sent(visit.client.port or 0, _request(line, cookie, headers, body))
        begun = int(answer.split()[1])
        if begun != status or answer.count(b"HTTP/1.") > 1 or b"evil.example" in answer.partition(b"\r\n\r\n")[0]:
            wrong[name] = answer[:200]
        if b"/html" in answer and b"nosniff" not in answer:
            wrong[name] = answer[:200]
    assert not wrong
    assert await newsroom.states() == [State.UNCERTAIN]


async def test_a_broken_request_leaves_nothing_in_the_log(
    newsroom: Newsroom, unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(WebConfig(enabled=True, port=unused_tcp_port), checkup_of(newsroom)):
        for request in (
            b"GET /sign-in/secret HTTP/1.1\nHost: localhost\nCookie: nutgraf=secret\n\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: secret\rx\r\n\r\n",
        ):
            assert b" 400 " in await _sent(unused_tcp_port, request)
    assert "secret" not in caplog.text
    SERVER_LOG.error("failed", exc_info=RuntimeError("a bug"))
    assert "a bug" in caplog.text


async def test_a_host_is_read_as_a_browser_writes_it(visit: Visit) -> None:
    for host in HOSTS:
        request = f"GET /nothing HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        assert b" 404 " in (await _sent(visit.client.port or 0, request))[:20], host
    for host in NO_HOSTS:
        request = f"GET /nothing HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        assert b" 421 " in (await _sent(visit.client.port or 0, request))[:20], host


async def test_two_cookies_sign_nobody_else_in(visit: Visit) -> None:
    own = _session(visit)
    for cookies, status in (
        ("nutgraf=forged", 401),
        (f"nutgraf={own}; nutgraf=forged", 401),
        (f"nutgraf=forged; nutgraf={own}", 200),
        (f"Nutgraf={own}", 401),
        (f"__Host-nutgraf={own}", 401),
    ):
        request = _request("GET /posts HTTP/1.1", cookies, ["Connection: close"], b"")
        assert int((await _sent(visit.client.port or 0, request)).split()[1]) == status, cookies


async def test_signing_in_ends_the_session_that_the_browser_had(visit: Visit) -> None:
    planted = _session(visit)
    await visit.sign_in()
    request = _request("GET /posts HTTP/1.1", f"nutgraf={planted}", ["Connection: close"], b"")
    assert int((await _sent(visit.client.port or 0, request)).split()[1]) == 401
    assert (await visit.get("/posts"))[0] == 200
