"""Who says what about whom: claims from an article's grammar, its quotations and cue words."""

from __future__ import annotations

from briefings.analysis.boundaries import split_sentences
from briefings.analysis.claims import grammar
from briefings.analysis.claims.cues import find_readings
from briefings.analysis.claims.drafts import Draft, draft_claims, without_inner
from briefings.analysis.claims.outlets import with_outlets
from briefings.analysis.claims.page import Page
from briefings.analysis.claims.quotations import quotations
from briefings.analysis.claims.references import References
from briefings.analysis.claims.stances import stance_of
from briefings.analysis.claims.targets import target_span
from briefings.analysis.parsing import Token, parse
from briefings.languages.claims import CueWords, cue_words
from briefings.model import Article, Claim, Span, Stance

__all__ = ["claims_in", "parse_article"]


def parse_article(article: Article) -> list[Token]:
    """The tokens of the title, the standfirst and all blocks."""
    return parse(
        article.text, [list(split_sentences(article.text, piece, article.language)) for piece in pieces(article)]
    )


def pieces(article: Article) -> list[Span]:
    """The title, the standfirst and the blocks, in the order of the text, none twice."""
    blocks = [block.span for block in article.blocks]
    found = {
        span for span in (article.title, article.standfirst) if span and not any(block.covers(span) for block in blocks)
    }
    return sorted(span for span in {*found, *blocks} if len(span))


def claims_in(article: Article, tokens: list[Token]) -> tuple[Claim, ...]:
    """The claims of an article in English, in the order of the text."""
    words = cue_words("en")
    places = pieces(article)
    page = Page(article.text, tokens, quotations(article, places), places)
    drafts = draft_claims(page, find_readings(tokens, words, page.is_quoted), words)
    sources = {draft.source for draft in drafts if draft.source is not None}
    references = References(tokens, words, sources, page.is_quoted)
    kept = sorted(without_inner(with_outlets(page, drafts, words)), key=lambda draft: draft.spans[0])
    return tuple(_claim(page, draft, references, words) for draft in kept)


def _claim(page: Page, draft: Draft, references: References, words: CueWords) -> Claim:
    reading = draft.reading
    stance = stance_of(page.tokens, reading, words) if reading else Stance.CLAIMS
    anchor = page.token_at(reading.cue.start if reading else draft.spans[0].start)
    return Claim(
        source=_source_span(page, draft.source) if draft.source is not None else draft.label,
        speaker=references.best_name(draft.source) if draft.source is not None else draft.label,
        cue=reading.cue if reading else None,
        content=tuple(draft.spans),
        sentence=_sentence(page, anchor),
        stance=stance,
        target=target_span(page.tokens, reading, stance, references, words) if reading else None,
        via=grammar.noun_phrase(page.tokens, draft.via) if draft.via is not None else None,
        quote=draft.is_quote,
    )


def _source_span(page: Page, noun: int) -> Span:
    """The noun phrase; before "who", the one that it stands for as well."""
    phrase = grammar.noun_phrase(page.tokens, noun)
    before = grammar.antecedent(page.tokens, noun)
    if before == noun:
        return phrase
    fuller = grammar.noun_phrase(page.tokens, before)
    return Span(fuller.start, phrase.end) if 0 <= phrase.start - fuller.end <= 2 else phrase


def _sentence(page: Page, token: int) -> Span:
    number = page.tokens[token].sentence
    first = last = token
    while first and page.tokens[first - 1].sentence == number:
        first -= 1
    while last + 1 < len(page.tokens) and page.tokens[last + 1].sentence == number:
        last += 1
    return Span(page.tokens[first].start, page.tokens[last].end)
