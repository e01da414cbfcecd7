"""How long answers wait for the token's limit alone, by simulation: the bot itself needs no time.

`python -m tests.benchmarks.pacing` compares digests that are sent meanwhile with no posts at all.
"""

from __future__ import annotations

import random
from collections import deque
from datetime import datetime, timedelta

from bot.chats import Destination
from bot.delivery.pacing import Pacing
from bot.platforms.telegram.service import LIMITS
from tests.fakes import NOON

SECONDS, STEP = 120, timedelta(milliseconds=2)
_BEAT = timedelta(seconds=0.1)


def main() -> None:
    """Prints the waits."""
    for rate in (5, 10, 20):
        for are_posts_due in (True, False):
            waits, posts = simulated(rate, are_posts_due)
            shown = ", ".join(f"p{share} {_percentile(waits, share):.0f} ms" for share in (50, 95, 99))
            said = f"{posts / SECONDS:.1f} posts a second" if are_posts_due else "no posts"
            print(f"{rate} answers a second with {said}: {shown}")


def simulated(rate: float, are_posts_due: bool, seconds: float = SECONDS) -> tuple[list[timedelta], int]:
    """Returns how long answers waited that were asked for at random moments, and the number of posts."""
    chance, pacing = random.Random(3), Pacing(LIMITS)  # noqa: S311  # no secret
    now, end = NOON, NOON + timedelta(seconds=seconds)
    asked = now
    waiting: deque[datetime] = deque()
    planned: deque[datetime] = deque()
    waits: list[timedelta] = []
    posts = 0
    while now < end:
        while asked <= now:
            waiting.append(asked)
            pacing.answer_waits(1)
            asked += timedelta(seconds=chance.expovariate(rate))
        while waiting and not pacing.depart(_chat(len(waits)), True, now, is_answer=True):
            waits.append(now - waiting.popleft())
            pacing.answer_waits(-1)
        while are_posts_due and not planned and (moment := pacing.reserve(_chat(-posts - 1), True, now, now + _BEAT)):
            planned.append(moment)
        if planned and planned[0] <= now and not pacing.depart(_chat(-posts - 1), True, now):
            planned.popleft()
            posts += 1
        now += STEP
    return waits, posts


def _chat(number: int) -> Destination:
    return Destination("telegram", str(number))


def _percentile(waits: list[timedelta], share: int) -> float:
    """In milliseconds."""
    return 1000 * sorted(waits)[len(waits) * share // 100].total_seconds()


if __name__ == "__main__":
    main()
