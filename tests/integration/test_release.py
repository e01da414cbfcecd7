"""A tag is released only if it, the version and the changelog agree."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = "# Changelog\n\n## Unreleased\n\n## 1.2.3 (2030-01-31)\n\n- A cheese.\n\n## 1.2.2 (2030-01-01)\n\n- Old.\n"


@pytest.fixture(name="checkout")
def _checkout(tmp_path: Path) -> Path:
    """A repository with a version, a changelog and the script."""
    (tmp_path / ".ci").mkdir()
    shutil.copy2(ROOT / ".ci" / "release", tmp_path / ".ci")
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    (tmp_path / "CHANGELOG.md").write_text(GOOD)
    git(tmp_path, "init", "-q")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607  # git itself


def release(folder: Path, tag: str | None = "v1.2.3") -> subprocess.CompletedProcess[str]:
    """Commits and tags the folder, and asks whether it can be released."""
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Release")
    if tag:
        git(folder, "tag", "-a", tag, "-m", tag)
    return check(folder)


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([".ci/release", "--check"], cwd=folder, check=False, capture_output=True, text=True)


def test_what_agrees_can_be_released(checkout: Path) -> None:
    result = release(checkout)
    assert (result.returncode, result.stdout) == (0, "v1.2.3 can be released.\n"), result.stderr


@pytest.mark.parametrize(
    ("changelog", "tag", "reason"),
    [
        (GOOD, None, "the commit has no tag"),
        (GOOD, "v1.2.4", "the tag is v1.2.4, and pyproject.toml has version 1.2.3"),
        (GOOD.replace("1.2.3 (2030-01-31)", "1.2.3"), "v1.2.3", "CHANGELOG.md has no heading"),
        (GOOD.replace("1.2.3", "1x2.3"), "v1.2.3", "CHANGELOG.md has no heading"),
        (GOOD.replace("- A cheese.\n", ""), "v1.2.3", "CHANGELOG.md says nothing about 1.2.3"),
        (GOOD.replace("Unreleased\n", "Unreleased\n\n- More.\n"), "v1.2.3", "still has lines under “Unreleased”"),
    ],
)
def test_what_does_not_agree_is_refused(checkout: Path, changelog: str, tag: str | None, reason: str) -> None:
    (checkout / "CHANGELOG.md").write_text(changelog)
    result = release(checkout, tag)
    assert result.returncode == 1
    assert reason in result.stderr


def test_changes_that_are_not_committed_are_refused(checkout: Path) -> None:
    assert release(checkout).returncode == 0
    (checkout / "pyproject.toml").write_text("")
    assert "changes that are not committed" in check(checkout).stderr
