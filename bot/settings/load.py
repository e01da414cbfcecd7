"""Reads config.yaml with its variables and secret files, and reports all mistakes at once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from bot.settings.model import Config
from bot.settings.yaml import Mistake, read_yaml

_NO_SECTION = frozenset({"model_type", "model_attributes_type", "mapping_type", "dict_type"})
_VARIABLE = re.compile(r"\$\{(\w+)\}")


class ConfigInvalid(Exception):
    """The configuration has mistakes.

    Attributes:
        mistakes: All mistakes, each with its path.
    """

    def __init__(self, name: str, mistakes: list[Mistake]) -> None:
        super().__init__(name, mistakes)
        self.name = name
        self.mistakes = mistakes


def load_config(path: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """Reads the settings from a file.

    ``${NAME}`` in a value is replaced from the environment. A setting such as ``token_file`` names a file that
    contains the value of ``token``.

    Raises:
        ConfigInvalid: The file has mistakes.
        OSError: The file cannot be read.
    """
    name = str(path)
    document, mistakes = read_yaml(path.read_bytes())
    if mistakes:
        raise ConfigInvalid(name, mistakes)
    mistakes = []
    filled = _filled(document if document is not None else {}, "", environment, mistakes)
    if isinstance(filled, dict):
        filled = _with_files(filled, path.parent, mistakes)
    try:
        config = Config.model_validate(filled)
    except ValidationError as error:
        found: list[dict[str, Any]] = [dict(one) for one in error.errors(include_url=False)]
        wrong_lists = {one["loc"][:-1] for one in found}
        without_value = {one.path.removesuffix("_file") for one in mistakes}
        # A list with wrong items is also reported as empty. The mistakes of its items are enough. What has no value
        # because of a mistake is not reported twice.
        told = [_mistake(one) for one in found if one["type"] != "too_short" or one["loc"] not in wrong_lists]
        mistakes += [one for one in told if one.path not in without_value]
    if mistakes:
        raise ConfigInvalid(name, mistakes)
    return config


def config_schema() -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of the configuration file, for editors."""
    schema = Config.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _filled(value: Any, path: str, environment: Mapping[str, str], mistakes: list[Mistake]) -> Any:
    """Returns ``value`` with each ``${NAME}`` replaced."""
    if isinstance(value, dict):
        return {key: _filled(one, f"{path}.{key}".lstrip("."), environment, mistakes) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, f"{path}[{place}]", environment, mistakes) for place, one in enumerate(value)]
    if not isinstance(value, str):
        return value

    def fill(match: re.Match[str]) -> str:
        if match[1] not in environment:
            mistakes.append(Mistake(path, f"the environment has no {match[1]}; set it, or write the value itself"))
        found = environment.get(match[1], "")
        # A password can contain characters that are special in a URL. A whole URL is already encoded.
        return quote(found, safe="") if path == "database" and match[0] != value else found

    return _VARIABLE.sub(fill, value)


def _with_files(document: dict[str, Any], folder: Path, mistakes: list[Mistake], path: str = "") -> dict[str, Any]:
    """Returns ``document`` with the values from the files that its ``*_file`` settings name."""
    found = dict(document)
    for section in [key for key, value in found.items() if isinstance(value, dict)]:
        found[section] = _with_files(found[section], folder, mistakes, f"{path}{section}.")
    for key in [key for key, value in found.items() if str(key).endswith("_file") and isinstance(value, str)]:
        name = str(key).removesuffix("_file")
        if name in document:
            mistakes.append(Mistake(f"{path}{key}", f"{name} is set as well; keep one of the two"))
            continue
        try:
            found[name] = (folder / str(found[key])).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            mistakes.append(Mistake(f"{path}{key}", f"{found[key]} cannot be read ({reason}); name a readable file"))
    return found


def _mistake(error: dict[str, Any]) -> Mistake:
    """Returns a pydantic error as a message for the operator."""
    path = ""
    for part in error["loc"]:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    if not path and error["type"] in _NO_SECTION:
        return Mistake("the file", "write settings in it, one a line, as name: value")
    return Mistake(path.lstrip(".") or "the file", _advice(error))


def _named_alike(place: Sequence[str | int]) -> str:
    """Returns a question about the setting that was probably meant, or an empty text.

    Args:
        place: The place of a setting that there is not: the names of its sections, and its own.
    """
    schema = Config.model_json_schema()
    section = schema
    for part in place[:-1]:
        section = section["items"] if isinstance(part, int) else section["properties"][part]
        [section] = [one for one in (section, *section.get("anyOf", ())) if one.keys() & {"$ref", "items"}] or [section]
        section = schema["$defs"][section["$ref"].rpartition("/")[2]] if "$ref" in section else section
    alike = get_close_matches(str(place[-1]), section.get("properties", ()), 1)
    return f"did you mean {alike[0]}? " if alike else ""


def _advice(error: dict[str, Any]) -> str:  # noqa: C901, PLR0911, PLR0912  # a table of one line each
    context = error.get("ctx", {})
    given = error.get("input")
    said = f'"{given}" ' if isinstance(given, str | int | float | bool) else ""
    match error["type"]:
        case "extra_forbidden":
            return f"there is no such setting; {_named_alike(error['loc'])}config.example.yaml lists all of them"
        case "missing":
            return "it is missing; write a value"
        case "value_error":
            if "token" in error["loc"]:  # the value is not shown: it may be a secret, and logs are not private
                return str(context["error"])
            return f"{said}is wrong: {context['error']}" if said else str(context["error"])
        case "enum":
            return f"{said}is wrong: write one of {context['expected']}"
        case "bool_parsing" | "bool_type":
            return f"{said}is wrong: write yes or no"
        case "int_parsing" | "int_type" | "int_from_float":
            return f"{said}is wrong: write a whole number"
        case "greater_than_equal":
            return f"{said}is too small: write {context['ge']} or more"
        case "less_than_equal":
            return f"{said}is too large: write {context['le']} or less"
        case "tuple_type" | "list_type":
            return f"{said}is wrong: write a list, such as [a, b]"
        case kind if kind in _NO_SECTION:
            return "write settings below it, one a line, as name: value"
        case "too_short":
            return "it is empty; write at least one"
        case "string_pattern_mismatch":
            return f"{said}is wrong: write an address that begins with https://, such as https://bot.example.org"
        case kind if kind.startswith(("string", "path")):
            return f"{said}is wrong: write a text"
        case _:
            return f"{said}is wrong: {error['msg']}"
