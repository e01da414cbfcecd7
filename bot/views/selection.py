"""The selection of claims that a view shows, encoded as a number for a button."""

from __future__ import annotations

from dataclasses import dataclass

from briefings.model import Stance

_STANCES = tuple(Stance)
_QUOTES = len(_STANCES) + 1
#: Numbers from here on select a speaker, by the number of their first claim.
_SPEAKERS = 20


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected claims: all, those of one stance, only quotations, or those of one speaker.

    Attributes:
        speaker: The number of the speaker's first claim among all of the story's claims, from 0.
    """

    stance: Stance | None = None
    only_quotes: bool = False
    speaker: int | None = None

    def encode(self) -> int:
        """Returns the number of this selection."""
        if self.speaker is not None:
            return _SPEAKERS + self.speaker
        if self.only_quotes:
            return _QUOTES
        return _STANCES.index(self.stance) + 1 if self.stance else 0

    @classmethod
    def decode(cls, number: int) -> Selection:
        """Returns the selection for a number, or all claims if `encode` did not make it."""
        if number >= _SPEAKERS:
            return cls(speaker=number - _SPEAKERS)
        if number == _QUOTES:
            return cls(only_quotes=True)
        return cls(_STANCES[number - 1]) if 0 < number <= len(_STANCES) else cls()


ALL = Selection()
