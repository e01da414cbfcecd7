"""Visibility: the scope of a report, and the viewer that every query of the library takes."""

from __future__ import annotations

from dataclasses import dataclass

#: The owner of public reports.
EVERYBODY = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """The visibility of a report.

    Attributes:
        owner: The chat to which the article was sent, or `EVERYBODY`.
        tags: The tags of its source. Some viewers are barred from some tags.
    """

    owner: str = EVERYBODY
    tags: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "tags", frozenset(map(fold_tag, self.tags)))


@dataclass(frozen=True, slots=True)
class Viewer:
    """The permissions of whoever makes a query.

    Attributes:
        owner: The chat that asks. It sees public reports and its own.
        barred: The tags whose reports it does not see.
        sees_all: Whether it sees everything, including hidden reports.
    """

    owner: str = EVERYBODY
    barred: frozenset[str] = frozenset()
    sees_all: bool = False

    def sees(self, scope: Scope) -> bool:
        """Returns whether the viewer may see reports with that scope."""
        return self.sees_all or (scope.owner in {EVERYBODY, self.owner} and not self.barred & scope.tags)


def fold_tag(tag: str) -> str:
    """Returns a tag in the form in which tags are stored and compared: ``Local  News`` becomes ``local news``."""
    return " ".join(tag.casefold().split())


#: The operator at the command line.
OPERATOR = Viewer(sees_all=True)
