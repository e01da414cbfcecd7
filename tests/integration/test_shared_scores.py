"""What the shared evaluation data say of the program, by their own scorers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.quality import five_scores
from tests.shared import shared
from tests.soak import SOAK_ONLY


def test_who_what_when_and_where_are_answered_as_the_coders_did() -> None:
    shared("bench", "5w1h", "score.py")
    mean = float(five_scores().split()[-1])
    assert mean >= 0.65


@pytest.mark.timeout(600)
@pytest.mark.parametrize("script", [pytest.param("check.py", marks=SOAK_ONLY)])
def test_all_trials_are_right(script: str) -> None:
    command = [sys.executable, str(shared("trials", script)), str(Path(sys.executable).with_name("nutgraf"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own program
    assert done.returncode == 0, done.stdout
