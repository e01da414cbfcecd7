"""Cue words for the role of a sentence in its article, one YAML file for each language.

A file's keys are those of `CueGroup`, its values patterns of `briefings.phrases`; ``endings`` are those of verbs.
How much a group counts, and for which role, is the same in every language (`briefings.analysis.roles`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

from briefings.phrases import PhraseTable, fold

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEFAULT = "en"
_PUNCTUATION = ".,;:!?»”\"'’)"


class CueGroup(StrEnum):
    """Kinds of cue words."""

    WILL = "will"
    WOULD = "would"
    MAY = "may"
    GOING_TO = "going_to"
    FORECAST = "forecast"
    SET_TO = "set_to"
    PLAN = "plan"
    URGE = "urge"
    SOON = "soon"
    LIKELY = "likely"
    IF = "if"
    FEAR = "fear"
    OUTLOOK = "outlook"
    REFERRED = "referred"
    INDIRECT = "indirect"
    ADDRESS = "address"
    NARRATIVE = "narrative"
    NEGATION = "negation"
    UNREAL = "unreal"
    BESIDE = "beside"
    EFFECT = "effect"
    DONE = "done"
    RESULT = "result"
    DAMAGE = "damage"
    CASUALTY = "casualty"
    EMERGENCY = "emergency"
    MARKET = "market"
    CAUSE = "cause"
    CAUSE_WEAK = "cause_weak"
    PAST = "past"
    HISTORY = "history"
    REACT = "react"
    STATEMENT = "statement"
    SAY = "say"
    EXPERT = "expert"
    OPINION = "opinion"
    JUDGE = "judge"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one language.

    Attributes:
        table: Patterns of words, each filed under its group.
        endings: Endings of verbs that tell the group, as the Italian future does.
    """

    table: PhraseTable[CueGroup]
    endings: Mapping[CueGroup, tuple[str, ...]]

    def groups(self, sentence: str) -> Iterator[CueGroup]:
        """The groups of which the sentence has a cue, some of them more than once."""
        yield from (group for group, _ in self.table.matches(fold(sentence)))
        if self.endings:
            words = [word.rstrip(_PUNCTUATION) for word in sentence.casefold().split()]
            for group, endings in self.endings.items():
                if any(word.endswith(endings) for word in words):
                    yield group


@cache
def role_cues(code: str | None) -> Cues:
    """Returns the cues of the language ``code``, or those of English."""
    path = files(__name__).joinpath(f"{code or _DEFAULT}.yaml")
    if not path.is_file():
        return role_cues(_DEFAULT)
    raw = yaml.load(path.read_bytes(), _LOADER)  # noqa: S506  # a safe one, in C or not
    endings = raw.pop("endings", {})
    return Cues(
        PhraseTable({CueGroup(group): patterns for group, patterns in raw.items()}),
        {CueGroup(group): tuple(words.split()) for group, words in endings.items()},
    )
