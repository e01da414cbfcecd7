"""``nutgraf feeds`` and ``nutgraf stories add https://...`` against a loopback server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.web import Web, item, page, rss, running_web

Run = Callable[..., Coroutine[Any, Any, Result]]
FEEDS = '<link rel="alternate" type="application/rss+xml" title="{0}" href="/{0}.xml">'


@pytest.fixture(name="site")
async def _site() -> AsyncIterator[Web]:
    async with running_web() as site:
        site.put("/news.xml", rss(item("Port closed", "/port")))
        site.put("/sport.xml", rss(item("Match drawn", "/match")).replace("Harbour News", "Harbour Sport"))
        site.put("/port", page("Port of Harwell closed"))
        site.put("/", f"<html><head><title>Harbour</title>{FEEDS.format('news')}{FEEDS.format('sport')}</head></html>")
        yield site


@pytest.fixture(name="run")
def _run(tmp_path: Path, site: Web) -> Run:
    config = tmp_path / "config.yaml"
    config.write_text(
        f"database: sqlite:///{tmp_path}/n.db\nfetching: {{ allow_private: ['127.0.0.1:{site.port}'] }}\n", "utf-8"
    )

    async def run(*arguments: str, text: str = "") -> Result:
        command = [*arguments, "-c", str(config)]
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, command, text))

    return run


async def test_the_feeds_of_a_site_are_found_and_added(site: Web, run: Run) -> None:
    result = await run("feeds", "add", site.url(), "--all", "--tag", "local")
    assert result.exit_code == 0, result.output
    assert "Added: Harbour News" in result.output
    assert "Added: Harbour Sport" in result.output
    listed = json.loads((await run("feeds", "list", "--json")).output)
    assert [(feed["title"], feed["address"], feed["tags"], feed["origin"], feed["state"]) for feed in listed] == [
        ("Harbour News", site.url("/news.xml"), ["local"], "command", "not read yet"),
        ("Harbour Sport", site.url("/sport.xml"), ["local"], "command", "not read yet"),
    ]
    assert "Known already" in (await run("feeds", "add", site.url("/news.xml"))).output


async def test_an_answer_without_the_number_of_a_feed_adds_nothing(
    run: Run, site: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.feeds.is_interactive", lambda: True)
    result = await run("feeds", "add", site.url(), text="7\n")
    assert result.exit_code == 2
    assert "Nothing added: 7 has no number from 1 to 2." in result.output
    assert json.loads((await run("feeds", "list", "--json")).output) == []


async def test_a_known_feed_gets_the_new_tags(site: Web, run: Run) -> None:
    await run("feeds", "add", site.url("/news.xml"), "-t", "a")
    assert "tags a, b" in (await run("feeds", "add", site.url("/news.xml"), "-t", "b")).output
    [feed] = json.loads((await run("feeds", "list", "--json")).output)
    assert feed["tags"] == ["a", "b"]


async def test_an_address_needs_no_scheme(site: Web, run: Run) -> None:
    result = await run("feeds", "add", site.url("/news.xml").removeprefix("http://"))
    assert result.exit_code == 2
    assert f"https://127.0.0.1:{site.port}" in result.output


async def test_a_feed_is_checked_exported_and_removed(site: Web, run: Run, tmp_path: Path) -> None:
    await run("feeds", "add", site.url("/news.xml"), "-t", "local")
    assert "ok" in (await run("feeds", "check")).output
    exported = tmp_path / "feeds.opml"
    exported.write_text((await run("feeds", "export")).output, "utf-8")
    assert (await run("feeds", "remove", site.url("/news.xml"))).exit_code == 0
    assert json.loads((await run("feeds", "list", "--json")).output) == []
    assert (await run("feeds", "add", str(exported))).exit_code == 0
    [feed] = json.loads((await run("feeds", "list", "--json")).output)
    assert (feed["title"], feed["address"], feed["tags"]) == ("Harbour News", site.url("/news.xml"), ["local"])
    site.put("/news.xml", status=404)
    result = await run("feeds", "check", site.url("/news.xml"))
    assert result.exit_code == 2
    assert "no such page" in result.output


async def test_one_of_two_feeds_of_the_same_name_is_removed_by_its_number(site: Web, run: Run) -> None:
    site.put("/sport.xml", rss(item("Match drawn", "/match")))
    await run("feeds", "add", site.url(), "--all")
    await run("feeds", "check")
    assert (
        "2 feeds are called harbour news. Use a number: 1, 2." in (await run("feeds", "remove", "harbour news")).output
    )
    assert "There is no feed 7" in (await run("feeds", "remove", "7")).output
    assert (await run("feeds", "remove", "2")).exit_code == 0


async def test_the_feeds_of_the_settings_are_listed(site: Web, run: Run, tmp_path: Path) -> None:
    with (tmp_path / "config.yaml").open("a") as config:
        config.write(f"feeds: [{{ address: '{site.url('/news.xml')}', tags: [local], shown: 500 }}]\n")
    await run("db", "upgrade")
    assert "change its tags there" in (await run("feeds", "add", site.url("/news.xml"), "-t", "b")).output
    [feed] = json.loads((await run("feeds", "list", "--json")).output)
    assert (feed["origin"], feed["tags"]) == ("config", ["local"])
    assert "remove it there too" in (await run("feeds", "remove", str(feed["id"]))).output


@pytest.mark.parametrize(
    ("path", "said"), [("/nothing", "no such page"), ("/port", "not a feed"), ("/empty", "feed without items")]
)
async def test_what_is_no_feed_is_told(site: Web, run: Run, path: str, said: str) -> None:
    site.put("/empty", rss())
    result = await run("feeds", "add", site.url(path))
    assert result.exit_code == 2
    assert said in result.output or "no feed that can be found" in result.output


async def test_entries_of_a_list_without_an_address_are_told(site: Web, run: Run, tmp_path: Path) -> None:
    entries = f'<outline text="News" xmlUrl="{site.url("/news.xml")}"/>'
    entries += "".join(f'<outline type="rss" text="Paper {n}"/>' for n in range(22))
    (tmp_path / "x.opml").write_text(f'<opml version="2.0"><body>{entries}</body></opml>', "utf-8")
    result = await run("feeds", "add", str(tmp_path / "x.opml"))
    assert result.exit_code == 0
    said = " ".join(result.output.split())
    assert "Added: News" in said
    assert "22 entries of" in said
    assert "Paper 0, Paper 1" in said
    assert "Paper 19, and 2 more." in said


async def test_an_opml_file_that_is_none_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.opml").write_text("hello", "utf-8")
    result = await run("feeds", "add", str(tmp_path / "x.opml"))
    assert result.exit_code == 2
    assert "not an OPML list" in result.output
    assert (await run("feeds", "add", str(tmp_path / "missing.opml"))).exit_code == 2
    assert (await run("feeds", "remove", "7")).exit_code == 2


async def test_a_page_is_added_as_a_story(site: Web, run: Run) -> None:
    result = await run("stories", "add", site.url("/port"))
    assert result.exit_code == 0, result.output
    [story] = json.loads((await run("stories", "list", "--json")).output)
    assert (story["title"], story["url"]) == ("Port of Harwell closed", site.url("/port"))
    assert (await run("stories", "add", site.url("/nothing"))).exit_code == 2
