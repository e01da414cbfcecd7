"""Rate limits, and what the ledger stores for each outcome."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chats import Destination
from bot.delivery.model import (
    Dead,
    Delivery,
    Migrated,
    Outcome,
    Paused,
    Retry,
    Sent,
    State,
    Stopped,
    Uncertain,
)
from bot.delivery.pacing import UNLIMITED, Limit, Limits, Pacing
from bot.delivery.retry import RetryPolicy, settle
from tests.benchmarks.pacing import simulated
from tests.fakes import NOON

SECOND = timedelta(seconds=1)
TELEGRAM = Limits(30, 5, (Limit(1, SECOND),), (Limit(1, SECOND), Limit(20, 60 * SECOND)))
BURST = 6
CHATS = [Destination("test", str(number)) for number in range(200)]


def person(number: int) -> Destination:
    return Destination("test", str(1000 + number))


def delivery(attempts: int = 1, sending_at: datetime | None = NOON) -> Delivery:
    return Delivery(
        1, "1:slot:x:1", 1, CHATS[0], "text", NOON, NOON + timedelta(hours=9), attempts=attempts, sending_at=sending_at
    )


def drained(
    pacing: Pacing, chats: list[Destination], seconds: float, is_private: bool = True
) -> list[tuple[datetime, Destination]]:
    """When posts leave, of as many as there are wanted by each chat, asked every hundredth of a second."""
    sent = []
    now = NOON
    while now < NOON + seconds * SECOND:
        for chat in chats:
            if not pacing.depart(chat, is_private, now):
                sent.append((now, chat))  # noqa: PERF401  # two loops read better
        now += SECOND / 100
    return sent


def most_in(moments: list[datetime], period: timedelta) -> int:
    """The most of them that lie in one stretch of that length."""
    return max(sum(start <= other < start + period for other in moments) for start in moments)


class TestPacing:
    def test_a_question_with_an_older_moment_forgets_nothing(self) -> None:
        """The courier plans with the moment of its beat, while answers leave at later ones."""
        pacing = Pacing(TELEGRAM)
        assert not pacing.depart(CHATS[0], is_private=True, now=NOON + SECOND / 10)
        pacing.opens(CHATS[0], is_private=True, now=NOON)
        assert pacing.depart(CHATS[0], is_private=True, now=NOON + SECOND / 5)

    def test_a_hold_is_as_long_after_the_clock_was_put_back(self) -> None:
        pacing = Pacing(TELEGRAM)
        pacing.hold(CHATS[0], NOON + 5 * SECOND, NOON, everywhere=True)
        pacing.put_back(timedelta(hours=6))
        then = NOON - timedelta(hours=6)
        assert pacing.is_held(CHATS[1], then + 4 * SECOND)
        assert not pacing.is_held(CHATS[1], then + 5 * SECOND)

    def test_a_late_plan_is_caught_up_with(self) -> None:
        """A courier that looks a tenth of a second late every time still uses the whole rate."""
        pacing = Pacing(Limits(10))
        chats, planned, now = iter(CHATS), 0, NOON
        while now < NOON + 10 * SECOND:
            now += SECOND * 0.15
            while pacing.reserve(next(chats), is_private=True, now=now, until=now) is not None:
                planned += 1
        assert planned >= 95

    def test_no_second_has_more_than_the_platform_allows(self) -> None:
        moments = [moment for moment, _ in drained(Pacing(TELEGRAM), CHATS, 10)]
        assert most_in(moments, SECOND) <= 30
        assert len(moments) >= 0.96 * 29 * 10, "posts leave a place free"

    def test_no_chat_gets_more_than_one_a_second(self) -> None:
        sent = drained(Pacing(TELEGRAM), CHATS[:3], 20)
        for chat in CHATS[:3]:
            mine = [moment for moment, where in sent if where == chat]
            assert most_in(mine, SECOND) == 1
            assert len(mine) >= 17

    def test_no_group_gets_more_than_twenty_a_minute(self) -> None:
        mine = [moment for moment, _ in drained(Pacing(TELEGRAM), CHATS[:1], 130, is_private=False)]
        assert most_in(mine, 60 * SECOND) == 20
        assert len(mine) >= 40

    def test_plans_are_evenly_spaced(self) -> None:
        pacing = Pacing(TELEGRAM)
        moments = [pacing.reserve(chat, True, NOON, NOON + SECOND) for chat in CHATS]
        planned = [moment for moment in moments if moment is not None]
        assert len(planned) >= 29
        assert abs(planned[1] - planned[0] - SECOND / 29) < SECOND / 1000

    def test_a_chat_that_waits_holds_up_no_other(self) -> None:
        pacing = Pacing(TELEGRAM)
        pacing.depart(CHATS[0], True, NOON)
        assert pacing.reserve(CHATS[0], True, NOON, NOON + SECOND) is None
        assert pacing.reserve(CHATS[1], True, NOON, NOON + SECOND) == NOON

    def test_a_plan_that_is_carried_out_late_breaks_no_limit(self) -> None:
        """The loop stood still for ten seconds, and three hundred posts would leave at once."""
        pacing = Pacing(TELEGRAM)
        late = NOON + 10 * SECOND
        gone = [chat for chat in CHATS if not pacing.depart(chat, True, late)]
        assert len(gone) == 29

    def test_answers_that_are_held_up_run_into_few_of_the_next_ones(self) -> None:
        """Three hundred people ask at once. What leaves within 0.3 seconds is held up being sent: one burst is."""
        pacing, waiting = Pacing(TELEGRAM), list(range(300))
        arrivals: list[datetime] = []
        for tick in range(1100):
            now = NOON + tick * SECOND / 100
            is_held_up = timedelta(seconds=2) <= now - NOON < timedelta(seconds=2.3)
            while waiting and not pacing.depart(person(waiting[-1]), True, now, is_answer=True):
                waiting.pop()
                arrivals.append(NOON + timedelta(seconds=2.3) if is_held_up else now)
        assert not waiting, "thirty a second are answered"
        assert most_in(arrivals, 0.8 * SECOND) <= 30 + BURST

    def test_posts_leave_room_while_an_answer_waits(self) -> None:
        pacing = Pacing(TELEGRAM)
        pacing.answer_waits(1)
        moments = [pacing.reserve(chat, True, NOON, NOON + SECOND) for chat in CHATS]
        assert len([moment for moment in moments if moment is not None]) == 26

    def test_an_answer_takes_the_last_place_before_a_post(self) -> None:
        pacing = Pacing(TELEGRAM)
        for chat in CHATS[:29]:
            assert not pacing.depart(chat, True, NOON)
        assert pacing.depart(CHATS[29], True, NOON)
        assert not pacing.depart(CHATS[29], True, NOON, is_answer=True)
        assert pacing.depart(CHATS[30], True, NOON, is_answer=True)

    def test_a_few_answers_a_second_wait_for_no_post(self) -> None:
        """They are asked for at random moments while posts are always due."""
        for rate in (1, 5):
            waits, posts = simulated(rate, are_posts_due=True, seconds=30)
            assert sorted(waits)[len(waits) * 95 // 100] <= SECOND / 100
            assert posts / 30 > 19

    def test_a_chat_that_complains_is_left_alone_and_the_others_are_not(self) -> None:
        pacing = Pacing(TELEGRAM)
        pacing.hold(CHATS[0], NOON + 30 * SECOND, NOON)
        assert pacing.is_held(CHATS[0], NOON + 29 * SECOND)
        assert not pacing.is_held(CHATS[0], NOON + 30 * SECOND)
        assert not pacing.is_held(CHATS[1], NOON)
        assert pacing.reserve(CHATS[0], True, NOON, NOON + SECOND) is None
        assert pacing.reserve(CHATS[1], True, NOON, NOON + SECOND) is not None

    def test_two_chats_that_complain_within_five_seconds_stop_all(self) -> None:
        pacing = Pacing(TELEGRAM)
        pacing.hold(CHATS[0], NOON + 30 * SECOND, NOON)
        pacing.hold(CHATS[1], NOON + 40 * SECOND, NOON + 4 * SECOND)
        assert pacing.is_held(CHATS[2], NOON + 39 * SECOND)
        assert pacing.reserve(CHATS[2], True, NOON + 39 * SECOND, NOON + 39.5 * SECOND) is None
        assert pacing.reserve(CHATS[2], True, NOON + 40 * SECOND, NOON + 41 * SECOND) is not None

    def test_two_that_complain_far_apart_do_not(self) -> None:
        pacing = Pacing(TELEGRAM)
        pacing.hold(CHATS[0], NOON + 30 * SECOND, NOON)
        pacing.hold(CHATS[1], NOON + 40 * SECOND, NOON + 6 * SECOND)
        assert not pacing.is_held(CHATS[2], NOON + 6 * SECOND)

    def test_one_that_speaks_for_all_stops_all(self) -> None:
        pacing = Pacing(TELEGRAM)
        pacing.hold(CHATS[0], NOON + 30 * SECOND, NOON, everywhere=True)
        assert pacing.is_held(CHATS[1], NOON)

    def test_without_limits_everything_goes_at_once(self) -> None:
        pacing = Pacing(UNLIMITED)
        assert not any(pacing.depart(chat, True, NOON) for chat in CHATS)
        assert all(pacing.reserve(chat, True, NOON, NOON) == NOON for chat in CHATS)

    def test_limits_that_change_hold_at_once(self) -> None:
        pacing = Pacing(TELEGRAM)
        pacing.limit_to(Limits(2, 1))
        assert [bool(pacing.depart(chat, True, NOON)) for chat in CHATS[:3]] == [False, True, True]


class TestSharedLimits:
    @given(processes=st.integers(1, 9), are_posts_due=st.booleans())
    def test_processes_keep_to_the_limit_together(self, processes: int, are_posts_due: bool) -> None:
        first, *others = (
            TELEGRAM.divided(processes, sends_posts=number == 0, are_posts_due=are_posts_due)
            for number in range(processes)
        )
        assert first.rate is not None
        assert first.rate + sum(one.rate or 0 for one in others) <= 30
        assert min(first.rate, *(one.rate or 0 for one in others), 30) >= 1

    def test_a_digest_takes_most_of_it(self) -> None:
        assert TELEGRAM.divided(2, sends_posts=True, are_posts_due=True).rate == 28
        assert TELEGRAM.divided(2, sends_posts=False, are_posts_due=True).rate == 2
        assert TELEGRAM.divided(2, sends_posts=False, are_posts_due=False).rate == 15

    def test_no_limit_stays_none(self) -> None:
        assert UNLIMITED.divided(3, sends_posts=True, are_posts_due=True) == UNLIMITED


class TestOutcomes:
    @pytest.mark.parametrize(
        ("outcome", "state"),
        [
            (Sent("5"), State.SENT),
            (Retry("refused"), State.PENDING),
            (Retry("flood", 9 * SECOND), State.PENDING),
            (Migrated("-100"), State.PENDING),
            (Paused("kicked"), State.CANCELLED),
            (Dead("too long"), State.DEAD),
            (Uncertain("reset"), State.UNCERTAIN),
            (Stopped("401"), State.PENDING),
        ],
        ids=["sent", "retry", "flood", "migrated", "paused", "dead", "uncertain", "stopped"],
    )
    def test_each_leads_to_its_state(self, outcome: Outcome, state: State) -> None:
        assert settle(delivery(), outcome, NOON, 0, RetryPolicy()).state is state

    def test_a_complaint_is_obeyed_to_the_second_and_shifts_its_chat(self) -> None:
        settled = settle(delivery(99), Retry("flood", 9 * SECOND), NOON, 0.7, RetryPolicy())
        assert (settled.not_before, settled.shifts_chat) == (NOON + 9 * SECOND, True)

    def test_what_never_arrives_is_dead_in_the_end_and_says_why(self) -> None:
        settled = settle(delivery(12), Retry("refused"), NOON, 0, RetryPolicy())
        assert (settled.state, settled.error) == (State.DEAD, "given up after 12 attempts: refused")

    def test_a_platform_that_knows_repetitions_gets_them_for_two_minutes(self) -> None:
        policy = RetryPolicy(resend_within=timedelta(minutes=2))
        assert settle(delivery(), Uncertain("reset"), NOON + 119 * SECOND, 0, policy).state is State.PENDING
        assert settle(delivery(), Uncertain("reset"), NOON + 120 * SECOND, 0, policy).state is State.UNCERTAIN

    @given(attempts=st.integers(1, 10_000), jitter=st.floats(0, 1, exclude_max=True))
    def test_the_back_off_grows_and_never_overflows(self, attempts: int, jitter: float) -> None:
        policy = RetryPolicy()
        wait = policy.back_off(attempts, jitter)
        assert timedelta(seconds=1) <= wait <= policy.longest
        assert policy.back_off(attempts + 1, jitter) >= wait
