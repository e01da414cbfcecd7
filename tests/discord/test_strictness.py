"""The server of these tests refuses what Discord refuses, also where the specification has no rule for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.discord import specification
from tests.discord.server import Refusal, _check_components, _check_mentions, _check_modal

_OPTIONS = [{"label": one, "value": one} for one in ("mon", "tue")]
_BUTTON = {"type": 2, "style": 2, "label": "Change", "custom_id": "c1|panel|1||"}
_LINE: dict[str, Any] = {"type": 4, "style": 1, "custom_id": "value", "max_length": 5}
_LONG_TITLE = {"type": 9, "data": {"custom_id": "a", "title": "x" * 46, "components": []}}


@pytest.mark.parametrize(
    "component",
    [
        {"type": 3, "custom_id": "a", "options": _OPTIONS, "max_values": 3},
        {"type": 3, "custom_id": "a", "options": _OPTIONS, "min_values": 2, "max_values": 1},
        {"type": 3, "custom_id": "a", "options": [one | {"default": True} for one in _OPTIONS], "max_values": 1},
        {"type": 3, "custom_id": "a", "options": [_OPTIONS[0], _OPTIONS[0]]},
        _BUTTON | {"label": " "},
        _BUTTON | {"url": "https://example.org/"},
        {"type": 2, "style": 5, "label": "Source", "url": "https://user:name@example.org/"},
        {"type": 2, "style": 5, "label": "Source", "custom_id": "a"},
    ],
    ids=[
        "more than there are",
        "least above most",
        "too many chosen",
        "twice",
        "no label",
        "both",
        "address",
        "no link",
    ],
)
def test_a_component_that_discord_refuses(component: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        _check_components([component])


def test_components_that_it_takes() -> None:
    _check_components([_BUTTON, {"type": 3, "custom_id": "a", "options": _OPTIONS, "min_values": 0, "max_values": 2}])


@pytest.mark.parametrize(
    "lines", [[], [_LINE, _LINE], [_LINE | {"value": "7:30 20:00"}]], ids=["none", "twice", "value too long"]
)
def test_a_modal_that_discord_refuses(lines: list[dict[str, Any]]) -> None:
    with pytest.raises(Refusal):
        _check_modal({"components": [{"type": 18, "label": "Time", "component": line} for line in lines]})


@pytest.mark.parametrize("allowed", [{"parse": ["roles"], "roles": ["1"]}, {"parse": ["users"], "users": ["1"]}])
def test_who_may_be_pinged_is_not_said_twice(allowed: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        _check_mentions(allowed)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/channels/1/messages/2/threads", {"name": "x" * 101}),
        ("POST", "/channels/1/messages/2/threads", {"name": "x", "auto_archive_duration": 7}),
        ("POST", "/channels/1/messages", {"allowed_mentions": {"parse": ["everybody"]}}),
        ("POST", "/interactions/1/t/callback", _LONG_TITLE),
        ("POST", "/channels/1/messages/2/publish", None),
    ],
    ids=["thread name", "thread age", "mentions", "modal title", "crosspost"],
)
def test_the_specification_is_checked_too(method: str, path: str, body: Any) -> None:
    assert specification.complaint(method, path, body)
