"""Resolves pronouns, descriptions and short names to the fullest name in the article."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from briefings.analysis.claims import grammar
from briefings.analysis.claims.names import Group, name_groups
from briefings.analysis.parsing import Token, subtree
from briefings.languages.claims import CueWords
from briefings.languages.names import name_words
from briefings.model import EntityKind, Span

#: The number of sentences back that a pronoun may refer to.
_REACH = 5
#: The number of mentions back that "the company" may refer to.
_MOST_CANDIDATES = 200
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_OBJECTS = frozenset({"dobj", "dative", "pobj"})


@dataclass(slots=True)
class _Candidate:
    """A possible antecedent: a name or a noun that speaks."""

    token: int
    sort: str
    group: Group | None


class References:
    """Resolves the nouns of a text from start to end."""

    def __init__(
        self, tokens: Sequence[Token], words: CueWords, sources: Collection[int], is_quoted: Callable[[int], bool]
    ) -> None:
        self.groups = name_groups(tokens, name_words("en").titles, words.post_nominals)
        self._tokens = tokens
        self._starts = [token.start for token in tokens]
        self._words = words
        self._names = {
            number: group
            for group in self.groups
            if group.kind is not EntityKind.NUMBER
            for name in group.names
            for number in range(name.first, name.last + 1)
        }
        self._speaking = [
            group for number, group in self._names.items() if number in sources and self._may_be_person(group)
        ]
        self._add_unlabelled_surnames(sources)
        for number, group in self._names.items():
            before = tokens[number - 1].lower if number else ""
            group.gender = group.gender or words.genders.get(before, "")
        self._candidates: list[_Candidate] = []
        self._resolved: dict[int, Span] = {}
        for token in tokens:
            if not is_quoted(token.index):
                self._visit(token, token.index in sources)

    def _add_unlabelled_surnames(self, sources: Collection[int]) -> None:
        """Adds speakers that the model does not label as a name, but who share a surname with one named person."""
        persons: dict[str, list[Group]] = {}
        for group in self.groups:
            if group.kind is EntityKind.PERSON and len(group.fullest.key) > 1:
                persons.setdefault(group.fullest.key[-1], []).append(group)
        for number in sources:
            token = self._tokens[number]
            namesakes = persons.get(token.lower, ())
            if number not in self._names and token.text[0].isupper() and len(namesakes) == 1:
                self._names[number] = namesakes[0]

    @property
    def resolved(self) -> Mapping[int, Span]:
        """The names that pronouns and descriptions refer to, by the token's number."""
        return self._resolved

    def token_at(self, place: int) -> int:
        """The number of the token that contains the character at ``place``."""
        return max(0, bisect_right(self._starts, place) - 1)

    def best_name(self, noun: int) -> Span:
        """The span of the fullest name of the entity that ``noun`` refers to."""
        noun = grammar.antecedent(self._tokens, noun)
        if (group := self._names.get(noun) or self._apposed(noun)) is not None:
            return self._full_name(group)
        return self._resolved.get(noun) or grammar.noun_phrase(self._tokens, noun)

    def _apposed(self, noun: int) -> Group | None:
        """Returns the name in apposition to a noun: "the owner, Karl Voss", "the adviser Voss"."""
        for child in grammar.children(self._tokens, noun, "appos"):
            group = self._names.get(child.index)
            is_close = all(token.text != "," for token in self._tokens[noun : child.index])
            if group is not None and (group.kind is EntityKind.PERSON or is_close):
                return group
        return None

    def _may_be_person(self, group: Group) -> bool:
        """Whether a name with another label may be a surname that the model does not know."""
        name = group.fullest
        before = self._tokens[name.first - 1].lower if name.first else ""
        return name.first == name.last and before != "the" and name.key[0] not in name_words("en").known_places

    def _full_name(self, group: Group) -> Span:
        name = group.fullest
        return Span(self._tokens[name.first].start, self._tokens[name.last].end)

    def _visit(self, token: Token, speaks: bool) -> None:
        sort = self._words.pronouns.get(token.lower) if token.pos in {"PRON", "DET"} else None
        if sort:
            self._refer(token, self._find(token, sort))
        elif token.index in self._names:
            self._visit_name(token)
        elif token.pos == "NOUN" or (token.pos == "PROPN" and speaks):  # also a name that the model does not know
            self._visit_noun(token, speaks)

    def _visit_name(self, token: Token) -> None:
        group = self._names[token.index]
        sorts = {EntityKind.PERSON: "person", EntityKind.ORGANISATION: "organisation", EntityKind.PLACE: "organisation"}
        if (group.kind in sorts and not 0 <= token.head - token.index <= 2) or token.dep in _SUBJECTS:
            self._candidates.append(_Candidate(token.index, sorts.get(group.kind, ""), group))

    def _visit_noun(self, token: Token, speaks: bool) -> None:
        if any(child in self._names for child in token.children if self._tokens[child].dep in {"appos", "compound"}):
            named = next(child for child in token.children if child in self._names)
            self._candidates.append(_Candidate(token.index, "person", self._names[named]))
            return
        is_bare = [self._tokens[child].lower for child in token.children if self._tokens[child].dep != "punct"] == [
            "the"
        ]
        if is_bare and (found := self._described(token)):
            self._refer(token, found)
        elif speaks or token.lemma in self._words.group_nouns:
            sort = (
                "organisation"
                if token.lemma in self._words.group_nouns
                else "group"
                if token.tag == "NNS"
                else "person"
            )
            self._candidates.append(_Candidate(token.index, sort, None))

    def _refer(self, token: Token, found: _Candidate | None) -> None:
        if found is None:
            return
        if found.group is not None:
            self._resolved[token.index] = self._full_name(found.group)
            if token.lower in {"he", "she"}:
                found.group.gender = found.group.gender or token.lower
        else:
            self._resolved[token.index] = self.best_name(found.token)
        self._candidates.append(_Candidate(token.index, found.sort, found.group))
        if found.group is None:
            self._candidates[-1].token = found.token

    def _find(self, pronoun: Token, sort: str) -> _Candidate | None:
        """Returns the nearest antecedent of a pronoun. Persons are found by their label, otherwise by speaking."""
        found = self._nearest(pronoun, sort)
        if found is None and sort == "person":
            return self._nearest(pronoun, "speaker")
        return found

    def _nearest(self, pronoun: Token, sort: str) -> _Candidate | None:
        barred = self._barred(pronoun)
        gender = {"him": "he", "his": "he", "her": "she"}.get(pronoun.lower, pronoun.lower)
        best: tuple[int, _Candidate] | None = None
        for candidate in reversed(self._candidates):
            token = self._tokens[candidate.token]
            back = pronoun.sentence - token.sentence
            if back > _REACH:
                break
            if candidate.token in barred or not self._fits(candidate, sort, gender):
                continue
            if candidate.group is not None and any(self._names.get(number) is candidate.group for number in barred):
                continue
            score = 3 * back - (4 if token.dep in _SUBJECTS else 0)
            if best is None or score < best[0]:
                best = (score, candidate)
        return best[1] if best else None

    def _barred(self, pronoun: Token) -> set[int]:
        """Returns the tokens that an object pronoun cannot refer to: the subject of its own clause."""
        if pronoun.dep not in _OBJECTS:
            return set()
        verb = pronoun.head
        while self._tokens[verb].pos == "ADP" and self._tokens[verb].head != verb:
            verb = self._tokens[verb].head
        subject = grammar.subject(self._tokens, verb)
        return set(subtree(self._tokens, subject)) if subject is not None else set()

    def _fits(self, candidate: _Candidate, sort: str, gender: str) -> bool:
        if sort == "speaker":
            return candidate.group is not None and candidate.group in self._speaking
        if sort == "group":
            return candidate.sort in {"group", "organisation"}
        if candidate.sort != sort:
            return False
        known = (
            candidate.group.gender
            if candidate.group
            else self._words.genders.get(self._tokens[candidate.token].lemma, "")
        )
        return sort != "person" or not known or known == gender

    def _described(self, noun: Token) -> _Candidate | None:
        """Returns the antecedent of "the minister" or "the company": a name introduced so, or the last organisation."""
        recent = self._candidates[: -_MOST_CANDIDATES - 1 : -1]
        for candidate in recent:
            if candidate.group is not None and noun.lemma in self._introduced_as(candidate):
                return candidate
        if noun.lemma in self._words.group_nouns:
            for candidate in recent:
                if (
                    candidate.sort == "organisation"
                    and candidate.group
                    and candidate.group.kind is EntityKind.ORGANISATION
                    and self._may_be_called(candidate.group, noun.lemma)
                ):
                    return candidate
        for candidate in recent:
            if self._tokens[candidate.token].lemma == noun.lemma and candidate.group is None:
                return candidate
        return None

    def _may_be_called(self, group: Group, noun: str) -> bool:
        """Whether a name has no other noun of its own: "the Trade Agency" is no company."""
        own = self._words.group_nouns & set(group.fullest.key)
        if not own:
            return noun not in self._words.institutions
        return noun in own or {noun, *own} <= self._words.businesses

    def _introduced_as(self, candidate: _Candidate) -> set[str]:
        """Returns the nouns that introduce a name: "minister" in "the finance minister, Karl Voss"."""
        token = self._tokens[candidate.token]
        near = [
            self._tokens[child] for child in token.children if self._tokens[child].dep in {"compound", "appos", "nmod"}
        ]
        return {token.lemma, *(child.lemma for child in near)}
