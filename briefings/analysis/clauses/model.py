"""A clause as a value."""

from __future__ import annotations

from dataclasses import dataclass

from briefings.model import Span


@dataclass(frozen=True, slots=True)
class Clause:
    """A subject and a predicate.

    Attributes:
        subject: The subject. None if the words have no verb.
        predicate: The verb and the words after it. Without a verb: all words.
        is_passive: Whether something happens to the subject: the verb is passive, or it tells a death or the like.
    """

    subject: Span | None
    predicate: Span
    is_passive: bool = False
