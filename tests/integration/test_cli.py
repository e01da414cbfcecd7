"""The commands for readers: demo, brief and ask."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import jsonschema
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from bot.app import open_demo
from bot.i18n import Translator
from bot.platforms.console.chat import TOUR, Terminal, new_session
from briefings.sources import MAX_BYTES
from tests.golden import DATA, load
from tests.programs import run

MARKDOWN = DATA / "one_heading.md"
ARTICLE = load("pasted/no_blank_lines").page


@pytest.fixture(name="pasted")
def _pasted(tmp_path: Path) -> str:
    path = tmp_path / "pasted.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return str(path)


class TestBrief:
    def test_prints_a_briefing_of_a_file_or_of_standard_input(self, pasted: str) -> None:
        code, printed, _ = run("brief", pasted)
        assert code == 0
        assert "│ Flood of parcels brings airport to a halt" in printed
        assert "│ Who is responsible?" in printed
        assert run("brief", "-", text=ARTICLE)[1] == printed

    @pytest.mark.parametrize("name", ["-", "bridge.txt"])
    def test_reads_markdown_by_one_heading_whatever_it_is_called(self, tmp_path: Path, name: str) -> None:
        text = MARKDOWN.read_text(encoding="utf-8")
        source = tmp_path / name
        source.write_text(text, encoding="utf-8")
        _, printed, _ = run("brief", name if name == "-" else str(source), text=text)
        assert "│ What happens next?" in printed
        assert "##" not in printed

    def test_prints_one_section_in_full(self, pasted: str) -> None:
        _, printed, _ = run("brief", pasted, "--section", "what")
        assert "A sensor reported a fire" in printed
        assert "Workers carried urgent boxes" in printed
        assert "The maker of the sensors" not in printed

    def test_says_what_the_article_does_not(self, pasted: str) -> None:
        code, printed, _ = run("brief", pasted, "--section", "advice")
        assert code == 0
        assert "The article does not say what to do." in printed

    def test_prints_json_that_fits_its_schema(self, pasted: str) -> None:
        document = json.loads(run("brief", pasted, "--format", "json")[1])
        schema = json.loads(run("schema", "briefing")[1])
        jsonschema.validate(document, schema)
        assert document["article"]["title"] == "Flood of parcels brings airport to a halt"
        assert [section["kind"] for section in document["sections"]] == ["what", "who", "next"]
        one = json.loads(run("brief", pasted, "--format", "json", "--section", "who")[1])
        assert [section["kind"] for section in one["sections"]] == ["who"]

    def test_prints_markdown(self, pasted: str) -> None:
        printed = run("brief", pasted, "--format", "markdown")[1]
        assert printed.startswith("# Flood of parcels brings airport to a halt\n")
        assert "## Who is responsible?" in printed

    def test_a_section_that_is_none_is_refused_with_the_choice(self, pasted: str) -> None:
        code, _, complaint = run("brief", pasted, "--section", "whom")
        assert code == 2
        assert "consequences" in complaint


class TestAsk:
    def test_prints_what_the_bot_would_answer(self, pasted: str) -> None:
        for question in ("/who", "whose fault is it?"):
            printed = run("ask", pasted, question)[1]
            assert "The maker of the sensors" in printed
            assert "blames an update" in printed

    def test_speaks_italian_when_asked_or_by_the_system(self, pasted: str, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "L'articolo non dice che cosa fare." in run("ask", pasted, "/advice", "--language", "it")[1]
        monkeypatch.setenv("LC_ALL", "it_IT.UTF-8")
        assert "L'articolo non dice che cosa fare." in run("ask", pasted, "/advice")[1]
        assert run("ask", pasted, "/advice", "--language", "xx")[0] == 2


class TestBadInput:
    def _complaint(self, *arguments: str, text: bytes = b"") -> str:
        code, printed, complaint = run(*arguments, text=text)
        assert code == 2
        assert printed == ""
        assert complaint.startswith("nutgraf: ")
        assert complaint.count("\n") == 1
        return complaint

    @pytest.mark.parametrize("command", [("brief",), ("ask",)])
    def test_every_command_complains_in_one_line(self, command: tuple[str]) -> None:
        rest = ["/who"] if command == ("ask",) else []
        assert "there is no such file" in self._complaint(*command, "nowhere.txt", *rest)

    def test_a_directory(self, tmp_path: Path) -> None:
        assert "is a directory. Name one file in it." in self._complaint("brief", str(tmp_path))

    def test_a_file_below_a_file(self, pasted: str) -> None:
        assert "there is no such file" in self._complaint("brief", f"{pasted}/x")

    def test_a_name_that_no_file_can_have(self) -> None:
        assert "No permission to read" in self._complaint("brief", "x" * 5000)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_a_file_that_may_not_be_read(self, pasted: str) -> None:
        Path(pasted).chmod(0)
        assert "Check its permissions." in self._complaint("brief", pasted)

    @pytest.mark.parametrize(
        ("raw", "complaint"),
        [
            (b"", "standard input is empty"),
            (b"%PDF-1.4", "is a damaged PDF"),
            (bytes(range(256)) * 9, "is not a text file"),
            (b"a" * (MAX_BYTES + 10), "is larger than 5 MB"),
            (b"\xff\xfe\x00", "Save the file as UTF-8"),
            (b"<html><body><p>Menu</p></body></html>", "No article was found"),
            (b"<?xml version='1.0'?><rss></rss>", "(RSS, Atom)"),
            (b"---\ntitle: [\n---\nx", "line 2: invalid front matter"),
        ],
        ids=lambda value: repr(value[:12]),
    )
    def test_each_kind(self, raw: bytes, complaint: str) -> None:
        assert complaint in self._complaint("brief", "-", text=raw)

    def test_the_complaint_is_safe_to_print(self, tmp_path: Path) -> None:
        complaint = self._complaint("brief", str(tmp_path / "a\x1b[31m\u202eb\nc.txt"))
        assert "\x1b" not in complaint
        assert "\u202e" not in complaint


class TestDemo:
    def test_without_a_terminal_it_prints_a_tour(self) -> None:
        code, printed, _ = run("demo")
        assert code == 0
        for command in TOUR:
            assert f"› {command}" in printed
        assert "Who is said to be responsible" in printed
        assert "Digest: " in printed

    def test_it_starts_as_a_command_of_its_own(self) -> None:
        command = [sys.executable, "-m", "bot", "demo", "--language", "it"]
        printed = subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)  # noqa: S603  # ours
        assert "Riepilogo: " in printed.stdout.decode()

    async def test_on_a_terminal_it_is_a_chat(self) -> None:
        shown = Console(record=True, width=100, file=StringIO())
        async with open_demo() as dispatcher:
            terminal = Terminal(dispatcher, Translator("en"), shown)
            with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
                keys.send_text("/brief two drones\n1\nwho did it?\nexit\n")
                await terminal.chat(new_session(Translator("en")))
            text = shown.export_text()
            assert "Two unmanned aircraft approached the Kremlin" in text  # the first button: what happened
            assert "Moscow blames Kyiv." in text

    async def test_the_end_of_input_ends_the_chat(self) -> None:
        async with open_demo() as dispatcher:
            terminal = Terminal(dispatcher, Translator("en"), Console(quiet=True))
            with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
                keys.send_text("\x04")
                await terminal.chat(new_session(Translator("en")))

    async def test_a_source_button_shows_its_address(self) -> None:
        shown = Console(record=True, width=100, file=StringIO())
        async with open_demo() as dispatcher:
            terminal = Terminal(dispatcher, Translator("en"), shown)
            await terminal.say("/summary panama")
            number = shown.export_text(clear=False).split("] Source")[0].rsplit("[", 1)[1]
            await terminal.say(number)
            assert shown.export_text().rstrip().endswith("https://gazette.example/2023/11/08/panama-canal-runs-low")
