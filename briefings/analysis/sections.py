"""The sections of an article: those that its headings open, and those that its sentences make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from briefings import languages
from briefings.analysis.headings import classify_heading
from briefings.analysis.ranking import rank, within
from briefings.analysis.sentences import Sentence, split_block
from briefings.model import Article, Block, BlockKind, Section, SectionKind, Span
from briefings.phrases import compile_phrase, fold
from briefings.sources.furniture import furniture

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


@dataclass(slots=True)
class _Part:
    """A section while it is read: its headings and blocks so far."""

    headings: list[Span] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def headed_sections(article: Article) -> list[Section]:
    """The sections that headings open, in the order of their first heading.

    Headings of one kind open one section, except those of no kind: each of them opens its own.
    Headings with nothing below them are left out.
    """
    parts: dict[tuple[SectionKind, Span | None], _Part] = {}
    part: _Part | None = None
    for block in article.blocks:
        if block.kind is BlockKind.HEADING:
            kind = classify_heading(block.span.of(article.text), article.language)
            own = block.span if kind is SectionKind.OTHER else None
            part = parts.setdefault((kind, own), _Part())
            part.headings.append(block.span)
        elif part is not None:
            part.blocks.append(block)
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
    inner = [Sentence(span, n) for n, block in enumerate(part.blocks) for span in split_block(text, block)]
    about = " ".join(span.of(text) for span in [*part.headings, article.headline()])
    bonus = partial(_cue_bonus, kind=kind, language=article.language)
    ranked = rank(text, inner, about, article.language, fewest_words=_FEWEST_WORDS, bonus=bonus)
    return tuple(sorted(within(ranked, KEY_CHARACTERS, _MOST_KEYS)))


def _gather(article: Article, found: Sequence[Sentence], kind: SectionKind) -> Section | None:
    scores = [_score(article, sentence, place, len(found), kind) for place, sentence in enumerate(found)]
    best = sorted((i for i, score in enumerate(scores) if score), key=lambda i: (-scores[i], i))
    chosen = sorted(best[: 1 if kind in {SectionKind.WHEN, SectionKind.WHERE} else _MOST_GATHERED])
    spans = tuple(found[i].span for i in chosen)
    if not spans:
        return None
    blocks = tuple(Block(BlockKind.PARAGRAPH, span) for span in spans)
    key = within([found[i] for i in best if found[i].span in spans], KEY_CHARACTERS, _MOST_KEYS)
    return Section(kind, (), round(max(scores), 2), blocks, tuple(sorted(key)))


def _score(article: Article, sentence: Sentence, place: int, total: int, kind: SectionKind) -> float:
    """How sure it is, in [0, 1), that a sentence answers ``kind``; 0 where it is not sure enough."""
    text = sentence.span.of(article.text)
    match kind:
        case SectionKind.WHEN:
            return _moment(article, text, place)
        case SectionKind.WHERE:
            return _place(article, text, place)
        case _:
            weight = _cues(text, article.language, kind)
            # A cue says more near the top, where an article tells what matters.
            weight *= 1.2 - 0.4 * place / max(1, total)
            return weight / (weight + 1) if weight >= _FEWEST_CUES else 0.0


def _cue_bonus(text: str, kind: SectionKind, language: str | None) -> float:
    return min(1.0, 0.3 * _cues(text, language, kind))


def _cues(text: str, language: str | None, kind: SectionKind) -> float:
    folded = fold(text)
    tongues = [languages.load(language)] if language in languages.codes() else []
    patterns = [pattern for tongue in tongues for pattern in tongue.cues.get(kind, ())]
    return sum(compile_phrase(pattern).weight(folded) for pattern in patterns)


def _moment(article: Article, text: str, place: int) -> float:
    """A sentence near the top that names a day or a date."""
    known = furniture(article.language)
    words = fold(text).split()
    for i, word in enumerate(words):
        near = words[max(0, i - 2) : i + 3]
        is_day = word in known.calendar and word not in known.months and len(word) > 3
        if is_day or (word in known.months and any(other.isdigit() for other in near)):
            return 0.7 if place < _LEAD else 0.5 if place < _LATEST_MOMENT else 0.0
    return 0.0


def _place(article: Article, text: str, place: int) -> float:
    """A sentence at the top with a place's name: a capital behind a word such as "in"."""
    if place >= _LEAD or article.language not in languages.codes():
        return 0.0
    known = furniture(article.language)
    before = languages.load(article.language or "en").places
    for match in re.finditer(r"\b(\w+) ([^\W\d_]\w+)", text):
        name = match.group(2)
        if fold(match.group(1)) in before and name[0].isupper() and fold(name) not in known.calendar:
            return 0.6
    return 0.0
