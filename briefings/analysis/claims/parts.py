"""The parts of a verb phrase: object, clauses, prepositional phrases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from briefings.analysis.claims import grammar
from briefings.analysis.parsing import Token, subtree
from briefings.languages.claims import CueWords


class Parts:
    """The parts of a verb phrase, by the names that the cue word files use."""

    def __init__(self, tokens: Sequence[Token], verb: Token, particle: int | None) -> None:
        self._tokens = tokens
        self._verb = verb
        self._particle = particle
        self._passive = grammar.is_passive(tokens, verb.index)

    def words(self, part: str) -> set[int]:
        """Returns the token numbers of one part, or an empty set if the verb lacks it."""
        heads: Iterable[int]
        match part:
            case "object":
                heads = [number] if (number := self.object()) is not None else []
                if number is not None and self._verb.dep in {"acl", "relcl"} and number == self._verb.head:
                    return self._described_noun(number)
            case "clause":
                heads = [child.index for child in self._clausal() if is_finite(self._tokens, child)]
            case "infinitive":
                heads = [child.index for child in self._clausal() if is_infinitive(self._tokens, child)]
            case "gerund":
                heads = [child.index for child in self._clausal() if is_gerund(self._tokens, child)]
            case "complement":
                heads = self._complements()
            case "quote":
                heads = []
            case preposition:
                owners = {self._verb.index, self._direct_object()} - {None}
                heads = [
                    child.index
                    for owner in owners
                    if owner is not None
                    for child in grammar.children(self._tokens, owner, "prep")
                    if child.lower == preposition
                ]
                heads += [child.index for child in self._gerunds_after_agent() if child.lower == preposition]
        found = {number for head in heads for number in subtree(self._tokens, head)}
        return found | self._cut_off(max(found)) if found else found

    def after_agent(self) -> set[int]:
        """Returns the gerund phrases that the parser attaches to the agent: "by residents *of wasting money*"."""
        return {number for child in self._gerunds_after_agent() for number in subtree(self._tokens, child.index)}

    def _gerunds_after_agent(self) -> list[Token]:
        agent = grammar.agent(self._tokens, self._verb.index) if self._passive else None
        if agent is None:
            return []
        return [
            child
            for child in grammar.children(self._tokens, agent, "prep")
            if grammar.children(self._tokens, child.index, "pcomp")
        ]

    def object(self) -> int | None:
        """Returns the object of the verb or of its particle. For a passive this is the subject."""
        if self._particle is not None and self._tokens[self._particle].dep != "prt":
            for child in grammar.children(self._tokens, self._particle, "pobj", "pcomp"):
                return child.index
        wanted = ("nsubjpass",) if self._passive else ("dobj", "dative")
        for child in self._children(*wanted):
            is_relative = child.lower in {"that", "which"} and self._verb.dep == "relcl"
            return self._verb.head if is_relative else child.index
        if self._passive and self._verb.dep == "acl":
            return self._verb.head
        for clause in self._clausal():
            if is_infinitive(self._tokens, clause) or not is_finite(self._tokens, clause):
                for child in grammar.children(self._tokens, clause.index, "nsubj"):
                    return child.index
        return None

    def clause_subject(self) -> int | None:
        """Returns the subject of the content clause if it is a name."""
        for clause in self._children("ccomp"):
            for subject in grammar.children(self._tokens, clause.index, "nsubj", "nsubjpass"):
                if subject.pos == "PROPN" or subject.entity:
                    return subject.index
        return None

    def noun_after(self, preposition: str) -> int | None:
        """Returns the noun after a preposition of the verb."""
        for child in self._children("prep"):
            if child.lower == preposition:
                for noun in grammar.children(self._tokens, child.index, "pobj"):
                    return noun.index
        return None

    def _children(self, *deps: str) -> list[Token]:
        return grammar.children(self._tokens, self._verb.index, *deps)

    def _clausal(self) -> list[Token]:
        found = self._children("ccomp", "xcomp")
        if self._particle is not None:
            found += grammar.children(self._tokens, self._particle, "pcomp", "xcomp", "ccomp")
        if (number := self._direct_object()) is not None:
            found += [
                child
                for child in grammar.children(self._tokens, number, "acl", "relcl")
                if is_infinitive(self._tokens, child)
            ]
        found += [child for child in self._children("advcl") if is_infinitive(self._tokens, child)]
        return found

    def _direct_object(self) -> int | None:
        owner = self._particle if self._particle is not None else self._verb.index
        return next((child.index for child in grammar.children(self._tokens, owner, "dobj", "pobj")), None)

    def _complements(self) -> list[int]:
        found = [child.index for child in self._children("oprd", "acomp", "attr")]
        found += [
            clause.index
            for clause in self._children("ccomp", "xcomp")
            if not is_finite(self._tokens, clause) and not is_infinitive(self._tokens, clause)
        ]
        return found

    def _cut_off(self, last: int) -> set[int]:
        """Returns the complement of a relative clause that the parser attaches to this verb: "it called *invented*"."""
        tokens, following = self._tokens, last + 1
        if tokens[last].dep != "relcl" or following == len(tokens) or tokens[following].head != self._verb.index:
            return set()
        is_complement = tokens[following].tag in {"VBN", "JJ"} and tokens[following].dep in {"advcl", "acomp", "oprd"}
        return set(subtree(tokens, following)) if is_complement else set()

    def _described_noun(self, noun: int) -> set[int]:
        """Returns a noun without the clause after it: "the plan" in "the plan denounced by critics"."""
        return set(range(self._tokens[noun].left, noun + 1))


def withholds(tokens: Sequence[Token], verb: Token, words: CueWords) -> bool:
    """Whether the verb keeps something from somebody: "denied the boats the port", "denied bail to Lund".

    "Denied the use of force" says that nobody used it.
    """
    if verb.lemma not in words.withholding:
        return False
    objects = grammar.children(tokens, verb.index, "dobj", "dative", "nsubjpass")
    return len(objects) > 1 or any(
        noun.lemma in words.permits
        and not any(child.lower == "of" for child in grammar.children(tokens, noun.index, "prep"))
        for noun in objects
    )


def is_gerund(tokens: Sequence[Token], verb: Token) -> bool:
    """Whether the verb is a gerund, also a perfect one: "having struck"."""
    return "VBG" in {verb.tag, *(one.tag for one in grammar.children(tokens, verb.index, "aux", "auxpass"))}


def is_infinitive(tokens: Sequence[Token], verb: Token) -> bool:
    """Whether the verb follows "to"."""
    return any(tokens[child].tag == "TO" for child in verb.children)


def is_finite(tokens: Sequence[Token], verb: Token) -> bool:
    """Whether the verb has a tense or follows "that"."""
    if verb.tag in {"VBD", "VBZ", "VBP", "MD"}:
        return True
    helpers = [tokens[child] for child in verb.children]
    return any(
        child.tag in {"VBD", "VBZ", "VBP", "MD"} and child.dep in {"aux", "auxpass", "cop"} for child in helpers
    ) or any(child.dep == "mark" and child.lower in {"that", "if", "whether"} for child in helpers)
