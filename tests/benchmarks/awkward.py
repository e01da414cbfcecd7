"""Counts what reads awkwardly in briefings, by kind: `python -m tests.benchmarks.awkward --show`.

It looks at what a reader sees: the brief, the summary and the whole briefing of the bundled articles, of forty pages in
`tests/data/pasted`, half of them without headings, and of the odd inputs in `tests/data/shapes`. The words that lean
are listed here, not taken from the rules.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.answers.stories import brief_view, summary_view, whole_view
from bot.views.model import Heading, Verbatim, View
from briefings import examples
from briefings.analysis import brief
from briefings.model import Article, BlockKind, SectionKind, Span, Version
from briefings.sources import read_article
from briefings.sources.lines import ends_sentence
from tests import golden, pages

_LEANING = re.compile(
    r"[“\"'‘]?(?:he|she|they|it|this|that|these|those|his|her|their|its|both|however|but|and|so|then|also|another|instead"
    r"|meanwhile|therefore|nevertheless|still|such|the (?:latter|former|other|two|pair))\b"
    r"(?! (?:is|was) not (?:clear|known)| (?:is|was) unclear"
    r"| (?:week|month|year|morning|afternoon|evening|summer|winter|spring|autumn))",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"['’]s [a-z]")
_FOLDERS = ("pasted", "pasted/written_first", "pasted/held_back", "pasted/heads")
_ALIKE = 0.8
_LEAST_WORDS = 4


@dataclass
class Tally:
    """Counts over some articles."""

    articles: int = 0
    lines: int = 0
    kinds: Counter[str] = field(default_factory=Counter[str])
    notes: list[str] = field(default_factory=list)

    def note(self, kind: str, name: str, text: str) -> None:
        """Counts one fault."""
        self.kinds[kind] += 1
        self.notes.append(f"{kind}: {name}: {text[:110]}")


def articles() -> Iterator[tuple[str, Article]]:
    """The bundled articles, forty pasted ones, and those of odd shapes."""
    for path in sorted(Path(examples.__file__).parent.glob("2*")):
        yield path.name, read_article(path.read_bytes(), path.name)
    pasted = [
        (name, read_article(golden.load(name).page.encode(), "pasted"))
        for folder in _FOLDERS
        for name in golden.names(folder)
    ]
    pasted = [each for each in pasted if each[1].language == "en"]
    pasted.sort(key=lambda each: any(block.kind is BlockKind.HEADING for block in each[1].blocks))
    yield from pasted[:20] + pasted[-20:]
    for name in pages.names("shapes"):
        pair = pages.load(name, "shapes")
        yield name, read_article(pair.page.encode(), pair.file)


def measure() -> Tally:
    """Counts over all articles."""
    tally = Tally()
    for name, article in articles():
        version = Version("0" * 12, brief(article), datetime(2024, 1, 1, tzinfo=UTC))
        tally.articles += 1
        for kind, view in (
            ("brief", brief_view(version)),
            ("summary", summary_view(version)),
            ("whole", whole_view(version, ())),
        ):
            _look_at(view, version, f"{name} ({kind})", tally)
        _look_at_answers(version, name, tally)
    return tally


def _look_at(view: View, version: Version, name: str, tally: Tally) -> None:
    shown, above = list[Span](), list[Span]()
    is_heading = False
    for block in view.blocks[1:]:
        if isinstance(block, Heading):
            if is_heading:
                tally.note("heading above a heading", name, block.text.text if isinstance(block.text, Verbatim) else "")
            is_heading = True
            if isinstance(block.text, Verbatim):
                above.append(block.text.span)
            continue
        is_heading = False
        words = getattr(block, "text", None)
        if not isinstance(words, Verbatim):
            continue
        tally.lines += 1
        _look_at_line(words, shown, name, version, tally)
        if _LEANING.match(words.text) and not _follows(words, above, version.article):
            tally.note("leans on a sentence that is not shown", name, words.text)
        shown.append(words.span)
        above.append(words.span)
    if is_heading:
        tally.note("heading above nothing", name, "")


def _look_at_line(words: Verbatim, shown: list[Span], name: str, version: Version, tally: Tally) -> None:
    article = version.article
    line = words.span.of(article.text)
    if words.span in shown:
        tally.note("line twice", name, line)
    elif any(_alike(line, other.of(article.text)) for other in shown):
        tally.note("same words twice", name, line)
    if line[:1].islower():
        tally.note("begins in the middle", name, line)
    if not ends_sentence(line) and not words.is_cut and words.span != article.standfirst:
        tally.note("is no sentence: a row, a caption, the beginning of a list", name, line)
    if words.is_cut:
        tally.note("cut", name, line)


def _follows(words: Verbatim, above: list[Span], article: Article) -> bool:
    """Whether what stands before the line in the article is shown above it: a sentence, its heading, or the title."""
    end = len(article.text[: words.span.start].rstrip())
    return any(span and span.end == end for span in (article.title, article.standfirst, *above))


def _alike(one: str, other: str) -> bool:
    first, second = set(one.lower().split()), set(other.lower().split())
    return len(first) >= _LEAST_WORDS and len(first & second) >= _ALIKE * max(len(first), len(second))


def _look_at_answers(version: Version, name: str, tally: Tally) -> None:
    briefing, article = version.briefing, version.article
    what = briefing.section(SectionKind.WHAT)
    if what and not what.headings and set(what.key) <= set(briefing.summary):
        tally.note("what happened is all in the summary", name, "")
    people = {person.name.of(article.text) for person in briefing.people}
    for answer in briefing.answers.where if briefing.answers else ():
        said = answer.span.of(article.text)
        if said in people or _POSSESSIVE.match(article.text, answer.span.end):
            tally.note("a place that is a person or describes a noun", name, said)
    _look_at_headings(version, name, tally)


def _look_at_headings(version: Version, name: str, tally: Tally) -> None:
    """A section of several headings must have text below each of them."""
    article = version.article
    headings = [block.span for block in article.blocks if block.kind is BlockKind.HEADING]
    for section in version.briefing.sections:
        for span in section.key if section.headings else ():
            above = max((one for one in headings if one.start < span.start), default=None)
            if above not in section.headings:
                tally.note("text under another heading", name, span.of(article.text))


def main() -> None:
    """Prints the table, with every fault where ``--show`` is given."""
    tally = measure()
    print(f"{tally.articles} articles, {tally.lines} lines")
    print(*(f"  {kind}: {count}" for kind, count in sorted(tally.kinds.items())), sep="\n")
    if "--show" in sys.argv:
        print(*tally.notes, sep="\n")


if __name__ == "__main__":
    main()
