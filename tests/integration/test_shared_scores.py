"""What the shared evaluation data say of the program, by their own scorers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.quality import five_scores
from tests.programs import program_file
from tests.shared import SHARED, shared

#: Without the shared data, one trial that is skipped.
_TRIALS = sorted(path.name for path in SHARED.glob("trials/trials/*.check.json")) or ["none"]


def test_who_what_when_and_where_are_answered_as_the_coders_did() -> None:
    shared("bench", "5w1h", "score.py")
    mean = float(five_scores().split()[-1])
    assert mean >= 0.65


@pytest.mark.parametrize("trial", _TRIALS)
def test_a_trial_is_right(trial: str, tmp_path: Path) -> None:
    command = [sys.executable, str(shared("trials", "check.py")), str(program_file(tmp_path)), trial]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own program
    assert done.returncode == 0, done.stdout
