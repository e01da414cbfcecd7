"""An index of an article's sentences, with which questions are compared. Built once for each article."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from briefings.analysis.boundaries import split_sentences
from briefings.analysis.claims.quotations import quotations
from briefings.analysis.names import names
from briefings.analysis.questions.model import Asked
from briefings.analysis.questions.parse import parse
from briefings.analysis.questions.words import Words, words_of
from briefings.analysis.sentences import Sentence, sentences, split_block
from briefings.caches import text_cache
from briefings.languages.questions import QuestionWords, question_words
from briefings.model import Article, Block, BlockKind, Entity, EntityKind, Span
from briefings.phrases import fold

_ARTICLES_KEPT = 64
#: The largest number of words that describe somebody before the name, and what parts them from it.
_MOST_DESCRIPTION = 4
_APART, _TOGETHER = (" ", ", "), (" ",)
#: The largest number of words of an address before a question.
_LONGEST_ADDRESS = 3
#: The marks at the end of a quotation.
_CLOSING = frozenset('»”"')
_STANDFIRST = -1


@dataclass(frozen=True, slots=True)
class Indexed:
    """One sentence with its words.

    Attributes:
        span: The sentence.
        block: The number of its block; -1 for the standfirst.
        folded: Its folded words with blanks between them.
        leans: Whether one of its words stands for something that was named before.
        heading: The words of the heading above it.
        replies_to: What that heading asks for, where it is a question.
    """

    span: Span
    block: int
    words: Words
    folded: str
    leans: bool
    heading: Words
    replies_to: Asked | None = None

    @property
    def compared(self) -> Span:
        """The part of the sentence that is compared. All of it, unless it is extremely long."""
        return Span(self.span.start, self.words.tokens[-1].end)


@dataclass(frozen=True)
class Index:
    """An article as questions are compared with it.

    Attributes:
        language: ISO 639-1. English if the article's language is unknown.
        known: The words for questions and answers in that language.
        names: Folded words that the article capitalises, except at the start of a sentence.
    """

    article: Article
    language: str
    known: QuestionWords
    sentences: tuple[Indexed, ...]
    title: Words
    names: frozenset[str] = field(repr=False)

    def rarity(self, key: str) -> float:
        """The inverse document frequency of a stem, or of a concept (written with "="), over the sentences."""
        count = self.frequencies[key]
        return math.log(1 + (len(self.sentences) - count + 0.5) / (count + 0.5))

    @cached_property
    def frequencies(self) -> Counter[str]:
        """The number of sentences that contain each stem and each concept (written with "=")."""
        found: Counter[str] = Counter()
        for sentence in self.sentences:
            found.update(sentence.words.keys)
            found.update(f"={concept}" for concept in sentence.words.concepts)
        return found

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All stems and folded words of the sentences, headings and title."""
        parts = [self.title, *(words for one in self.sentences for words in (one.words, one.heading))]
        return frozenset().union(*(words.keys for words in parts))

    @cached_property
    def meanings(self) -> frozenset[str]:
        """All concepts that the article names."""
        parts = [self.title, *(words for one in self.sentences for words in (one.words, one.heading))]
        return frozenset().union(*(words.concepts for words in parts))

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """The people, organisations and places in the article."""
        return tuple(names(self.article, sentences(self.article)))

    @cached_property
    def actors(self) -> tuple[Entity, ...]:
        """The named entities that can own or do something: all but places."""
        return tuple(one for one in self.entities if one.kind is not EntityKind.PLACE)

    @cached_property
    def people(self) -> frozenset[int]:
        """The places in the text that people's names cover."""
        return frozenset(place for span in self.mentions for place in range(span.start, span.end))

    @cached_property
    def mentions(self) -> tuple[Span, ...]:
        """All mentions of people."""
        people = (entity for entity in self.entities if entity.kind is EntityKind.PERSON)
        return tuple(one.span for entity in people for one in entity.mentions)

    @cached_property
    def described(self) -> dict[str, frozenset[str]]:
        """For each word that describes people, the last names of those people: "owner" in "the owner, Ann Lee"."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        starts = {mention.span.start: one for one in self.entities for mention in one.mentions}
        for sentence in self.sentences:
            for number, token in enumerate(sentence.words.tokens):
                entity = starts.get(token.start)
                if entity is not None and entity.kind is EntityKind.PERSON:
                    name = fold(entity.name.of(self.article.text)).split()[-1]
                    for word in _description(sentence.words, number):
                        found[word].add(name)
        return {word: frozenset(names) for word, names in found.items()}

    @cached_property
    def quoted(self) -> frozenset[int]:
        """The places in the text that quotations cover."""
        spans = [block.span for block in self.article.blocks]
        found = quotations(self.article, [self.article.standfirst, *spans] if self.article.standfirst else spans)
        return frozenset(place for one in found for place in range(one.span.start, one.span.end))

    @cached_property
    def phrases(self) -> dict[tuple[str, int], list[Span]]:
        """A cache of the phrases that `evidence` found, by kind and sentence."""
        return {}

    def is_behind(self, place: int, distance: int = 1) -> bool:
        """Whether a sentence has, so many before it, another one of its own block."""
        return place >= distance and self.sentences[place - distance].block == self.sentences[place].block

    def goes_on(self, place: int) -> bool:
        """Whether a sentence opens its block with a word for somebody in the block before: "They had been told"."""
        first = self.sentences[place].words.tokens[0].folded
        is_opener = place > 0 and self.sentences[place - 1].block == self.sentences[place].block - 1
        return is_opener and first in self.known.pronouns


@text_cache(_ARTICLES_KEPT)
def index(article: Article) -> Index:
    """The index of ``article``. The latest ones are cached."""
    language = article.language or "en"
    known = question_words(language)
    found = tuple(_indexed(article, language, known))
    title = words_of(article, article.headline(), language)
    return Index(article, language, known, found, title, _capitalised(found))


def _indexed(article: Article, language: str, known: QuestionWords) -> Iterator[Indexed]:
    headings = _headings(article)
    for sentence in _all_sentences(article):
        words = words_of(article, sentence.span, language)
        folded = " ".join(token.folded for token in words.tokens)
        leans = any(token.folded in known.pronouns for token in words.tokens) or _lacks_subject(words, known)
        if words.tokens:
            heading = headings.get(sentence.block)
            above = words_of(article, heading, language) if heading else Words()
            asked = _asked(article, heading) if heading else None
            yield Indexed(sentence.span, sentence.block, words, folded, leans, above, asked)


def _lacks_subject(words: Words, known: QuestionWords) -> bool:
    """Whether a verb opens the sentence or follows a quotation, for somebody who was named before: "Ha vinto."."""
    return any(
        token.folded in known.without_subject and (not place or not _CLOSING.isdisjoint(token.gap))
        for place, token in enumerate(words.tokens)
    )


def _all_sentences(article: Article) -> Iterator[Sentence]:
    if article.standfirst:
        for span in split_block(article.text, Block(BlockKind.PARAGRAPH, article.standfirst), article.language):
            yield Sentence(span, _STANDFIRST)
    yield from sorted([*sentences(article), *_told_in_headings(article)], key=lambda one: one.span.start)


def _told_in_headings(article: Article) -> Iterator[Sentence]:
    """The statements of an interviewer before a question: "The city is in debt. Is it bankrupt?"."""
    for number, block in enumerate(article.blocks):
        if block.kind is BlockKind.HEADING and block.span.of(article.text).endswith("?"):
            *told, _ = split_sentences(article.text, block.span, article.language)
            yield from (Sentence(span, number) for span in told if not span.of(article.text).endswith("?"))


def _headings(article: Article) -> dict[int, Span]:
    """For each block, the words of the heading above it."""
    above: dict[int, Span] = {}
    current: Span | None = None
    for number, block in enumerate(article.blocks):
        if current:
            above[number] = current
        if block.kind is BlockKind.HEADING or block.span.of(article.text).endswith("?"):
            current = block.span
    return above


def _asked(article: Article, heading: Span) -> Asked | None:
    """What a heading asks for, in its last sentence, where it is a question."""
    if not heading.of(article.text).endswith("?"):
        return None
    *_, last = split_sentences(article.text, heading, article.language)
    return parse(_without_address(last.of(article.text)), article.language).asked


def _without_address(question: str) -> str:
    """A question without the name of the one who is asked: "Mr Quint, how many steps are there?"."""
    name, _, rest = question.partition(", ")
    words = name.split()
    is_name = rest and len(words) <= _LONGEST_ADDRESS and all(word[0].isupper() for word in words)
    return rest if is_name else question


def _description(words: Words, place: int) -> list[str]:
    """The stems of the small words before a name, back to an article or the like."""
    found: list[str] = []
    while place and len(found) < _MOST_DESCRIPTION and words.tokens[place].gap in (_APART if not found else _TOGETHER):
        place -= 1
        if words.tokens[place].is_capitalised or not words.stems[place]:
            return found
        found.append(words.stems[place])
    return []


def _capitalised(found: Sequence[Indexed]) -> frozenset[str]:
    large: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for sentence in found:
        for place, token in enumerate(sentence.words.tokens):
            if not token.is_capitalised:
                small[token.folded] += 1
            elif place:
                large[token.folded] += 1
    return frozenset(word for word in large if large[word] > small[word])
