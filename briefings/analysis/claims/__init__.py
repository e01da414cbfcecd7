"""Who says what about whom: claims from an article's grammar, its quotations and cue words."""

from __future__ import annotations

from briefings.analysis.boundaries import split_sentences
from briefings.analysis.claims import grammar
from briefings.analysis.claims.cues import Reading, find_readings
from briefings.analysis.claims.drafts import Draft, draft_claims
from briefings.analysis.claims.page import Page
from briefings.analysis.claims.quotations import quotations
from briefings.analysis.claims.stances import stance_of
from briefings.analysis.parsing import Token, parse
from briefings.languages.claims import cue_words
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
    return tuple(_claim(page, draft) for draft in drafts)


def _claim(page: Page, draft: Draft) -> Claim:
    reading = draft.reading
    anchor = page.token_at(reading.cue.start if reading else draft.spans[0].start)
    source = _source_span(page, draft.source) if draft.source is not None else draft.label
    speaker = (
        grammar.noun_phrase(page.tokens, grammar.antecedent(page.tokens, draft.source))
        if draft.source is not None
        else None
    )
    return Claim(
        source=source,
        speaker=speaker,
        cue=reading.cue if reading else None,
        content=tuple(draft.spans),
        sentence=_sentence(page, anchor),
        stance=stance_of(page.tokens, reading, cue_words("en")) if reading else Stance.CLAIMS,
        target=_target_span(page, reading) if reading else None,
        quote=draft.is_quote,
    )


def _target_span(page: Page, reading: Reading) -> Span | None:
    """The target without the prepositions that open the content: "of" in "accused the pilots of negligence"."""
    if reading.target is None:
        return None
    return grammar.noun_phrase(page.tokens, reading.target, without=reading.frame.content)


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
