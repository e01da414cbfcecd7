"""The names of the kinds of sections."""

from __future__ import annotations

from bot.i18n import Message, own
from briefings.model import SectionKind

#: The name of each kind, as on a button.
NAMES: dict[SectionKind, Message] = {
    SectionKind.SUMMARY: own("In brief"),
    SectionKind.WHAT: own("What happened"),
    SectionKind.WHO: own("Who"),
    SectionKind.WHEN: own("When"),
    SectionKind.WHERE: own("Where"),
    SectionKind.WHY: own("Why"),
    SectionKind.HOW: own("How"),
    SectionKind.CONSEQUENCES: own("Consequences"),
    SectionKind.BACKGROUND: own("Background"),
    SectionKind.REACTIONS: own("Reactions"),
    SectionKind.NEXT: own("What next"),
    SectionKind.UNKNOWNS: own("Unknowns"),
    SectionKind.ADVICE: own("Advice"),
    SectionKind.OTHER: own("More"),
}

#: The message for an article that has nothing of that kind.
ABSENCES: dict[SectionKind, Message] = {
    SectionKind.SUMMARY: own("The article is too short for a summary."),
    SectionKind.WHAT: own("The article does not say what happened."),
    SectionKind.WHO: own("The article does not say who."),
    SectionKind.WHEN: own("The article does not say when."),
    SectionKind.WHERE: own("The article does not say where."),
    SectionKind.WHY: own("The article does not say why."),
    SectionKind.HOW: own("The article does not say how."),
    SectionKind.CONSEQUENCES: own("The article does not say what the consequences are."),
    SectionKind.BACKGROUND: own("The article does not say what came before."),
    SectionKind.REACTIONS: own("The article does not say how others reacted."),
    SectionKind.NEXT: own("The article does not say what happens next."),
    SectionKind.UNKNOWNS: own("The article does not say what is still unknown."),
    SectionKind.ADVICE: own("The article does not say what to do."),
    SectionKind.OTHER: own("The article does not say more."),
}
