"""Which of a story's claims a view shows, as the number that a button carries."""

from __future__ import annotations

from dataclasses import dataclass

from briefings.model import Stance

_STANCES = tuple(Stance)
_QUOTES = len(_STANCES) + 1
#: Numbers from here on choose a speaker, by the number of their first claim.
_SPEAKERS = 20


@dataclass(frozen=True, slots=True)
class Selection:
    """Which claims are shown: all, or those with one stance, quotations only, or one speaker's.

    Attributes:
        speaker: The number of the speaker's first claim among all of the story's claims, from 0.
    """

    stance: Stance | None = None
    only_quotes: bool = False
    speaker: int | None = None

    def encode(self) -> int:
        """The number of this selection."""
        if self.speaker is not None:
            return _SPEAKERS + self.speaker
        if self.only_quotes:
            return _QUOTES
        return _STANCES.index(self.stance) + 1 if self.stance else 0

    @classmethod
    def decode(cls, number: int) -> Selection:
        """The selection of a number; all claims where it is none that `encode` makes."""
        if number >= _SPEAKERS:
            return cls(speaker=number - _SPEAKERS)
        if number == _QUOTES:
            return cls(only_quotes=True)
        return cls(_STANCES[number - 1]) if 0 < number <= len(_STANCES) else cls()


ALL = Selection()
