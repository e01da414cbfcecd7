"""The block of YAML at the head of a Markdown file, as somebody else may have written it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import yaml

from briefings.errors import SourceMalformed
from briefings.model import Headline
from briefings.sources.assemble import headline, web_address
from briefings.sources.furniture import furniture
from briefings.sources.text import one_line

_MOST_CHARACTERS = 20_000
_MOST_LEVELS = 4
_KEYS = {
    "title": ("title",),
    "standfirst": ("standfirst", "subtitle", "description", "summary"),
    "byline": ("byline", "author", "authors"),
    "published": ("date", "published"),
    "url": ("url", "link", "canonical"),
    "site": ("site", "source", "publication"),
}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a front matter says of its article; what it does not say is None or empty."""

    title: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    published: date | None = None
    url: str | None = None
    site: str | None = None
    related: tuple[Headline, ...] = ()


def split(text: str) -> tuple[str | None, str]:
    """The YAML between the lines ``---`` at the start of ``text``, if there is any, and the rest."""
    lines = text.split("\n")
    if lines[0].rstrip() == "---":
        for place, line in enumerate(lines[1:], start=1):
            if line.rstrip() in {"---", "..."}:
                return "\n".join(lines[1:place]), "\n".join(lines[place + 1 :])
    return None, text


def parse(block: str, name: str) -> FrontMatter:
    """The values of a front matter.

    Everything is read as a string, so that ``no`` and ``12:30`` are what they look like.

    Raises:
        SourceMalformed: It is no mapping of names to values, or uses what an article does not need.
    """
    _check(block, name)
    try:
        raw = yaml.load(block, yaml.BaseLoader)  # noqa: S506  # it makes strings and nothing else
    except yaml.MarkedYAMLError as error:
        raise SourceMalformed(name, error.problem or "YAML", _line(error.problem_mark)) from error
    if raw is None or raw == "":
        return FrontMatter()
    if not isinstance(raw, dict):
        raise SourceMalformed(name, "no names with values", 1)
    found = {field: _text(raw, keys) for field, keys in _KEYS.items()}
    published = found["published"]
    return FrontMatter(
        title=found["title"],
        standfirst=found["standfirst"],
        byline=found["byline"],
        published=furniture(None).day(published) if published else None,
        url=web_address(found["url"]) if found["url"] else None,
        site=found["site"],
        related=tuple(_related(raw.get("related"))),
    )


def _check(block: str, name: str) -> None:
    """Refuses what could cost much: aliases (they can grow without end), depth, size."""
    if len(block) > _MOST_CHARACTERS:
        raise SourceMalformed(name, f"more than {_MOST_CHARACTERS} characters", 1)
    levels = 0
    try:
        for event in yaml.parse(block, yaml.BaseLoader):
            if isinstance(event, yaml.AliasEvent):
                raise SourceMalformed(name, f"alias *{event.anchor}", _line(event.start_mark))
            levels += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if levels > _MOST_LEVELS:
                raise SourceMalformed(name, "nested too deeply", _line(event.start_mark))
    except yaml.MarkedYAMLError as error:
        raise SourceMalformed(name, error.problem or "YAML", _line(error.problem_mark or error.context_mark)) from error
    except yaml.YAMLError as error:
        raise SourceMalformed(name, "YAML", 1) from error


def _line(mark: object) -> int:
    """The line in the file: one more than in the block, which begins below ``---``."""
    return int(getattr(mark, "line", -1)) + 2


def _text(raw: dict[object, object], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = raw.get(key)
        if isinstance(value, list):
            value = ", ".join(item for item in value if isinstance(item, str))
        if isinstance(value, str) and (line := one_line(value)):
            return line
    return None


def _related(value: object) -> list[Headline]:
    found = []
    for item in value if isinstance(value, list) else []:
        if isinstance(item, str):
            found.append(headline(item))
        elif isinstance(item, dict) and isinstance(title := item.get("title"), str):
            url = item.get("url")
            found.append(headline(title, web_address(url) if isinstance(url, str) else None))
    return [item for item in found if item]
