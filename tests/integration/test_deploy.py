"""The files in deploy/ fit the program. `.ci/deploy` runs their linters."""

from __future__ import annotations

import configparser
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from prometheus_client.metrics_core import Metric

from bot.cli import app
from bot.i18n import LOCALES
from bot.runtime.metrics import REGISTRY

DEPLOY = Path(__file__).parents[2] / "deploy"
ROOT = DEPLOY.parent
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def command(words: list[str]) -> set[str]:
    """The options of a command of the program. The name of the program comes first."""
    assert words[0].endswith("nutgraf")
    found: Any = typer.main.get_command(app)
    options = []
    for word in words[1:]:
        if word in getattr(found, "commands", {}):
            found = found.commands[word]
        elif word.startswith("-"):
            options.append(word)
    known = {option for parameter in found.params for option in parameter.opts}
    assert set(options) <= known, words
    return known


def test_the_image_copies_what_is_there_and_not_ignored() -> None:
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    sources = [
        name for line in re.findall(r"^COPY (?!--from)(.+)", DOCKERFILE, re.MULTILINE) for name in line.split()[:-1]
    ]
    assert len(sources) >= 7
    for name in sources:
        assert (ROOT / name).exists()
        assert f"!{name}" in allowed


def test_the_image_runs_commands_that_exist_and_not_as_root() -> None:
    for words in re.findall(r"(?:^CMD|\n    CMD) (\[.+\])", DOCKERFILE):
        command(json.loads(words) if "nutgraf" in words else ["nutgraf", *json.loads(words)])
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)


def test_the_image_keeps_the_data_of_every_language_that_the_bot_speaks() -> None:
    kept = re.findall(r"! -name '(\w+)\*'", (DEPLOY / "slim-packages").read_text(encoding="utf-8"))
    assert set(kept) == set(LOCALES)


@pytest.mark.parametrize("service", ["nutgraf", "postgres"])
def test_containers_have_no_rights(service: str) -> None:
    found = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"][service]
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in found


def test_the_unit_starts_a_command_that_exists() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their case
    unit.read_string((DEPLOY / "nutgraf.service").read_text(encoding="utf-8"))
    command(shlex.split(unit["Service"]["ExecStart"]))


def test_the_dashboard_shows_every_metric_and_no_other() -> None:
    families: list[Metric] = [one for one in REGISTRY.collect() if one.name.startswith("nutgraf_")]
    known = {one.name for one in families}
    dashboard = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))
    shown = {
        re.sub(r"_(total|bucket)$", "", name)
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"nutgraf_\w+", target["expr"])
    }
    assert shown == known


def test_the_documented_commands_exist() -> None:
    text = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.findall(r"(?:run --rm |bin/|exec nutgraf |^)(nutgraf (?:init|run|stories)[^`\n]*)", text, re.MULTILINE)
    assert len(found) >= 6
    for words in found:
        command(shlex.split(words))
