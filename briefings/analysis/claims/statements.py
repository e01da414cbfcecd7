"""Tells claims that a reader can understand from words that state nothing, such as "the report" or "I think"."""

from __future__ import annotations

from collections.abc import Sequence

from briefings.analysis.claims import grammar
from briefings.analysis.claims.drafts import Draft
from briefings.analysis.claims.page import Page
from briefings.analysis.claims.references import References
from briefings.languages.claims import CueWords
from briefings.languages.names import name_words
from briefings.model import Claim, Span, Stance

#: Stances that a name alone completes, "denies the charge", and those in which a writer takes a side.
_COMPLETE = frozenset({Stance.ACCUSES, Stance.DENIES})
_SIDES = _COMPLETE | {Stance.CONFIRMS, Stance.DOUBTS}
_OWN = frozenset({"i", "we"})
#: OntoNotes labels.
_SPEAKERS = frozenset({"PERSON", "ORG"})
_VERBS = frozenset({"VERB", "AUX"})
_NAMING = frozenset({"NOUN", "PROPN", "NUM", "ADJ"})
#: "Warned of shortages" says something, "said the report" does not.
_FEWEST_NAMING = 2


def without_empty(
    page: Page, drafted: Sequence[tuple[Draft, Claim]], references: References, words: CueWords
) -> tuple[Claim, ...]:
    """Returns the claims that have a speaker and state something."""
    claims = [claim for _, claim in drafted]
    return tuple(
        claim
        for draft, claim in drafted
        if not (draft.label and _is_topic(page, claim, claims, words))
        and not (draft.source is not None and _is_voiceless(page, draft.source, claim.stance, words))
        and _states(page, draft, claim, references, words)
    )


def _is_voiceless(page: Page, source: int, stance: Stance, words: CueWords) -> bool:
    """Whether the speaker is nobody, "there is", the reader, or the writer who takes no side: "I think"."""
    token = page.tokens[source]
    if token.tag == "WDT" or page.is_quoted(source):
        return False
    return token.lower in words.voiceless or (token.lower in _OWN and stance not in _SIDES)


def _states(page: Page, draft: Draft, claim: Claim, references: References, words: CueWords) -> bool:
    """Whether something is quoted, has a verb, or is named by somebody: "the union promised a new bridge"."""
    stance, reading = claim.stance, draft.reading
    if reading is None or draft.quotes or stance in _COMPLETE:
        return True
    said = [page.tokens[number] for span in draft.spans for number in page.tokens_in(span)]
    if said[0].dep == "mark" or any(token.pos in _VERBS for token in said):
        return draft.source is not None or page.tokens[reading.word].tag != "VB"
    if draft.source is None:
        return False
    if stance is Stance.CLAIMS and not _may_announce(page, draft.source, references, words):
        return False
    return sum(token.pos in _NAMING for token in said) >= (_FEWEST_NAMING if stance is Stance.CLAIMS else 1)


def _may_announce(page: Page, source: int, references: References, words: CueWords) -> bool:
    """Whether a noun is a name, stands for one, or is a group or an office. "The device" announces nothing."""
    token = page.tokens[source]
    names = [token, *grammar.children(page.tokens, source, "appos")]
    is_named = source in references.resolved or any(name.pos == "PROPN" or name.entity for name in names)
    offices = words.group_nouns | words.headline_sources | name_words("en").titles
    return is_named or token.tag == "NNS" or token.lemma in offices


def _is_topic(page: Page, headline: Claim, claims: Sequence[Claim], words: CueWords) -> bool:
    """Whether a name before a colon in the title is only the topic: below, nobody states the like.

    Below, a person or an organisation can have another name: "the president said".
    """
    label = headline.speaker
    if label is None or not page.pieces[0].covers(label):
        return False
    name = page.tokens[page.token_at(label.end - 1)].lower
    is_somebody = any(token.lower == name and token.entity in _SPEAKERS for token in page.tokens)
    if name in words.headline_sources:
        return False
    stated = _lemmas(page, headline.content)
    return not any(
        (is_somebody or name in {page.tokens[number].lower for number in page.tokens_in(claim.speaker)})
        and stated & _lemmas(page, claim.content)
        for claim in claims
        if claim is not headline and claim.speaker
    )


def _lemmas(page: Page, spans: Sequence[Span]) -> set[str]:
    found = (page.tokens[number] for span in spans for number in page.tokens_in(span))
    return {token.lemma for token in found if token.pos in _NAMING | {"VERB"}}
