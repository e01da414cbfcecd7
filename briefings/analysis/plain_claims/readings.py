"""Reads each verb group of a sentence by word order: who says what about whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import dropwhile

from briefings.analysis.claims.stances import NEGATED
from briefings.analysis.plain_claims.model import Reading, Sentence
from briefings.analysis.plain_claims.phrases import VerbGroup, next_phrase, phrase_after, subject_before, verb_group
from briefings.analysis.tokens import Token
from briefings.languages.plain_claims import PlainFrame, PlainWords
from briefings.model import Span, Stance

#: What lets a quotation follow a cue.
_QUOTING = frozenset({"quote", "of"})
#: Where a verb with one of these stances is negated, nothing is claimed: "accuses nobody".
_NEVER_NEGATED = frozenset({Stance.CLAIMS, Stance.ACCUSES})
#: The number of words after a verb that are read.
_REACH = 8
#: The smallest number of words before ", said the minister".
_FEWEST_SAID = 3
#: The largest number of words before an aside that say nothing yet: "After the first round, says Bo, ...".
_LONGEST_OPENING = 4


def readings(sentence: Sentence, words: PlainWords) -> Iterator[Reading]:
    """The readings of all cues outside quotations, in text order."""
    outside = sentence.without_quotations()
    free = outside.words
    groups = [group for place in range(len(free)) if (group := verb_group(free, place, words))]
    for number, group in enumerate(groups):
        following = groups[number + 1].first if number + 1 < len(groups) else len(free)
        reading = _passive(outside, group, words) if group.is_passive else _active(outside, group, following, words)
        if reading and (reading.source or _may_lack_subject(free, group, words)):
            yield reading
    if not groups:
        yield from _according(outside, words)


def _may_lack_subject(found: Sequence[Token], group: VerbGroup, words: PlainWords) -> bool:
    """Whether the speaker may be that of the sentence before: the verb needs no subject, or has a pronoun."""
    pronouns = words.small["pronouns"]
    return not pronouns or any(token.folded in pronouns for token in found[group.first : group.last + 1])


def _active(sentence: Sentence, group: VerbGroup, following: int, words: PlainWords) -> Reading | None:
    frame = group.frame
    if group.is_negated and frame.stance in _NEVER_NEGATED:
        return None
    cue = Span(sentence.words[group.first].start, sentence.words[group.last].end)
    stance = NEGATED.get(frame.stance, frame.stance) if group.is_negated else frame.stance
    may_quote = not frame.content.isdisjoint(_QUOTING)
    quote = _quote_beside(sentence, cue, frame.content, words) if may_quote else None
    before = quote if quote and quote.end <= cue.start else _said_before(sentence, group, cue, words)
    via = _outlet(sentence, group, words)
    if may_quote and before and (quote is None or quote == before):
        source = next_phrase(sentence.words, group.last + 1, words)
        said = (before,) if quote else _around(sentence, before, source, words)
        return Reading(cue, stance, said, _without(source, via), via=via, quote=before == quote)
    source = subject_before(sentence.words, group.first, words)
    if quote is not None:
        return Reading(cue, _judged(sentence, quote, stance, frame, words), (quote,), source, via=via, quote=True)
    content = _content(sentence, group, following, words)
    if content is None:
        return None
    stance = _judged(sentence, content, stance, frame, words)
    return Reading(cue, stance, (content,), source, _target(sentence, group, content, words), via)


def _without(source: Span | None, via: Span | None) -> Span | None:
    return None if source and via and source.start < via.end and via.start < source.end else source


def _quote_beside(sentence: Sentence, cue: Span, content: frozenset[str], words: PlainWords) -> Span | None:
    """The quotation directly before a comma and the cue, or after the cue and a colon or "di" (of).

    Args:
        content: What can follow the cue. If an object can, the colon must follow directly.
    """
    for quote in sentence.quotes:
        if quote.span.end <= cue.start and sentence.is_said_before(quote.span, cue):
            return quote.span
        between = sentence.text[cue.end : quote.span.start] if quote.span.start >= cue.end else "."
        is_of = "of" in content and (words.small["of"] | words.small["articles"]).issuperset(between.split())
        if (
            is_of
            or not between.strip(": ")
            or ("object" not in content and between.rstrip().endswith(":") and ";" not in between)
        ):
            return quote.span
    return None


def _said_before(sentence: Sentence, group: VerbGroup, cue: Span, words: PlainWords) -> Span | None:
    """The sentence up to the comma before "said the minister". None if "that" follows."""
    before = sentence.text[sentence.span.start : cue.start].rstrip()
    following = sentence.words[group.last + 1].folded if group.last + 1 < len(sentence.words) else ""
    if not before.endswith(",") or len(before.split()) < _FEWEST_SAID or _ends_with_aside(before, words):
        return None
    if following in words.small["that"]:
        return None
    said = before.rstrip(" ,")
    start = len(said) - len(said[said.rfind(": ") + 1 :].lstrip())
    return Span(sentence.span.start + start, sentence.span.start + len(said))


def _ends_with_aside(before: str, words: PlainWords) -> bool:
    """Whether the text ends with an apposition or relative clause: "the manager, Sergio Colli,", "the manager, who
    left,".
    """
    _, comma, last = before.rstrip(",").rpartition(",")
    return bool(comma) and (last.strip()[:1].isupper() or not words.small["who"].isdisjoint(last.split()[:1]))


def _content(sentence: Sentence, group: VerbGroup, following: int, words: PlainWords) -> Span | None:
    """The content: a clause after "that", an infinitive with "to", or the object."""
    frame, found = group.frame, sentence.words
    end = _end(sentence, following, words)
    after = group.last + 1
    has_object = "object" in frame.content and after < following and found[after].folded in words.small["articles"]
    for place in range(after, after if has_object else min(after + _REACH, following)):
        is_next = place + 1 < len(found)
        if "that" in frame.content and found[place].folded in words.small["that"] and is_next:
            return Span(found[place + 1].start, end)
        if "infinitive" in frame.content and is_next and _opens_infinitive(found, place, words):
            return Span(found[place].start, end)
    if frame.stance is Stance.DENIES and _ends_clause(found, after, words):
        return Span(found[group.first].start, found[group.last].end)
    return (
        _object(sentence, after, following, frame, words) if "object" in frame.content and after < following else None
    )


def _object(sentence: Sentence, after: int, following: int, frame: PlainFrame, words: PlainWords) -> Span | None:
    """The object that begins at the word ``after``, with what follows it."""
    found, end = sentence.words, _end(sentence, following, words)
    if frame.marker:
        is_marked = found[after].folded in frame.marker and after + 1 < following
        return Span(found[after + 1].start, end) if is_marked else None
    if found[after].folded in words.small["prepositions"] and not found[after].is_capitalised:
        return None
    if frame.needs and not (_is_named(found, after, words) or _needed(found, after, following, frame.needs, words)):
        return None
    colon = sentence.text.find(":", found[after].start, end)
    return Span(found[after].start, colon if colon > 0 else end)


def _ends_clause(found: Sequence[Token], place: int, words: PlainWords) -> bool:
    """Whether a verb before ``place`` has no object: "the company denies and announces ..."."""
    return place >= len(found) or bool(found[place].gap.strip()) or found[place].folded in words.small["conjunctions"]


def _opens_infinitive(found: Sequence[Token], place: int, words: PlainWords) -> bool:
    following = found[place + 1 : place + 3]
    return found[place].folded in words.small["of"] and any(
        token.folded.endswith(words.infinitives) for token in following
    )


def _is_named(found: Sequence[Token], place: int, words: PlainWords) -> bool:
    after_article = place + 1 if found[place].folded in words.small["articles"] else place
    return after_article < len(found) and found[after_article].is_capitalised


def _needed(found: Sequence[Token], place: int, end: int, needs: frozenset[str], words: PlainWords) -> bool:
    """Whether the word that the cue needs follows it. "di" (of) counts only before an infinitive."""
    for here in range(place + 1, end):
        word = found[here].folded
        if word in needs and (word not in words.small["of"] or _opens_infinitive(found, here, words)):
            return True
        if word in words.small["to"] and not needs.isdisjoint(words.small["to"]):
            return True
    return False


def _end(sentence: Sentence, following: int, words: PlainWords) -> int:
    """The end of the content: before the verb of the next clause, or the end of the sentence."""
    found = sentence.words
    here = following
    if here < len(found):
        while here and found[here - 1].folded not in words.small["conjunctions"] and "," not in found[here].gap:
            here -= 1
        if here > 1 and found[here - 1].folded in words.small["and"]:
            return found[here - 2].end
    rest = sentence.text[sentence.span.start : sentence.span.end]
    return sentence.span.start + len(rest.rstrip(" .!?;,"))


def _target(sentence: Sentence, group: VerbGroup, content: Span, words: PlainWords) -> Span | None:
    found, frame = sentence.words, group.frame
    place = group.last + (2 if frame.marker else 1)
    if frame.target == "to":
        to = next(
            (here for here in range(place, min(place + _REACH, len(found))) if found[here].folded in words.small["to"]),
            None,
        )
        return None if to is None else _before_infinitive(sentence, to + 1, words)
    if frame.target == "object" and content.start == found[place].start:
        return _before_infinitive(sentence, place, words)
    return None


def _before_infinitive(sentence: Sentence, place: int, words: PlainWords) -> Span | None:
    """A noun phrase. An infinitive with "di" (of) ends it."""
    phrase = phrase_after(sentence.words, place, words)
    if phrase is None:
        return None
    for here in range(place, len(sentence.words)):
        if sentence.words[here].end > phrase.end:
            break
        if here > place and _opens_infinitive(sentence.words, here, words):
            return Span(phrase.start, sentence.words[here - 1].end)
    return phrase


def _judged(sentence: Sentence, content: Span, stance: Stance, frame: PlainFrame, words: PlainWords) -> Stance:
    """The stance of a description: "a disaster" accuses, "a lie" denies."""
    if frame.name != "Communicate_categorization":
        return stance
    said = {token.folded.strip("'") for token in sentence.words if content.start <= token.start < content.end}
    said |= {word.strip("„“”«».,").lower() for word in content.of(sentence.text).split()}
    if said & words.small["falsehood"]:
        return Stance.DENIES
    return Stance.ACCUSES if said & words.small["blame"] else stance


def _outlet(sentence: Sentence, group: VerbGroup, words: PlainWords) -> Span | None:
    """The outlet in "ha detto al Corriere": a name directly after "to" with its article."""
    found = sentence.words
    for place in range(group.last + 1, min(group.last + 1 + _REACH, len(found) - 1)):
        is_to = found[place].folded in words.small["to"] - {"a", "ad"}
        if is_to and found[place + 1].is_capitalised:
            return phrase_after(found, place + 1, words)
    return None


def _passive(sentence: Sentence, group: VerbGroup, words: PlainWords) -> Reading | None:
    """Reads a passive such as "the mayor was accused by residents of wasting money"."""
    found = sentence.words
    by = next((here for here in range(group.last + 1, len(found) - 1) if found[here].folded in words.small["by"]), None)
    target = subject_before(found, group.first, words)
    if by is None or target is None or group.is_negated:
        return None
    source = _before_infinitive(sentence, by + 1, words)
    if source is None:
        return None
    cue = Span(found[group.first].start, found[group.last].end)
    deed = next((token for token in found if token.start > source.end and token.folded in words.small["deed"]), None)
    content = Span(deed.start, _end(sentence, len(found), words)) if deed else target
    about = target if group.frame.stance is Stance.ACCUSES else None
    return Reading(cue, group.frame.stance, (content,), source, about)


def _according(sentence: Sentence, words: PlainWords) -> Iterator[Reading]:
    """Reads "secondo la polizia" and "secondo quanto riferito dalla polizia"."""
    found = sentence.words
    for place, token in enumerate(found[:-1]):
        opens = place == 0 or "," in token.gap
        if token.folded not in words.small["according"] or not opens:
            continue
        start = place + 1
        if found[start].folded in words.small["how_much"]:
            start = next(
                (here + 1 for here in range(start, len(found) - 1) if found[here].folded in words.small["by"]), 0
            )
        elif not (found[start].folded in words.small["articles"] or found[start].is_capitalised):
            continue
        source = phrase_after(found, start, words) if start else None
        if source is None:
            continue
        cue = Span(token.start, token.end)
        content = _around(sentence, Span(sentence.span.start, found[place - 1].end) if place else None, source, words)
        if content:
            yield Reading(cue, Stance.CLAIMS, content, source)
        return


def _around(sentence: Sentence, before: Span | None, source: Span | None, words: PlainWords) -> tuple[Span, ...]:
    """The words said before an aside, and behind it where only an opening stands before: "After lunch, says Bo, ...".

    Args:
        before: The words before the aside, if there are any.
        source: The speaker, who ends the aside.
    """
    rest = _after_source(sentence.words, source, words) if source else None
    if before and source:
        is_opening = len(before.of(sentence.text).split()) <= _LONGEST_OPENING
        rest = rest if is_opening and sentence.text[source.end : rest].lstrip().startswith(",") else None
    behind = Span(rest, _end(sentence, len(sentence.words), words)) if rest else None
    return tuple(span for span in (before, behind) if span)


def _after_source(found: Sequence[Token], source: Span, words: PlainWords) -> int | None:
    """The start of what follows a source and a clause about it: "secondo Merlo, che ha guidato ..., ..."."""
    behind = [token for token in found if token.start > source.end]
    if behind and behind[0].folded in words.small["who"]:
        behind = [*dropwhile(lambda token: "," not in token.gap, behind[1:])]
    return behind[0].start if behind else None
