"""A briefing, and the versions of a report that the library stores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from briefings.model.article import Article, Span
from briefings.model.findings import Answers, Claim, Entity, Event, Quantity, Section, SectionKind


@dataclass(frozen=True, slots=True)
class Briefing:
    """The findings in an article, sorted by the question that they answer.

    Attributes:
        summary: The key sentences, best first.
        sections: The article's own sections. If no heading answers a question: also sections that are gathered
            from single sentences.
        gathered: Sentences for the questions that no section answers. In an article without headings,
            ``sections`` can hold the same sentences.
        claims: In the order of the text, or None if the article was not analysed.
        entities: In the order of their first mentions, or None if the article was not analysed.
        answers: Short answers, or None in a briefing that an older version of the program stored.
        timeline: Dated events, the earliest first.
        people: The people whom the article names, in the order of their first mentions.
        quantities: Numbers with what they count, in the order of the text.
    """

    article: Article
    summary: tuple[Span, ...]
    sections: tuple[Section, ...]
    gathered: tuple[Section, ...] = ()
    claims: tuple[Claim, ...] | None = None
    entities: tuple[Entity, ...] | None = None
    answers: Answers | None = None
    timeline: tuple[Event, ...] = ()
    people: tuple[Entity, ...] = ()
    quantities: tuple[Quantity, ...] = ()

    def section(self, kind: SectionKind) -> Section | None:
        """Returns the section that answers ``kind``. The article's own section wins over a gathered one."""
        for section in (*self.sections, *self.gathered):
            if section.kind is kind:
                return section
        return None


@dataclass(frozen=True, slots=True)
class Changes:
    """The sentences that differ between two versions of a report.

    Attributes:
        added: Spans of the new text that are not in the old text.
        removed: Spans of the old text that are not in the new text.
    """

    added: tuple[Span, ...]
    removed: tuple[Span, ...]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Version:
    """One version of a report, with its briefing. It never changes.

    Attributes:
        id: Twelve hexadecimal digits.
        received: The time at which it was received, with a time zone.
        number: 1 for the report's first version.
        changes: The differences from the previous version, or None for the first one.
    """

    id: str
    briefing: Briefing
    received: datetime
    number: int = 1
    changes: Changes | None = None

    def __hash__(self) -> int:
        """Hashes what usually differs: hashing the whole briefing would be slow, and so is comparing two of them."""
        return hash((self.id, self.received))

    @property
    def article(self) -> Article:
        """The article of the briefing."""
        return self.briefing.article


def version_id(article: Article, owner: str = "", number: int = 1) -> str:
    """Returns the id of a version of ``article``: twelve hexadecimal digits.

    The id depends on the owner, so that the id of one chat's private article never finds another chat's. It also
    depends on the number, so that a report that returns to an earlier text gets a new version.
    """
    which = f"{owner}\n{number}\n" if owner or number > 1 else ""
    return sha256(f"{which}{article.url or ''}\n{article.text}".encode()).hexdigest()[:12]
