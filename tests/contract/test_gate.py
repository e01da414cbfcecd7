"""A chat gets only what it may see at the moment of sending: posts, edits and repeated posts."""

from __future__ import annotations

import pytest

from bot.access import NOT_ADMITTED, Access, Policy
from bot.chats import Destination
from bot.commands.chats import let_in
from bot.commands.context import Request
from bot.delivery.model import Delivery, Op, State, Uncertain
from bot.storage.database.engine import Database
from bot.subscriptions.model import Mode
from briefings.scope import OPERATOR, Scope
from tests.contract.test_troubled_ledger import NEWEST_CHEESE
from tests.fakes import TRUSTED, article
from tests.newsroom import BRIDGE, CHAT, CHEESE, HOUR, MORE, OTHER, Newsroom

SECRET = Access(Policy.OPEN, restricted={"secret": frozenset({str(OTHER)})})
#: What each story says, so that it is known where it is told.
INQUIRY = article(
    "Inquiry into the bridge in Norby",
    "A panel will ask who inspected the bridge in Norby before a ship hit it.",
    "Its chair, Ada Finch, wants to hear engineers, pilots and the harbour office, and to report in the autumn.",
    url="https://b.example/1",
)
BRIDGE_TITLE, CHEESE_TITLE = "Bridge in Norby collapses", "A cheese wins"


@pytest.fixture(name="newsroom")
def _newsroom(database: Database) -> Newsroom:
    return Newsroom(database, SECRET)


async def report_id(newsroom: Newsroom, title: str) -> int:
    reports = await newsroom.bot.stories.newest(OPERATOR, 9)
    return next(one.id for one in reports if title in one.version.article.text)


async def hide(newsroom: Newsroom, title: str, hidden: bool = True) -> None:
    await newsroom.bot.stories.hide(await report_id(newsroom, title), hidden)


async def sent(newsroom: Newsroom) -> list[Delivery]:
    """Everything that leaves, in as many waves as it takes."""
    found: list[Delivery] = []
    for _ in range(5):
        found += await newsroom.send()
    return found


async def digest_of_both(newsroom: Newsroom, *chats: Destination, **settings: object) -> list[Delivery]:
    for chat in chats or (CHAT,):
        await newsroom.subscribe(chat, **settings)
    await newsroom.add(BRIDGE)
    await newsroom.add(CHEESE)
    return await newsroom.at(8)


class TestPosts:
    async def test_a_waiting_post_leaves_without_a_story_that_was_hidden(self, newsroom: Newsroom) -> None:
        await digest_of_both(newsroom)
        await hide(newsroom, BRIDGE_TITLE)
        [post] = await sent(newsroom)
        assert CHEESE_TITLE in (post.payload or "")
        assert BRIDGE_TITLE not in (post.payload or "")
        assert "Digest: 1 story" in (post.payload or "")

    async def test_a_waiting_post_of_one_hidden_story_does_not_leave(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await hide(newsroom, BRIDGE_TITLE)
        assert await sent(newsroom) == []
        assert await newsroom.states() == [State.CANCELLED]

    async def test_a_waiting_post_leaves_without_a_story_that_was_removed(self, newsroom: Newsroom) -> None:
        await digest_of_both(newsroom)
        await newsroom.bot.stories.remove(await report_id(newsroom, BRIDGE_TITLE))
        [post] = await sent(newsroom)
        assert BRIDGE_TITLE not in (post.payload or "")

    async def test_a_waiting_post_leaves_without_a_story_that_was_restricted(self, newsroom: Newsroom) -> None:
        await digest_of_both(newsroom, CHAT, OTHER)
        await newsroom.add(BRIDGE, Scope(tags=frozenset({"secret"})))
        told = {one.destination: one.payload or "" for one in await sent(newsroom)}
        assert BRIDGE_TITLE not in told[CHAT]
        assert BRIDGE_TITLE in told[OTHER]

    async def test_a_hidden_story_is_not_named_as_related(self, newsroom: Newsroom) -> None:
        await newsroom.add(BRIDGE)
        await newsroom.subscribe(mode=Mode.ARRIVAL)
        await newsroom.add(INQUIRY)
        [post] = await newsroom.at(6, minute=30)
        assert BRIDGE_TITLE in (post.payload or "")
        await hide(newsroom, BRIDGE_TITLE)
        [post] = await sent(newsroom)
        assert BRIDGE_TITLE not in (post.payload or "")

    async def test_a_post_that_is_sent_again_does_not_tell_what_was_hidden_meanwhile(self, newsroom: Newsroom) -> None:
        [post] = await digest_of_both(newsroom)
        await newsroom.send(Uncertain("reset"))
        await hide(newsroom, CHEESE_TITLE)
        now = newsroom.clock()
        assert await newsroom.bot.ledger.decide(await newsroom.post(post.id), State.PENDING, now, now + HOUR)
        [again] = await sent(newsroom)
        assert (BRIDGE_TITLE in (again.payload or ""), CHEESE_TITLE in (again.payload or "")) == (True, False)

    async def test_numbers_stay_when_an_earlier_story_is_left_out(self, newsroom: Newsroom) -> None:
        [post] = await digest_of_both(newsroom)
        await newsroom.bot.ledger.get(post.id)
        await hide(newsroom, CHEESE_TITLE)  # the newest, which has the number 1
        [post] = await sent(newsroom)
        assert await newsroom.bot.chats.about(CHAT, post.remote_id or f"m{post.id}") == (
            "",
            (await newsroom.bot.stories.newest(OPERATOR, 9))[1].version.id,
        )

    async def test_a_story_that_was_left_out_comes_when_it_is_shown_again(self, newsroom: Newsroom) -> None:
        await digest_of_both(newsroom)
        await hide(newsroom, BRIDGE_TITLE)
        await sent(newsroom)
        await hide(newsroom, BRIDGE_TITLE, hidden=False)
        stories = [one.story for one in await newsroom.bot.stories.newest(OPERATOR, 9)]
        number = await report_id(newsroom, BRIDGE_TITLE)
        assert number not in (await newsroom.bot.occasions.told(CHAT, stories)).numbers


class TestEdits:
    async def test_a_restricted_version_is_edited_into_no_post_of_who_may_not_see_it(self, newsroom: Newsroom) -> None:
        await digest_of_both(newsroom, CHAT, OTHER, corrections=True)
        await sent(newsroom)
        await newsroom.add(MORE, Scope(tags=frozenset({"secret"})))
        await newsroom.at(9)
        edits = await sent(newsroom)
        assert [(one.op, one.destination) for one in edits] == [(Op.EDIT, OTHER)]

    async def test_an_edit_that_waits_is_held_when_its_story_is_restricted(self, newsroom: Newsroom) -> None:
        await digest_of_both(newsroom, corrections=True)
        await sent(newsroom)
        await newsroom.add(MORE)
        assert len(await newsroom.at(9)) == 1
        await newsroom.add(MORE, Scope(tags=frozenset({"secret"})))
        assert all("Two people were hurt" not in (one.payload or "") for one in await sent(newsroom))

    @pytest.mark.parametrize("is_removed", [False, True])
    async def test_a_correction_leaves_out_what_was_hidden_or_removed(
        self, newsroom: Newsroom, is_removed: bool
    ) -> None:
        await digest_of_both(newsroom, corrections=True)
        await sent(newsroom)
        if is_removed:
            await newsroom.bot.stories.remove(await report_id(newsroom, BRIDGE_TITLE))
        else:
            await hide(newsroom, BRIDGE_TITLE)
        await newsroom.add(NEWEST_CHEESE)
        await newsroom.at(9)
        [edit] = await sent(newsroom)
        assert "Its maker is ninety." in (edit.payload or "")
        assert BRIDGE_TITLE not in (edit.payload or "")

    async def test_a_hidden_story_that_is_corrected_edits_nothing_and_comes_back_when_it_is_shown(
        self, newsroom: Newsroom
    ) -> None:
        await digest_of_both(newsroom, corrections=True)
        await sent(newsroom)
        await hide(newsroom, BRIDGE_TITLE)
        await newsroom.add(MORE)
        assert await newsroom.at(9) == []
        await hide(newsroom, BRIDGE_TITLE, hidden=False)
        [edit] = await newsroom.at(10)
        assert "Two people were hurt" in (edit.payload or "")


class TestAccess:
    async def test_what_access_does_not_admit_any_more_is_paused_with_its_reason(self, database: Database) -> None:
        open_room = Newsroom(database)
        await digest_of_both(open_room)
        closed = Newsroom(database, Access(Policy.ALLOW_LIST, allowed=frozenset({str(OTHER)})))
        closed.clock.now = open_room.clock()
        assert await sent(closed) == []
        [subscription] = await closed.bot.subscriptions.all()
        assert subscription.paused == NOT_ADMITTED
        assert await closed.states() == [State.CANCELLED]

    async def test_the_review_pauses_what_is_not_admitted_and_resumes_it_when_it_is_again(
        self, database: Database
    ) -> None:
        room = Newsroom(database)
        await room.subscribe()
        await room.subscribe(OTHER)
        closed = Newsroom(database, Access(Policy.ALLOW_LIST, allowed=frozenset({str(OTHER)})))
        assert await closed.bot.posting.admission.review(closed.clock()) == 1
        assert {one.destination: one.paused for one in await room.bot.subscriptions.all()} == {
            CHAT: NOT_ADMITTED,
            OTHER: None,
        }
        await let_in(closed.bot.dispatcher.context, CHAT)  # the bot was added again, which is not the operator's word
        assert (await room.bot.subscriptions.of(CHAT))[0].paused == NOT_ADMITTED
        assert await room.bot.posting.admission.review(room.clock()) == 0
        [again] = await room.bot.subscriptions.of(CHAT)
        assert (again.paused, again.next_due is not None) == (None, True)

    async def test_whoever_is_admitted_takes_over_the_subscription_of_who_is_not(self, database: Database) -> None:
        kept = await Newsroom(database).subscribe()
        closed = Newsroom(database, Access(Policy.ALLOW_LIST, allowed=frozenset({"test:7"})))
        await closed.bot.posting.admission.review(closed.clock())
        await closed.bot.dispatcher.answer(Request(CHAT, "/resume", "test:7", **TRUSTED))
        assert await closed.bot.posting.admission.review(closed.clock()) == 0
        found = await closed.bot.subscriptions.get(kept.id)
        assert found is not None
        assert (found.created_by, found.paused) == ("test:7", None)

    async def test_an_alert_for_who_is_no_operator_any_more_does_not_leave(self, database: Database) -> None:
        before = Newsroom(database, Access(Policy.OPEN, frozenset({str(CHAT)})))
        await before.bot.posting.alerts.stopped("elsewhere", "401", before.clock())
        after = Newsroom(database, Access(Policy.OPEN, frozenset({str(OTHER)})))
        assert await sent(after) == []
        assert await after.states() == [State.CANCELLED]


class TestWithdrawals:
    async def test_a_hidden_story_is_taken_out_of_what_was_posted(self, newsroom: Newsroom) -> None:
        await digest_of_both(newsroom)
        await sent(newsroom)
        await hide(newsroom, BRIDGE_TITLE)
        [edit] = await withdraw(newsroom, BRIDGE_TITLE)
        assert (edit.op, edit.target) == (Op.EDIT, "m1")
        assert (BRIDGE_TITLE in (edit.payload or ""), CHEESE_TITLE in (edit.payload or "")) == (False, True)

    async def test_a_post_of_nothing_else_says_that_it_was_withdrawn(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await sent(newsroom)
        await hide(newsroom, BRIDGE_TITLE)
        [edit] = await withdraw(newsroom, BRIDGE_TITLE)
        assert "has been withdrawn" in (edit.payload or "")

    async def test_a_post_of_nothing_else_is_deleted_once_where_the_operator_says_so(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe(corrections=True)
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await sent(newsroom)
        await hide(newsroom, BRIDGE_TITLE)
        [deletion] = await withdraw(newsroom, BRIDGE_TITLE, deletes=True)
        assert (deletion.op, deletion.target) == (Op.DELETE, "m1")
        assert BRIDGE_TITLE not in (deletion.payload or "")
        assert await withdraw(newsroom, BRIDGE_TITLE, deletes=True) == []
        await newsroom.add(MORE)  # a correction has no post any more
        assert await newsroom.at(9) == []

    async def test_a_post_of_other_stories_too_is_edited_and_not_deleted(self, newsroom: Newsroom) -> None:
        await digest_of_both(newsroom)
        await sent(newsroom)
        await hide(newsroom, BRIDGE_TITLE)
        [edit] = await withdraw(newsroom, BRIDGE_TITLE, deletes=True)
        assert edit.op is Op.EDIT

    async def test_a_deletion_leaves_also_where_the_chat_is_not_admitted_any_more(self, database: Database) -> None:
        newsroom = Newsroom(database)
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await sent(newsroom)
        await hide(newsroom, BRIDGE_TITLE)
        closed = Newsroom(database, Access(Policy.CLOSED))
        closed.clock.now = newsroom.clock()
        [deletion] = await withdraw(closed, BRIDGE_TITLE, deletes=True)
        assert deletion.op is Op.DELETE

    async def test_a_deletion_in_doubt_is_made_again(self, newsroom: Newsroom) -> None:
        await newsroom.subscribe()
        await newsroom.add(BRIDGE)
        await newsroom.at(8)
        await sent(newsroom)
        await hide(newsroom, BRIDGE_TITLE)
        withdrawals = newsroom.bot.posting.withdrawals
        [report] = await newsroom.bot.stories.newest(OPERATOR, 9)
        await withdrawals.withdraw(await withdrawals.posts(report), Op.DELETE, newsroom.clock())
        await newsroom.send(Uncertain("no answer"))
        newsroom.clock.now += HOUR
        assert [one.op for one in await newsroom.send()] == [Op.DELETE]
        assert await newsroom.states() == [State.SENT, State.SENT]

    async def test_what_never_reached_its_chat_is_no_post(self, newsroom: Newsroom) -> None:
        await digest_of_both(newsroom)
        await hide(newsroom, BRIDGE_TITLE)
        assert await withdraw(newsroom, BRIDGE_TITLE) == []


async def withdraw(newsroom: Newsroom, title: str, deletes: bool = False) -> list[Delivery]:
    """The edits and deletions that leave after a hidden story was taken out of its posts."""
    reports = await newsroom.bot.stories.newest(OPERATOR, 9)
    report = next(one for one in reports if title in one.version.article.text)
    withdrawals = newsroom.bot.posting.withdrawals
    op = Op.DELETE if deletes else Op.EDIT
    await withdrawals.withdraw(await withdrawals.posts(report), op, newsroom.clock())
    return [one for one in await sent(newsroom) if one.op is not Op.POST]
