"""Cues of opposition, advice, conditions and penalties, one YAML file for each language.

A file's keys are the fields of `DisputeWords`, its values patterns of `briefings.phrases`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from briefings.phrases import compile_phrase

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEFAULT = "en"


@dataclass(frozen=True, slots=True, repr=False)
class DisputeWords:
    """The cues of one language.

    Attributes:
        opposing: Somebody is against something: "criticised", "against".
        advising: Somebody gives advice: "should", "are asked to".
        remedies: What one can claim or use: a refund, a helpline.
        conditions: A condition: "if", "in case".
        penalties: A penalty or another price of what somebody does or fails to do.
        criticising: Somebody judges something, which need not name who is responsible: "criticised the timing".
        accusing: Somebody is held responsible: "blamed", "arrested".
        refusing: Somebody says no, to an offer or to an accusation: "rejected", "turned down".
        charging: Somebody is accused of something, "charged with", "suspected of", but not "charged 40 euros".
        charges: What such a refusal is about if it denies something: "the accusation", "that".
    """

    opposing: re.Pattern[str]
    advising: re.Pattern[str]
    remedies: re.Pattern[str]
    conditions: re.Pattern[str]
    penalties: re.Pattern[str]
    criticising: re.Pattern[str]
    accusing: re.Pattern[str]
    refusing: re.Pattern[str]
    charging: re.Pattern[str]
    charges: re.Pattern[str]


@cache
def dispute_words(code: str) -> DisputeWords:
    """Returns the cues of the language ``code``, or those of English."""
    path = files(__name__).joinpath(f"{code}.yaml")
    if not path.is_file():
        return dispute_words(_DEFAULT)
    raw = yaml.load(path.read_bytes(), _LOADER)  # noqa: S506  # a safe one, in C or not
    return DisputeWords(**{name: _cues(patterns) for name, patterns in raw.items()})


def _cues(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(compile_phrase(pattern).regex.pattern for pattern in patterns))
