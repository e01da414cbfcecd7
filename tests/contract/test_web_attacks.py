"""Attacks on the dashboard, each with its refusal, on both databases."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from urllib.parse import quote

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.access import Access, Policy
from bot.chats import Destination
from bot.delivery.model import State, Uncertain
from bot.settings.operating import WebConfig
from bot.storage.database.engine import Database
from bot.storage.database.errors import DatabaseLocked
from bot.storage.sign_ins import SignIns
from bot.web import server
from bot.web.guard import guard
from briefings.scope import OPERATOR as SEES_ALL
from tests.dashboards import OPERATOR, Visit, checkup_of, visiting
from tests.fakes import article
from tests.newsroom import BRIDGE, Newsroom

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


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
        yield visit


def _forged(session: str) -> str:
    return hmac.new(session.encode(), b"form", sha256).hexdigest()


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "x",
        "test:9",
        "a" * 43,
        "../../etc/passwd",
        "' OR 1=1 --",
        "%00",
        "é" * 20,
    ],
)
async def test_a_forged_cookie_is_a_stranger(visit: Visit, cookie: str) -> None:
    header = {"Cookie": f"nutgraf={cookie}"}
    assert (await visit.get("/posts", **header))[0] == 401
    data = {"csrf": _forged(cookie)}
    assert (await visit.client.post("/posts/1/lost", headers=header, data=data)).status == 401


async def test_the_secret_of_a_link_is_no_session(visit: Visit) -> None:
    secret = await visit.site.bot.sign_ins.new_link(OPERATOR)
    assert (await visit.get("/posts", Cookie=f"nutgraf={secret}"))[0] == 401


@pytest.mark.parametrize("token", [None, "", "x", _forged(""), "é"])
async def test_a_form_without_the_token_of_the_session_does_nothing(
    newsroom: Newsroom, visit: Visit, token: str | None
) -> None:
    await visit.sign_in()
    data = {} if token is None else {"csrf": token}
    for path in ("/posts/1/lost", "/posts/1/resend", "/sign-out"):
        assert (await visit.client.post(path, data=data)).status == 403
    assert await newsroom.states() == [State.UNCERTAIN]
    assert (await visit.get("/posts"))[0] == 200


async def test_the_token_of_another_session_does_nothing(newsroom: Newsroom, visit: Visit) -> None:
    await visit.sign_in()
    other = await visit.csrf()
    await visit.sign_in()
    assert (await visit.client.post("/posts/1/lost", data={"csrf": other})).status == 403
    assert await newsroom.states() == [State.UNCERTAIN]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
async def test_a_form_of_another_site_is_refused(newsroom: Newsroom, visit: Visit, headers: dict[str, str]) -> None:
    await visit.sign_in()
    data = {"csrf": await visit.csrf()}
    assert (await visit.client.post("/posts/1/lost", data=data, headers=headers)).status == 403
    link = await visit.site.bot.sign_ins.new_link(OPERATOR)
    assert (await visit.client.post(f"/sign-in/{link}", headers=headers)).status == 403
    assert await newsroom.states() == [State.UNCERTAIN]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "",
        "x@localhost.evil",
        "evil@localhost",
        "localhost/evil",
        "[",
        "[::1",
        "℀",
    ],
)
async def test_another_name_of_our_address_is_refused(visit: Visit, host: str) -> None:
    await visit.sign_in()
    assert (await visit.get("/posts", Host=host))[0] in {400, 421}
    assert (await visit.get("/healthz", Host=host or "x"))[0] == 200


@pytest.mark.parametrize("host", ["bot.example.org", "127.0.0.1:8080", "localhost", "[::1]:8080"])
async def test_our_own_names_are_answered(newsroom: Newsroom, host: str) -> None:
    async with visiting(newsroom, url="https://bot.example.org") as visit:
        assert (await visit.get("/", Host=host))[0] == 401


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2fserver.py",
        "/static/..%5cserver.py",
        "/static//etc/passwd",
        "/static/style.css%00.py",
        "/static/",
        "/templates/base.html",
        "/posts/..%2f..%2fetc%2fpasswd",
    ],
)
async def test_no_other_file_is_served(visit: Visit, path: str) -> None:
    await visit.sign_in()
    status, text = await visit.get(path)
    assert (status, "def " in text, "root:" in text) == (404, False, False)


@pytest.mark.parametrize("injected", ["%0d%0aSet-Cookie:%20a=b", "%0aX-Injected:%201", "x%0d%0a%0d%0a<script>"])
async def test_no_header_can_be_injected(visit: Visit, injected: str) -> None:
    await visit.sign_in()
    for path in (f"/posts?state={injected}", f"/posts/1?said={injected}", f"/sign-in/{injected}", f"/posts/{injected}"):
        response = await visit.client.get(path, allow_redirects=False)
        assert "X-Injected" not in response.headers
        assert "Set-Cookie" not in response.headers
        assert "<script>" not in await response.text()


@pytest.mark.parametrize(
    "text", ["a\0b", "\0", "%", "_%' OR '1'='1", "\u202e\ufffe", "😀" * 500, "x" * 3_000, "\\"], ids=ascii
)
async def test_text_that_a_database_could_refuse_is_answered(visit: Visit, text: str) -> None:
    await visit.sign_in()
    for name, path in (("q", "/stories"), ("chat", "/posts"), ("subscription", "/posts"), ("said", "/posts/1")):
        assert (await visit.client.get(path, params={name: text})).status == 200, path
    assert (await visit.client.get(f"/sign-in/{quote(text, safe='')}")).status == 410
    assert (await visit.press("/chat", text=text)).status == 200
    assert (await visit.press("/chat", press=text, label=text)).status == 200


async def test_what_others_write_is_only_text(newsroom: Newsroom, visit: Visit) -> None:
    chat = Destination("test", SCRIPT.replace(":", ""))
    await newsroom.bot.chats.introduce(chat, title=SCRIPT)
    await newsroom.subscribe(chat)
    await newsroom.add(article(SCRIPT, f"It began. {SCRIPT} It ended.", url="https://a.example/3"))
    posts = await newsroom.at(8, day=15)
    await newsroom.send(Uncertain(SCRIPT))
    await visit.sign_in()
    [report] = await newsroom.bot.stories.newest(SEES_ALL, 1)
    story = f"/stories/{report.version.id}"
    pages = ("/", "/posts", "/stories", "/stories?q=script", story, f"{story}/remove", "/subscriptions")
    one_by_one = (f"/posts/{post.id}" for post in posts)
    for path in (*pages, "/subscriptions/1", "/subscriptions/2", *one_by_one):
        status, page = await visit.get(path)
        assert (status, "<script" in page, "<img" in page) == (200, False, False), path
    assert "&lt;script&gt;" in page


async def test_a_field_is_written_as_text(visit: Visit) -> None:
    await visit.sign_in()
    _, page = await visit.get("/posts?chat=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in page


async def test_every_page_has_its_protections(visit: Visit) -> None:
    await visit.sign_in()
    for path in ("/", "/posts", "/nothing", "/static/style.css", "/sign-in/x", "/healthz"):
        headers = (await visit.client.get(path)).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
    _, page = await visit.get("/")
    assert ["<script" in page, "style=" in page, " onclick" in page] == [False, False, False]


@pytest.mark.parametrize(
    ("url", "name", "is_secure"), [(None, "nutgraf", False), ("https://b.example", "__Host-nutgraf", True)]
)
async def test_the_cookie_is_for_our_pages_alone(
    newsroom: Newsroom, url: str | None, name: str, is_secure: bool
) -> None:
    async with visiting(newsroom, url=url) as visit:
        secret = await visit.site.bot.sign_ins.new_link(OPERATOR)
        response = await visit.client.post(f"/sign-in/{secret}", allow_redirects=False)
        cookie = response.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
        assert bool(cookie["secure"]) == is_secure
        assert cookie["domain"] == ""


async def test_guessing_links_is_stopped(newsroom: Newsroom, visit: Visit) -> None:
    statuses = [(await visit.get(f"/sign-in/{number}"))[0] for number in range(21)]
    assert statuses == [410] * 20 + [429]
    secret = await visit.site.bot.sign_ins.new_link(OPERATOR)
    assert (await visit.get(f"/sign-in/{secret}"))[0] == 200  # strangers behind the same proxy lock no operator out
    assert (await visit.client.post(f"/sign-in/{secret}", allow_redirects=False)).status == 303
    assert (await visit.client.post(f"/sign-in/{secret}")).status == 429
    newsroom.clock.now += timedelta(minutes=1)
    assert (await visit.client.post(f"/sign-in/{secret}")).status == 410


async def test_a_link_that_is_too_old_is_refused(newsroom: Newsroom, visit: Visit) -> None:
    secret = await visit.site.bot.sign_ins.new_link(OPERATOR)
    newsroom.clock.now += timedelta(minutes=5)
    assert (await visit.get(f"/sign-in/{secret}"))[0] == 410
    assert (await visit.client.post(f"/sign-in/{secret}")).status == 410


async def test_a_session_ends_when_its_operator_is_none_any_more(newsroom: Newsroom, visit: Visit) -> None:
    await visit.sign_in()
    csrf = await visit.csrf()
    access = newsroom.bot.dispatcher.context.access
    access.take_over(Access(Policy.OPEN, frozenset()))
    assert (await visit.client.post("/posts/1/lost", data={"csrf": csrf})).status == 401
    access.take_over(Access(Policy.OPEN, frozenset({OPERATOR})))
    assert (await visit.get("/posts"))[0] == 401  # it stays ended


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "POST"])
async def test_other_methods_are_refused(visit: Visit, method: str) -> None:
    await visit.sign_in()
    assert (await visit.client.request(method, "/posts")).status == 405


async def test_a_big_body_is_refused(newsroom: Newsroom, visit: Visit) -> None:
    await visit.sign_in()
    response = await visit.client.post("/posts/1/lost", data={"csrf": await visit.csrf(), "more": "x" * 70_000})
    assert response.status == 413
    assert await newsroom.states() == [State.UNCERTAIN]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"x"),
        ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data; name=csrf\r\n\r\nx"),
        (
            "multipart/form-data; boundary=a",
            b"--a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n--a--\r\n",
        ),
        ("multipart/form-data; boundary=a", b"--a\r\nContent-Transfer-Encoding: x\r\n\r\nx\r\n--a--\r\n"),
        ("application/x-www-form-urlencoded; charset=unknown", b"csrf=x"),
        ("application/x-www-form-urlencoded", b"csrf=\xff"),
    ],
)
async def test_a_form_that_cannot_be_read_is_refused(newsroom: Newsroom, visit: Visit, kind: str, body: bytes) -> None:
    await visit.sign_in()
    response = await visit.client.post("/posts/1/lost", headers={"Content-Type": kind}, data=body)
    assert response.status == 400
    assert await newsroom.states() == [State.UNCERTAIN]


async def test_a_database_that_fails_is_told(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    async def locked(*_: object) -> None:
        raise DatabaseLocked("x")

    await visit.sign_in()
    monkeypatch.setattr(SignIns, "operator_of", locked)
    assert (await visit.get("/posts"))[0] == 503


async def test_a_bug_shows_nothing_of_itself(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a secret")

    await visit.sign_in()
    monkeypatch.setattr(SignIns, "operator_of", broken)
    response = await visit.client.get("/posts")
    assert (response.status, "secret" in await response.text()) == (500, False)
    assert "Content-Security-Policy" in response.headers


async def _until_closed(port: int, begin: bytes, rest: bytes) -> bytes:
    """Sends the beginning of a request, and then a byte at a time until the server closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(begin)

    async def trickle() -> None:
        while True:
            writer.write(rest)
            await writer.drain()
            await asyncio.sleep(0.02)

    sending = asyncio.create_task(trickle())
    answer = b""
    with suppress(ConnectionError):
        async with asyncio.timeout(60):
            while read := await reader.read(1000):
                answer += read
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    writer.close()
    return answer


@pytest.mark.parametrize(
    ("begin", "rest"),
    [
        (b"", b""),  # nothing at all
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"x"),  # headers without end
        (b"POST /sign-in/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n", b"x"),  # a slow body
    ],
    ids=["silence", "slow headers", "slow body"],
)
async def test_a_slow_request_is_ended(
    newsroom: Newsroom, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch, begin: bytes, rest: bytes
) -> None:
    monkeypatch.setattr(server, "_KEEP_ALIVE_SECONDS", 0.3)
    monkeypatch.setattr(server, "guard", lambda address: guard(address, 0.3))
    checkup = checkup_of(newsroom)
    async with server.serving(WebConfig(enabled=True, port=unused_tcp_port), checkup):
        answer = await _until_closed(unused_tcp_port, begin, rest)
    assert answer == b"" or b" 40" in answer.split(b"\r\n")[0]


async def test_a_slow_handler_is_ended() -> None:
    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(60)
        raise AssertionError

    app = web.Application(middlewares=[guard("", 0.05)])
    app.router.add_get("/healthz", slow)
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/healthz")).status == 408
