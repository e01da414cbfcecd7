"""Finds cue words, such as "said" or "accused", and reads the speaker, the content and the target around each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from briefings.analysis.claims import grammar
from briefings.analysis.claims.parts import Parts, is_finite, is_infinitive, withholds
from briefings.analysis.parsing import Token, subtree
from briefings.languages.claims import CueWords, Frame
from briefings.model import Span, Stance

#: "Did not say" and "did not accuse" are no claims, but "did not believe", "did not deny" and "did not confirm" are.
_TELL_WHEN_NEGATED = frozenset({"Opinion", "Affirm_or_deny"})
#: These readings need a speaker: "is called a success" has none.
_NEED_SOURCE = frozenset({"Communicate_categorization", "Desiring", "Commitment", "Purpose", "Taking_sides", "Opinion"})
_NO_CONTENT = frozenset({"PRON", "DET", "PUNCT", "ADP", "PART", "ADV"})
_NAMED_PEOPLES = frozenset({"NORP", "GPE", "ORG", "PERSON", "LOC", "FAC"})
#: Kinds of numbers, which nobody accuses.
_MEASURES = frozenset({"DATE", "TIME", "CARDINAL", "ORDINAL", "QUANTITY", "PERCENT"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A cue word with its speaker, content and target.

    Attributes:
        cue: The words of the cue.
        word: The number of its main word.
        source: The number of the noun that speaks, if the sentence has one.
        content: The numbers of the words that are said. Empty if only a quotation can be the content.
        target: The number of the noun that the claim is about.
        addressee: The number of the noun that is addressed.
        is_aside: Whether the cue is a parenthesis: "as the minister put it".
    """

    cue: Span
    word: int
    frame: Frame
    source: int | None
    content: frozenset[int]
    target: int | None = None
    addressee: int | None = None
    is_negated: bool = False
    is_aside: bool = False


def find_readings(tokens: Sequence[Token], words: CueWords, is_quoted: Callable[[int], bool]) -> list[Reading]:
    """Returns the readings of all cue words outside quotations, in text order."""
    found: list[Reading] = []
    for token in tokens:
        if is_quoted(token.index):
            continue
        if token.lower == "according":
            found += _according(tokens, token)
        elif token.lower == "per":
            found += _per(tokens, token)
        elif token.tag.startswith("VB"):
            found += _verb(tokens, token, words)
        elif token.pos == "NOUN":
            found += _noun(tokens, token, words)
        elif token.pos == "ADJ":
            found += _adjective(tokens, token, words)
    return [reading for reading in found if _is_said(tokens, reading, words)]


def _is_said(tokens: Sequence[Token], reading: Reading, words: CueWords) -> bool:
    """Whether the speaker is somebody, and no number is accused: "went ahead after 20 minutes"."""
    target = reading.target
    if reading.frame.stance is Stance.ACCUSES and target is not None and tokens[target].entity in _MEASURES:
        return False
    return reading.source is None or not _is_nobody(tokens, reading.source, words)


def _is_nobody(tokens: Sequence[Token], source: int, words: CueWords) -> bool:
    """Whether a subject is nobody ("no official said") or asked for ("who is to blame?")."""
    token = tokens[source]
    if token.lower in words.nobody or any(tokens[child].lower in words.negating for child in token.children):
        return True
    return token.tag == "WP" and grammar.antecedent(tokens, source) == source


def _is_predicate(tokens: Sequence[Token], verb: Token) -> bool:
    """Whether a verb only says what its subject is: "the pump was to blame" accuses the pump, which says nothing."""
    is_below_be = tokens[verb.head].lemma == "be" and is_infinitive(tokens, verb)
    return is_below_be and not grammar.children(tokens, verb.index, "dobj", "obj", "ccomp", "xcomp")


def _verb(tokens: Sequence[Token], verb: Token, words: CueWords) -> Iterator[Reading]:
    if _is_predicate(tokens, verb) or withholds(tokens, verb, words):
        return
    best: Reading | None = None
    frames = list(_frames(tokens, verb, words))
    if grammar.is_negated(tokens, verb.index):
        frames = [(frame, particle) for frame, particle in frames if frame.name in _TELL_WHEN_NEGATED]
    for frame, particle in frames:
        reading = _read(tokens, verb, frame, particle, words)
        if reading and (best is None or len(reading.content) > len(best.content)):
            best = reading
    if best:
        yield best


def _frames(tokens: Sequence[Token], verb: Token, words: CueWords) -> Iterator[tuple[Frame, int | None]]:
    particles = [child for child in verb.children if tokens[child].dep in {"prep", "prt", "advmod", "agent"}]
    for place, child in enumerate(particles):
        for other in particles[place + 1 :]:  # "lash out at"
            for frame in words.verbs.get(f"{verb.lemma} {tokens[child].lower} {tokens[other].lower}", ()):
                yield frame, other
        for frame in words.verbs.get(f"{verb.lemma} {tokens[child].lower}", ()):
            yield frame, child
    for frame in words.verbs.get(verb.lemma, ()):
        yield frame, None


def _read(tokens: Sequence[Token], verb: Token, frame: Frame, particle: int | None, words: CueWords) -> Reading | None:
    parts = Parts(tokens, verb, particle)
    numbers: set[int] = set()
    for part in frame.content:
        numbers.update(parts.words(part))
    if frame.needs and "quote" not in frame.needs and not any(parts.words(part) for part in frame.needs):
        return None
    if not numbers and "clause" in frame.content:
        numbers.update(_clause_around(tokens, verb))
    if not numbers and "quote" not in frame.content:
        return None
    if _is_reticent(tokens, numbers, words):
        return None
    passive = grammar.is_passive(tokens, verb.index) and not frame.is_state
    source = grammar.agent(tokens, verb.index) if passive else _speaker(tokens, verb, frame)
    if source is None and not _may_lack_source(verb, frame, is_passive=passive):
        return None
    if numbers and frame.name != "Affirm_or_deny" and all(tokens[number].pos in _NO_CONTENT for number in numbers):
        return None
    if source is not None:
        numbers -= _around_source(tokens, verb, source) - parts.after_agent()
    return Reading(
        cue=grammar.verb_group(
            tokens, verb.index, particle if particle is not None and particle > verb.index else verb.index
        ),
        word=verb.index,
        frame=frame,
        source=source,
        content=frozenset(numbers),
        target=_target(tokens, parts, frame, words),
        addressee=parts.object(),
        is_negated=grammar.is_negated(tokens, verb.index),
        is_aside=verb.dep == "advcl" and any(tokens[child].lower == "as" for child in verb.children),
    )


def _around_source(tokens: Sequence[Token], verb: Token, source: int) -> set[int]:
    """Returns the tokens of the speaker. In "X, asked for comment, said" they include the participle clause."""
    for clause in grammar.children(tokens, verb.index, "ccomp"):
        if clause.index < verb.index and tokens[clause.index].left <= source <= clause.right < verb.index:
            return set(range(clause.left, clause.right + 1))
    return set(subtree(tokens, source))


def _is_reticent(tokens: Sequence[Token], numbers: set[int], words: CueWords) -> bool:
    """Whether the content says nothing about the news: "asked not to be named", "declined to comment"."""
    if {tokens[number].lemma for number in numbers} <= words.reticence:
        return bool(numbers)
    return any(
        tokens[number].lemma in words.reticence and any(tokens[child].tag == "TO" for child in tokens[number].children)
        for number in numbers
        if tokens[number].head not in numbers
    )


def _may_lack_source(verb: Token, frame: Frame, *, is_passive: bool) -> bool:
    """Whether a cue may lack a speaker: "it was reported that" may, "is called" may not."""
    return frame.name not in _NEED_SOURCE and (verb.dep == "ROOT" or (is_passive and verb.dep == "parataxis"))


def _speaker(tokens: Sequence[Token], verb: Token, frame: Frame) -> int | None:
    found = grammar.subject(tokens, verb.index)
    if found is None and frame.is_state:
        return next((child.index for child in grammar.children(tokens, verb.index, "nsubjpass")), None)
    if found is None and is_finite(tokens, verb):
        return grammar.noun_before(tokens, verb.index)
    return found


def _clause_around(tokens: Sequence[Token], verb: Token) -> set[int]:
    """Returns the clause around a parenthesis such as "as he said" or ", he said,"."""
    if verb.head == verb.index or verb.dep not in {"parataxis", "advcl", "dep"}:
        return set()
    marks = [tokens[child].lower for child in verb.children if tokens[child].dep == "mark"]
    if verb.dep == "advcl" and "as" not in marks and not any(tokens[child].lower == "as" for child in verb.children):
        return set()
    return set(subtree(tokens, verb.head)) - set(subtree(tokens, verb.index))


def _target(tokens: Sequence[Token], parts: Parts, frame: Frame, words: CueWords) -> int | None:
    match frame.target:
        case "" | "none":
            return None
        case "object":
            return parts.object()
        case "subject":
            return parts.clause_subject()
        case "owner":
            return _owner(tokens, parts.object(), words)
        case preposition:
            return parts.noun_after(preposition)


def _owner(tokens: Sequence[Token], noun: int | None, words: CueWords) -> int | None:
    """Returns the author of a claim, request or plan: "Norway" in "Norway's request"."""
    if noun is None:
        return None
    for child in grammar.children(tokens, noun, "poss"):
        return child.index
    if tokens[noun].lemma not in words.speech_nouns:
        return None
    for child in grammar.children(tokens, noun, "amod", "compound", "nmod"):
        if child.entity in _NAMED_PEOPLES:
            return child.index
    for preposition in grammar.children(tokens, noun, "prep", "agent"):
        if preposition.lower in {"by", "from"}:
            for child in grammar.children(tokens, preposition.index, "pobj"):
                return child.index
    return None


def _according(tokens: Sequence[Token], according: Token) -> Iterator[Reading]:
    to = next((tokens[child] for child in according.children if tokens[child].lower == "to"), None)
    if to is None or not (nouns := grammar.children(tokens, to.index, "pobj", "pcomp")):
        return
    yield _attributed(tokens, according, to, nouns[0])


def _per(tokens: Sequence[Token], per: Token) -> Iterator[Reading]:
    """Reads "per the fire department", but not "per day" or "per person"."""
    for noun in grammar.children(tokens, per.index, "pobj"):
        is_the = any(tokens[child].lower == "the" for child in noun.children)
        if is_the or noun.entity in {"PERSON", "ORG"}:
            yield _attributed(tokens, per, per, noun)


def _attributed(tokens: Sequence[Token], first: Token, last: Token, noun: Token) -> Reading:
    """Returns the reading of a preposition that names the source of the clause around it."""
    top = first
    while top.head != top.index and not (top.index != first.index and top.tag.startswith("VB")):
        top = tokens[top.head]
    content = set(subtree(tokens, top.index)) - set(subtree(tokens, first.index))
    frame = Frame("Attributed_information", Stance.CLAIMS, ("main",))
    return Reading(Span(first.start, last.end), first.index, frame, noun.index, frozenset(content))


def _noun(tokens: Sequence[Token], noun: Token, words: CueWords) -> Iterator[Reading]:
    for frame in words.nouns.get(noun.lemma, ()):
        content = {number for child in _noun_content(tokens, noun, frame) for number in subtree(tokens, child)}
        source = _noun_source(tokens, noun)
        if content and source is not None and source not in content:
            span = Span(noun.start, noun.end)
            yield Reading(span, noun.index, frame, source, frozenset(content))
            return


def _noun_content(tokens: Sequence[Token], noun: Token, frame: Frame) -> Iterator[int]:
    for child in (tokens[number] for number in noun.children):
        is_clause = child.dep in {"acl", "ccomp", "relcl"} and any(
            tokens[number].lower == "that" and tokens[number].dep == "mark" for number in child.children
        )
        is_purpose = child.dep in {"acl", "relcl"} and is_infinitive(tokens, child)
        is_phrase = child.dep == "prep" and child.lower in frame.content
        if (is_clause and "clause" in frame.content) or (is_purpose and "infinitive" in frame.content) or is_phrase:
            yield child.index


def _noun_source(tokens: Sequence[Token], noun: Token) -> int | None:
    for owner in grammar.children(tokens, noun.index, "poss"):
        return owner.index
    for preposition in grammar.children(tokens, noun.index, "prep", "agent"):
        if preposition.lower in {"by", "from", "among"}:
            for child in grammar.children(tokens, preposition.index, "pobj"):
                return child.index
    if noun.dep == "dobj":
        return grammar.subject(tokens, noun.head)
    return None


def _adjective(tokens: Sequence[Token], adjective: Token, words: CueWords) -> Iterator[Reading]:
    if adjective.dep != "acomp":
        return
    for frame in words.adjectives.get(adjective.lemma, ()):
        heads = [child.index for child in grammar.children(tokens, adjective.index, "ccomp")]
        heads += [
            child.index for child in grammar.children(tokens, adjective.index, "prep") if child.lower in frame.content
        ]
        source = grammar.subject(tokens, adjective.head)
        if heads and source is not None:
            content = frozenset(number for head in heads for number in subtree(tokens, head))
            span = grammar.verb_group(tokens, adjective.head, adjective.index)
            yield Reading(span, adjective.index, frame, source, content)
            return
