"""Cue words for attribution in languages without a parser, one YAML file a language, which explains its own keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from briefings.model import Stance
from briefings.phrases import fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class PlainFrame:
    """A class of verbs that report speech in the same way.

    Attributes:
        name: FrameNet's name of the class.
        content: What may hold what is said.
        target: What names whom it is about.
        needs: Words of which one must follow, where no name does.
        marker: Words of which one must stand before the object.
    """

    name: str
    stance: Stance
    content: frozenset[str]
    target: str = ""
    needs: frozenset[str] = frozenset()
    marker: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PlainWords:
    """The words of one language.

    Attributes:
        tense: The frame of each verb form that has a tense, in lower case with its accents: French "accuse" is no
            participle.
        participles: The frame of each participle, written alike.
        infinitives: Endings of infinitives.
        small: Closed classes of small words, folded, by their keys in the file.
    """

    tense: Mapping[str, PlainFrame]
    participles: Mapping[str, PlainFrame]
    infinitives: tuple[str, ...]
    small: Mapping[str, frozenset[str]]


@cache
def plain_words(code: str) -> PlainWords:
    """The words of the language ``code``, which must have a file."""
    raw = yaml.load(files(__name__).joinpath(f"{code}.yaml").read_bytes(), _LOADER)  # noqa: S506  # a safe one
    tense: dict[str, PlainFrame] = {}
    participles: dict[str, PlainFrame] = {}
    for entry in raw["frames"]:
        frame = PlainFrame(
            entry["frame"],
            Stance(entry["stance"]),
            frozenset(entry["content"]),
            entry.get("target", ""),
            _words(entry.get("needs", "")),
            _words(entry.get("marker", "")),
        )
        for with_tense, participle in _forms(entry, raw["endings"]):
            tense.update(dict.fromkeys(with_tense, frame))
            participles.update(dict.fromkeys(participle, frame))
    return PlainWords(tense, participles, tuple(raw["infinitives"].split()), _small(raw))


@dataclass(frozen=True, slots=True)
class SecondFrame:
    """A class of verbs of a language whose verb comes second.

    Attributes:
        content: What may hold what is said.
        case: The case of whom it is about.
        particle: Words of which one ends the clause. Empty: none does.
    """

    stance: Stance
    content: frozenset[str]
    case: str
    particle: frozenset[str]


@dataclass(frozen=True, slots=True)
class SecondWords:
    """The words of a language whose verb comes second.

    Attributes:
        tense: The frames of each verb form that has a tense, in lower case.
        participles: The frame of each participle.
        small: Closed classes of small words, folded, by their keys in the file.
    """

    tense: Mapping[str, Sequence[SecondFrame]]
    participles: Mapping[str, SecondFrame]
    small: Mapping[str, frozenset[str]]

    def frame(self, verb: str, last: str) -> SecondFrame | None:
        """The frame of a verb in a clause whose last word is ``last``: a participle, a particle or neither."""
        if verb in self.small["have"]:
            return self.participles.get(last)
        return next((one for one in self.tense.get(verb, ()) if not one.particle or last in one.particle), None)


@cache
def second_words(code: str) -> SecondWords:
    """The words of the language ``code``, whose verb comes second."""
    raw = yaml.load(files(__name__).joinpath(f"{code}.yaml").read_bytes(), _LOADER)  # noqa: S506  # a safe one
    tense: defaultdict[str, list[SecondFrame]] = defaultdict(list)
    participles: dict[str, SecondFrame] = {}
    for entry in raw["frames"]:
        particle = frozenset(entry.get("particle", "").split())
        frame = SecondFrame(Stance(entry["stance"]), frozenset(entry["content"]), entry.get("case", ""), particle)
        with_tense, _, participle = entry["verbs"].partition("|")
        for form in with_tense.split():
            tense[form].append(frame)
        participles.update(dict.fromkeys(participle.split(), frame))
    return SecondWords(tense, participles, _small(raw))


def _small(raw: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {key: _words(words) for key, words in raw.items() if isinstance(words, str)}


def _forms(entry: Mapping[str, Any], endings: Mapping[str, Any]) -> Iterator[tuple[list[str], list[str]]]:
    for verb in entry.get("verbs", "").split():
        ending = next(one for one in endings if verb.endswith(one))
        stem, group = verb.removesuffix(ending), endings[ending]
        yield [stem + one for one in group["tense"].split()], [stem + one for one in group["participle"].split()]
    for line in entry.get("irregular", ()):
        with_tense, _, participle = line.partition("|")
        yield with_tense.split(), participle.split()


def _words(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())
