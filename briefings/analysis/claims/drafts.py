"""Matches quotations to cue words: finds the speaker of each quotation and the content of each cue."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from briefings.analysis.claims import grammar
from briefings.analysis.claims.cues import Reading
from briefings.analysis.claims.labels import headline_label, labelled_turns, signed_quotations
from briefings.analysis.claims.page import Page
from briefings.analysis.claims.quotations import Quotation
from briefings.analysis.parsing import runs
from briefings.languages.claims import CueWords
from briefings.model import Span, Stance

#: A shorter quotation without a cue word, in words, is a title or an ironic word.
_FEWEST_SPOKEN = 4
#: The largest number of words between a cue word and the quotation after it.
_FARTHEST_AFTER = 14
_FARTHEST_BEFORE = 3
#: The number of cue words that are tried on each side of a quotation.
_MOST_CUES = 8
_KEPT_INSIDE = frozenset({Stance.ACCUSES, Stance.DENIES})
#: Pronouns by which a speaker in a transcript means themselves.
_OWN = frozenset({"i", "we"})
_ENDS = ",.?!…—–"


@dataclass(slots=True)
class Draft:
    """A claim before its names are resolved.

    Attributes:
        reading: Its cue word. None if only the position of a quotation shows who speaks.
        source: The number of the noun that speaks.
        via: The number of the noun that names the outlet.
        label: The name of the speaker, if layout shows it.
        spans: The words that are said.
        quotes: The numbers of the quotations in it.
        is_quote: Whether all of it is quoted.
    """

    reading: Reading | None
    source: int | None
    spans: list[Span]
    quotes: list[int] = field(default_factory=list)
    is_quote: bool = False
    via: int | None = None
    label: Span | None = None


def draft_claims(page: Page, readings: Sequence[Reading], words: CueWords) -> list[Draft]:
    """Returns a draft for each reading with content and each quotation with a speaker, in text order."""
    turns = labelled_turns(page)
    outside = [reading for reading in readings if not any(said.covers(reading.cue) for _, said in turns)]
    drafts = [_draft(page, reading) for reading in outside]
    taken = {number for draft in drafts for number in draft.quotes}
    _give_neighbours(page, drafts, taken)
    drafts = [draft for draft in drafts if draft.spans and _is_complete(draft)]
    drafts += _labelled(page, turns, words, taken)
    drafts += [draft for reading in readings if (draft := _within_turn(page, reading, turns))]
    drafts += _carried_over(page, drafts, taken)
    return sorted(drafts, key=_place)


def _labelled(page: Page, turns: Sequence[tuple[Span, Span]], words: CueWords, taken: set[int]) -> Iterator[Draft]:
    """Yields drafts whose speaker is given by layout: transcripts, headlines with a colon, signed quotations."""
    for label, said in turns:
        taken.update(page.quotes_in(said))
        yield Draft(None, None, [said], is_quote=True, label=label)
    if (headline := headline_label(page, words)) and not set(page.quotes_in(headline[1])) & taken:
        taken.update(page.quotes_in(headline[1]))
        yield Draft(None, None, [headline[1]], label=headline[0])
    free = [number for number in range(len(page.quotes)) if number not in taken]
    for number, name in signed_quotations(page, free):
        taken.add(number)
        yield Draft(None, None, [page.quotes[number].span], [number], is_quote=True, label=name)


def _within_turn(page: Page, reading: Reading, turns: Sequence[tuple[Span, Span]]) -> Draft | None:
    """Returns the accusation or denial that the speaker of a turn makes: "I accuse the company"."""
    label = next((label for label, said in turns if said.covers(reading.cue)), None)
    is_own = reading.source is not None and page.tokens[reading.source].lower in _OWN
    if label is None or not is_own or not reading.content or reading.frame.stance not in _KEPT_INSIDE:
        return None
    return Draft(reading, None, runs(page.tokens, reading.content), label=label)


def _is_complete(draft: Draft) -> bool:
    """Whether the draft has the quotation that its cue needs: "laughed" reports speech only beside one."""
    return draft.is_quote or draft.reading is None or "quote" not in draft.reading.frame.needs


def without_inner(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Drops claims inside other claims, except quotations, accusations and denials that have a source."""
    ordered = sorted(drafts, key=lambda draft: (draft.spans[0].start, -draft.spans[0].end))
    outer: list[Span] = []
    for draft in ordered:
        first = draft.spans[0]
        outer = [span for span in outer if span.end > first.start]
        is_inner = any(span.covers(first) and span != first for span in outer)
        outer += draft.spans
        is_kept = draft.is_quote or (draft.reading is not None and draft.reading.frame.stance in _KEPT_INSIDE)
        if not is_inner or ((draft.source is not None or draft.label is not None) and is_kept):
            yield draft


def _place(draft: Draft) -> tuple[int, int]:
    return draft.spans[0].start, draft.reading.cue.start if draft.reading else draft.spans[0].start


def _draft(page: Page, reading: Reading) -> Draft:
    """Returns the draft that the grammar gives. Quotations that overlap the content are included whole."""
    spans = runs(page.tokens, reading.content)
    draft = Draft(reading, reading.source, spans)
    if reading.is_aside and (number := _quoted_aside(page, reading)) is not None:
        return Draft(reading, reading.source, [page.quotes[number].span], [number], is_quote=True)
    touched = sorted({number for span in spans for number in page.quotes_in(span)})
    if not touched:
        return draft
    outside = sum(page.letters(span) for span in spans) - sum(
        page.letters(_common(span, page.quotes[number].span)) for span in spans for number in touched
    )
    quoted = sum(page.letters(page.quotes[number].span) for number in touched)
    opens = any(
        spans[0].start == page.quotes[number].span.start or spans[0].start == page.quotes[number].span.start + 1
        for number in touched
    )
    if "quote" in reading.frame.content and outside * 4 <= quoted and (opens or outside <= 6):
        draft.spans = [page.quotes[number].span for number in touched]
        draft.quotes = touched
        draft.is_quote = True
    else:
        draft.spans = _union([*spans, *(page.quotes[number].span for number in touched)], page.text)
        draft.quotes = touched
        draft.is_quote = outside == 0
    return draft


def _quoted_aside(page: Page, reading: Reading) -> int | None:
    """Returns the number of the quotation directly after an aside such as "as the minister put it,"."""
    end = reading.cue.end
    if reading.source is not None:
        end = max(end, grammar.noun_phrase(page.tokens, reading.source).end)
    between = page.text[end : end + 3]
    return page.quote_at(end + len(between) - len(between.lstrip(", ")))


def _common(one: Span, other: Span) -> Span:
    start = max(one.start, other.start)
    return Span(start, max(start, min(one.end, other.end)))


def _union(spans: list[Span], text: str) -> list[Span]:
    found: list[Span] = []
    for span in sorted(spans):
        if found and not text[found[-1].end : span.start].strip(" ,"):
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _give_neighbours(page: Page, drafts: list[Draft], taken: set[int]) -> None:
    """Assigns each free quotation to the nearest cue word. Looks only at a few cue words on each side."""
    cues = sorted(
        (draft.reading.cue.start, place)
        for place, draft in enumerate(drafts)
        if draft.reading and "quote" in draft.reading.frame.content
    )
    for number, quote in enumerate(page.quotes):
        if number in taken:
            continue
        middle = bisect_left(cues, (quote.span.start, 0))
        near = [place for _, place in cues[max(0, middle - _MOST_CUES) : middle + _MOST_CUES]]
        scores = [(score, place) for place in near if (score := _distance(page, drafts[place], quote)) is not None]
        if not scores:
            continue
        draft = drafts[min(scores)[1]]
        if not draft.quotes and not draft.is_quote and draft.spans and not _is_spoken(page, quote):
            continue
        if not draft.is_quote:
            draft.spans, draft.quotes = [], []
        draft.spans = sorted([*draft.spans, quote.span])
        draft.quotes.append(number)
        draft.is_quote = True
        taken.add(number)


def _distance(page: Page, draft: Draft, quote: Quotation) -> int | None:
    """Returns how many words lie between a quotation and a cue with its speaker, or None if too many do."""
    reading = draft.reading
    if reading is None or page.piece_at(reading.cue.start) != page.piece_at(quote.span.start):
        return None
    start, end = reading.cue.start, reading.cue.end
    if reading.source is not None and abs(reading.source - reading.word) < _FARTHEST_AFTER:
        phrase = grammar.noun_phrase(page.tokens, reading.source)
        start, end = min(start, phrase.start), max(end, phrase.end)
    if quote.span.end <= start:
        words = page.words_between(quote.span.end, start)
        if page.text[quote.span.end - 2] == "." and page.text[start].isupper():
            return None
        return words * 2 if words <= _FARTHEST_BEFORE and not _sentence_ends(page, quote.span.end, start) else None
    if end <= quote.span.start:
        between = page.text[end : quote.span.start]
        words = page.words_between(end, quote.span.start)
        is_introduced = between.rstrip()[-1:] in {",", ":"} or words == 0
        if is_introduced and words <= _FARTHEST_AFTER and not _sentence_ends(page, end, quote.span.start):
            return words * 2 + 1
    return None


def _sentence_ends(page: Page, start: int, end: int) -> bool:
    return any(mark in page.text[start:end] for mark in (". ", "! ", "? ", "\n"))


def _is_spoken(page: Page, quote: Quotation) -> bool:
    """Whether a quotation is speech, not a title or a scare quote."""
    inner = quote.span.of(page.text).strip("\"'“”„‘’«»")
    return page.words_between(quote.span.start, quote.span.end) >= _FEWEST_SPOKEN and (
        inner.rstrip()[-1:] in _ENDS or inner[:1].isupper()
    )


def _carried_over(page: Page, drafts: list[Draft], taken: set[int]) -> list[Draft]:
    """Assigns quotations without a cue word to the previous speaker, or to the subject of the previous sentence."""
    added: list[Draft] = []
    by_quote = {number: draft for draft in drafts if draft.is_quote for number in draft.quotes}
    for number, quote in enumerate(page.quotes):
        if number in taken or not (_is_spoken(page, quote) or (number and page.quotes[number - 1].continues)):
            continue
        before = by_quote.get(number - 1)
        after = by_quote.get(number + 1)
        if before and _goes_on(page, number):
            draft = before
        elif after and quote.continues:
            draft = after
        else:
            source = _introduced_by(page, quote)
            if source is None:
                continue
            draft = Draft(None, source, [], is_quote=True)
            added.append(draft)
        draft.spans = sorted([*draft.spans, quote.span])
        draft.quotes.append(number)
        by_quote[number] = draft
        taken.add(number)
    return added


def _goes_on(page: Page, number: int) -> bool:
    """Whether a quotation continues the previous one."""
    before, quote = page.quotes[number - 1], page.quotes[number]
    if before.continues:
        return True
    if page.piece_at(before.span.start) != page.piece_at(quote.span.start):
        return False
    return page.words_between(before.span.end, quote.span.start) <= _FARTHEST_AFTER * 2


def _introduced_by(page: Page, quote: Quotation) -> int | None:
    """Returns the subject of the sentence directly before a quotation, if it can be its speaker."""
    number = page.token_at(quote.span.start) - 1
    if number < 0:
        return None
    before = page.text[page.tokens[number].end - 1]
    same = page.piece_at(page.tokens[number].start) == page.piece_at(quote.span.start)
    if before != ":" and not (same and before in ".!?"):
        return None
    top = number
    while page.tokens[top].head != top:
        top = page.tokens[top].head
    subject = next((child.index for child in grammar.children(page.tokens, top, "nsubj", "nsubjpass")), None)
    if subject is None and before == ":" and page.tokens[top].pos in {"PROPN", "NOUN"}:
        subject = top
    if subject is None or page.is_quoted(subject):
        return None
    token = page.tokens[subject]
    is_person = token.entity in {"PERSON", "ORG"} or token.lower in {"he", "she", "they", "who"} or before == ":"
    return subject if is_person else None
