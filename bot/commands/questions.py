"""Free questions: finds the story that a question is about, and answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.answers import guide, stories
from bot.answers.questions import no_question_view, over_stories_view, reply_view
from bot.commands.context import Context, Request
from bot.views.model import View
from briefings.analysis.questions import Question, Reply, answer
from briefings.analysis.questions.model import FIGURES
from briefings.analysis.questions.wide import Wide, wide
from briefings.matching import having_names, names_asked
from briefings.model import SectionKind, Span, Version

_MOST_SEARCHED = 20
#: Stories of which an answer shows a line.
_MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its story and its answer."""

    version: Version
    reply: Reply

    @property
    def may_be_remark(self) -> bool:
        """Whether people may say it to each other: "who knows". Whoever asks for a figure asks the bot."""
        return not self.reply.lines and self.reply.question.asked not in FIGURES

    @property
    def section(self) -> SectionKind | None:
        """The kind of section that the question asks for as a whole."""
        return self.reply.section if self.reply.is_general else None

    def view(self) -> View:
        """Returns the sentences that answer the question, or a view saying that the article does not say."""
        return reply_view(self.version, self.reply)


async def asked(context: Context, request: Request, text: str) -> Asked | View:
    """Returns the answer to ``text``, or a view that asks which story is meant."""
    found = await _stories(context, request, text)
    if isinstance(found, View):
        return found
    if len(found) > 1:
        return stories.choice_view(found)
    [version], who = found, f"{request.where} {request.user}"
    reply = await context.library.read_from(_answered, [version], text, context.last.about(who, version.id))
    context.last.keep(who, version.id, reply.question)
    return Asked(version, reply)


async def _named(context: Context, request: Request, text: str) -> list[Version]:
    """Returns the only story of the list replied to that has the names of a question, or nothing."""
    viewer = context.viewer(request)
    listed = [version for one in request.about if one and (version := await context.library.get(viewer, one))]
    having = await context.library.read_from(having_names, listed, text)
    return having if len(having) == 1 else []


async def over_stories(context: Context, request: Request, asked: Wide) -> View:
    """Returns what all stories of some days tell about a subject, a line each, the newest first."""
    now = context.clock()
    since = now - timedelta(days=asked.days)
    found = (await context.library.search(context.viewer(request), asked.subject, _MOST_SEARCHED, now)).found
    recent = sorted(
        (one for one in found if one.version.received >= since), key=lambda one: one.version.received, reverse=True
    )
    if asked.question:
        lines = await context.library.read_from(_first_lines, [one.version for one in recent], asked.question)
        recent = [replace(one, line=line) for one, line in zip(recent, lines, strict=True) if line]
    return over_stories_view(asked.subject, recent[:_MOST_TOLD])


def _first_lines(versions: Sequence[Version], text: str) -> list[Span | None]:
    """The sentence of each version that answers best, where one does."""
    replies = [answer(version.briefing, text) for version in versions]
    return [reply.lines[0].span if reply.lines else None for reply in replies]


def _answered(versions: Sequence[Version], text: str, previous: Question | None) -> Reply:
    return answer(versions[0].briefing, text, previous)


async def ask(context: Context, request: Request, words: str) -> View:
    """Answers `/ask` with a question."""
    if not words:
        return no_question_view()
    if not request.about and (about_all := wide(words)):
        return await over_stories(context, request, about_all)
    found = await asked(context, request, words)
    return found if isinstance(found, View) else found.view()


async def _stories(context: Context, request: Request, text: str) -> Sequence[Version] | View:
    """Returns the stories that the question can be about, the current one if its words name no other."""
    if request.about:
        found = await context.story(request, "")
        if isinstance(found, Version):
            return [found]
        return await _named(context, request, text) or found
    current = await context.current(request)
    if current is None:
        return guide.no_stories_view()
    meant = await context.library.meant(context.viewer(request), text, current)
    return meant or over_stories_view(", ".join(names_asked(text, current.article.language).values()), ())
