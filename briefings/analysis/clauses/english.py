"""The main clause of an English sentence, found by the forms of its verbs."""

from __future__ import annotations

from collections.abc import Sequence

from briefings.analysis.clauses.model import Clause
from briefings.analysis.tokens import Token
from briefings.languages.verbs import VerbForms, verb_forms
from briefings.model import Span

# Scores: how sure it is that a word is a finite verb.
_SURE, _LIKELY, _POSSIBLE = 3, 2, 1
# The longest predicate and verb group, in tokens.
_LONGEST_PREDICATE = 14
_LONGEST_VERB_GROUP = 4


def english_clause(text: str, tokens: Sequence[Token]) -> Clause | None:
    """Returns the main clause of a sentence's tokens, or None if it has no verb."""
    index = _verb(tokens, verb_forms())
    if index is None:
        return None
    subject = Span(tokens[0].start, tokens[index - 1].end)
    predicate = Span(tokens[index].start, predicate_end(text, tokens, index))
    return Clause(subject, predicate, _is_passive(tokens, index, verb_forms()))


def _verb(tokens: Sequence[Token], forms: VerbForms) -> int | None:
    """Returns the index of the main verb, or None. The verbs of relative clauses before it are skipped."""
    best, best_score, in_relative_clause = None, 0, False
    index = 1
    while index < len(tokens):
        token = tokens[index]
        if best is not None and token.folded in forms.ends:
            break
        if token.folded in forms.relative and best is None:
            in_relative_clause = True
        elif (score := _score(tokens, index, forms)) > best_score:
            if in_relative_clause:
                in_relative_clause = False
                index = _after_group(tokens, index, forms)
                continue
            best, best_score = index, score
        if best_score == _SURE:
            break
        index += 1
    return best


def _after_group(tokens: Sequence[Token], index: int, forms: VerbForms) -> int:
    """Returns the index of the first token after the verb group at ``index``."""
    while index < len(tokens) and (tokens[index].folded in forms.auxiliaries or _score(tokens, index, forms)):
        index += 1
    return index


def _score(tokens: Sequence[Token], index: int, forms: VerbForms) -> int:
    """Returns how sure it is that a word is a finite verb, from 0 to 3."""
    word, before = tokens[index].folded, tokens[index - 1].folded
    if (
        before in forms.before_nouns
        or before.isdigit()
        or (tokens[index].gap.strip(" ") and "," not in tokens[index].gap)
    ):
        return 0
    if word in forms.auxiliaries:
        return _SURE
    if word in forms.past or word in forms.present:
        return _LIKELY if word in forms.nouns else _SURE
    if word in forms.base and (before.endswith("s") or before in forms.plurals):
        return _POSSIBLE if word in forms.nouns else _LIKELY
    if word in forms.base and index + 1 < len(tokens) and tokens[index + 1].folded in forms.determiners:
        return _POSSIBLE
    return 0


def _is_passive(tokens: Sequence[Token], index: int, forms: VerbForms) -> bool:
    """Returns whether the verb group at ``index`` is passive: "was hit", "hit by"."""
    group = [token.folded for token in tokens[index : index + _LONGEST_VERB_GROUP]]
    if group[0] in forms.auxiliaries:
        is_passive = group[0] in forms.be or not forms.be.isdisjoint(group)
        return is_passive and not forms.past.isdisjoint(set(group[1:]) - forms.be)
    return (
        group[0] in forms.past and group[0] not in forms.base and (len(group) == 1 or group[1] in forms.after_passive)
    )


def predicate_end(text: str, tokens: Sequence[Token], index: int) -> int:
    """Returns the end of the predicate that begins at ``index``."""
    forms = verb_forms()
    end = index + 1
    while end < len(tokens) and end - index < _LONGEST_PREDICATE:
        token = tokens[end]
        if token.gap.strip(" -'’\"“”‘/&%$£€.") or ". " in token.gap:
            break
        if token.folded in forms.ends and (end - index > 1 or _is_passive(tokens[:end], index, forms)):
            break
        end += 1
    return _with_closing_quote(text, tokens, index, end)


def _with_closing_quote(text: str, tokens: Sequence[Token], index: int, end: int) -> int:
    stop = tokens[end - 1].end
    inner = text[tokens[index].start : stop]
    if text[stop : stop + 1] in {"”", '"', "’", "'", "»"} and any(mark in inner for mark in '“"‘«'):
        return stop + 1
    return stop
