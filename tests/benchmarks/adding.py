"""How long `nutgraf stories add` takes for many different small files: ``python -m tests.benchmarks.adding 10000``.

Each file has a headline and sentences of words that occur nowhere else so, and two sentences of a bundled article, in
which there are names, numbers and claims. The time is that of the processor, for the command and its workers; on two
free cores, the command takes about half of it. A busy machine needs up to twice as much.
"""

from __future__ import annotations

import ctypes
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import briefings.examples
from briefings.analysis.sentences import sentences
from briefings.sources import read_article
from tests.benchmarks.library import new_stories
from tests.benchmarks.limits import at_most, broken

FILES = 10_000
#: The seconds that are allowed on so many free cores.
_SECONDS, _CORES = 180, 2
#: Linux makes this process the parent of its children's children when their parent ends, PR_SET_CHILD_SUBREAPER.
_ADOPT = 36
_EXAMPLES = Path(briefings.examples.__file__).parent


def main() -> None:
    """Writes the files, adds them, and prints what that took."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(islice(texts(), files)):
            (Path(folder) / f"{number}.txt").write_text(text, "utf-8")
        elapsed, processor, said = _added(Path(folder))
    name = f"nutgraf stories add, {files} files"
    limit = at_most(name, processor / _CORES, _SECONDS)
    print(f"{name}: {said}")
    print(f"{elapsed:.0f} s, {processor:.0f} s of the processor, {1000 * processor / files:.1f} ms a file")
    print(f"on {_CORES} free cores: {processor / _CORES:.0f} s ({limit})")
    sys.exit(1 if broken() else 0)


def texts() -> Iterator[str]:
    """Different articles of about 150 words, without end."""
    known = [sentence for path in sorted(_EXAMPLES.glob("*.txt")) for sentence in _sentences(path)]
    chance = random.Random(7)  # noqa: S311  # the same articles each time
    for story in new_stories():
        headline, *paragraphs = story.version.article.text.split("\n\n")
        yield "\n\n".join([headline, *paragraphs, *chance.sample(known, 2)])


def _sentences(path: Path) -> list[str]:
    article = read_article(path.read_bytes(), path.name)
    return [sentence.span.of(article.text) for sentence in sentences(article)]


def _added(folder: Path) -> tuple[float, float, str]:
    """Runs the command in a folder. Returns the seconds, those of the processor, and the last line that it prints."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "bot", "stories", "add", "."]
    ctypes.CDLL(None).prctl(_ADOPT, 1, 0, 0, 0)  # the workers outlive the command, whose times would lack theirs
    began, before = time.perf_counter(), _processor()
    run = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)  # noqa: S603  # our own program
    elapsed = time.perf_counter() - began
    with suppress(ChildProcessError):
        while True:
            os.wait()
    return elapsed, _processor() - before, run.stdout.splitlines()[-1]


def _processor() -> float:
    """The seconds of the processor that this program's children took, and theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
