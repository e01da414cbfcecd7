"""Queries on the dependency tree: subjects, agents, passives, noun phrases."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from briefings.analysis.parsing import Token
from briefings.model import Span

_SUBJECTS = frozenset({"nsubj", "csubj", "expl"})
_PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
_VERBAL = frozenset({"VERB", "AUX"})
_SHARES_SUBJECT = frozenset({"conj", "xcomp", "advcl", "dep", "parataxis"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
_FARTHEST = 6


def children(tokens: Sequence[Token], number: int, *deps: str) -> list[Token]:
    """Returns the children of a token with one of these dependency labels."""
    return [tokens[child] for child in tokens[number].children if tokens[child].dep in deps]


def is_passive(tokens: Sequence[Token], verb: int) -> bool:
    """Whether the verb is passive. A participle after its noun counts too."""
    if any(tokens[child].dep in {"auxpass", "nsubjpass"} for child in tokens[verb].children):
        return True
    if tokens[verb].tag != "VBN":
        return False
    is_participle = tokens[verb].dep == "acl" and tokens[tokens[verb].head].dep != "ROOT"
    if tokens[verb].dep == "advcl" and not children(tokens, verb, "aux"):  # "asked whether it is true, she said"
        return True
    return is_participle or agent(tokens, verb) is not None


def is_negated(tokens: Sequence[Token], verb: int) -> bool:
    """Whether the verb is negated."""
    return any(tokens[child].dep == "neg" for child in tokens[verb].children)


def agent(tokens: Sequence[Token], verb: int) -> int | None:
    """Returns the agent of a passive verb: the noun after "by"."""
    for by in tokens[verb].children:
        if tokens[by].dep == "agent" or (tokens[by].dep == "prep" and tokens[by].lower == "by"):
            for noun in children(tokens, by, "pobj"):
                return noun.index
    return None


def subject(tokens: Sequence[Token], verb: int) -> int | None:  # noqa: PLR0911  # a table of relations
    """Returns the subject of an active verb: its own, or the one that it shares with its head."""
    here = verb
    for _ in range(_FARTHEST):
        token = tokens[here]
        for child in token.children:
            if tokens[child].dep in _SUBJECTS and (here != verb or tokens[child].dep != "expl"):
                return child
        passive = [child for child in token.children if tokens[child].dep in _PASSIVE_SUBJECTS]
        if passive and here != verb:
            return agent(tokens, here) or passive[0]
        if token.dep == "acl" and tokens[token.head].pos not in _VERBAL:
            return token.head
        if token.dep == "pcomp":
            here = tokens[token.head].head
        elif token.dep in _SHARES_SUBJECT or (token.dep == "ccomp" and not _has_mark(tokens, here)):
            if token.head == here:
                return None
            if token.dep == "xcomp" and (controller := children(tokens, token.head, "dobj")):
                return controller[0].index
            here = token.head
        else:
            return None
    return None


def noun_before(tokens: Sequence[Token], verb: int) -> int | None:
    """Returns the noun phrase directly before a finite verb. It is used where the parser finds no subject."""
    here = verb
    while here - 1 in tokens[verb].children and tokens[here - 1].dep in {"aux", "auxpass", "neg", "advmod"}:
        here -= 1
    here -= 1
    while here > 0 and tokens[here].text in {",", ")", "”", '"'}:
        here -= 1
    if here < 0 or tokens[here].sentence != tokens[verb].sentence or tokens[here].pos not in _NOMINAL:
        return None
    while _is_inside_phrase(tokens, here):
        here = tokens[here].head
    if tokens[here].tag in {"VBN", "VBD"}:  # "the commission, asked for comment, said"
        here = next((child.index for child in children(tokens, here, "nsubj", "nsubjpass")), here)
    return here if tokens[here].pos in _NOMINAL and here < verb else None


def _is_inside_phrase(tokens: Sequence[Token], number: int) -> bool:
    """Whether the token's head is an earlier part of the same noun phrase."""
    token = tokens[number]
    head = tokens[token.head]
    if head.index >= number or head.pos == "PUNCT":
        return False
    if token.dep == "appos":
        return not any(between.text == "," for between in tokens[head.index : number])
    return token.dep in {"pobj", "prep", "nmod"}


def antecedent(tokens: Sequence[Token], noun: int) -> int:
    """Returns the antecedent of a relative pronoun. Any other token is returned unchanged."""
    token = tokens[noun]
    if token.tag in {"WP", "WDT"} and tokens[token.head].dep == "relcl":
        return tokens[token.head].head if tokens[tokens[token.head].head].index != token.head else noun
    return noun


def noun_phrase(tokens: Sequence[Token], noun: int, without: Collection[str] = ()) -> Span:
    """Returns the noun phrase from its article to its apposition, without relative clauses.

    Args:
        without: Prepositions that end it.
    """
    last = noun
    for child in tokens[noun].children:
        if child < noun:
            continue
        token = tokens[child]
        if token.dep in {"punct", "cc"}:
            continue
        if token.lower in without or children(tokens, child, "pcomp"):
            break
        if token.dep in {"prep", "appos", "conj", "nummod", "amod", "nmod", "case"} and not _holds_finite_verb(
            tokens, child
        ):
            last = token.right
        else:
            break
    if tokens[last].text in {",", "-", "–", "—"}:
        last -= 1
    first = tokens[noun].left
    while first < noun and (tokens[first].dep == "punct" or tokens[first].dep in {"cc", "preconj"}):
        first += 1
    return Span(tokens[first].start, tokens[_balanced(tokens, first, max(last, noun))].end)


def _balanced(tokens: Sequence[Token], first: int, last: int) -> int:
    """Returns the last token of a phrase so that its brackets are balanced."""
    texts = [token.text for token in tokens[first : last + 1]]
    if texts.count("(") <= texts.count(")"):
        return last
    if last + 1 < len(tokens) and tokens[last + 1].text == ")":
        return last + 1
    opening = first + len(texts) - 1 - texts[::-1].index("(")
    return max(opening - 1, first)


def verb_group(tokens: Sequence[Token], verb: int, last: int) -> Span:
    """Returns the span of a verb with its auxiliaries and negation, up to the token ``last``."""
    first = verb
    while first - 1 in tokens[verb].children and tokens[first - 1].dep in {"aux", "auxpass", "neg", "advmod"}:
        first -= 1
    return Span(tokens[first].start, tokens[max(last, verb)].end)


def _has_mark(tokens: Sequence[Token], verb: int) -> bool:
    return any(tokens[child].dep == "mark" for child in tokens[verb].children)


def _holds_finite_verb(tokens: Sequence[Token], top: int) -> bool:
    return any(
        tokens[number].dep in {"relcl", "ccomp", "advcl"} and tokens[number].tag in {"VBD", "VBZ", "VBP"}
        for number in range(tokens[top].left, tokens[top].right + 1)
    )
