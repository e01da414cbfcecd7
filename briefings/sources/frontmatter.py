"""Parses the metadata block at the start of a Markdown file: YAML, TOML or JSON, as people write it."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime

import yaml

from briefings.addresses import web_address
from briefings.errors import SourceMalformed
from briefings.model import Headline
from briefings.sources.assemble import headline
from briefings.sources.furniture import furniture
from briefings.sources.marks import shown_links
from briefings.sources.text import one_line

_MOST_CHARACTERS = 20_000
_MOST_LEVELS = 4
_MOST_NAMES = 20
_FENCES = {"---": frozenset({"---", "..."}), "+++": frozenset({"+++"})}
_KEYS = {
    "title": ("title", "titel", "titolo", "titre", "título", "titulo"),
    "standfirst": (
        *("standfirst", "subtitle", "description", "summary", "excerpt"),
        *("untertitel", "sottotitolo", "sommario", "chapô", "chapo", "subtítulo", "subtitulo"),
    ),
    "byline": (
        *("byline", "author", "authors"),
        *("autor", "autorin", "autoren", "autrice", "autora", "autore", "autori", "auteur", "auteurs", "autores"),
    ),
    "published": (
        *("date", "published", "publishdate", "pubdate", "date_published", "published_at"),
        *("datum", "data", "fecha"),
    ),
    "url": ("url", "link", "canonical", "canonical_url", "source"),
    "site": ("site", "source", "publication"),
}
_NULLS = frozenset({"null", "~"})
# The first line of a front matter. Before any other text, a line of dashes only separates paragraphs.
_FIRST = re.compile(r"\A(?:#[^\n]*\n\s*)*+(?:[\w\"'-][^:\n]*:(?:\s|$)|[-\[{?&])")
_TOML_FIRST = re.compile(r"\A(?:[\w\"'.-]+\s?=|\[|#)")
# A value that YAML misreads unless it is quoted.
_VALUE = re.compile(r"^([ \t]*(?:- )?[\w-]+:[ \t]+)([^\s\"'|>\[{].*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The metadata of an article. Missing values are None or empty."""

    title: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    published: date | None = None
    url: str | None = None
    site: str | None = None
    related: tuple[Headline, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """The text of a front matter and its format, which the first line shows."""

    notation: str
    text: str
    first_line: int


def split(text: str) -> tuple[Block | None, str]:
    """The front matter at the start of ``text``, if there is one, and the rest. Blank lines before it are ignored."""
    start = len(text) - len(text.lstrip())
    blank = text.count("\n", 0, start)
    if text.startswith("{", start):
        return _split_json(text, start, blank)
    lines = text[start:].split("\n")
    closing = _FENCES.get(lines[0].rstrip())
    if closing is not None:
        for place, line in enumerate(lines[1:], start=1):
            if line.rstrip() in closing:
                inner = "\n".join(lines[1:place])
                first = (_TOML_FIRST if lines[0].startswith("+") else _FIRST).match(inner.lstrip())
                if inner.strip() and not first:
                    break
                return Block(lines[0].rstrip(), inner, blank + 2), "\n".join(lines[place + 1 :])
    return None, text


def _split_json(text: str, start: int, blank: int) -> tuple[Block | None, str]:
    try:
        raw, end = json.JSONDecoder().raw_decode(text[: start + _MOST_CHARACTERS], start)
    except (ValueError, RecursionError):
        return None, text
    if not isinstance(raw, dict) or not raw:
        return None, text
    return Block("{", text[start:end], blank + 1), text[end:]


def parse(block: Block, name: str) -> FrontMatter:
    """The values of a front matter.

    All values are read as strings, so that ``no`` and ``12:30`` stay as they are.

    Raises:
        SourceMalformed: It is not a mapping of names to values, or it uses features that no article needs.
    """
    if len(block.text) > _MOST_CHARACTERS:
        raise SourceMalformed(name, f"more than {_MOST_CHARACTERS} characters", block.first_line)
    raw = _read(block, name)
    if raw is None or raw == "":
        return FrontMatter()
    if not isinstance(raw, dict):
        raise SourceMalformed(name, "no names with values", block.first_line)
    named: dict[object, object] = {str(key).lower(): value for key, value in raw.items()}
    found = {field: _text(named, keys) for field, keys in _KEYS.items()}
    published, url, site = found["published"], found["url"], found["site"]
    return FrontMatter(
        title=found["title"],
        standfirst=found["standfirst"],
        byline=found["byline"],
        published=furniture(None).calendar.day(published) if published else None,
        url=web_address(url) if url else None,
        site=None if site and web_address(site) else site,
        related=tuple(_related(named.get("related"))),
    )


def _read(block: Block, name: str) -> object:
    if block.notation == "---":
        return _read_yaml(block, name)
    try:
        return tomllib.loads(block.text) if block.notation == "+++" else json.loads(block.text)
    except (ValueError, RecursionError) as error:
        raise SourceMalformed(name, str(error)[:80], block.first_line) from error


def _read_yaml(block: Block, name: str) -> object:
    """The values of YAML. If it is invalid, its lines are read again with their values quoted."""
    try:
        return _load(block, block.text, name)
    except SourceMalformed:
        quoted = _VALUE.sub(lambda line: f"{line[1]}'{_single_quoted(line[2])}'", block.text.replace("\t", "  "))
        return _load(block, quoted, name)


def _single_quoted(value: str) -> str:
    return value.rstrip().replace("'", "''")


def _load(block: Block, text: str, name: str) -> object:
    """Refuses expensive features: aliases, which can grow without limit, and deep nesting."""
    levels = 0
    try:
        for event in yaml.parse(text, yaml.BaseLoader):
            line = int(getattr(event.start_mark, "line", 0)) + block.first_line
            if isinstance(event, yaml.AliasEvent):
                raise SourceMalformed(name, f"alias *{event.anchor}", line)
            levels += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if levels > _MOST_LEVELS:
                raise SourceMalformed(name, "nested too deeply", line)
        return yaml.load(text, yaml.BaseLoader)  # noqa: S506  # it makes strings and nothing else
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = int(getattr(mark, "line", 0)) + block.first_line
        raise SourceMalformed(name, error.problem or "YAML", line) from error
    except yaml.YAMLError as error:
        raise SourceMalformed(name, "YAML", block.first_line) from error


def _text(raw: dict[object, object], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = raw.get(key)
        items = value if isinstance(value, list) else [value]
        line = ", ".join(filter(None, map(_words, items[:_MOST_NAMES])))
        if line:
            return line
    return None


def _words(value: object) -> str:
    """The text of a value. A person may be a mapping with a name."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, date | datetime):
        value = value.isoformat()
    if not isinstance(value, str) or value.strip() in _NULLS:
        return ""
    return one_line(shown_links(value))


def _related(value: object) -> list[Headline]:
    found = []
    for item in value if isinstance(value, list) else []:
        if isinstance(item, str):
            found.append(headline(item, web_address(item)))
        elif isinstance(item, dict) and isinstance(title := item.get("title"), str):
            url = item.get("url")
            found.append(headline(title, web_address(url) if isinstance(url, str) else None))
    return [item for item in found if item]
