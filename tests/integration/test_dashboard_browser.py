"""The dashboard in a real browser: signing in, forms, keyboard, accessibility, and the width of a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page

from bot.access import Access, Policy
from bot.delivery.model import State, Uncertain
from bot.settings.operating import WebConfig
from bot.web.server import serving
from bot.web.site import Site
from briefings.scope import OPERATOR as SEES_ALL
from tests.chromium import browsing
from tests.dashboards import OPERATOR, checkup_of
from tests.databases import new_database
from tests.newsroom import BRIDGE, CHAT, OTHER, Newsroom

PAGES = (
    *("/", "/posts", "/posts?state=x", "/posts/1", "/posts/99", "/sign-in/x", "/stories", "/stories?q=bridge"),
    *("/stories/{version}", "/stories/{version}/remove", "/feeds", "/subscriptions", "/subscriptions/1", "/chat"),
)

#: Findings of axe-core that hinder people: https://github.com/dequelabs/axe-core/blob/develop/doc/API.md#results-object
SERIOUS = {"serious", "critical"}


@pytest.fixture(name="browser")
async def _browser() -> AsyncIterator[Browser]:
    async with browsing() as browser:
        yield browser


@pytest.fixture(name="newsroom")
async def _newsroom() -> AsyncIterator[Newsroom]:
    async with new_database() as database:
        newsroom = Newsroom(database, Access(Policy.OPEN, frozenset({OPERATOR})))
        await newsroom.bot.chats.introduce(CHAT, title="Norby Evening News, the whole of the evening in one long name")
        await newsroom.subscribe(CHAT)
        await newsroom.subscribe(OTHER)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await newsroom.send(Uncertain("the connection broke while the platform answered"), most=1)
        yield newsroom


@asynccontextmanager
async def served(newsroom: Newsroom, port: int) -> AsyncIterator[str]:
    """Serves the dashboard and yields its address."""
    config = WebConfig(enabled=True, port=port)
    checkup = checkup_of(newsroom)
    async with serving(config, checkup, Site(newsroom.bot, checkup, config)):
        yield config.address


async def _complaints(page: Page) -> list[str]:
    """Collects what the browser complains about, such as a violation of the content security policy."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


async def _signed_in(context: BrowserContext, newsroom: Newsroom, address: str) -> Page:
    page = await context.new_page()
    await page.goto(f"{address}/sign-in/{await newsroom.bot.sign_ins.new_link(OPERATOR)}")
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"{address}/")
    return page


async def test_a_post_in_doubt_is_resolved_by_keyboard_alone(
    browser: Browser, newsroom: Newsroom, unused_tcp_port: int
) -> None:
    async with served(newsroom, unused_tcp_port) as address:
        page = await (await browser.new_context(java_script_enabled=False)).new_page()
        complaints = await _complaints(page)
        await page.goto(f"{address}/sign-in/{await newsroom.bot.sign_ins.new_link(OPERATOR)}")
        await _press(page, "Sign in")
        await _press(page, "Posts", "1", "It arrived")
        assert await page.get_by_role("status").inner_text() == "Marked as arrived."
        assert complaints == []
        assert (await newsroom.bot.ledger.latest(9))[-1].state is State.SENT
        await _press(page, "Sign out")
        await page.goto(f"{address}/posts")
        assert await page.get_by_role("heading", level=1).inner_text() == "Sign in"


async def _press(page: Page, *names: str) -> None:
    """Reaches links and buttons with the Tab key, one after the other, and presses each."""
    for name in names:
        for _ in range(60):
            await page.keyboard.press("Tab")
            focused = page.locator(":focus")
            if await focused.count() and name in await focused.inner_text():
                async with page.expect_navigation():
                    await page.keyboard.press("Enter")
                break
        else:
            pytest.fail(f"the keyboard does not reach {name}")


@pytest.mark.parametrize(("width", "colours"), [(360, "dark"), (1200, "light")])
async def test_every_page_can_be_used_by_everybody(
    browser: Browser, newsroom: Newsroom, unused_tcp_port: int, width: int, colours: str
) -> None:
    async with served(newsroom, unused_tcp_port) as address:
        context = await browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if colours == "dark" else "light",
            bypass_csp=True,  # axe-core is a script, which the pages' policy forbids
        )
        page = await _signed_in(context, newsroom, address)
        [report] = await newsroom.bot.stories.newest(SEES_ALL, 1)
        for path in PAGES:
            await page.goto(address + path.format(version=report.version.id))
            found = (await Axe().run(page)).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in SERIOUS] == [], path
            root = "document.documentElement"
            assert await page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), f"{path} is too wide"
