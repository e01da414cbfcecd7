"""The cost of finding an article's claims in its worker: processor time and memory, each with a limit."""

from __future__ import annotations

import resource
import statistics
import time

from bot.workers.pool import ANALYSIS, running_workers
from briefings.analysis import parsing
from briefings.analysis.attribution import attribution_of
from briefings.model import Article
from briefings.sources.plain import parse_plain
from tests.benchmarks.limits import at_most

WORDS = 800
_TURNS = 7
#: Seconds of the processor for an article of `WORDS` words, and megabytes of the whole process.
_MOST_SECONDS, _MOST_MEGABYTES = 0.5, 400
_PARAGRAPHS = (
    "The harbour board accused the pilots of {n} late departures on Monday. Its chairwoman, Ada Finch, said that the"
    " channel was deep enough for every ship of the {n} that waited.",
    "“We told the board in March,” said Karl Voss, who leads the pilots. “Nobody wrote back to us for {n} weeks.”",
    "The Echo reported that {n} captains had refused to sail. Finch denied this. According to the coastguard, the tide"
    " was low and the wind came from the north for {n} hours.",
)


async def main() -> None:
    """Measures an article that no cache knows in each turn, and the largest that is analysed at all."""
    if not parsing.is_available():
        print("claims: not measured, spaCy and its model are not installed")
        return
    async with running_workers(ANALYSIS) as workers:
        times = [await workers.run(_seconds, _article(WORDS, turn)) for turn in range(_TURNS)]
        seconds = statistics.median(times[1:])
        said = at_most("claims: seconds of an article", seconds, _MOST_SECONDS)
        print(f"claims of {WORDS} words: {seconds:.2f} s of the processor ({said})")
        await workers.run(_seconds, _article(5000, 0))
        megabytes = await workers.run(_megabytes)
        said = at_most("claims: megabytes of the worker", megabytes, _MOST_MEGABYTES)
        print(f"memory of the worker at its most: {megabytes:.0f} MB ({said})")


def _article(words: int, number: int) -> Article:
    paragraphs: list[str] = []
    while sum(len(one.split()) for one in paragraphs) < words:
        paragraphs.append(_PARAGRAPHS[len(paragraphs) % len(_PARAGRAPHS)].format(n=number * 100 + len(paragraphs)))
    return parse_plain("Port of Harrowby closed\n\n" + "\n\n".join(paragraphs))


def _seconds(article: Article) -> float:
    before = time.process_time()
    attribution_of(article)
    return time.process_time() - before


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
