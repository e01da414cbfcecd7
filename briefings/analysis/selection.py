"""Chooses sentences that can be understood alone.

A sentence that begins with "He" or "However", or is a quotation without its speaker, is chosen together with the one
before it, or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from briefings.analysis.interviews import answer_blocks
from briefings.analysis.roles import RoleScores, SentenceRole, is_expected
from briefings.analysis.sentences import Sentence
from briefings.languages.leaning import Leaning, leaning
from briefings.model import Article, BlockKind, Span
from briefings.phrases import fold

#: The characters that fit on a phone screen with a heading and buttons.
KEY_CHARACTERS = 620
# Longer chains of sentences that refer to each other are not shown as one line.
_LONGEST_CHAIN = 2
#: The share of words that two lines have in common if they say the same.
_ALIKE = 0.8
_QUOTE_MARKS = frozenset('"“”«»„')


class Selection:
    """The sentences of an article or section from which lines are chosen.

    Args:
        found: The sentences in text order.
        are_headed: Whether they are shown below their headings. The first one below each then needs no other sentence.
    """

    def __init__(self, article: Article, found: Sequence[Sentence], *, are_headed: bool = False) -> None:
        self._found = found
        self._place = {sentence: place for place, sentence in enumerate(found)}
        marks = leaning(article.language)
        # The first sentence follows the title.
        self._leans = [
            (place > 0 or sentence.block > 0) and _leans(sentence.span.of(article.text), marks)
            for place, sentence in enumerate(found)
        ]
        answers = answer_blocks(article)
        for place, sentence in enumerate(found):
            if sentence.block in answers and marks.leans_on_question(sentence.span.of(article.text)):
                self._leans[place] = True
        if are_headed:
            for place, sentence in enumerate(found):
                is_first = place == 0 or found[place - 1].block != sentence.block
                if is_first and sentence.block and article.blocks[sentence.block - 1].kind is BlockKind.HEADING:
                    self._leans[place] = False

    def choose(
        self, ranked: Iterable[Sentence], characters: int, most: int, *, without: Collection[Sentence] = ()
    ) -> list[Sentence]:
        """The best of ``ranked`` within so many characters, each after the sentences that it refers to.

        Args:
            ranked: Sentences, best first.
            most: The number of sentences to choose, not counting those that they refer to.
            without: Sentences that must not be shown.
        """
        chosen: list[Sentence] = []
        room, left = characters, most
        for sentence in ranked:
            line = [] if sentence in chosen or sentence in without else self._line(sentence)
            new = [one for one in line if one not in chosen]
            length = sum(len(one.span) for one in new)
            if not new or not left or (length > room and chosen) or any(one in without for one in new):
                continue
            chosen = _placed(chosen, line, new)
            room -= length
            left -= 1
        return chosen

    def _line(self, sentence: Sentence) -> list[Sentence]:
        """The sentence after those that it refers to. Empty if these are too many or missing."""
        start = end = self._place[sentence]
        while self._leans[start] and end - start < _LONGEST_CHAIN and self._follows(start):
            start -= 1
        return [] if self._leans[start] else list(self._found[start : end + 1])

    def _follows(self, place: int) -> bool:
        """Whether the sentence at ``place`` is in the same block as the previous one, or in the next block."""
        return place > 0 and self._found[place].block - self._found[place - 1].block <= 1


def expected_lines(article: Article, key: Sequence[Sentence], roles: Mapping[Sentence, RoleScores]) -> list[Sentence]:
    """Those of some chosen sentences that tell what is expected; one that leans goes with the sentence above it."""
    marks, found = leaning(article.language), list[Sentence]()
    for place, sentence in enumerate(key):
        is_behind = place > 0 and _leans(sentence.span.of(article.text), marks)
        above = key[place - 1] if is_behind else sentence
        if above is not sentence and above not in found and _introduces(roles[above]) and is_expected(roles[sentence]):
            found.append(above)
        if above in found or (above is sentence and is_expected(roles[sentence])):
            found.append(sentence)
    return found


def is_quotation_alone(said: str) -> bool:
    """Whether all words are in one pair of quotation marks. Another sentence says whose words they are."""
    return said[0] in _QUOTE_MARKS and said[-1] in _QUOTE_MARKS and _QUOTE_MARKS.isdisjoint(said[1:-1])


def _leans(said: str, marks: Leaning) -> bool:
    return marks.leans(said) or is_quotation_alone(said)


def _introduces(roles: RoleScores) -> bool:
    """Whether a sentence tells no consequence itself, and is only needed to understand the next one."""
    return not roles.plays(SentenceRole.CONSEQUENCE)


def _placed(chosen: list[Sentence], line: Sequence[Sentence], new: Sequence[Sentence]) -> list[Sentence]:
    """``chosen`` with ``new`` inserted after the sentence of ``line`` that is already in it, or else at the end."""
    known = [one for one in line if one in chosen]
    if not known:
        return [*chosen, *new]
    at = chosen.index(known[-1]) + 1
    return [*chosen[:at], *new, *chosen[at:]]


def repeats(text: str, line: Span, shown: Iterable[Span]) -> bool:
    """Whether one of the lines in ``shown`` has nearly the same words as ``line``."""
    words = set(fold(line.of(text)).split())
    for other in shown:
        known = set(fold(other.of(text)).split())
        if len(words & known) >= _ALIKE * max(len(words), len(known)):
            return True
    return False


def spans(chosen: Iterable[Sentence]) -> tuple[Span, ...]:
    """The spans of sentences."""
    return tuple(sentence.span for sentence in chosen)
