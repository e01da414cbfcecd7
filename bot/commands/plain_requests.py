"""Answers requests in whole sentences: "can you summarize the owl story, please?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.guide import not_repeated_view
from bot.commands import following
from bot.commands.context import Context, Request
from bot.commands.stories import found
from bot.commands.typed import asks
from bot.i18n.typed_words import typed_words
from bot.views.model import View
from briefings.matching import has_query_terms, having_in_title
from briefings.phrases import fold

_LONGEST_PHRASE = 3


@dataclass(frozen=True, slots=True)
class PlainRequest:
    """A request without the words around it.

    Attributes:
        name: What is asked for: ``summary``, ``search``, ``follow`` or ``unfollow``.
        subject: The words of the story, or the words to search for. Empty: the last story.
        is_remark: Whether the other words say something themselves, as in "find it hard to believe".
    """

    name: str
    subject: str
    is_remark: bool = False


def plain_request(text: str) -> PlainRequest | None:
    """Returns the request that a text makes, in any of the bot's languages, or None."""
    words, known = _without_fillers(text.split()), typed_words("requests")
    for length in range(min(_LONGEST_PHRASE, len(words)), 0, -1):
        if name := known.get(fold(" ".join(words[:length]))):
            rest = words[length:]
            subject = " ".join(_without_fillers(rest))
            says = any(set(fold(word).split()) & typed_words("clauses").keys() for word in rest)
            is_apart = words[length - 1].endswith(",")  # "in short, the mayor lied"
            return PlainRequest(name, subject, is_remark=has_query_terms(subject) and (says or is_apart))
    return None


async def plain_answer(context: Context, request: Request, asked: PlainRequest) -> View | None:
    """Returns the answer to a plain request. None: the text is probably something else, such as a remark."""
    if asked.is_remark or (request.is_overheard and (asked.subject or asked.name != "summary")):
        return None
    if asked.name == "search":
        is_search = has_query_terms(asked.subject) and not asks(asked.subject)
        return await found(context, request, asked.subject) if is_search else None
    story = await context.story(request, asked.subject)
    if isinstance(story, View):
        return story if story.is_choice or not asked.subject else None
    if asked.name == "summary":
        return await following.summary(context, request, story)
    if request.is_edit:
        return not_repeated_view(asked.name)
    is_meant = having_in_title([story], asked.subject)  # "follow the mayor, she lies" is a remark
    return await following.change(context, request, story, is_followed=asked.name == "follow") if is_meant else None


def _without_fillers(words: Sequence[str]) -> list[str]:
    """Returns the words without "please", "can you" and the like at both ends."""
    fillers = typed_words("fillers").keys()
    kept = [place for place, word in enumerate(words) if not fillers >= set(fold(word).split())]
    return list(words[kept[0] : kept[-1] + 1]) if kept else []
