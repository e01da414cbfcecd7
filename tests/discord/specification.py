"""Checks requests against the published specification of Discord's API, if it is available outside the project."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from tests.shared import shared

_PARAMETER = re.compile(r"\{[^}]+\}")


@cache
def _specification() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared("specs", "discord-openapi.json").read_text(encoding="utf-8"))
    return found


@cache
def _paths() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """The paths, those with the fewest parameters first."""
    paths = sorted(_specification()["paths"].items(), key=lambda one: (one[0].count("{"), one[0]))
    return [(_pattern(path), methods) for path, methods in paths]


def _pattern(path: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in _PARAMETER.split(path)]
    return re.compile("[^/]+".join(parts))


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**json.loads(schema), "components": _specification()["components"]})


def complaint(method: str, path: str, body: Any) -> str | None:
    """The error of a request according to the specification. None if it is valid."""
    methods = next((found for pattern, found in _paths() if pattern.fullmatch(path)), None)
    if methods is None or method.lower() not in methods:
        return f"there is no {method} {path}"
    content = methods[method.lower()].get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if schema is None or body is None:
        return None
    wrong = next(iter(_validator(json.dumps(schema)).iter_errors(_with_ids(body))), None)
    return f"{wrong.json_path}: {wrong.message}"[:300] if wrong else None


def _with_ids(value: Any) -> Any:
    """Ids as texts: Discord takes numbers too, and discord.py writes them."""
    if isinstance(value, dict):
        return {
            key: str(one)
            if (key == "id" or key.endswith("_id")) and isinstance(one, int)
            else _with_ids(_as_texts(key, one))
            for key, one in value.items()
        }
    return [_with_ids(one) for one in value] if isinstance(value, list) else value


def _as_texts(key: str, value: Any) -> Any:
    is_ids = key in {"roles", "users"} and isinstance(value, list)
    return [str(one) for one in value] if is_ids else value
