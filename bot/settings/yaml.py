"""Reads YAML safely: size limits, no aliases, and ``12:30`` and ``no`` stay text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

_MOST_BYTES = 200_000
_MOST_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in the configuration: its path, and what to write instead."""

    path: str
    advice: str

    def __str__(self) -> str:
        return f"{self.path}: {self.advice}"


class _Refused(yaml.MarkedYAMLError):
    """Valid YAML that is refused. The problem says what to write instead."""


class _Loader(yaml.SafeLoader):
    """The core schema of YAML 1.2: ``no`` is not a boolean, and ``12:30`` and ``010`` are not special numbers.

    See https://yaml.org/spec/1.2.2/#103-core-schema.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuses aliases and nesting that is too deep."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]  # the same
            raise _refused(event, "aliases (*name) are not read here; write the value out")
        self._depth = getattr(self, "_depth", 0) + 1
        if self._depth > _MOST_DEPTH:
            raise _refused(self.peek_event(), "it is nested too deeply")  # type: ignore[no-untyped-call]  # the same
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuses duplicate keys. YAML would keep only the last one."""
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refused(key, "a setting's name is missing here; is this a template that was not filled in?")
            if key.value in seen:
                raise _refused(key, f"{key.value} stands here twice; keep one of the two")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), list(_first))


def read_yaml(raw: bytes) -> tuple[Any, list[Mistake]]:
    """Returns the document, or the mistakes that make it unreadable."""
    if len(raw) > _MOST_BYTES:
        return None, [Mistake("the file", f"it has more than {_MOST_BYTES} bytes; is it the right one?")]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, [Mistake("the file", "it is not UTF-8; save it as UTF-8")]
    try:
        return yaml.load(text, _Loader), []  # noqa: S506  # a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}" if mark else "the file"
        begun = error.context_mark
        since = f", in what begins in line {begun.line + 1}" if begun and mark and begun.line < mark.line else ""
        why = f"{error.problem or error.context}{since}"
        advice = f"this is not YAML ({why}); check brackets, quotes and indentation, which is of spaces, not tabs"
        return None, [Mistake(place, error.problem if isinstance(error, _Refused) and error.problem else advice)]
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        return None, [Mistake("the file", f"this is not YAML ({error}); write plain values")]
    except yaml.YAMLError as error:
        return None, [Mistake("the file", f"this is not YAML ({str(error).splitlines()[0]})")]


def _refused(node: Any, problem: str) -> _Refused:
    return _Refused(problem=problem, problem_mark=node.start_mark)
