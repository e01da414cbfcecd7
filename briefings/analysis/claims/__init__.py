"""Finds claims in English articles: who says what about whom. Uses a dependency parse, quotations and cue words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from briefings.analysis.boundaries import split_sentences
from briefings.analysis.claims import grammar
from briefings.analysis.claims.cues import find_readings
from briefings.analysis.claims.drafts import Draft, draft_claims, without_inner
from briefings.analysis.claims.headline_case import in_sentence_case
from briefings.analysis.claims.outlets import with_outlets
from briefings.analysis.claims.page import Page
from briefings.analysis.claims.quotations import quotations
from briefings.analysis.claims.references import References
from briefings.analysis.claims.stances import calls_false, rules_out_guilt, stance_of
from briefings.analysis.claims.statements import without_empty
from briefings.analysis.claims.targets import target_span
from briefings.analysis.dateline import dateline
from briefings.analysis.parsing import Token, parse
from briefings.languages.claims import CueWords, cue_words
from briefings.model import Article, Claim, Span, Stance

__all__ = ["claims_in", "parse_article", "pieces", "read_claims"]


def parse_article(article: Article) -> list[Token]:
    """Parses the title, the standfirst and all blocks. Returns their tokens."""
    return parse(
        in_sentence_case(article),
        [list(split_sentences(article.text, piece, article.language)) for piece in pieces(article)],
    )


def pieces(article: Article) -> list[Span]:
    """Returns the spans of title, standfirst, dateline and blocks in text order, without duplicates."""
    before = dateline(article)
    blocks = [span for block in article.blocks for span in _divided(block.span, before)]
    found = {
        span for span in (article.title, article.standfirst) if span and not any(block.covers(span) for block in blocks)
    }
    return sorted(span for span in {*found, *blocks} if len(span))


def _divided(block: Span, before: Span | None) -> list[Span]:
    return [before, Span(before.end, block.end)] if before and block.covers(before) else [block]


def claims_in(article: Article, tokens: list[Token]) -> tuple[Claim, ...]:
    """Returns the claims of an English article, in text order."""
    return read_claims(article, tokens)[0]


def read_claims(article: Article, tokens: list[Token]) -> tuple[tuple[Claim, ...], References]:
    """Returns the claims and the resolved references: which name each pronoun or description stands for."""
    words = cue_words("en")
    places = pieces(article)
    page = Page(article.text, tokens, quotations(article, places), places)
    drafts = draft_claims(page, find_readings(tokens, words, page.is_quoted), words)
    sources = {draft.source for draft in drafts if draft.source is not None}
    references = References(tokens, words, sources, page.is_quoted)
    kept = sorted(without_inner(with_outlets(page, drafts, words)), key=lambda draft: draft.spans[0])
    stances = [_stance(page, draft, words) for draft in kept]
    drafted = list(zip(kept, stances, strict=True))
    denied = [span for draft, stance in drafted if stance is Stance.DENIES for span in draft.spans]
    found: list[Claim] = []
    for draft, stance in drafted:
        claim = _claim(page, draft, _within_denial(draft, stance, denied), references, words)
        found.append(_aimed_at_accuser(claim, found) if _answers_accusation(page, draft, claim, words) else claim)
    return without_empty(page, list(zip(kept, found, strict=True)), references, words), references


def _answers_accusation(page: Page, draft: Draft, claim: Claim, words: CueWords) -> bool:
    """Whether a denial answers an earlier accusation: it denies "the claims" or "this", or calls something false."""
    if claim.stance is not Stance.DENIES or claim.target:
        return False
    said = [number for span in claim.content for number in page.tokens_in(span)]
    if draft.reading is None or draft.reading.frame.stance is not Stance.DENIES:
        return not rules_out_guilt(page.tokens, said, words)
    return all(
        page.tokens[number].pos in {"DET", "PRON"} or page.tokens[number].lemma in words.speech_nouns for number in said
    )


def _aimed_at_accuser(denial: Claim, before: Sequence[Claim]) -> Claim:
    """Returns the denial with the last accuser as its target."""
    accusers = (claim.speaker for claim in reversed(before) if claim.stance is Stance.ACCUSES)
    return replace(denial, target=next((speaker for speaker in accusers if speaker != denial.speaker), None))


def _stance(page: Page, draft: Draft, words: CueWords) -> Stance:
    said = [number for span in draft.spans for number in page.tokens_in(span)]
    if draft.reading:
        return stance_of(page.tokens, draft.reading, said, words)
    is_denial = calls_false(page.tokens, said, words) or rules_out_guilt(page.tokens, said, words)
    return Stance.DENIES if is_denial else Stance.CLAIMS


def _within_denial(draft: Draft, stance: Stance, denied: list[Span]) -> Stance:
    """Returns the stance of a draft. A quotation inside the content of a denial is a denial too."""
    first = draft.spans[0]
    is_inside = any(span.covers(first) and span != first for span in denied)
    return Stance.DENIES if is_inside and stance is Stance.CLAIMS and draft.is_quote else stance


def _claim(page: Page, draft: Draft, stance: Stance, references: References, words: CueWords) -> Claim:
    reading = draft.reading
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
    """Returns the noun phrase of the source. For a relative pronoun it includes the noun: "the officials, who"."""
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
