"""Cue words for attribution, one YAML file a language; each file explains its own keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from briefings.model import Stance

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Frame:
    """A class of cue words that report speech in the same way.

    Attributes:
        name: FrameNet's name of the class.
        content: The parts of the sentence that hold what is said.
        target: The part that names whom it is about; ``owner`` is whoever made the claim that is denied.
        needs: Parts of which one must be there; empty where any content will do.
        is_state: Whether what looks like a passive is none: "they are opposed to it".
    """

    name: str
    stance: Stance
    content: tuple[str, ...]
    target: str = ""
    needs: tuple[str, ...] = ()
    is_state: bool = False


@dataclass(frozen=True, slots=True)
class CueWords:
    """The cue words of one language: from a lemma to the frames that it may open."""

    verbs: Mapping[str, tuple[Frame, ...]]
    nouns: Mapping[str, tuple[Frame, ...]]
    adjectives: Mapping[str, tuple[Frame, ...]]
    headline_sources: frozenset[str]
    carriers: frozenset[str]
    occasions: frozenset[str]
    deeds: frozenset[str]
    blamed_on: Mapping[str, str]
    responsible: frozenset[str]
    harms: frozenset[str]
    withholding: frozenset[str]
    permits: frozenset[str]
    speech_nouns: frozenset[str]
    blame: frozenset[str]
    falsehood: frozenset[str]
    errors: frozenset[str]
    truth: frozenset[str]
    guilt: frozenset[str]
    involvement: frozenset[str]
    taking_part: frozenset[str]
    wrongs: frozenset[str]
    resting: frozenset[str]
    reticence: frozenset[str]
    pronouns: Mapping[str, str]
    genders: Mapping[str, str]
    group_nouns: frozenset[str]
    institutions: frozenset[str]
    nobody: frozenset[str]
    voiceless: frozenset[str]
    negating: frozenset[str]
    businesses: frozenset[str]
    post_nominals: frozenset[str]


@cache
def cue_words(code: str) -> CueWords:
    """The cue words of the language ``code``, which must have a file."""
    raw = yaml.load(files(__name__).joinpath(f"{code}.yaml").read_bytes(), _LOADER)  # noqa: S506  # a safe one
    return CueWords(
        verbs=_by_lemma(raw["verbs"], "verbs"),
        nouns=_by_lemma(raw["nouns"], "nouns"),
        adjectives=_by_lemma(raw["adjectives"], "adjectives"),
        headline_sources=_words(raw["headline_sources"]),
        carriers=_words(raw["carriers"]),
        occasions=_words(raw["occasions"]),
        deeds=_words(raw["deeds"]),
        blamed_on=raw["blamed_on"],
        responsible=_words(raw["responsible"]),
        harms=_words(raw["harms"]),
        withholding=_words(raw["withholding"]),
        permits=_words(raw["permits"]),
        speech_nouns=_words(raw["speech_nouns"]),
        blame=_words(raw["blame"]),
        falsehood=_words(raw["falsehood"]),
        errors=_words(raw["errors"]),
        truth=_words(raw["truth"]),
        guilt=_words(raw["guilt"]),
        involvement=_words(raw["involvement"]),
        taking_part=_words(raw["taking_part"]),
        wrongs=_words(raw["wrongs"]) | frozenset(raw["wrongs_with_particles"]),
        resting=_words(raw["resting"]),
        reticence=_words(raw["reticence"]),
        pronouns=raw["pronouns"],
        genders={word: gender for gender, listed in raw["genders"].items() for word in listed.split()},
        group_nouns=_words(raw["group_nouns"]),
        institutions=_words(raw["institutions"]),
        nobody=_words(raw["nobody"]),
        voiceless=_words(raw["voiceless"]),
        negating=_words(raw["negating"]),
        businesses=_words(raw["businesses"]),
        post_nominals=_words(raw["post_nominals"]),
    )


def _by_lemma(classes: Iterable[Mapping[str, Any]], key: str) -> dict[str, tuple[Frame, ...]]:
    found: dict[str, tuple[Frame, ...]] = {}
    for entry in classes:
        frame = Frame(
            name=entry["frame"],
            stance=Stance(entry["stance"]),
            content=tuple(entry["content"]),
            target=entry.get("target", ""),
            needs=tuple(entry.get("needs", ())),
            is_state=entry.get("is_state", False),
        )
        words = entry[key]
        for lemma in words.split() if isinstance(words, str) else words:
            found[lemma] = (*found.get(lemma, ()), frame)
    return found


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())
