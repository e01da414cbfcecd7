"""Finds who says yes and who says no: sentences with claims that accuse, confirm or deny."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from briefings.analysis.accounts import within_others
from briefings.analysis.questions.matching import Matcher
from briefings.analysis.questions.model import Line
from briefings.model import Claim, Stance

_SIDES = frozenset({Stance.ACCUSES, Stance.CONFIRMS, Stance.DENIES})


def claims_by_place(claims: Sequence[Claim], matcher: Matcher) -> dict[int, Claim]:
    """For each sentence with such a claim, by its number in the index, the first claim.

    Accusations of somebody else than the question names are left out, and so are claims that somebody else reports.
    """
    places = {one.span.start: place for place, one in enumerate(matcher.index.sentences)}
    found: dict[int, Claim] = {}
    reported = within_others(claims)
    for claim in claims:
        place = places.get(claim.sentence.start) if claim not in reported else None
        if place is not None and claim.stance in _SIDES and claim.speaker and _is_about(claim, place, matcher):
            found.setdefault(place, claim)
    return found


def said_by(claims: Sequence[Claim], matcher: Matcher) -> dict[int, float]:
    """For each sentence with somebody's words how much of the speaker that is asked for they are of, in [0, 1]."""
    places = {one.span.start: place for place, one in enumerate(matcher.index.sentences)}
    found: dict[int, float] = {}
    for claim in claims:
        place = places.get(claim.sentence.start)
        names = [span for span in (claim.speaker, claim.source) if span]
        if place is not None and names:
            share = max(matcher.share_in(span, matcher.question.speaker) for span in names)
            found[place] = max(found.get(place, 0.0), share)
    return found


def _is_about(claim: Claim, place: int, matcher: Matcher) -> bool:
    """Whether an accusation is about somebody whom the question names, or the question names nobody."""
    if claim.stance is not Stance.ACCUSES or claim.target is None or not matcher.terms:
        return True
    tokens = matcher.index.sentences[place].words.tokens
    return any(
        claim.target.start <= tokens[spot].start < claim.target.end for spot in matcher.spots(place, matcher.terms)
    )


def with_sides(lines: Sequence[Line], taken: Mapping[int, Claim]) -> tuple[Line, ...]:
    """The lines, each with the claim of its sentence that says yes or no."""
    by_start = {claim.sentence.start: claim for claim in taken.values()}
    return tuple(replace(line, side=by_start.get(line.span.start)) for line in lines)
