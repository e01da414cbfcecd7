"""Sentences of an article with the phrase that answers marked in each, and the days that a time means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.i18n import Message, own
from bot.views.model import SCREEN, Block, Bullet, Paragraph, Verbatim
from briefings.analysis.sentences import sentences, split_block
from briefings.model import Article, BlockKind, Span, Version
from briefings.model import Block as ArticleBlock
from briefings.sources.lines import ends_sentence

#: So many more characters are shown where a phrase would be cut off.
_STEP = 40

Days = tuple[date, date]


def marked_sentences(
    version: Version, found: Sequence[tuple[Span, Days | None]], characters: int = SCREEN // 2
) -> list[Block]:
    """The sentences of some phrases, each sentence once, with the days that it means.

    The title, which stands above, is repeated only if nothing else answers; so is what is no
    sentence, such as a caption.

    Args:
        characters: The most of each sentence that are shown, where its phrase stands within them.
    """
    blocks: list[Block] = []
    shown: set[Span] = set()
    body = [sentence.span for sentence in sentences(version.article)]
    passages = [(*_passage(version.article, body, phrase), days) for phrase, days in found]
    others = [one for one in passages if one[0] != version.article.title]
    whole = [one for one in others if _is_whole(version.article, one[0])]
    for passage, marked, days in whole or others or passages:
        if passage in shown:
            continue
        shown.add(passage)
        blocks.append(Bullet(marked_sentence(version, passage, marked, characters)))
        meant = said_days(*days) if days else None
        if meant:
            blocks.append(Paragraph(own("This refers to {days}.", days=meant)))
    return blocks


def is_below_title(article: Article, phrase: Span) -> bool:
    """Whether the words of a phrase stand below the title, too."""
    passage, _ = _passage(article, [sentence.span for sentence in sentences(article)], phrase)
    return article.title is None or not article.title.covers(passage)


def marked_sentence(version: Version, passage: Span, phrase: Span, characters: int) -> Verbatim:
    """Returns a sentence with the phrase marked, shortened to so many characters, but not before the phrase ends."""
    whole = Verbatim(version, passage, marked=phrase)
    lengths = range(characters, len(passage), _STEP)
    return next((cut for length in lengths if (cut := whole.shortened(length)).span.covers(phrase)), whole)


def said_days(first: date | None, last: date | None) -> Message | None:
    """A day, a year or a time between two days."""
    if first is None or last is None:
        return None
    if first == last:
        return own("{day}", day=first)
    if first == date(first.year, 1, 1) and last == date(first.year, 12, 31):
        return own("{year}", year=str(first.year))
    return own("{first} to {last}", first=first, last=last)


def _passage(article: Article, body: Sequence[Span], phrase: Span) -> tuple[Span, Span]:
    """The sentence of a phrase; for one of the title, which an answer shows anyway, the first with the same words.

    Args:
        body: The sentences of the article.
    """
    inside = next((span for span in body if span.covers(phrase)), None)
    if inside is not None:
        return inside, phrase
    words = re.compile(rf"(?<!\w){re.escape(phrase.of(article.text))}(?!\w)", re.IGNORECASE)
    for span in body:
        if match := words.search(article.text, span.start, span.end):
            return span, Span(match.start(), match.end())
    others = [*_standfirst(article), *([article.title] if article.title else [])]
    passage = next((span for span in others if span.covers(phrase)), phrase)
    # What a standfirst asks is no answer, but it may name the day: "What happened on 3 May?".
    return phrase if passage.of(article.text).endswith("?") else passage, phrase


def _is_whole(article: Article, passage: Span) -> bool:
    """Whether a passage is a sentence, an item of a list or of the standfirst, and no caption."""
    is_item = any(one.kind is BlockKind.LIST_ITEM and one.span.covers(passage) for one in article.blocks)
    is_above = article.standfirst is not None and article.standfirst.covers(passage)
    return is_item or is_above or ends_sentence(passage.of(article.text))


def _standfirst(article: Article) -> list[Span]:
    """The sentences of the standfirst."""
    block = ArticleBlock(BlockKind.PARAGRAPH, article.standfirst) if article.standfirst else None
    return split_block(article.text, block, article.language) if block else []
