"""Prints how fast the core is: each figure is a ratio against a baseline measured beside it.

Times are of the processor, in turns of baseline and subject; the spread of the ratios over the turns
is the machine's noise.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nupunkt
from trafilatura import bare_extraction

import briefings.examples
from bot.runtime.logging import hidden
from briefings.analysis import brief
from briefings.sources import read_article
from briefings.sources.plain import parse_plain
from tests.benchmarks import (
    answers,
    claims,
    dashboard,
    delivery,
    discord,
    feeds,
    hostile,
    library,
    limits,
    telegram,
    webhooks,
    workers,
)

EXAMPLES = Path(briefings.examples.__file__).parent
TURNS = 25
_CALLS = 5
WORDS = 800


def main() -> None:
    """Runs all benchmarks."""
    _against_sentences()
    _against_trafilatura()
    _against_short_line()
    _start()
    asyncio.run(claims.main())
    asyncio.run(answers.main())
    asyncio.run(library.main())
    library.start_up()
    library.add_files()
    asyncio.run(feeds.main())
    asyncio.run(delivery.main())
    asyncio.run(telegram.main())
    asyncio.run(hostile.main())
    asyncio.run(discord.main())
    asyncio.run(dashboard.main())
    asyncio.run(webhooks.main())
    asyncio.run(workers.main())
    if found := limits.broken():
        sys.exit("\n".join(["Limits that were broken:", *found]))


def _against_sentences() -> None:
    """Every call gets a text of its own, so that nothing is answered from a cache."""
    texts = [_article_of(WORDS, number) for number in range(TURNS * _CALLS + 1)]
    tokenizer = nupunkt.load_default_model()
    for_baseline, for_subject = iter(texts), iter(texts)
    ratios = _ratios(
        lambda: list(tokenizer.span_tokenize(next(for_baseline))),
        lambda: brief(parse_plain(next(for_subject))),
        repeat=_CALLS,
    )
    _report(f"brief of {len(texts[0].split())} words of plain text / sentence split alone", 100, ratios)


def _against_trafilatura() -> None:
    raw = (EXAMPLES / "2023-05-25-a-trail-that-leads-to-kyiv.html").read_bytes()
    raw = _weighty(raw)
    page = raw.decode()

    def alone() -> object:
        return bare_extraction(page, with_metadata=True, include_comments=False)

    _report(
        f"article of an HTML page of {len(raw) // 1000} kB / trafilatura alone",
        1.5,
        _ratios(alone, lambda: read_article(raw, "page")),
    )


def _against_short_line() -> None:
    """A tenth of the line in each of ten calls costs as much as the line, or the search for secrets is not linear."""
    short, long = "a" * 20_000, "a" * 200_000
    ratios = _ratios(lambda: [hidden(short, ()) for _ in range(10)], lambda: hidden(long, ()), repeat=_CALLS)
    _report("secrets in one word of 200 kB / in ten of 20 kB", 2, ratios)


def _weighty(raw: bytes) -> bytes:
    """The page with what a newspaper's page has around its article: menus, scripts, teasers."""
    menu = "".join(f'<li class="menu-item"><a href="/section/{n}">Section {n}</a></li>' for n in range(150))
    script = f"<script>window.settings = {json.dumps({f'key{n}': n for n in range(600)})}</script>"
    teaser = (
        '<div class="teaser"><a href="/story/{n}"><h3>Another story, number {n}</h3></a><p>Its first line.</p></div>'
    )
    teasers = "".join(teaser.replace("{n}", str(n)) for n in range(80))
    page = raw.decode().replace("<body>", f"<body>{script}<nav><ul>{menu}</ul></nav>")
    return page.replace("</main>", f"</main><section class='teasers'>{teasers}</section>").encode()


def _start() -> None:
    path = EXAMPLES / "2023-05-03-drones-over-the-kremlin.txt"
    program = "import resource,subprocess,sys;subprocess.run(sys.argv[1:],check=True,stdout=-3);"
    program += "used=resource.getrusage(resource.RUSAGE_CHILDREN);print(used.ru_utime+used.ru_stime)"
    commands = ([sys.executable, "-c", "pass"], [sys.executable, "-m", "bot", "brief", str(path)])
    times = [
        [
            float(subprocess.check_output([sys.executable, "-c", program, *command]))  # noqa: S603  # our own program
            for _ in range(5)
        ]
        for command in commands
    ]
    bare, used = (statistics.median(each) for each in times)
    said = limits.at_most("nutgraf brief, whole process", used, 1)
    print(f"nutgraf brief, whole process: {used:.2f} s of CPU ({said}), an empty Python {bare:.2f} s")


def _ratios(baseline: Callable[[], object], subject: Callable[[], object], repeat: int = 1) -> list[float]:
    baseline(), subject()
    return [_seconds(subject, repeat) / _seconds(baseline, repeat) for _ in range(TURNS)]


def _seconds(work: Callable[[], object], repeat: int) -> float:
    start = time.process_time()
    for _ in range(repeat):
        work()
    return time.process_time() - start


def _report(name: str, limit: float, ratios: list[float]) -> None:
    low, middle, high = statistics.quantiles(ratios, n=4)
    said = limits.at_most(name, middle, limit)
    print(f"{name}: {middle:.2f} times ({said}; quartiles {low:.2f} to {high:.2f} over {len(ratios)} turns)")


def _article_of(words: int, number: int) -> str:
    """A pasted page of about so many words, made of a bundled article; no sentence is in another one."""
    article = read_article((EXAMPLES / "2023-05-03-drones-over-the-kremlin.txt").read_bytes(), "page")
    paragraphs = [block.span.of(article.text) for block in article.blocks]
    grown = [
        paragraph.replace(". ", f" ({number}). ").replace(" the ", f" the {number}th ", 1) for paragraph in paragraphs
    ]
    while sum(len(paragraph.split()) for paragraph in grown) < words:
        again = paragraphs[len(grown) % len(paragraphs)]
        grown.append(f"{again.replace(' a ', f' a {number}th ')} It was hour {len(grown)} of night {number}.")
    return "\n\n".join(["Two drones over the Kremlin", *grown])


if __name__ == "__main__":
    main()
