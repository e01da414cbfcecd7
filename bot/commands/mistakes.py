"""Reports of mistakes, by a button below an answer or by a command with words about it."""

from __future__ import annotations

from hashlib import sha256

from bot.answers.guide import echo
from bot.answers.mistakes import mistake_alert, thanks_view
from bot.commands.context import Context, Request
from bot.views.buttons import Action
from bot.views.model import View
from bot.views.section_names import NAMES
from briefings.analysis.sentences import sentences
from briefings.model import Version
from briefings.scope import EVERYBODY


async def report_mistake(context: Context, request: Request, words: str) -> View:
    """The command: about the story replied to, else the one last shown; the words say what is wrong."""
    found = await context.story(request, "")
    if isinstance(found, View):
        return found
    return await _reported(context, found, words or request.quote)


async def pressed(context: Context, action: Action, version: Version) -> View:
    """The button: about the answer that it stands below."""
    return await _reported(context, version, _line(action, version) or (NAMES[action.kind].text if action.kind else ""))


def _line(action: Action, version: Version) -> str:
    """The sentence that the button names, if it names one."""
    found = sentences(version.article) if action.page else []
    return found[action.page - 1].span.of(version.article.text) if 0 < action.page <= len(found) else ""


async def _reported(context: Context, version: Version, line: str) -> View:
    """Tells the operators, once a day about each line of a story, however many report it."""
    report = await context.library.report_of(version.id)
    is_private = report is None or report.scope.owner != EVERYBODY
    now = context.clock()
    which = sha256(" ".join(line.split()).casefold().encode()).hexdigest()[:8]
    await context.operators.tell(
        f"mistake:{version.id}:{which}:{now:%Y-%m-%d}", mistake_alert(version, echo(line), is_private), now
    )
    return thanks_view(version)
