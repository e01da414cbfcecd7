"""Answers to free questions: the sentences that answer, or a note that the article does not say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answers.common import (
    absence,
    headline,
    open_buttons,
    section_action,
    section_buttons,
    section_name,
    story_buttons,
    title,
)
from bot.answers.credits import origin
from bot.answers.guide import echo
from bot.i18n import Message, own
from bot.views.buttons import Verb
from bot.views.model import Block, Bullet, Button, Heading, Paragraph, Quote, Story, Verbatim, View
from briefings.analysis.questions import Line, Reply
from briefings.library import Found
from briefings.model import Claim, Stance, Version

_LINE = 200
_SAYS_SO, _DENIES, _OTHERS = own("Who says so"), own("Who denies it"), own("What else the article says")
_ABSENT = own("The article does not say.")


def reply_view(version: Version, reply: Reply) -> View:
    """Returns the sentences that answer a question, with the answer marked."""
    if not reply.lines:
        return _absence_view(version, reply)
    return View(
        (title(version), *_lines(version, reply.lines)),
        (*section_buttons(version), *story_buttons(version, line=max(reply.lines, key=lambda one: one.score).span)),
        (version.id,),
    )


def _lines(version: Version, lines: Sequence[Line]) -> Iterator[Block]:
    """The lines; where some take sides, who says yes apart from who says no, and neither is the bot's word."""
    if not any(line.side for line in lines):
        yield from (_bullet(version, line) for line in lines)
        return
    groups: dict[Message, list[Line]] = {}
    for line in lines:
        groups.setdefault(_side(line), []).append(line)
    for name, group in sorted(groups.items(), key=lambda item: item[0] == _OTHERS):
        yield Heading(name)
        yield from (_quote(version, line.side) if line.side else _bullet(version, line) for line in group)


def _side(line: Line) -> Message:
    if line.side is None:
        return _OTHERS
    return _DENIES if line.side.stance is Stance.DENIES else _SAYS_SO


def _quote(version: Version, claim: Claim) -> Quote:
    return Quote(Verbatim(version, claim.sentence), Verbatim(version, claim.speaker) if claim.speaker else None)


def _bullet(version: Version, line: Line) -> Bullet:
    return Bullet(Verbatim(version, line.span, marked=line.phrase))


def _absence_view(version: Version, reply: Reply) -> View:
    """Says that the article does not say, and offers the nearest lines and the nearest section."""
    missing = own("The article does not say exactly this. The nearest lines:") if reply.nearest else _ABSENT
    note = Paragraph(absence(version, missing))
    said: tuple[Block, ...] = (title(version), note, *(_bullet(version, line) for line in reply.nearest))
    section = next((one for one in version.briefing.sections if one.kind is reply.section), None)
    if section is None:
        return View(said, (*section_buttons(version), *story_buttons(version)), (version.id,))
    offer = Paragraph(own("The nearest section: {name}", name=section_name(version, section).text))
    button = Button(section_name(version, section), section_action(version, section, Verb.KEY))
    return View((*said, offer), (button, *section_buttons(version, section), *story_buttons(version)), (version.id,))


def over_stories_view(subject: str, found: Sequence[Found]) -> View:
    """A line of each story that tells about a subject, below the story's title."""
    if not found:
        return View((Paragraph(own("No recent story says anything about “{words}”.", words=echo(subject))),))
    stories = [
        Story(
            number,
            headline(one.version),
            one.version.article.url,
            (*origin(one.version), Verbatim(one.version, one.line).shortened(_LINE)),
        )
        for number, one in enumerate(found, start=1)
    ]
    versions = [one.version for one in found]
    heading = Heading(own("About “{words}”", words=echo(subject)))
    buttons = open_buttons(list(enumerate(versions, start=1)))
    return View((heading, *stories), buttons, tuple(version.id for version in versions))


def no_question_view() -> View:
    """Asks for a question."""
    return View((Paragraph(own("What do you want to know? For example: /ask how many people were hurt")),))
