"""Answers about what a chat likes."""

from __future__ import annotations

from bot.i18n import Message, own
from bot.subscriptions.tastes import TasteKind, Tastes, Trait
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Bullet, Button, Heading, Paragraph, View

_MOST_LISTED = 20
_MOST_BUTTONS = 12
_TITLE = own("What you like")


def tastes_view(tastes: Tastes) -> View:
    """Lists the tags, outlets and words that reactions were about, the strongest first, with buttons to remove them."""
    how = own(
        "React to a story with a thumbs up or down, in a private chat with me on Telegram. Your digests then prefer or"
        " avoid stories with its tags, its outlet and the words of its title."
    )
    if not tastes:
        return View((Heading(_TITLE), Paragraph(own("You have not reacted to any story yet.")), Paragraph(how)))
    strongest = sorted(tastes, key=lambda trait: (-abs(tastes[trait]), trait.kind, trait.name))
    lines = [Bullet(_said(trait, tastes[trait])) for trait in strongest[:_MOST_LISTED]]
    controls = [(trait, Control(ControlVerb.FORGET_TASTE, 0, trait.kind, trait.name)) for trait in strongest]
    buttons = [Button(own("Remove {name}", name=_name(trait)), control) for trait, control in controls if control.fits]
    everything = Button(own("Remove all"), Control(ControlVerb.FORGET_TASTE))
    return View((Heading(_TITLE), *lines, Paragraph(how)), (*buttons[:_MOST_BUTTONS], everything))


def _said(trait: Trait, score: int) -> Message:
    name, points = _name(trait), abs(score)
    if score > 0:
        return own("More: {name} ({points})", name=name, points=points)
    return own("Less: {name} ({points})", name=name, points=points)


def _name(trait: Trait) -> str:
    return f"#{trait.name}" if trait.kind is TasteKind.TAG else trait.name
