"""The README and the documents are true and complete."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer
from pydantic import BaseModel
from typer.testing import CliRunner

from bot.cli import app
from bot.commands.table import COMMANDS
from bot.i18n import LOCALES, Translator
from bot.settings.load import config_schema, load_config
from bot.settings.model import Config
from bot.settings.yaml import read_yaml
from briefings.languages import codes
from tests.pictures import FOLDER, PICTURES, draw, record

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = {path.name: path.read_text(encoding="utf-8") for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))}
EVERYTHING = "\n".join(DOCUMENTS.values())
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def _sentence(text: str) -> str:
    return " ".join(text.split())


_SHOWN = re.findall(r'\$ nutgraf ask attack\.txt "(.+?)"\n(.+?)(?=\n\n\$ |\n```)', README, re.DOTALL)


def test_five_questions_are_shown_with_their_answers() -> None:
    assert len(_SHOWN) == 5


@pytest.mark.parametrize(("question", "shown"), _SHOWN)
def test_the_answer_shown_is_the_answer_given(question: str, shown: str) -> None:
    example = files("briefings.examples").joinpath("2023-05-03-drones-over-the-kremlin.txt")
    result = CliRunner().invoke(app, ["ask", str(example), question])
    assert result.stdout.strip() == shown.strip()


@pytest.mark.parametrize("name", sorted(PICTURES))
async def test_the_pictures_show_what_the_program_answers(name: str) -> None:
    """`make pictures` draws them anew."""
    drawn = draw(await record(PICTURES[name]), name)
    assert drawn == (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def test_the_table_of_commands_is_the_table() -> None:
    rows = re.findall(r"^\| `/(\w+)` \| (.+?) \| (yes)? ?\|$", DOCUMENTS["using.md"], re.MULTILINE)
    say = Translator("en").say
    assert rows == [(c.name, say(c.help), "yes" if c.in_menu else "") for c in COMMANDS]


def test_the_table_of_the_command_line_is_what_it_has() -> None:
    rows = {row.split()[0] for row in re.findall(r"^\| `nutgraf (.+?)` \|", DOCUMENTS["operating.md"], re.MULTILINE)}
    assert rows == set(_subcommands())


def test_the_subcommands_named_are_those_of_their_group() -> None:
    for group, names in re.findall(r"^\| `nutgraf (\w+) ([\w\\|-]+)` \|", DOCUMENTS["operating.md"], re.MULTILINE):
        if inner := getattr(_subcommands()[group], "commands", None):
            assert set(names.split("\\|")) == set(inner), group


def _subcommands() -> dict[str, object]:
    found: dict[str, object] = getattr(typer.main.get_command(app), "commands")  # noqa: B009  # a click group's
    return found


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 120


def test_every_link_leads_to_a_file() -> None:
    for name, text in DOCUMENTS.items():
        folder = ROOT if (ROOT / name).exists() else ROOT / "docs"
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", text):
            assert (folder / target).exists(), f"{name}: {target}"


def test_every_document_is_reached_from_the_readme() -> None:
    assert {path.name for path in ROOT.glob("docs/*.md")} <= set(re.findall(r"docs/(\w+\.md)", README))


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:^|`)make (\w+)", EVERYTHING, re.MULTILINE))))
def test_every_make_target_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:briefings|bot|tests)/[\w/.]+)`", EVERYTHING))))
def test_every_file_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_languages_are_those_that_it_names() -> None:
    names = ["English", "Italian", "German", "French", "Spanish", "Portuguese", "Russian", "Ukrainian"]
    assert len(names) == len(codes())
    assert all(name in DOCUMENTS["using.md"] for name in names)
    assert f"--language {'|'.join(LOCALES)}" in DOCUMENTS["operating.md"]


def test_the_picture_is_the_contract() -> None:
    """Every module of the picture is in a layer, and no layer is left out of it."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layered = [contract for contract in contracts if contract["type"] == "layers"]
    modules = {
        f"{contract['containers'][0]}.{name.strip()}"
        for contract in layered
        for layer in contract["layers"]
        for name in layer.split("|")
    }
    picture = DOCUMENTS["architecture.md"].split("```mermaid")[1].split("```")[0]
    drawn = set(re.findall(r"\b(?:bot|briefings)\.\w+", picture))
    assert drawn == modules - {"briefings.examples"}


def test_every_log_event_is_listed_with_what_to_do() -> None:
    logged = {
        event
        for path in ROOT.glob("bot/**/*.py")
        for event in re.findall(r'_log\.\w+\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    rows = re.findall(r"^\| ((?:`\w+` ?)+)\|", DOCUMENTS["operating.md"].split("## Log events")[1], re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert logged <= listed
    assert listed - logged <= {"crashed"}
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", name) for name in logged)


def test_the_lock_files_name_no_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lock = (ROOT / name).read_text()
        assert "--hash=sha256:" in lock
        assert "://" not in lock
        assert "index-url" not in lock


def test_the_lock_files_hold_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lock = (ROOT / "requirements.lock").read_text()
    for requirement in project["project"]["dependencies"]:
        name = re.split(r"[>=<\[]", requirement)[0]
        assert re.search(rf"^{name}(?:\[[\w,-]+\])?==", lock, re.MULTILINE), name


class TestConfigExample:
    EXAMPLE = ROOT / "config.example.yaml"

    def test_loads_and_says_the_defaults(self) -> None:
        assert load_config(self.EXAMPLE, {}) == Config()

    def test_has_every_setting(self) -> None:
        """Each stands in it, the secrets' files as a comment, and none else does."""
        document, mistakes = read_yaml(self.EXAMPLE.read_bytes())
        assert mistakes == []
        assert _paths(document) | {"database_file"} == _fields(Config)
        assert "# database_file:" in self.EXAMPLE.read_text()

    def test_fits_the_schema_that_its_first_line_names(self) -> None:
        first = self.EXAMPLE.read_text().splitlines()[0]
        schema = json.loads((ROOT / first.split("$schema=")[1]).read_text())
        assert schema == config_schema()
        jsonschema.validate(read_yaml(self.EXAMPLE.read_bytes())[0], schema)


def _paths(document: dict[str, Any]) -> set[str]:
    found = set()
    for name, value in document.items():
        inner = _paths(value) if isinstance(value, dict) else set()
        found |= {f"{name}.{one}" for one in inner} or {name}
    return found


def _fields(model: type[BaseModel]) -> set[str]:
    found = set()
    for name, field in model.model_fields.items():
        kind = field.annotation
        inner = _fields(kind) if isinstance(kind, type) and issubclass(kind, BaseModel) else set()
        found |= {f"{name}.{one}" for one in inner} or {name}
    return found
