"""Sends the first answer to an interaction, in one request of ready bytes.

`discord.InteractionResponse.send_message` is not used: it writes the same components as JSON again for each person who
asks, and makes a message of what Discord returns, of which only the id is needed. This takes longer than the request.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from aiohttp import ClientResponse
from discord import (
    AllowedMentions,
    Forbidden,
    HTTPException,
    Interaction,
    InteractionResponseType,
    MessageFlags,
    NotFound,
)
from discord.http import MultipartParameters, Route, json_or_text
from discord.webhook.async_ import async_context
from yarl import URL

from bot.platforms.discord.client import Client
from bot.platforms.discord.layout import components_of
from bot.platforms.discord.posts import Draft
from briefings.caches import text_cache

_COMPONENTS, _EPHEMERAL = MessageFlags(components_v2=True).value, MessageFlags(ephemeral=True).value
_NO_MENTIONS = AllowedMentions.none().to_dict()
_JSON = {"Content-Type": "application/json"}
#: The number of cached answers.
_KEPT = 500
_FORBIDDEN, _NOT_FOUND, _TOO_MANY, _SERVER_ERROR = 403, 404, 429, 500


async def call_back(interaction: Interaction[Client], draft: Draft, hint: str, is_for_one: bool) -> str:
    """Answers with a message. Returns its id, or an empty text if Discord does not return one.

    Raises:
        discord.HTTPException: Discord refuses the answer.
    """
    token = quote(interaction.token, safe="")
    url = f"{Route.BASE}/interactions/{interaction.id}/{token}/callback?with_response=1"
    body = _body(draft, hint, is_for_one)
    client = interaction.client
    async with client.session.post(URL(url, encoded=True), data=body, headers=_JSON) as response:
        if response.ok:
            return _message_in(json.loads(await response.read()))
        client.invalid.add(response.status, response.headers.get("X-RateLimit-Scope", ""), response.url)
        if response.status < _SERVER_ERROR and response.status != _TOO_MANY:
            raise await _refusal(response)
    return _message_in(await _again(interaction, json.loads(body)))


async def _refusal(response: ClientResponse) -> HTTPException:
    """The error that discord.py would raise. A second request would be refused as well."""
    kinds = {_FORBIDDEN: Forbidden, _NOT_FOUND: NotFound}
    return kinds.get(response.status, HTTPException)(response, await json_or_text(response))


async def _again(interaction: Interaction[Client], payload: dict[str, Any]) -> Any:
    """Answers through discord.py, which waits as long as Discord asks for and tries again."""
    http = interaction.client.http
    return await async_context.get().create_interaction_response(
        interaction.id,
        interaction.token,
        session=interaction._session,  # noqa: SLF001  # as `send_message` does
        proxy=http.proxy,
        proxy_auth=http.proxy_auth,
        params=MultipartParameters(payload, None, None),
    )


def _message_in(found: Any) -> str:
    message = (found.get("resource") or {}).get("message") or {}
    return str(message.get("id", ""))


@text_cache(_KEPT)
def _body(draft: Draft, hint: str, is_for_one: bool) -> bytes:
    flags = _COMPONENTS | (_EPHEMERAL if is_for_one else 0)
    data = {"components": components_of(draft, hint), "flags": flags, "allowed_mentions": _NO_MENTIONS}
    answer = {"type": InteractionResponseType.channel_message.value, "data": data}
    return json.dumps(answer, separators=(",", ":")).encode()
