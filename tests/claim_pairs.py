"""Golden pairs for attribution: short passages of our own and the claims that a careful reader finds in them.

A file of `tests/data/claims` holds passages that begin with a line ``== kind: subject``.
Under the text each claim is a line

    > stance | source = speaker | target | via | content ~ content

A ``*`` after the stance marks a quotation, and ``= speaker`` is left out where the source names the speaker itself.
All fields but the first are words of the passage; the content may leave out quotation marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefings.model import Article, Block, BlockKind, Claim, Span

DATA = Path(__file__).parent / "data" / "claims"
_DETERMINERS = frozenset({"the", "a", "an", "his", "her", "their", "its", "and", "of"})
#: Those of other languages. German "das" is missing: by itself it is "that".
_OTHER_DETERMINERS = frozenset({"il", "lo", "la", "le", "i", "gli", "di", "les", "du", "de", "el", "los", "der", "die"})


@dataclass(frozen=True)
class Expected:
    """One claim as a reader sees it."""

    stance: str
    quote: bool
    source: str
    speaker: str
    target: str
    via: str
    content: tuple[str, ...]


@dataclass(frozen=True)
class Passage:
    """A text and its claims."""

    name: str
    text: str
    claims: tuple[Expected, ...]


@dataclass
class Tally:
    """How many claims were found, and how many of them are right in each part."""

    expected: int = 0
    found: int = 0
    attributed: int = 0
    stance: int = 0
    target: int = 0
    speaker: int = 0
    swapped: int = 0

    def f1(self) -> float:
        """The balance of precision and recall of attributed claims."""
        return 2 * self.attributed / max(self.found + self.expected, 1)


def passages(name: str) -> list[Passage]:
    """The passages of one file."""
    found = []
    for chunk in (DATA / f"{name}.txt").read_text(encoding="utf-8").split("== ")[1:]:
        title, _, rest = chunk.partition("\n")
        lines = rest.rstrip().split("\n")
        text = "\n".join(line for line in lines if not line.startswith("> ")).strip()
        found.append(Passage(title, text, tuple(_expected(line[2:]) for line in lines if line.startswith("> "))))
    return found


def _expected(line: str) -> Expected:
    stance, source, target, via, content = (field.strip() for field in line.split("|"))
    source, _, speaker = (part.strip() for part in source.partition("= "))
    parts = tuple(part.strip() for part in content.split(" ~ "))
    return Expected(stance.rstrip("*"), stance.endswith("*"), source, speaker or source, target, via, parts)


def article_of(text: str, language: str = "en") -> Article:
    """An article of the text's lines; its first line is the title where no full stop ends it."""
    blocks: list[Block] = []
    place, title = 0, None
    for line in text.split("\n"):
        if line.strip():
            span = Span(place, place + len(line))
            if title is None and not blocks and line[-1] not in ".?!\"'”’“":
                title = span
            else:
                blocks.append(Block(BlockKind.PARAGRAPH, span))
        place += len(line) + 1
    return Article(text, title, None, tuple(blocks), language=language)


def score(passage: Passage, claims: Sequence[Claim], tally: Tally) -> list[str]:
    """Adds one passage to the tally; returns what is wrong, a line each."""
    text = passage.text
    pairs = sorted(
        (-overlap, one, other)
        for one, claim in enumerate(claims)
        for other, expected in enumerate(passage.claims)
        if (overlap := _overlap(_words(span.of(text) for span in claim.content), _words(expected.content))) >= 0.5
    )
    wrong: list[str] = []
    left, right = set(range(len(claims))), set(range(len(passage.claims)))
    for _, one, other in pairs:
        if one in left and other in right:
            left.remove(one)
            right.remove(other)
            wrong += _compare(text, claims[one], passage.claims[other], tally)
    tally.expected += len(passage.claims)
    tally.found += len(claims)
    wrong += [f"not expected: {_shown(text, claims[one])}" for one in sorted(left)]
    wrong += [f"not found: {passage.claims[other]}" for other in sorted(right)]
    return wrong


def _compare(text: str, claim: Claim, expected: Expected, tally: Tally) -> list[str]:
    source = claim.source.of(text) if claim.source else ""
    speaker = claim.speaker.of(text) if claim.speaker else ""
    target = claim.target.of(text) if claim.target else ""
    checks = {
        "attributed": _same(source, expected.source),
        "speaker": _same(speaker, expected.speaker),
        "stance": claim.stance == expected.stance,
        "target": not expected.target or _same(target, expected.target),
    }
    for name, is_right in checks.items():
        setattr(tally, name, getattr(tally, name) + is_right)
    tally.swapped += bool(expected.target) and _same(source, expected.target) and _same(target, expected.source)
    return [f"{name}: {_shown(text, claim)} != {expected}" for name, is_right in checks.items() if not is_right]


def _same(found: str, expected: str) -> bool:
    return bool(_words([found]) & _words([expected])) if expected else not found


def _words(parts: Iterable[str]) -> set[str]:
    words = {word.strip("\"'“”„‘’«»,.:;!?()").lower() for part in parts for word in part.split()}
    return words - _DETERMINERS - _OTHER_DETERMINERS - {""} or words  # "I" is a determiner elsewhere


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


def _shown(text: str, claim: Claim) -> str:
    parts = [claim.source, claim.speaker, claim.cue, claim.target, claim.via]
    content = " ~ ".join(span.of(text) for span in claim.content)
    return " | ".join([claim.stance.value, *(span.of(text) if span else "-" for span in parts), content])
