"""Finds authors in the lines of a page: "By Ann Lee | 3 May 2023", "Ann Lee and Bo Ek in Oslo"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from briefings.languages.names import given_names
from briefings.phrases import fold
from briefings.sources.datelines import Calendar
from briefings.sources.uncased_bylines import uncased_authors

_NAME_END = re.compile(r"\s[|–—•·/-]+\s|[,;|(•·]|\d")
_PLACE = re.compile(r" (?:in|at|a|à|en|em|da|из|з) (?=[^\W\d_])|[,|–—]")
# What follows a place, and no author: "Lower Ambleford, 16 October 2025".
_DATED_PLACE = re.compile(r", \w")
_CREDIT_WORDS = 5
_WORDS_BESIDE_NAME = 4
_ARTICLES = frozenset({"The", "A", "An"})
_LONGEST, _MOST_WORDS = 1_000, 20
#: Longer lines, in characters, are not lists of names.
_LONGEST_NAMES = 160
_ENDS = (".", "!", "?", "”", '"', "»")
_SENTENCE_ENDS = (".", "!", "?")
_CLOCK_ENDS = ("a.m.", "p.m.", " h.")
_NEXT_LABEL = re.compile(r" \w{1,20}:")
_LABELLED_WORDS = range(2, 4)
# "Ann Lee @annlee": an author with the name of an account.
_ACCOUNT = re.compile(r" @\w{1,30}\Z")


@dataclass(frozen=True, slots=True)
class Bylines:
    """The words with which the languages of a page name an author.

    Attributes:
        opening: The words before the name: "by", "written by".
        roles: Folded words for an author's job: reporter, editor.
        desks: Folded words for a newsroom: desk, team.
        labels: Folded words before a colon and a name: "Interview: Ann Lee".
    """

    opening: re.Pattern[str]
    roles: frozenset[str]
    desks: frozenset[str]
    labels: frozenset[str]
    calendar: Calendar

    def author(self, line: str) -> str | None:
        """The name in a line such as "By Ann Lee | 3 May 2023". None if there is none."""
        if len(line) > _LONGEST or len(line.split()) > _MOST_WORDS or _ends_sentence(line):
            return None
        if uncased := uncased_authors(line):
            return ", ".join(uncased)
        if labelled := self._labelled(line):
            return labelled
        if match := self.opening.match(fold(line)):
            kept = line.split()[match.group().count(" ") + 1 :]
            name = _PLACE.split(_NAME_END.split(" ".join(kept), maxsplit=1)[0], maxsplit=1)[0]
        elif self.calendar.day(line) and self.calendar.is_dateline(line):
            name = _NAME_END.split(line, maxsplit=1)[0]
            name = "" if _DATED_PLACE.match(line, len(name)) and not is_person(name) else name
        elif account := _ACCOUNT.search(line):
            name = line[: account.start()]
        else:
            return None
        parts = name.strip(" .:").split()
        while parts and self.calendar.is_of_date(parts[-1]):
            parts.pop()
        if _opens_title(parts):
            return None
        fewest, most = (1, 9) if match else (2, 3)
        is_name = fewest <= len(parts) <= most and all(
            part[0].isupper() or (match and len(part) <= 3) for part in parts
        )
        return " ".join(parts) if is_name and not any(fold(part) in self.calendar.names for part in parts) else None

    def _labelled(self, line: str) -> str | None:
        """The name behind a label and a colon. More may follow: "Text: Ann Lee Photos: Bo Ek"."""
        label, colon, rest = line.partition(":")
        if not colon or fold(label) not in self.labels:
            return None
        words = _NEXT_LABEL.split(rest, maxsplit=1)[0].split()
        name = names(" ".join(words))
        return name if name and len(words) in _LABELLED_WORDS and all(word[0].isupper() for word in words) else None

    def credited(self, line: str) -> str | None:
        """The words after "by" in a short line above an article, even if they are not a name: "the desk"."""
        match = self.opening.match(fold(line))
        words = line.split()
        rest = words[match.group().count(" ") + 1 :] if match else []
        is_credit = 0 < len(rest) <= _CREDIT_WORDS and not line.endswith(_ENDS) and not _opens_title(rest)
        return " ".join(rest) if is_credit and any(word[0].isupper() for word in words) else None

    def is_role(self, line: str) -> bool:
        """Whether the line is only an author's job or a newsroom: "Environment correspondent", "Redazione"."""
        words = fold(line).split()
        is_told = bool(words) and (words[-1] in self.roles or self.desks.issuperset(words))
        return is_told and len(words) <= _CREDIT_WORDS and not line.endswith(_ENDS)


def is_person(line: str) -> bool:
    """Whether a line contains only names, of which the first is a common first name, and perhaps a place or a job.

    "Ann Lee", "Ann Lee and Bo Ek", "Ann Lee in Oslo" and "Ann Lee, reporter", but not "Ann Lee, who drew maps, dies".
    """
    author = names(line)
    place = _PLACE.search(line)
    is_bare = place is None or _may_stand_beside_name(line[place.end() :], is_job=place.group() == ",")
    return author is not None and is_bare and fold(author.split()[0]) in given_names()


def _may_stand_beside_name(rest: str, *, is_job: bool) -> bool:
    words = rest.split()
    is_short = len(words) <= _WORDS_BESIDE_NAME and not any(map(str.isdigit, rest)) and not rest.endswith(_ENDS)
    return is_short and (is_job or all(word[0].isupper() or len(word) <= 3 for word in words))


def names(line: str) -> str | None:
    """The names in a line that contains little else, such as "Ann Lee and Bo Ek in Oslo"."""
    if len(line) > _LONGEST_NAMES:
        return None
    words = _PLACE.split(line, maxsplit=1)[0].split()
    capitals = sum(word[0].isupper() for word in words)
    is_names = 2 <= len(words) <= 8 and capitals >= 2 and len(words) - capitals <= 2 and not _opens_title(words)
    is_clean = all(char.isalpha() or char in " .'’-" for word in words for char in word)
    return " ".join(words) if is_names and is_clean and all(w[0].isupper() or len(w) <= 3 for w in words) else None


def _ends_sentence(line: str) -> bool:
    """Whether a line ends like a sentence, and not with the time of day."""
    return line.endswith(_SENTENCE_ENDS) and not line.endswith(_CLOCK_ENDS)


def _opens_title(words: list[str]) -> bool:
    """Whether words are a heading in title case and not a name: "By The Numbers"."""
    return not _ARTICLES.isdisjoint(words)
