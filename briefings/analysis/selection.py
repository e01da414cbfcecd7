"""Chooses sentences that can be read by themselves.

A sentence that opens with "He" or "However" brings the one it leans on, or is not chosen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from briefings.analysis.sentences import Sentence
from briefings.languages.leaning import leaning
from briefings.model import Article, Span

#: What a phone screen holds beside a heading and buttons.
KEY_CHARACTERS = 620
# A longer chain of sentences that lean on each other is a passage, not a line.
_LONGEST_CHAIN = 2


class Selection:
    """The sentences of an article, or of one of its sections, from which lines are chosen.

    Args:
        found: In the order of the text.
    """

    def __init__(self, article: Article, found: Sequence[Sentence]) -> None:
        self._found = found
        self._place = {sentence: place for place, sentence in enumerate(found)}
        marks = leaning(article.language)
        # What opens the article stands below its title.
        self._leans = [
            (place > 0 or sentence.block > 0) and marks.leans(sentence.span.of(article.text))
            for place, sentence in enumerate(found)
        ]

    def choose(
        self, ranked: Iterable[Sentence], characters: int, most: int, *, without: Collection[Sentence] = ()
    ) -> list[Sentence]:
        """The best of ``ranked``, each behind what it leans on, within so many characters.

        Args:
            ranked: The best first.
            most: How many sentences are chosen, those that they lean on aside.
            without: Sentences that are not chosen, and not brought by others.
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
        """The sentence behind those that it leans on; nothing where these are too many or missing."""
        start = end = self._place[sentence]
        while self._leans[start] and end - start < _LONGEST_CHAIN and self._follows(start):
            start -= 1
        return [] if self._leans[start] else list(self._found[start : end + 1])

    def _follows(self, place: int) -> bool:
        """Whether the sentence at ``place`` stands in the block of the one before it, or in the next one."""
        return place > 0 and self._found[place].block - self._found[place - 1].block <= 1


def _placed(chosen: list[Sentence], line: Sequence[Sentence], new: Sequence[Sentence]) -> list[Sentence]:
    """``chosen`` with ``new`` behind the sentence of ``line`` that was chosen before, or else at the end."""
    known = [one for one in line if one in chosen]
    if not known:
        return [*chosen, *new]
    at = chosen.index(known[-1]) + 1
    return [*chosen[:at], *new, *chosen[at:]]


def spans(chosen: Iterable[Sentence]) -> tuple[Span, ...]:
    """The spans of sentences."""
    return tuple(sentence.span for sentence in chosen)
