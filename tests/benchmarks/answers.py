"""How long an answer about a stored story takes. The stored analysis is read; nothing is analysed again."""

from __future__ import annotations

import statistics
import time

from bot.app import CONSOLE_USER, open_demo
from bot.commands.context import Request
from bot.platforms.console.chat import CONSOLE
from tests.benchmarks import limits

_LIMIT = 30
_TURNS = 10
_ASKED = (
    "/who", "/what", "/when", "/where", "/why", "/how", "/consequences", "/people", "/timeline", "/numbers", "/claims",
    "who did it?", "did Ukraine do it?", "how many people were hurt?", "what did Zelensky say?", "where was Putin?",
    "why is there so little water?", "what is new about the Kremlin?",
)  # fmt: skip


async def main() -> None:
    """Prints the processor's times of answers about the bundled stories, after a first turn that loads the tables."""
    async with open_demo() as dispatcher:
        stories = await dispatcher.context.library.newest(dispatcher.context.viewer(Request(CONSOLE, "")), 10)
        times = []
        for turn in range(_TURNS):
            for version in stories:
                for text in _ASKED:
                    # No two questions are the same, so that none is answered from a cache.
                    asked = text if text.startswith("/") else f"{text[:-1]}, {turn}?"
                    began = time.process_time()
                    await dispatcher.answer(Request(CONSOLE, asked, CONSOLE_USER, about=(version.id,)))
                    if turn:
                        times.append(1000 * (time.process_time() - began))
    p99 = statistics.quantiles(times, n=100)[98]
    said = limits.at_most("an answer from the stored analysis, p99 in ms", p99, _LIMIT)
    print(f"an answer from the stored analysis: p50 {statistics.median(times):.1f} ms, p99 {p99:.1f} ms ({said})")
