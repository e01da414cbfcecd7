"""Finds the words of the person whose words a question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefings.analysis.questions.index import Index, Indexed
from briefings.analysis.questions.matching import Matcher
from briefings.analysis.questions.model import Evidence
from briefings.analysis.questions.surroundings import is_qualified, is_undisclosed
from briefings.analysis.tokens import Token

_QUOTES = frozenset('“«„"')
_QUOTED = re.compile(r':\s*[“«„"‘]')
#: The largest number of words between a speaker and the verb after or before it.
_SPEAKS, _SPOKEN_BY = 12, 4


def said(matcher: Matcher, place: int) -> Evidence:
    """Words of speech next to the speaker, or the words of somebody named just before."""
    index, speaker = matcher.index, matcher.question.speaker
    sentence = index.sentences[place]
    missing = 0.3 * any(term.weight == 1 and not matcher.is_known(term) for term in speaker)
    spots, cues = _speaking(matcher, place), _speech(sentence, index)
    if any(0 < cue - spot <= _SPEAKS or 0 < spot - cue <= _SPOKEN_BY for cue in cues for spot in spots):
        return Evidence(0.3 - missing)
    if any(spot < number for number in _quotes(sentence) for spot in spots):
        return Evidence(0.3 - missing)
    if spots:
        return Evidence((0.3 if is_undisclosed(matcher, place) else -0.6) - missing)
    is_quoted = not _QUOTES.isdisjoint(sentence.span.of(index.article.text))
    if (cues or is_quoted) and index.is_behind(place):
        return Evidence(0.2 - missing)
    return Evidence((-0.3 if speaker else 0.0) - missing)


def _speaking(matcher: Matcher, place: int) -> list[int]:
    """The places where the speaker is named, but not by another speaker, nor as "the deputy governor"."""
    index, tokens = matcher.index, matcher.index.sentences[place].words.tokens
    told = {end - 1 for _, end in _cues(index.sentences[place], index)}
    return [
        spot
        for spot in matcher.spots(place, matcher.question.speaker)
        if tokens[spot].start not in index.quoted
        and not _is_beside(tokens, spot, index)
        and not is_qualified(matcher, place, spot)
        and not (spot and tokens[spot - 1].folded in index.known.addressed and spot - 1 not in told)
    ]


def _is_beside(tokens: Sequence[Token], spot: int, index: Index) -> bool:
    """Whether a name stands in a clause about somebody else: "Ann Lee, who is a cousin of Bram, said ..."."""
    start = spot
    while start and "," not in tokens[start].gap:
        start -= 1
    if not start or tokens[start].folded not in index.known.relatives:
        return False
    return any("," in token.gap for token in tokens[spot + 1 :])


def _quotes(sentence: Indexed) -> list[int]:
    """The numbers of the tokens behind a colon and the mark of a quotation: "Rubio then greeted her: “Welcome.”"."""
    tokens = sentence.words.tokens
    return [number for number, token in enumerate(tokens) if number and _QUOTED.search(tokens[number - 1].gap)]


def _speech(sentence: Indexed, index: Index) -> list[int]:
    """The numbers of the tokens that begin words of speech."""
    words, passive, agents = sentence.folded.split(" "), index.known.passive, index.known.agents
    return [
        start
        for start, end in _cues(sentence, index)
        if not start
        or words[start - 1] not in passive
        or words[start].endswith("ing")  # "she is warning that" is active
        or not agents.isdisjoint(words[end : end + 1])
    ]


def _cues(sentence: Indexed, index: Index) -> list[tuple[int, int]]:
    """For each cue of speech the numbers of its first token and of the one behind it."""
    found = index.known.speech.finditer(sentence.folded)
    starts = [(sentence.folded.count(" ", 0, match.start()), match.group().count(" ") + 1) for match in found]
    return [(start, start + length) for start, length in starts]
