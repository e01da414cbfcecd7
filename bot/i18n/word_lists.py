"""Lists of words in the bot's languages, which users may type. Each is a YAML file in this package."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def word_list(name: str) -> dict[str, Any]:
    """Returns the list in the file ``name``.yaml."""
    found: dict[str, Any] = yaml.safe_load(files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    return found
