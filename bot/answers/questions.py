"""Answers to free questions: the sentences that answer, or that the article does not say."""

from __future__ import annotations

from bot.answers.common import section_action, section_buttons, section_name, story_buttons, title
from bot.i18n import own
from bot.views.buttons import Verb
from bot.views.model import Bullet, Button, Paragraph, Verbatim, View
from briefings.analysis.questions import Reply
from briefings.model import Version


def reply_view(version: Version, reply: Reply) -> View:
    """The sentences that answer a question, the phrase that answers it marked."""
    if not reply.lines:
        return _absence_view(version, reply)
    lines = [Bullet(Verbatim(version, line.span, marked=line.phrase)) for line in reply.lines]
    return View(
        (title(version), *lines),
        (*section_buttons(version), *story_buttons(version)),
        (version.id,),
    )


def _absence_view(version: Version, reply: Reply) -> View:
    """That the article does not say, and the section that comes nearest."""
    absence = Paragraph(own("The article does not say."))
    nearest = next((one for one in version.briefing.sections if one.kind is reply.section), None)
    if nearest is None:
        return View((title(version), absence), (*section_buttons(version), *story_buttons(version)), (version.id,))
    offer = Paragraph(own("The nearest section: {name}", name=section_name(version, nearest).text))
    button = Button(section_name(version, nearest), section_action(version, nearest, Verb.KEY))
    return View(
        (title(version), absence, offer),
        (button, *section_buttons(version, nearest), *story_buttons(version)),
        (version.id,),
    )


def no_question_view() -> View:
    """The command without a question."""
    return View((Paragraph(own("What do you want to know? For example: /ask how many people were hurt")),))
