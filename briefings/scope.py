"""Who may see what: the scope of a story, and the viewer that every query of the library takes."""

from __future__ import annotations

from dataclasses import dataclass

#: The owner of what is everybody's.
EVERYBODY = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose a report is.

    Attributes:
        owner: The one chat that it was sent to, or `EVERYBODY`.
        tags: What its source is tagged with; some viewers are barred from some tags.
    """

    owner: str = EVERYBODY
    tags: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "tags", frozenset(map(fold_tag, self.tags)))


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whose eyes a query is.

    Attributes:
        owner: The chat that asks: it sees what is everybody's and what is its own.
        barred: The tags whose stories it does not see.
        sees_all: Whether it is the operator at the command line, who sees what is hidden too.
    """

    owner: str = EVERYBODY
    barred: frozenset[str] = frozenset()
    sees_all: bool = False

    def sees(self, scope: Scope) -> bool:
        """Whether a report of that scope is for these eyes."""
        return self.sees_all or (scope.owner in {EVERYBODY, self.owner} and not self.barred & scope.tags)


def fold_tag(tag: str) -> str:
    """A tag as it is kept and compared: ``Local  News`` and ``local news`` are one."""
    return " ".join(tag.casefold().split())


#: The operator at the command line.
OPERATOR = Viewer(sees_all=True)
