"""The log of a normal day, and how repeated lines are folded."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.access import Access, Policy
from bot.app import open_database
from bot.commands.context import Request
from bot.delivery.courier import Courier, Timing
from bot.delivery.model import Dead, Delivery, Outcome, Retry, Sent
from bot.delivery.pacing import UNLIMITED, Pacing
from bot.delivery.retry import RetryPolicy
from bot.runtime.folding import Folding
from bot.runtime.logging import set_up_logging
from bot.subscriptions.pauses import paused, resumed
from tests.newsroom import BRIDGE, CHAT, OTHER, Newsroom


@pytest.fixture(name="log")
def _log(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    written = StringIO()
    monkeypatch.setattr("sys.stderr", written)
    handlers, level, config = logging.getLogger().handlers, logging.getLogger().level, structlog.get_config()
    set_up_logging("debug", as_json=True)
    yield written
    logging.getLogger().handlers, logging.getLogger().level = handlers, level
    structlog.configure(**config)
    structlog.contextvars.clear_contextvars()


@pytest.fixture(name="newsroom")
async def _newsroom(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with open_database(f"sqlite:///{tmp_path}/n.db") as database:
        yield Newsroom(database, Access(Policy.ALLOW_LIST, allowed=frozenset({CHAT.place})))


def lines(log: StringIO, *events: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in found if line["event"] in events] if events else found


class Far:
    """A platform that answers what the test says."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)

    async def send(self, delivery: Delivery) -> Outcome:
        return self.outcomes.pop(0) if self.outcomes else Sent(f"m{delivery.id}")


async def deliver(newsroom: Newsroom, *outcomes: Outcome) -> None:
    courier = Courier(
        "test",
        newsroom.bot.ledger,
        Far(*outcomes),
        pacing=Pacing(UNLIMITED),
        policy=RetryPolicy(),
        timing=Timing(newsroom.clock),
        is_private=lambda _: True,
    )
    for _ in range(4):
        await courier.beat()
        for task in list(courier._in_flight.values()):
            await task
    courier.stop()
    await courier.run()


async def test_a_digest_leaves_a_line_when_it_is_composed_and_one_when_it_arrives(
    newsroom: Newsroom, log: StringIO
) -> None:
    await newsroom.subscribe()
    await newsroom.add(BRIDGE)
    await newsroom.at(8)
    await deliver(newsroom)
    assert [line["event"] for line in lines(log) if line["level"] != "debug"] == [
        "subscription_added",
        "post_composed",
        "post_sent",
    ]
    [composed] = lines(log, "post_composed")
    assert (composed["stories"], composed["parts"], composed["seconds_late"]) == (1, 1, 0)
    [attempt] = lines(log, "post_attempted")
    [sent] = lines(log, "post_sent")
    assert attempt["delivery"] == sent["delivery"]


@pytest.mark.parametrize(
    ("outcome", "state", "told"), [(Retry("connection reset"), "pending", []), (Dead("chat not found"), "dead", [1])]
)
async def test_each_request_leaves_a_line_with_its_outcome(
    newsroom: Newsroom, log: StringIO, outcome: Outcome, state: str, told: list[int]
) -> None:
    await newsroom.subscribe()
    await newsroom.add(BRIDGE)
    await newsroom.at(8)
    await deliver(newsroom, outcome)
    assert lines(log, "post_attempted")[0]["state"] == state
    assert [line["delivery"] for line in lines(log, "post_failed")] == told


async def test_changes_of_a_subscription_are_told(newsroom: Newsroom, log: StringIO) -> None:
    kept = await newsroom.subscribe()
    store = newsroom.bot.subscriptions
    await store.change(CHAT, kept.id, lambda one: one)
    await store.change(CHAT, kept.id, paused)
    await store.change(CHAT, kept.id, lambda one: resumed(one, newsroom.clock()))
    await store.bar(CHAT, "kicked")
    await store.let_in(CHAT, lambda one: resumed(one, newsroom.clock()))
    await store.remove(CHAT, [kept.id])
    told = ["added", "paused", "resumed", "chat_paused", "chat_resumed", "removed"]
    assert [line["event"].removeprefix("subscription_") for line in lines(log)] == told


async def test_requests_have_an_id_and_leave_one_line_each(newsroom: Newsroom, log: StringIO) -> None:
    for where, user in ((CHAT, "test:7"), (OTHER, "test:8")):
        await newsroom.bot.dispatcher.answer(Request(where, "/latest", user=user))
    [answered], [refused] = lines(log, "request_answered"), lines(log, "request_refused")
    assert (answered["user"], refused["user"], refused["reason"]) == ("test:7", "test:8", "no access")
    assert len({answered["request"], refused["request"]}) == 2


async def test_no_text_of_an_article_or_a_question_is_logged(newsroom: Newsroom, log: StringIO) -> None:
    await newsroom.subscribe()
    await newsroom.add(BRIDGE)
    await newsroom.bot.dispatcher.answer(Request(CHAT, "who blames the zeppelin?", user="test:7"))
    await newsroom.at(8)
    await deliver(newsroom)
    assert len(lines(log)) >= 5
    for word in ("Norby", "mayor", "zeppelin"):
        assert word not in log.getvalue()


class TestFolding:
    @pytest.fixture(name="clock")
    def _clock(self) -> list[float]:
        return [0.0]

    @pytest.fixture(name="written")
    def _written(self, clock: list[float]) -> tuple[logging.Logger, list[str]]:
        lines: list[str] = []

        class Lines(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                lines.append(f"{record.msg}" if isinstance(record.msg, dict) else record.getMessage())

        handler = Lines()
        handler.addFilter(Folding(handler, lambda: clock[0]))
        logger = logging.Logger("folding")  # noqa: LOG001  # of its own, so that no other handler sees it
        logger.addHandler(handler)
        return logger, lines

    def test_a_repeated_line_is_written_once_and_counted(
        self, written: tuple[logging.Logger, list[str]], clock: list[float]
    ) -> None:
        logger, lines = written
        for second in range(50):
            clock[0] = second
            logger.warning("no route to %s", "host")
        assert lines == ["no route to host"]
        clock[0] = 61
        logger.warning("something else")
        assert lines == ["no route to host", "no route to host (repeated 49 times)", "something else"]

    def test_events_are_the_same_if_all_their_fields_are(
        self, written: tuple[logging.Logger, list[str]], clock: list[float]
    ) -> None:
        logger, lines = written
        for number in (1, 2, 1):
            logger.warning({"event": "post_failed", "delivery": number, "timestamp": clock[0]})
            clock[0] += 1
        assert len(lines) == 2
        clock[0] = 70
        logger.warning({"event": "post_failed", "delivery": 3})
        assert "'repeated': 1" in lines[2]
        assert len(lines) == 4

    def test_a_line_alone_is_not_repeated(self, written: tuple[logging.Logger, list[str]], clock: list[float]) -> None:
        logger, lines = written
        for minute in range(3):
            clock[0] = minute * 61
            logger.warning("hello")
        assert lines == ["hello"] * 3

    def test_what_is_remembered_has_a_bound(self, written: tuple[logging.Logger, list[str]]) -> None:
        logger, lines = written
        for number in range(5000):
            logger.warning("line %s", number)
        assert len(lines) == 5000
        [handler] = logger.handlers
        [folding] = handler.filters
        assert isinstance(folding, Folding)
        assert len(folding._seen) <= 200
