"""Evaluation data next to the checkout. It is never copied into the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

#: The folder that holds it.
SHARED = Path(__file__).parents[2] / "shared"


def shared(*parts: str) -> Path:
    """The path below the shared folder; skips, or fails where `NUTGRAF_REQUIRE` names ``shared``."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        message = f"needs {'/'.join(parts)} of the shared evaluation data, which is not beside this checkout"
        if "shared" in os.environ.get("NUTGRAF_REQUIRE", "").split(","):
            pytest.fail(message)
        pytest.skip(message)
    return path
