"""The bot's messages as people see them and as they are sent, drawn as text."""

from __future__ import annotations

import pytest

from tests.screens import FOLDER, files


@pytest.mark.parametrize("name", files())
def test_a_screen_is_as_its_golden_file_shows_it(name: str) -> None:
    """``python -m tests.screens`` writes the files anew. Read them before you commit them."""
    assert files()[name]() == (FOLDER / name).read_text(encoding="utf-8")


def test_there_is_no_golden_file_of_a_screen_that_is_gone() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(files())
