"""Routes messages and button presses to the command that answers them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from secrets import token_hex

import structlog
from structlog.contextvars import bind_contextvars

from bot.access import Throttle
from bot.answers import guide
from bot.answers.access import lookup_failed, stranger_view, throttled_view, unavailable_view
from bot.answers.limits import limit_view
from bot.answers.sent_articles import others_unread
from bot.commands import following, presses, questions
from bot.commands.context import Context, LookupFailed, Request, SentFile
from bot.commands.courtesies import asks_about_bot, asks_for_more, asks_for_news
from bot.commands.last_lists import LastLists
from bot.commands.names import command_named
from bot.commands.numbers import number_in
from bot.commands.open_cards import OpenCards
from bot.commands.plain_requests import plain_answer, plain_request
from bot.commands.sent_articles import SentArticles
from bot.commands.table import BY_NAME, COMMANDS
from bot.commands.typed import COMMAND, MOST_TYPED, asks, is_for_everybody, link_beside, without_title
from bot.commands.unclear import brief_or_choice, misspelt, unasked
from bot.commands.wording import command_alone, tidied
from bot.runtime import metrics
from bot.storage.database.errors import StorageError
from bot.views.buttons import Action, Control, ControlVerb, Verb
from bot.views.model import Paragraph, Story, View
from briefings.analysis.questions.wide import wide
from briefings.errors import LimitExceeded
from briefings.model import Version
from briefings.sources.text import one_line

_log = structlog.stdlib.get_logger("nutgraf.commands")


@dataclass(frozen=True, slots=True)
class _Refusal:
    """The request is refused. ``view`` is the answer instead, if there is one."""

    view: View | None


class Dispatcher:
    """Answers requests in the same way on every platform."""

    def __init__(self, context: Context, throttle: Throttle) -> None:
        self.context = context
        self._throttle = throttle
        self._sent = SentArticles(context)
        self._lists = LastLists()
        self.cards = OpenCards()
        #: Of its own, so that no flood of other commands keeps somebody from stopping posts.
        self._for_everybody = throttle.anew()

    async def answer(self, request: Request) -> View | None:
        """Returns the answer to a command or a free question. None: no answer is sent."""
        if refused := self._refused(request, is_for_everybody(request.text)):
            return refused.view
        view = await self._whatever_happens(self._answered(request), request)
        return None if view.is_unsure and request.is_overheard else view

    def continued(self, request: Request) -> str:
        """Returns the id of the user's message that this one continues, or an empty text.

        The answer to that message is replaced by the one to both.
        """
        before = self._sent.before(request)
        return before.message if before else ""

    async def guarded(
        self, request: Request, answer: Callable[[], Awaitable[View]], is_open: bool = False
    ) -> View | None:
        """Returns the platform's own answer, if the user has access or ``is_open`` is set. Otherwise a refusal."""
        if refused := self._refused(request, is_open):
            return refused.view
        return await self._whatever_happens(answer(), request)

    async def brief(self, request: Request) -> View | None:
        """Returns the briefing of a message's file or text, visible only to the user who asks."""

        async def briefed() -> View:
            if request.file:
                return await self._briefed(request, await self._sent.file(request, request.file))
            if (found := await self._sent.text(request)) is None:
                return guide.no_article_view(self.context.access.pasted)
            return await self._briefed(request, found)

        return await self.guarded(request, briefed)

    async def about(self, request: Request) -> View | None:
        """Returns the menu for the message that the request points to: its story, or a choice of its stories."""

        async def offered() -> View:
            viewer, found = self.context.viewer(request), (await self._located(request)).about
            told = [version for one in found if one and (version := await self.context.library.get(viewer, one))]
            return await brief_or_choice(self.context, request, told) if told else guide.gone_view()

        return await self.guarded(request, offered)

    async def press(self, request: Request) -> View | None:
        """Returns the answer to a button press. The button's data is the request's text and can be forged."""
        control = Control.decode(request.text)
        if refused := self._refused(
            request, control is not None and control.verb in {ControlVerb.FORGET, ControlVerb.LEAVE}
        ):
            return refused.view
        return await self._whatever_happens(self._pressed(request), request)

    async def _whatever_happens(self, answer: Awaitable[View], request: Request) -> View:
        """Returns the answer, or an apology after an error, so that one message cannot stop the bot."""
        began = time.perf_counter()
        try:
            view = await answer
            seconds = time.perf_counter() - began
            metrics.ANSWERS.labels(request.where.platform).observe(seconds)
            _log.debug("request_answered", chat=str(request.where), user=request.user, seconds=round(seconds, 3))
            self._lists.keep(request, view)
            self.cards.keep(request.where, view)
            if view.about:
                is_list = any(isinstance(block, Story) and block.number for block in view.blocks)
                await self.context.chats.remember(request.where, view.about, is_list)
                if view.story:
                    await self.context.chats.remember(request.where, (view.story,), is_list=False)
        except LimitExceeded as error:
            _log.warning("limit_exceeded", limit=error.limit, user=request.user)
            return limit_view(error.limit)
        except LookupFailed as error:
            _log.warning("lookup_failed", chat=str(request.where), error=str(error))
            return View((Paragraph(lookup_failed(error.is_refused)),))
        except StorageError as error:
            _log.warning("answer_failed", error=repr(error))
        except Exception:  # noqa: BLE001  # a bug of ours, which is logged
            _log.exception("answer_failed")
        else:
            return view
        return unavailable_view()

    async def _answered(self, request: Request) -> View:
        if not request.text.strip() and (request.file is None or request.file.is_without_text):
            return guide.wordless_view()
        request = await self._located(await self.cards.meant(self.context, request))
        text = tidied(one_line(request.text[:MOST_TYPED]))
        if request.file and not is_for_everybody(request.text):
            return await self._with_file(request, request.file, text)
        before = self._sent.before(request)
        if pasted := await self._sent.text(request, before):
            return await self._briefed(request, pasted, before.text if before and request.forwarded else "")
        view = await self._answer(request, text)
        if view.is_choice:
            self.context.pending.keep(request.user, without_title(text), view.about)
        else:
            self.context.pending.drop(request.user)
        return view

    async def _with_file(self, request: Request, file: SentFile, caption: str) -> View:
        """Returns the briefing of a file. Its caption is answered too, if it asks something."""
        view = await self._briefed(request, await self._sent.file(request, file), caption)
        return guide.with_note(view, others_unread(file.others)) if file.others else view

    async def _briefed(
        self, request: Request, found: Version | View, question: str = "", *, is_public: bool = False
    ) -> View:
        """Returns the briefing of an article that the user has sent, after the answer to their question about it.

        Args:
            is_public: Whether it is a story of the library, which can be followed.
        """
        if isinstance(found, View):
            return found
        briefed = following.brief(self.context, request, found) if is_public else self.context.brief(request, found)
        view = await briefed
        if not asks(question):
            return view
        about_it = replace(request, text=question, about=(found.id,), file=None)
        answer = await self._answer(about_it, question)
        rest = view.blocks[1:] if view.blocks[0] == answer.blocks[0] else view.blocks  # one title is enough
        return replace(view, blocks=(*answer.blocks, *rest))

    async def _pressed(self, request: Request) -> View:
        if control := Control.decode(request.text):
            return await presses.controlled(self.context, request, control)
        action = Action.decode(request.text)
        version = await self.context.library.get(self.context.viewer(request), action.version) if action else None
        if action is None or version is None:
            return guide.gone_view()
        if action.verb is Verb.BRIEF:
            return await self._opened(request, version)
        return await presses.acted(self.context, request, action, version)

    def _refused(self, request: Request, is_open: bool) -> _Refusal | None:
        """Returns the refusal for a user without access or with too many requests, or None."""
        bind_contextvars(request=token_hex(4))  # every line of the log until the answer is sent has it
        access = self.context.access
        throttle = self._for_everybody if is_open else self._throttle
        if request.user not in access.operators and (wait := throttle.check(request.user, self.context.clock())):
            _refused_because("throttled", request)
            return _Refusal(throttled_view(wait.time) if wait.is_first else None)
        if not is_open and not access.admits(request.where, request.user):
            _refused_because("no access", request)
            return _Refusal(stranger_view(request.user))
        return None

    async def _located(self, request: Request) -> Request:
        """Returns the request with the stories of the message that it replies to."""
        if request.about or not request.replies_to or not request.replies_to.isprintable():
            return request
        return replace(request, about=await self.context.chats.about(request.where, request.replies_to))

    async def _answer(self, request: Request, text: str) -> View:
        match = COMMAND.fullmatch(text)
        if match is None:
            return await self._loosely(request, text) or await self._question(request, text)
        name, words = match["name"].lower(), (match["words"] or "").strip()
        if command := command_named(name):
            if command.changes and request.is_edit:
                return guide.not_repeated_view(f"/{name}")
            return await command.run(self.context, request, words)
        said = f"{name} {words}".strip()  # "/more", "/follow owl"
        return await self._loosely(request, said) or await misspelt(self.context, request, name, words)

    async def _question(self, request: Request, text: str) -> View:
        if found := link_beside(text):
            if view := await self._linked(request, *found):
                return view
            text = found[1]
        if not request.about and (about_all := wide(text)):
            return await questions.over_stories(self.context, request, about_all)
        if not asks(text):
            return await unasked(self.context, request, text)
        asked = await questions.asked(self.context, request, text)
        if isinstance(asked, View):
            return asked
        is_remark = request.is_overheard and asked.may_be_remark and not text.endswith("?")
        command = next((command for command in COMMANDS if command.kind and command.kind is asked.section), None)
        if command is None or is_remark:
            return guide.not_understood_view(text) if is_remark else asked.view()
        return await command.run(self.context, replace(request, about=(asked.version.id,)), "")

    async def _linked(self, request: Request, link: str, question: str) -> View | None:
        """Returns the story of a link, after the answer to the question beside it. None: only the question counts."""
        if request.is_overheard:  # people show each other links; whoever means the bot names it
            return guide.not_understood_view(question)
        known = await self.context.library.at(self.context.viewer(request), link)
        is_read = self.context.ingest and self.context.access.may_send_links(request.where, request.user)
        if known is None and not is_read and asks(question):
            return None
        found = known or await self._sent.link(request, link)
        return await self._briefed(request, found, question, is_public=known is not None)

    async def _loosely(self, request: Request, text: str) -> View | None:
        """Returns the answer to a command in other words: a number, a name without its slash, "tell me more"."""
        context = self.context
        if found := number_in(text):
            return await self._numbered(request, *found)
        if (command := command_alone(text)) is not None:
            if command.changes:
                return guide.did_you_mean_view(text, [command.usage])
            return await command.run(context, request, "")
        if (asked := plain_request(text)) and (view := await plain_answer(context, request, asked)):
            return view
        if asks_for_more(text):
            return await self._more(request)
        is_for_news = asks_for_news(text) and not request.about  # "what's going on?" may be about the story replied to
        talked_of = "start" if asks_about_bot(text) else "latest" if is_for_news else ""
        return await BY_NAME[talked_of].run(context, request, "") if talked_of else None

    async def _numbered(self, request: Request, name: str, number: int) -> View | None:
        """Returns the answer to a number alone, or to a command with a number but no slash. None: it is neither."""
        command = command_named(name) if name else None
        if command is not None and not command.changes:
            return await command.run(self.context, request, str(number))
        if name:
            return None
        found = await self.context.story(request, str(number))
        return found if isinstance(found, View) else await self._opened(request, found)

    async def _more(self, request: Request) -> View | None:
        """Returns the next page of the list that the user saw last, or else the briefing of the last story."""
        if (control := Control.decode(self._lists.next(request))) and not request.about:
            return await presses.controlled(self.context, request, control)
        found = await self.context.story(request, "")
        return found if isinstance(found, View) else await following.brief(self.context, request, found)

    async def _opened(self, request: Request, version: Version) -> View:
        """Returns what the user asked before they were to choose a story, or else its briefing."""
        asked = self.context.pending.about(request.user, version.id)
        about_it = replace(request, text=asked, about=(version.id,))
        return await (self._answer(about_it, asked) if asked else following.brief(self.context, request, version))


def _refused_because(reason: str, request: Request) -> None:
    metrics.REFUSALS.labels(reason).inc()
    _log.debug("request_refused", reason=reason, chat=str(request.where), user=request.user)
