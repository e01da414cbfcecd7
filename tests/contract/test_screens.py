"""The bot's messages as people see them, drawn as text."""

from __future__ import annotations

import pytest

from tests.screens import FOLDER, PLATFORMS, VIEWS, screen


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("name", VIEWS)
def test_a_screen_is_as_its_golden_file_shows_it(name: str, platform: str) -> None:
    """``python -m tests.screens`` writes the files anew. Read them before you commit them."""
    assert screen(name, platform) == (FOLDER / f"{name}.{platform}.txt").read_text(encoding="utf-8")


def test_there_is_no_golden_file_of_a_screen_that_is_gone() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.{one}.txt" for name in VIEWS for one in PLATFORMS}
