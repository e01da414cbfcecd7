"""Values that people send below a setting in the bot's private chat on Discord, without a command."""

from __future__ import annotations

import pytest

from tests.discord.server import DM
from tests.discord.talk import discord_talk
from tests.discord.test_features import NEWS


@pytest.mark.parametrize(
    ("setting", "said", "shown"),
    [
        ("time", "9:30", "Time: 09:30"),
        ("exclude", "football", "Exclude: football"),
        ("time", "rome, weekdays", "Time zone: Europe/Rome"),
        ("time", "earlyish", "is not a time of the day"),
    ],
)
async def test_a_reply_with_a_value_sets_it_or_is_asked_for(setting: str, said: str, shown: str) -> None:
    async with discord_talk(NEWS) as talk:
        await talk.says("/subscribe 8:00")
        [card] = await talk.says(f"/settings {setting}")
        reference = {"message_id": str(card.number), "channel_id": str(DM)}
        [changed] = await talk.says(said, message_reference=reference)
        assert shown in changed.text.replace("\\", "").replace("*", "")
        assert talk.api.refused == []


async def test_a_question_below_a_setting_stays_one() -> None:
    async with discord_talk(NEWS) as talk:
        await talk.says("/subscribe 8:00")
        [card] = await talk.says("/settings exclude")
        reference = {"message_id": str(card.number), "channel_id": str(DM)}
        [answered] = await talk.says("who was there?", message_reference=reference)
        assert "Saved" not in answered.text
