"""Writes a new config.yaml with the operator's choices, each explained by a comment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from bot.access import Policy

#: The folder of the token files, beside config.yaml.
SECRETS = "secrets"
_HEAD = """\
# The settings of Nutgraf. What is not here has its default; docs/operating.md says where all settings are explained.
# `nutgraf check` says what is wrong, if anything is. `nutgraf run` starts the bot.
"""


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices for a new config.yaml.

    Attributes:
        platforms: The platforms with a token, each with the address of its API, or None for the usual one.
        operators: Users who may do everything, as platform:id.
        allow: Users and chats that an allow-list lets in, as platform:id.
        feeds: The addresses of feeds.
        web: Whether health, metrics and the dashboard are served.
    """

    platforms: dict[str, str | None]
    database: str
    language: str
    timezone: str
    access: Policy
    operators: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    web: bool = False


def written_config(choices: Choices) -> str:
    """Returns the text of config.yaml."""
    return "\n".join([_HEAD, *_lines(choices)]) + "\n"


def token_file(platform: str) -> str:
    """Returns the path of a platform's token file, relative to config.yaml."""
    return f"{SECRETS}/{platform}_token"


def _lines(choices: Choices) -> Iterator[str]:
    yield "# The database: an SQLite file, relative to the folder that nutgraf is started in, or a PostgreSQL URL."
    yield f"database: {_quoted(choices.database)}\n"
    yield "# The language of the bot's own words until a chat chooses another."
    yield f"language: {choices.language}\n"
    yield "# The time zone of new subscriptions."
    yield f"timezone: {_quoted(choices.timezone)}\n"
    yield "# Who may use the bot: closed (operators only), allow-list (also those in `allow`) or open (everybody)."
    yield f"access: {choices.access}"
    yield "# Users who may do everything, as platform:id. The bot tells its id to anybody who writes to it."
    yield f"operators: {_list(choices.operators)}"
    yield "# Users and chats that an allow-list lets in, as platform:id."
    yield f"allow: {_list(choices.allow)}\n"
    yield "# Feeds that are read regularly. `nutgraf feeds add` adds more, without this file."
    yield "feeds:" if choices.feeds else "feeds: []"
    yield from (f"  - address: {_quoted(address)}" for address in choices.feeds)
    if choices.web:
        yield "\n# The dashboard (send /dashboard to the bot), health and metrics, on this machine only."
        yield "web: { enabled: true }"
    for platform, base_url in choices.platforms.items():
        yield f"\n{platform}:"
        yield "  # A file that holds the token and that only its owner may read."
        yield f"  token_file: {token_file(platform)}"
        if base_url:
            yield f"  base_url: {_quoted(base_url)}"


def _list(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def _quoted(value: str) -> str:
    """Returns a YAML string in double quotes; JSON's are the same."""
    return json.dumps(value, ensure_ascii=False)
