"""A real Chromium, driven by Playwright. Tests skip where the system has none."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """Starts the browser of the system; skips, or fails where `NUTGRAF_REQUIRE` names ``chromium``."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        if "chromium" in os.environ.get("NUTGRAF_REQUIRE", "").split(","):
            pytest.fail("Chromium is required and not installed")
        pytest.skip("no Chromium here: apt install chromium")
    # As root, as in CI, Chromium has no sandbox. It opens our own pages only.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=options)
        try:
            yield browser
        finally:
            await browser.close()
