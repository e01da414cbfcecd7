"""The language of the project: plain sentences. See docs/style.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "bot" / "i18n" / "locale" / "it" / "LC_MESSAGES" / "nutgraf.po"
DOCUMENTS = (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))

#: Turns of phrase that have to be read twice. docs/style.md quotes some of them as bad examples.
TWISTED = re.compile(
    r"nobody can tell|nobody knows|nobody's business|for these eyes|everybody's eyes|\(any more\)|cannot be told"
    r"|stands? behind|is told of|are told of|what stands|what comes of|came of (?:it|them)|what becomes of"
    r"|tells? of|by itself alone|, and may not\b|who (?:may|is) answered|is no (?:article|matter|secret)"
    r"|that was a lot|none of its|of its own alone|at the most\b|anew\b",
    re.IGNORECASE,
)
#: Docstrings that begin with a clause instead of a noun or a verb.
CLAUSE = re.compile(r"(?:What|That|Who|Whom|Whose|Why|Where|When|How|Which) (?!a\b)")


def modules() -> Iterator[Path]:
    for package in ("bot", "briefings"):
        yield from (ROOT / package).rglob("*.py")


def docstrings(module: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield f"{module.relative_to(ROOT)}:{getattr(node, 'name', '')}", text


def messages() -> Iterator[str]:
    for entry in read_po(BytesIO(CATALOGUE.read_bytes()), locale="it"):
        forms = entry.id if isinstance(entry.id, list | tuple) else [entry.id]
        yield from (form for form in forms if form)


def test_docstrings_begin_with_a_noun_or_a_verb() -> None:
    assert [name for module in modules() for name, text in docstrings(module) if CLAUSE.match(text)] == []


def test_docstrings_are_plain() -> None:
    twisted = [(name, found[0]) for m in modules() for name, text in docstrings(m) if (found := TWISTED.search(text))]
    assert twisted == []


def test_messages_are_plain() -> None:
    assert [message for message in messages() if TWISTED.search(message)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_documents_are_plain(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    if document.name == "style.md":
        text = text.partition("## Before and after")[0]
    assert TWISTED.findall(text) == []
