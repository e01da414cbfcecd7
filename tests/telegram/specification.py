"""Checks requests against the published specification of the Bot API, if it is available outside the project."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.shared import shared

_SIMPLE: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
    "True": (bool,),
}


@cache
def _specification() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared("specs", "telegram-bot-api.json").read_text(encoding="utf-8"))
    return found


def complaint(method: str, parameters: dict[str, Any]) -> str | None:
    """The error of a request according to the specification. None if it is valid."""
    methods = _specification()["methods"]
    if method not in methods:
        return f"there is no method {method}"
    return _fields(methods[method].get("fields", []), parameters, method)


def _fields(fields: list[dict[str, Any]], values: dict[str, Any], where: str) -> str | None:
    known = {field["name"]: field for field in fields}
    if unknown := values.keys() - known.keys():
        return f"{where} has no {', '.join(sorted(unknown))}"
    for name, field in known.items():
        if name not in values:
            if field["required"]:
                return f"{where} lacks {name}"
        elif all(_value(kind, values[name], f"{where}.{name}") for kind in field["types"]):
            return _value(field["types"][0], values[name], f"{where}.{name}")
    return None


def _value(kind: str, value: Any, where: str) -> str | None:  # noqa: PLR0911  # a table of kinds
    """The error of a value of that type. None if it is valid."""
    if kind in _SIMPLE:
        is_it = isinstance(value, _SIMPLE[kind]) and (isinstance(value, bool) == (kind in {"Boolean", "True"}))
        return None if is_it else f"{where} is no {kind}: {value!r}"
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return f"{where} is no list"
        wrong = (_value(kind.removeprefix("Array of "), one, where) for one in value)
        return next((one for one in wrong if one), None)
    if kind == "InputFile":
        return None if isinstance(value, bytes) else f"{where} is no file"
    found = _specification()["types"][kind]
    if not isinstance(value, dict):
        return f"{where} is no {kind}"
    if "subtypes" in found:
        wrong_ones = [_value(one, value, where) for one in found["subtypes"]]
        return None if None in wrong_ones else wrong_ones[0]
    return _fields(found.get("fields", []), value, where)


def rights_of_administrators() -> list[str]:
    """The rights that an administrator has or has not."""
    return _rights("ChatMemberAdministrator")


def rights_of_restricted_members() -> list[str]:
    """The rights that a restricted member has or has not."""
    return _rights("ChatMemberRestricted")


def _rights(kind: str) -> list[str]:
    fields = _specification()["types"][kind]["fields"]
    return [field["name"] for field in fields if field["types"] == ["Boolean"] and field["required"]]
