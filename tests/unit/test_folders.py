"""Folders of test runs that were killed are deleted."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from tests import folders


def test_only_folders_of_runs_that_have_ended_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen(["/bin/true"]) as ended:
        ended.wait()
    kept = [f"nutgraf-tests-{os.getpid()}-a", f"nutgraf-tests-{os.getppid()}-b", "nutgraf-tests-mine", "other"]
    left = f"nutgraf-tests-{ended.pid}-c"
    for name in (left, *kept):
        (tmp_path / name / "data").mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folders._delete_left_folders.__wrapped__()
    for _ in range(1000):  # it is deleted in the background
        if not (tmp_path / left).exists():
            break
        time.sleep(0.01)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)
