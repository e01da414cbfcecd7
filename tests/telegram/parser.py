"""Telegram's own parser of messages (TDLib), which runs without a network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import Any

import tdjson

tdjson.td_execute(b'{"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}')


class Refused(Exception):
    """Telegram refuses the message, in its words."""


@dataclass(frozen=True)
class Entity:
    """Part of a message that is formatted, or that clients make a link of; places count UTF-16 units."""

    kind: str
    offset: int
    length: int
    url: str | None = None


@dataclass(frozen=True)
class Parsed:
    """A message as a client shows it.

    Attributes:
        entities: What its markup says.
        found: What clients find in its text by themselves: mentions, commands, links.
    """

    text: str
    entities: tuple[Entity, ...]
    found: tuple[Entity, ...]

    def of(self, entity: Entity) -> str:
        """The text of an entity."""
        units = self.text.encode("utf-16-le")
        return units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


def visible(text: str) -> str:
    """A text as a person sees it: without the joiners that keep clients from finding links in it."""
    return text.replace("\u2060", "")


def utf16(text: str) -> int:
    """How many UTF-16 units a text has."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(text: str) -> Parsed:
    """What Telegram makes of a message in its HTML.

    Raises:
        Refused: It cannot be parsed.
    """
    asked = {"@type": "parseTextEntities", "text": text, "parse_mode": {"@type": "textParseModeHTML"}}
    answer = _execute(asked)
    if answer["@type"] == "error":
        raise Refused(f"Bad Request: {answer['message'][0].lower()}{answer['message'][1:]}")
    found = _execute({"@type": "getTextEntities", "text": answer["text"]})
    return Parsed(answer["text"], _entities(answer), _entities(found))


def is_link(address: str) -> bool:
    """Whether Telegram takes an address for one of the web."""
    found = parse_html(f'<a href="{escape(address)}">word</a>').entities
    return any(one.url is not None and one.url.startswith(("http://", "https://")) for one in found)


def plain(text: str) -> Parsed:
    """What Telegram makes of a message without markup."""
    return Parsed(text, (), _entities(_execute({"@type": "getTextEntities", "text": text})))


def _execute(query: dict[str, Any]) -> dict[str, Any]:
    answer = tdjson.td_execute(json.dumps(query).encode())
    found: dict[str, Any] = json.loads(answer or b"{}")
    return found


def _entities(answer: dict[str, Any]) -> tuple[Entity, ...]:
    return tuple(
        Entity(
            one["type"]["@type"].removeprefix("textEntityType"), one["offset"], one["length"], one["type"].get("url")
        )
        for one in answer["entities"]
    )
