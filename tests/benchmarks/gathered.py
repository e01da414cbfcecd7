"""Prints how many lines of gathered sections answer their question: `python -m tests.benchmarks.gathered`.

The articles are in `tests/data/gathered`: a title behind ``==``, then a line for each sentence, with the questions that
it answers before a tab. In the reports further lines name who accuses whom and who denies it:

    > accuses | speaker | target
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from briefings.analysis import brief
from briefings.model import SectionKind
from tests.fakes import article
from tests.golden import DATA

#: What happened is told by every sentence of a report, more or less.
_NOT_COUNTED = {SectionKind.WHAT}


@dataclass
class Tally:
    """Lines that sections show, and sentences that they should show."""

    shown: Counter[SectionKind] = field(default_factory=Counter[SectionKind])
    right: Counter[SectionKind] = field(default_factory=Counter[SectionKind])
    wanted: Counter[SectionKind] = field(default_factory=Counter[SectionKind])
    notes: list[str] = field(default_factory=list)

    def precision(self) -> float:
        """The share of the shown lines that answer their question."""
        return self.right.total() / max(1, self.shown.total())

    def recall(self) -> float:
        """The share of the sentences that answer a question and are shown under it."""
        return self.right.total() / max(1, self.wanted.total())


def articles(name: str) -> Iterator[tuple[str, list[tuple[frozenset[SectionKind], str]]]]:
    """The title of each article of a file, and its sentences with the questions that they answer."""
    text = (DATA / "gathered" / f"{name}.txt").read_text(encoding="utf-8")
    for part in text.split("== ")[1:]:
        title, *rows = part.strip().split("\n")
        pairs = (row.split("\t") for row in rows if not row.startswith("> "))
        yield title, [(frozenset(map(SectionKind, kinds.split(","))), sentence) for kinds, sentence in pairs]


def disputes(name: str) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """The title of each article of a file, and its accusations and denials: stance, speaker and target."""
    text = (DATA / "gathered" / f"{name}.txt").read_text(encoding="utf-8")
    for part in text.split("== ")[1:]:
        title, *rows = part.strip().split("\n")
        fields = ([*row[2:].split(" | "), ""] for row in rows if row.startswith("> "))
        yield title, [(stance, speaker, target) for stance, speaker, target, *_ in fields]


def measure(name: str) -> Tally:
    """Counts over the articles of a file."""
    tally = Tally()
    for title, rows in articles(name):
        read = article(title, *(sentence for _, sentence in rows))
        kinds = {sentence: kinds for kinds, sentence in rows}
        tally.wanted.update(kind for each in kinds.values() for kind in each if kind not in _NOT_COUNTED)
        for section in brief(read).sections:
            for line in (span.of(read.text) for span in section.key if section.kind not in _NOT_COUNTED):
                tally.shown[section.kind] += 1
                expected = {span.of(read.text) for span in section.expected}
                answered = {section.kind} | ({SectionKind.NEXT} if line in expected else set())
                if not answered.isdisjoint(kinds[line]):
                    tally.right[section.kind] += 1
                else:
                    tally.notes.append(f"{section.kind.value}: {line}")
    return tally


def main() -> None:
    """Prints a table for each file, with every line that is wrong where ``--show`` is given."""
    for name in ("tuning", "held_back", "reports_first", "reports_second"):
        tally = measure(name)
        print(f"{name}: precision {tally.precision():.3f}, recall {tally.recall():.3f}")
        for kind in sorted(tally.shown, key=list(SectionKind).index):
            print(f"  {kind.value}: {tally.right[kind]} of {tally.shown[kind]} right, {tally.wanted[kind]} wanted")
        if "--show" in sys.argv:
            print(*tally.notes, sep="\n  ")


if __name__ == "__main__":
    main()
