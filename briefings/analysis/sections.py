"""The sections of an article: those that its headings open, and those that its sentences make."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial

from briefings import languages
from briefings.analysis.headings import classify_heading
from briefings.analysis.ranking import rank, within
from briefings.analysis.sentences import Sentence
from briefings.model import Article, Block, BlockKind, Section, SectionKind, Span
from briefings.phrases import PhraseTable, fold
from briefings.sources.furniture import Furniture, furniture

#: What a phone screen holds beside a heading and buttons.
KEY_CHARACTERS = 620
_MOST_KEYS = 5
# Below a heading three words can be the answer: "Moscow blames Kyiv."
_FEWEST_WORDS = 3

_MOST_GATHERED = 3
# A cue of two words in the upper half, or a stronger one further down.
_FEWEST_CUES = 2.0
_LEAD = 2
_MOST_WHAT = 2
# The share of 200 articles whose best sentence by this ranking told the main event.
_WHAT_SCORE = 0.82
_LATEST_MOMENT = 8
_TWO_WORDS = re.compile(r"\b(\w+)(?= ([^\W\d_]\w+))")


@dataclass(slots=True)
class _Part:
    """A section while it is read: its headings and blocks so far."""

    headings: list[Span] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)


def headed_sections(article: Article, found: Sequence[Sentence]) -> list[Section]:
    """The sections that headings open, in the order of their first heading.

    Headings of one kind open one section, except those of no kind: each of them opens its own.
    Headings with nothing below them are left out.

    Args:
        found: The article's sentences.
    """
    of_block: defaultdict[int, list[Sentence]] = defaultdict(list)
    for sentence in found:
        of_block[sentence.block].append(sentence)
    parts: dict[tuple[SectionKind, Span | None], _Part] = {}
    part: _Part | None = None
    for number, block in enumerate(article.blocks):
        if block.kind is BlockKind.HEADING:
            kind = classify_heading(block.span.of(article.text), article.language)
            own = block.span if kind is SectionKind.OTHER else None
            part = parts.setdefault((kind, own), _Part())
            part.headings.append(block.span)
        elif part is not None:
            part.blocks.append(block)
            part.sentences += of_block[number]
    return [
        Section(kind, tuple(part.headings), 1.0, tuple(part.blocks), _key_sentences(article, kind, part))
        for (kind, _), part in parts.items()
        if part.blocks
    ]


def gathered_sections(
    article: Article, found: Sequence[Sentence], ranked: Sequence[Sentence], kinds: Iterable[SectionKind]
) -> list[Section]:
    """For each of ``kinds`` the sentences that tell by their words that they answer it, if any do.

    Args:
        found: The article's sentences in its order.
        ranked: The same, those that tell most first: the best of them say what happened.
    """
    sections = [_best(ranked) if kind is SectionKind.WHAT else _gather(article, found, kind) for kind in kinds]
    return [section for section in sections if section is not None]


def _best(ranked: Sequence[Sentence]) -> Section | None:
    key = tuple(sorted(within(ranked, KEY_CHARACTERS, _MOST_WHAT)))
    blocks = tuple(Block(BlockKind.PARAGRAPH, span) for span in key)
    return Section(SectionKind.WHAT, (), _WHAT_SCORE, blocks, key) if key else None


def _key_sentences(article: Article, kind: SectionKind, part: _Part) -> tuple[Span, ...]:
    text = article.text
    about = " ".join(span.of(text) for span in [*part.headings, article.headline()])
    bonus = partial(_cue_bonus, kind=kind, language=article.language)
    ranked = rank(text, part.sentences, about, article.language, fewest_words=_FEWEST_WORDS, bonus=bonus)
    return tuple(sorted(within(ranked, KEY_CHARACTERS, _MOST_KEYS)))


def _gather(article: Article, found: Sequence[Sentence], kind: SectionKind) -> Section | None:
    scores = _SCORES.get(kind, partial(_cue_scores, kind=kind))(article, found)
    best = sorted((i for i, score in enumerate(scores) if score), key=lambda i: (-scores[i], i))
    chosen = sorted(best[: 1 if kind in _SCORES else _MOST_GATHERED])
    spans = tuple(found[i].span for i in chosen)
    if not spans:
        return None
    blocks = tuple(Block(BlockKind.PARAGRAPH, span) for span in spans)
    key = within([found[i] for i in best if found[i].span in spans], KEY_CHARACTERS, _MOST_KEYS)
    return Section(kind, (), round(max(scores), 2), blocks, tuple(sorted(key)))


def _cue_scores(article: Article, found: Sequence[Sentence], *, kind: SectionKind) -> list[float]:
    """How sure it is, in [0, 1), that each sentence answers ``kind``; 0 where it is not sure enough."""
    scores = []
    for place, sentence in enumerate(found):
        # A cue says more near the top, where an article tells what matters.
        nearness = 1.2 - 0.4 * place / len(found)
        weight = nearness * _cues(sentence.span.of(article.text), article.language, kind)
        scores.append(weight / (weight + 1) if weight >= _FEWEST_CUES else 0.0)
    return scores


def _cue_bonus(text: str, kind: SectionKind, language: str | None) -> float:
    return min(1.0, 0.3 * _cues(text, language, kind))


def _cues(text: str, language: str | None, kind: SectionKind) -> float:
    return _all_cues(text, language).get(kind, 0.0)


@lru_cache(maxsize=1024)
def _all_cues(text: str, language: str | None) -> dict[SectionKind, float]:
    """For each kind that a sentence has cues for the sum of their weights."""
    weights: dict[SectionKind, float] = {}
    for kind, weight in _table(language).matches(fold(text)):
        weights[kind] = weights.get(kind, 0.0) + weight
    return weights


@cache
def _table(language: str | None) -> PhraseTable[SectionKind]:
    return PhraseTable(languages.load(language).cues if language in languages.codes() else {})


def _moments(article: Article, found: Sequence[Sentence]) -> list[float]:
    """Sentences near the top that name a day or a date."""
    known = furniture(article.language)
    scores = []
    for place, sentence in enumerate(found[:_LATEST_MOMENT]):
        words = fold(sentence.span.of(article.text)).split()
        names_one = any(_is_moment(words, i, known) for i in range(len(words)))
        scores.append((0.7 if place < _LEAD else 0.5) if names_one else 0.0)
    return scores


def _is_moment(words: Sequence[str], place: int, known: Furniture) -> bool:
    word = words[place]
    if word in known.months:
        return any(near.isdigit() for near in words[max(0, place - 2) : place + 3])
    return len(word) > 3 and word in known.calendar


def _places(article: Article, found: Sequence[Sentence]) -> list[float]:
    """Sentences at the top with a place's name: a capital behind a word such as "in"."""
    if article.language is None:
        return []
    calendar = furniture(article.language).calendar
    before = languages.load(article.language).places
    return [
        0.6
        if any(
            fold(match[1]) in before and match[2][0].isupper() and fold(match[2]) not in calendar
            for match in _TWO_WORDS.finditer(sentence.span.of(article.text))
        )
        else 0.0
        for sentence in found[:_LEAD]
    ]


_SCORES: dict[SectionKind, Callable[[Article, Sequence[Sentence]], list[float]]] = {
    SectionKind.WHEN: _moments,
    SectionKind.WHERE: _places,
}
