"""Values that people send below a setting in the bot's private chat on Discord, without a command."""

from __future__ import annotations

import pytest

from tests.discord.server import ANN, DM
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


async def test_a_value_in_private_changes_the_channel_that_the_card_is_about() -> None:
    async with discord_talk(NEWS) as talk:
        await talk.gives("subscribe", time="8:00")
        [told] = await talk.gives("subscriptions", channel=DM)
        [card] = await talk.presses(next(iter(told.buttons.values())), told)
        [panel] = await talk.presses(card.buttons["Change"], card)
        [choices] = await talk.chooses(panel.choices["Time"], panel)
        assert "#news (A server)" in choices.text.replace("\\", "")
        [changed] = await talk.says("9:30")
        assert "#news (A server)" in changed.text.replace("\\", "")
        assert "Time: 09:30" in changed.text.replace("\\", "").replace("*", "")
        [kept] = await talk.bot.subscriptions.all()
        assert f"{kept.settings.schedule.times[0]:%H:%M}" == "09:30"
        [told] = await talk.edits("9:45")
        assert "I do not carry out" in told.text
        talk.api.strangers = frozenset({int(ANN)})
        [refused] = await talk.says("10:30")
        assert "administrator" in refused.text
        [kept] = await talk.bot.subscriptions.all()
        assert f"{kept.settings.schedule.times[0]:%H:%M}" == "09:30"
