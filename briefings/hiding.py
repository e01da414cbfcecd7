"""Takes lines out of a briefing, after an operator has hidden them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from briefings.analysis.sentences import sentences
from briefings.model import Answer, Answers, Article, Block, Briefing, Section, Span
from briefings.phrases import fold


def lines_with(article: Article, words: str) -> list[Span]:
    """The sentences of ``article`` that hold ``words`` one after the other."""
    wanted = fold(words)
    found = [one.span for one in sentences(article)]
    return [span for span in found if wanted and f" {wanted} " in f" {fold(span.of(article.text))} "]


def still_hidden(hidden: Iterable[Span], before: Article, after: Article) -> list[Span]:
    """The sentences of a corrected article that hold a line that is hidden in the one before."""
    return [span for line in hidden for span in lines_with(after, line.of(before.text))]


def without_lines(briefing: Briefing, hidden: Sequence[Span]) -> Briefing:
    """The briefing without anything that overlaps a hidden span; the article's text and offsets stay the same."""
    return _Filter(tuple(hidden)).briefing(briefing) if hidden else briefing


@dataclass(frozen=True, slots=True)
class _Filter:
    """Leaves out what overlaps one of the hidden spans."""

    hidden: tuple[Span, ...]

    def keeps(self, span: Span) -> bool:
        return not any(span.start < one.end and one.start < span.end for one in self.hidden)

    def briefing(self, found: Briefing) -> Briefing:
        article = found.article
        standfirst = article.standfirst if article.standfirst and self.keeps(article.standfirst) else None
        claims = found.claims
        return replace(
            found,
            article=replace(article, standfirst=standfirst, blocks=self._blocks(article.blocks)),
            summary=tuple(filter(self.keeps, found.summary)),
            sections=self._sections(found.sections),
            gathered=self._sections(found.gathered),
            claims=claims if claims is None else tuple(one for one in claims if self.keeps(one.sentence)),
            answers=self._answers(found.answers) if found.answers else None,
            timeline=tuple(event for event in found.timeline if self.keeps(event.sentence)),
            people=tuple(person for person in found.people if self.keeps(person.mentions[0].span)),
            quantities=tuple(quantity for quantity in found.quantities if self.keeps(quantity.span)),
        )

    def _sections(self, sections: Iterable[Section]) -> tuple[Section, ...]:
        """The sections that still have key sentences."""
        left = [
            replace(
                section,
                blocks=self._blocks(section.blocks),
                key=tuple(filter(self.keeps, section.key)),
                expected=tuple(filter(self.keeps, section.expected)),
            )
            for section in sections
        ]
        return tuple(section for section in left if section.key)

    def _blocks(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        return tuple(part for block in blocks for part in self._parts(block))

    def _parts(self, block: Block) -> Iterator[Block]:
        """The block, or what is left of it before, between and behind hidden lines."""
        start = block.span.start
        for one in sorted(self.hidden):
            if one.end > start and one.start < block.span.end:
                if one.start > start:
                    yield Block(block.kind, Span(start, one.start))
                start = one.end
        if start < block.span.end:
            yield Block(block.kind, Span(start, block.span.end))

    def _answers(self, answers: Answers) -> Answers:
        def kept(found: tuple[Answer, ...]) -> tuple[Answer, ...]:
            return tuple(answer for answer in found if self.keeps(answer.span))

        return Answers(
            kept(answers.who),
            kept(answers.what),
            kept(answers.when),
            kept(answers.where),
            kept(answers.why),
            kept(answers.how),
        )
