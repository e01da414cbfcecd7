"""Prints what was left out, kept and misread of pasted pages, by kind of line: `python -m tests.benchmarks.pasted`."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field

from briefings.model import Article
from briefings.sources import read_article
from tests import golden

#: Folders of `tests/data`: what the rules were written with, and what was written before them.
_FOLDERS = ("pasted", "pasted/written_first", "pasted/held_back", "pasted/heads", "pasted/listed")


@dataclass
class Tally:
    """Counts over the pages of a folder."""

    pages: int = 0
    right: Counter[str] = field(default_factory=Counter[str])
    junk: Counter[str] = field(default_factory=Counter[str])
    junk_left: Counter[str] = field(default_factory=Counter[str])
    counts: Counter[str] = field(default_factory=Counter[str])
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, article: Article, expected: golden.Expected) -> None:
        """Counts one page."""
        self.pages += 1
        self._add_head(name, article, expected)
        self._add_body(name, article, expected)
        self._add_related(name, article, expected)

    def _add_head(self, name: str, article: Article, expected: golden.Expected) -> None:
        title, standfirst = (span.of(article.text) if span else None for span in (article.title, article.standfirst))
        for what, found, wanted in (
            ("title", title, expected.title),
            ("standfirst", standfirst, expected.standfirst),
            ("byline", article.byline, expected.byline),
        ):
            self.right[what] += found == wanted
            if found != wanted:
                self.notes.append(f"{name}: {what} {found!r}, not {wanted!r}")

    def _add_body(self, name: str, article: Article, expected: golden.Expected) -> None:
        pieces = [(block.kind.value, block.span.of(article.text)) for block in article.blocks]
        texts = {text for _, text in pieces}
        shown = {line for text in texts for line in text.split("\n")}
        shown |= {span.of(article.text) for span in (article.title, article.standfirst) if span}
        for line, kind in zip(expected.junk, expected.junk_kinds, strict=True):
            self.junk[kind] += 1
            if line in shown:
                self.junk_left[kind] += 1
                self.notes.append(f"{name}: {kind or 'junk'} left: {line}")
        wanted = dict.fromkeys(text for _, text in expected.pieces)
        for text in wanted:
            self.counts["pieces"] += 1
            if text not in texts:
                self.counts["pieces lost"] += 1
                self.notes.append(f"{name}: lost: {text[:90]}")
        self._add_headings(name, pieces, expected)

    def _add_headings(self, name: str, pieces: list[tuple[str, str]], expected: golden.Expected) -> None:
        found = {text for kind, text in pieces if kind == "heading"}
        wanted = {text for kind, text in expected.pieces if kind == "heading"}
        self.counts["headings"] += len(wanted)
        self.counts["headings found"] += len(found & wanted)
        self.counts["headings false"] += len(found - wanted)
        self.notes += [f"{name}: false heading: {text}" for text in sorted(found - wanted)]

    def _add_related(self, name: str, article: Article, expected: golden.Expected) -> None:
        found = {story.title for story in article.related}
        self.counts["related"] += len(expected.related)
        self.counts["related found"] += len(found & expected.related)
        self.counts["related false"] += len(found - expected.related)
        self.notes += [f"{name}: related missed: {title}" for title in sorted(expected.related - found)]
        self.notes += [f"{name}: related false: {title}" for title in sorted(found - expected.related)]

    def lines(self) -> list[str]:
        """The table."""
        junk, left = self.junk.total(), self.junk_left.total()
        by_kind = ", ".join(
            f"{kind or 'other'} {left} of {self.junk[kind]}" for kind, left in sorted(self.junk_left.items())
        )
        return [
            *(f"{what} right {count} of {self.pages}" for what, count in self.right.items()),
            f"junk left {left} of {junk}: {by_kind or 'none'}",
            *(f"{what} {self.counts[what]}" for what in ("pieces", "pieces lost")),
            *(f"headings {what} {self.counts[f'headings {what}']}" for what in ("found", "false")),
            f"headings wanted {self.counts['headings']}",
            *(f"related {what} {self.counts[f'related {what}']}" for what in ("found", "false")),
            f"related wanted {self.counts['related']}",
        ]


def measure(folder: str) -> Tally:
    """Counts over all pages of a folder of `tests/data`."""
    tally = Tally()
    for name in golden.names(folder):
        expected = golden.load(name)
        tally.add(name.rpartition("/")[2], read_article(expected.page.encode(), "pasted"), expected)
    return tally


def main() -> None:
    """Prints a table for each folder, with every fault where ``--show`` is given."""
    for folder in _FOLDERS:
        tally = measure(folder)
        print(f"{folder}: {tally.pages} pages", *tally.lines(), sep="\n  ")
        if "--show" in sys.argv:
            print(*tally.notes, sep="\n  ")


if __name__ == "__main__":
    main()
