"""The sections that an article's headings begin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from briefings.analysis.cues import cue_weights
from briefings.analysis.headings import classify_heading
from briefings.analysis.interviews import answer_blocks
from briefings.analysis.ranking import rank
from briefings.analysis.roles import RoleScores, SentenceRole
from briefings.analysis.selection import KEY_CHARACTERS, Selection, expected_lines, spans
from briefings.analysis.sentences import Sentence
from briefings.model import Article, Block, BlockKind, Section, SectionKind, Span

_MOST_KEYS = 5
#: An interviewer who asks "what" or "who" seldom means what happened and who did it.
_ASKED_IN_PASSING = frozenset({SectionKind.WHAT, SectionKind.WHO})
#: The least probability of a consequence or an expectation below a heading that announces them, and how many such
#: sentences are enough to leave the others out.
_TELLS_CONSEQUENCE, _ENOUGH = 0.12, 2
# Below a heading even three words can be an answer: "Moscow blames Kyiv."
_FEWEST_WORDS = 3
#: Roles below a heading that announces consequences: there a weak sign is enough. Of two expectations one may lean on
#: too much to be shown.
_BOTH_KINDS = ((SentenceRole.CONSEQUENCE, 0.15, 1), (SentenceRole.EXPECTATION, 0.2, 2))


@dataclass(slots=True)
class _Part:
    """A section in the making: its headings, and the sentences below each of them."""

    headings: list[Span] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    sentences: list[list[Sentence]] = field(default_factory=list)


def headed_sections(article: Article, found: Sequence[Sentence], roles: Mapping[Sentence, RoleScores]) -> list[Section]:
    """The sections that headings begin, in the order of their first headings.

    Headings of one kind form one section. Each heading of no kind forms its own. Headings with no text below are left
    out.

    Args:
        found: The article's sentences.
        roles: The roles of each sentence.
    """
    return [_section(article, kind, part, roles) for kind, part in _parts(article, found) if part.blocks]


def _parts(article: Article, found: Sequence[Sentence]) -> Iterator[tuple[SectionKind, _Part]]:
    of_block: defaultdict[int, list[Sentence]] = defaultdict(list)
    for sentence in found:
        of_block[sentence.block].append(sentence)
    parts: dict[tuple[SectionKind, Span | None], _Part] = {}
    part: _Part | None = None
    answers = answer_blocks(article)
    for number, block in enumerate(article.blocks):
        if block.kind is BlockKind.HEADING:
            kind = classify_heading(block.span.of(article.text), article.language)
            if kind in _ASKED_IN_PASSING and number + 1 in answers:
                kind = SectionKind.OTHER
            own = block.span if kind is SectionKind.OTHER else None
            part = parts.setdefault((kind, own), _Part())
            part.headings.append(block.span)
            part.sentences.append([])
        elif part is not None and _ends_key_points(article, number, part):
            part = None
        elif part is not None:
            part.blocks.append(block)
            part.sentences[-1] += of_block[number]
    yield from ((kind, part) for (kind, _), part in parts.items())


def _ends_key_points(article: Article, number: int, part: _Part) -> bool:
    """Whether a paragraph follows the list of key points above an article. It does not belong to the list."""
    is_list = bool(part.blocks) and all(block.kind is BlockKind.LIST_ITEM for block in part.blocks)
    heading = part.headings[0]
    is_above = is_list and len(part.headings) == 1 and heading == article.blocks[0].span
    return is_above and article.blocks[number].kind is BlockKind.PARAGRAPH


def _section(article: Article, kind: SectionKind, part: _Part, roles: Mapping[Sentence, RoleScores]) -> Section:
    key = sorted(_key_sentences(article, kind, part, roles), key=lambda sentence: sentence.span)
    return Section(
        kind,
        tuple(part.headings),
        1.0,
        tuple(part.blocks),
        spans(key),
        spans(expected_lines(article, key, roles)) if kind is SectionKind.CONSEQUENCES else (),
    )


def _key_sentences(
    article: Article, kind: SectionKind, part: _Part, roles: Mapping[Sentence, RoleScores]
) -> list[Sentence]:
    """The best sentences of a section. The first ones come from below each of its headings."""
    about = " ".join(span.of(article.text) for span in [*part.headings, article.headline()])
    every = [sentence for below in part.sentences for sentence in below]
    is_after = kind is SectionKind.CONSEQUENCES
    told = {one.span.of(article.text): roles[one].consequence() for one in every} if is_after else {}
    bonus = partial(_bonus, kind=kind, language=article.language, told=told)
    ranked = rank(article.text, every, about, article.language, fewest_words=_FEWEST_WORDS, bonus=bonus)
    if is_after:
        # What tells neither stays out, unless there is hardly anything else.
        telling = [one for one in ranked if roles[one].consequence() >= _TELLS_CONSEQUENCE]
        ranked = telling if len(telling) >= _ENOUGH else ranked
    below_each = [next((one for one in ranked if one in set(below)), None) for below in part.sentences]
    first = sorted((one for one in below_each if one), key=ranked.index)
    if is_after:
        first = [*_both_kinds(ranked, roles), *first]
    chosen = Selection(article, every, are_headed=True).choose([*first, *ranked], KEY_CHARACTERS, _MOST_KEYS)
    return chosen or ranked[:1]


def _both_kinds(ranked: Sequence[Sentence], roles: Mapping[Sentence, RoleScores]) -> list[Sentence]:
    """The sentence that most likely tells what has happened since, and the two that most likely tell what will."""
    found: list[Sentence] = []
    for role, least, most in _BOTH_KINDS:
        best = sorted(ranked, key=lambda one: -roles[one].scores[role])[:most]
        found += [one for one in best if roles[one].scores[role] >= least]
    return found


def _bonus(text: str, kind: SectionKind, language: str | None, told: Mapping[str, float]) -> float:
    """What a sentence deserves for its cue words and, below consequences, for telling one."""
    return min(1.0, 0.3 * cue_weights(text, language).get(kind, 0.0)) + told.get(text, 0.0)
