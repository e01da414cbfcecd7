"""Splits a headline or sentence into subject and predicate.

English is read by the forms of all its verbs, other languages by the words of `briefings.languages.clauses`. The
clauses of a language without such words have no subject.
"""

from __future__ import annotations

import re

from briefings.analysis.clauses.english import english_clause, predicate_end
from briefings.analysis.clauses.model import Clause
from briefings.analysis.clauses.plain import plain_clause
from briefings.analysis.tokens import tokens
from briefings.languages.verbs import verb_forms
from briefings.model import Span

__all__ = ["Clause", "clause", "headline_clause"]

_PARTS = re.compile(r"(?::|;|\s[-–—|]|\.\.\.|…|\?|!)(?=\s|$)")
_OPENING, _CLOSING = frozenset("\"'“‘«„"), frozenset("\"'”’»“")
_ENGLISH = frozenset({None, "en"})


def headline_clause(text: str, headline: Span, language: str | None) -> Clause:
    """The clause of a headline. If a colon or dash divides it: of the first part with a verb that is no quotation."""
    parts = _parts(text, headline)
    if not parts:
        return Clause(None, headline)
    telling = [part for part in parts if _tells(text, part)] if len(parts) > 1 else parts
    clauses = [clause(text, part, language, is_headline=True) for part in telling or parts]
    for found in clauses:
        if found.subject is not None:
            return found
    return max(clauses, key=lambda found: len(found.predicate))


def clause(text: str, span: Span, language: str | None, *, is_headline: bool = False) -> Clause:
    """The main clause of a sentence."""
    found = tokens(text, span)
    if not found:
        return Clause(None, span)
    if language in _ENGLISH:
        split = english_clause(text, found)
    else:
        split = plain_clause(text, found, language, is_headline=is_headline)
    return split or Clause(None, Span(found[0].start, predicate_end(text, found, 0)))


def _tells(text: str, part: Span) -> bool:
    """Whether a part of a headline is neither a question nor wholly a quotation."""
    words = part.of(text).strip()
    is_quotation = words[0] in _OPENING and words[-1] in _CLOSING
    return not is_quotation and tokens(text, part)[0].folded not in verb_forms().questions


def _parts(text: str, headline: Span) -> list[Span]:
    parts, start = [], headline.start
    for match in _PARTS.finditer(text, headline.start, headline.end):
        parts.append(Span(start, match.start()))
        start = match.end()
    parts.append(Span(start, headline.end))
    return [part for part in parts if tokens(text, part)]
