"""Answers about what a chat likes."""

from __future__ import annotations

from bot.answers.common import headline
from bot.i18n import Message, own
from bot.subscriptions.tastes import TasteKind, Tastes, Trait
from bot.views.buttons import Action, Control, ControlVerb, Verb
from bot.views.model import Bullet, Button, Heading, Paragraph, View
from briefings.model import Version

_MOST_LISTED = 20
_MOST_BUTTONS = 12
_TITLE = own("What you like")


def tastes_view(tastes: Tastes, last: Version | None) -> View:
    """Lists the tags, outlets and words that reactions were about, the strongest first, with buttons to remove them.

    Args:
        last: The story that was last shown, which buttons can react to.
    """
    how = own(
        "In a private chat with me, react to a story on Telegram with a thumbs up or down, or press a button here. Your"
        " digests then prefer or avoid stories with its tags, its outlet and the words of its title."
    )
    about = [Paragraph(own("The last story: “{headline}”", headline=headline(last).text))] if last else []
    reactions = _reactions(last) if last else ()
    shown = (last.id,) if last else ()
    if not tastes:
        nothing = Paragraph(own("You have not reacted to any story yet."))
        return View((Heading(_TITLE), nothing, Paragraph(how), *about), reactions, shown)
    strongest = sorted(tastes, key=lambda trait: (-abs(tastes[trait]), trait.kind, trait.name))
    lines = [Bullet(_said(trait, tastes[trait])) for trait in strongest[:_MOST_LISTED]]
    controls = [(trait, Control(ControlVerb.FORGET_TASTE, 0, trait.kind, trait.name)) for trait in strongest]
    buttons = [Button(own("Remove {name}", name=_name(trait)), control) for trait, control in controls if control.fits]
    everything = Button(own("Remove all"), Control(ControlVerb.FORGET_TASTE))
    return View(
        (Heading(_TITLE), *lines, Paragraph(how), *about), (*reactions, *buttons[:_MOST_BUTTONS], everything), shown
    )


def _reactions(version: Version) -> tuple[Button, ...]:
    more, less = Action(Verb.LIKE, version.id), Action(Verb.DISLIKE, version.id)
    return Button(own("More like this"), more), Button(own("Less like this"), less)


def _said(trait: Trait, score: int) -> Message:
    name, points = _name(trait), abs(score)
    if score > 0:
        return own("More: {name} ({points})", name=name, points=points)
    return own("Less: {name} ({points})", name=name, points=points)


def _name(trait: Trait) -> str:
    return f"#{trait.name}" if trait.kind is TasteKind.TAG else trait.name
