"""Finds the outlet that carried a claim: "told the Echo", "as reported by the Echo", "the Echo reported, citing"."""

from __future__ import annotations

from collections.abc import Sequence

from briefings.analysis.claims import grammar
from briefings.analysis.claims.drafts import Draft
from briefings.analysis.claims.page import Page
from briefings.analysis.parsing import Token
from briefings.languages.claims import CueWords


def with_outlets(page: Page, drafts: Sequence[Draft], words: CueWords) -> list[Draft]:
    """Returns the drafts with their outlets. A draft that only names the outlet of another one is merged into it."""
    by_word = {draft.reading.word: draft for draft in drafts if draft.reading}
    merged: set[int] = set()
    for draft in drafts:
        if draft.reading is None or draft.reading.word in merged:
            continue
        word = draft.reading.word
        if draft.via is None:
            draft.via = _addressed(page.tokens, draft.reading.addressee) or _interview(page.tokens, word, words)
        if page.tokens[word].lemma not in words.carriers or draft.source is None:
            continue
        carried = by_word.get(page.tokens[word].head)
        if carried is not None and carried is not draft and page.tokens[word].dep == "advcl":
            carried.via = draft.source
            merged.add(word)
            continue
        citing = next((child for child in grammar.children(page.tokens, word, "advcl") if child.lemma == "cite"), None)
        if (
            citing
            and _is_outlet(page.tokens, draft.source)
            and (cited := grammar.children(page.tokens, citing.index, "dobj"))
        ):
            draft.via, draft.source = draft.source, cited[0].index
            merged.add(citing.index)
    return [draft for draft in drafts if draft.reading is None or draft.reading.word not in merged]


def _addressed(tokens: Sequence[Token], addressee: int | None) -> int | None:
    """Returns the addressee if it is an outlet."""
    return addressee if addressee is not None and _is_outlet(tokens, addressee) else None


def _is_outlet(tokens: Sequence[Token], noun: int) -> bool:
    return tokens[noun].entity == "ORG" and tokens[noun].tag in {"NNP", "NNPS"}


def _interview(tokens: Sequence[Token], verb: int, words: CueWords) -> int | None:
    """Returns the outlet in "in an interview with X" or "in a statement carried by X"."""
    for preposition in grammar.children(tokens, verb, "prep"):
        for occasion in grammar.children(tokens, preposition.index, "pobj"):
            if occasion.lemma not in words.occasions:
                continue
            for child in grammar.children(tokens, occasion.index, "prep"):
                for noun in grammar.children(tokens, child.index, "pobj"):
                    if child.lower in {"with", "to", "on"} and _is_outlet(tokens, noun.index):
                        return noun.index
            for carried in grammar.children(tokens, occasion.index, "acl"):
                if (carrier := grammar.agent(tokens, carried.index)) is not None:
                    return carrier
    return None
