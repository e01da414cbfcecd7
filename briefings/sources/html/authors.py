"""Finds the authors of a page by comparing all places that name some."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from briefings.languages.bylines import agencies, byline_words
from briefings.phrases import fold
from briefings.sources.bylines import names
from briefings.sources.furniture import furniture
from briefings.sources.html.metadata import Head, Markup
from briefings.sources.html.titles import name_key
from briefings.sources.uncased_bylines import stated_authors, uncased_authors

_METAS = (
    "author",
    "article:author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "citation_author",
    "rbauthors",
    "cxenseparse:author",
)
_MOST = 12
_LONGEST = 300
_NAME_WORDS = 5
# Parts of a byline that are not names: an address, a handle, a bracket, a date or time after a dash.
_BESIDE = re.compile(r"https?://\S+|www\.\S+|\S{1,64}@\S+|@\w+|\([^()]*\)|\[[^\[\]]*\]")
_PARTS = re.compile(r"[;,&|/•·\n]|\s[-–—]\s|(?<=[^\W\d_]{3})\.\s")
_MARKS = re.compile(r"\s[|·•]\s")
_SUFFIX = re.compile(r",\s*((?:Jr|Sr)\b\.?|I{2,3}\b|IV\b|M\.?D\.?\b|Ph\.?D\.?\b)")
_CLEAN = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'’ʼ` -])*")
# Particles inside names, such as "della" and "van der".
_PARTICLE = 5
_ARTICLES = frozenset(["The", "A", "An"])
_LEAST = 2
_LONGEST_DATE = 40
_PERSON_WORDS, _PLACE_WORDS = range(2, 4), 2


def find_authors(head: Head, markup: Markup, shown: Sequence[str], reader: NameReader) -> list[str]:
    """The names of the authors: those in the metadata, or else those on the page. May be empty.

    A news agency that is stated as an author comes last.

    Args:
        shown: The lines below the title, where names are searched.
        reader: For the language of the page.
    """
    stated = [*head.structured.persons, *head.structured.organisations, *head.said(*_METAS)]
    found = _find_names(head, markup, shown, reader)
    known = {fold(name) for name in found}
    named = [*found, *(name for name in reader.agencies(stated) if fold(name) not in known)]
    return named or _find_site(head, markup, shown, reader)


def _find_site(head: Head, markup: Markup, shown: Sequence[str], reader: NameReader) -> list[str]:
    """The site itself, if two of three places state it as the author: JSON-LD, the other metadata, the visible page."""
    places = (
        [*head.structured.persons, *head.structured.organisations],
        head.said(*_METAS),
        [*markup.bylines, *(line for line in shown if reader.is_byline(line))],
    )
    found = [name for place in places if (name := reader.site(place))]
    return found[:1] if len(found) > 1 else []


def _find_names(head: Head, markup: Markup, shown: Sequence[str], reader: NameReader) -> list[str]:
    stated = reader.read(head.structured.persons)
    organisations = reader.read(head.structured.organisations)
    named = reader.read(head.said(*_METAS))
    folded = fold("\n".join(shown))
    marked = reader.read(markup.bylines)
    # Pages list other authors too. The article's authors are next to the title.
    visible = [name for name in marked if fold(name) in folded] or reader.read(markup.bylines[:1])
    read = reader.read(line for line in shown if reader.is_byline(line))
    if not (stated or named or visible):
        below = zip_longest(shown[1:], shown[2:], fillvalue="")
        read += [line for line, near in zip(shown, below, strict=False) if reader.is_signed_name(line, near)]
    sources = (stated, named, visible, read, organisations)
    for claimed in (stated, named, visible, read):
        others = {fold(name) for other in sources if other is not claimed for name in other}
        persons = [name for name in claimed if reader.is_person(name)]
        agreed = [name for name in claimed if fold(name) in others]
        if sure := persons or agreed or [name for name in claimed[:1] if " " in name and fold(name) in folded]:
            return sure
    return [name for name in organisations if fold(name) in folded]


class NameReader:
    """Reads names from bylines.

    Args:
        code: The language of the page.
        sites: Names of the site, which are not authors.
    """

    def __init__(self, code: str | None, sites: Sequence[str]) -> None:
        self._words = byline_words(code)
        self._known = furniture(code)
        self._sites = {name_key(site) for site in sites} - {""}
        self._site = re.compile(rf"\b(?:{'|'.join(map(re.escape, sites)) or '(?!)'})\b", re.IGNORECASE)

    def read(self, bylines: Iterable[str]) -> list[str]:
        """The names in these bylines, without duplicates."""
        found: dict[str, str] = {}
        for byline in list(bylines)[:_MOST]:
            for name in self._names(byline[:_LONGEST]):
                found.setdefault(fold(name), name)
        return list(found.values())[:_MOST]

    def is_byline(self, line: str) -> bool:
        """Whether a line of the page names its author without being marked so: "By Ann Lee", "3 May · by Ann Lee"."""
        known = self._known.bylines
        is_opened = any(known.opening.match(fold(part)) and known.author(part) for part in _MARKS.split(line))
        return is_opened or bool(uncased_authors(line))

    def is_signed_name(self, line: str, near: tuple[str, str]) -> bool:
        """Whether a line is only a person's name and the next one only the day: "Ann Lee" above "3 May 2023".

        Args:
            near: The two lines below it. The first may be a place.
        """
        is_name = len(line.split()) in _PERSON_WORDS and names(line) == line and not self._known.bylines.is_role(line)
        below, last = near
        is_dated = len(below) <= _LONGEST_DATE and self._known.calendar.day(below) is not None
        is_below_place = len(below.split()) <= _PLACE_WORDS and self._known.calendar.is_dateline(last)
        return is_name and line[0].isupper() and (is_dated or is_below_place)

    def agencies(self, stated: Iterable[str]) -> list[str]:
        """The news agencies among these authors, if they are not the site itself."""
        parts = (part.strip() for line in list(stated)[:_MOST] for part in line[:_LONGEST].split(","))
        found = dict.fromkeys(part for part in parts if fold(part) in agencies())
        return [name for name in found if name_key(name) not in self._sites]

    def site(self, stated: Iterable[str]) -> str | None:
        """The first of these authors that is the site itself."""
        for line in list(stated)[:_MOST]:
            for name in (self._without_by(line[:_LONGEST]), self._known.bylines.author(line) or ""):
                if name_key(name) in self._sites:
                    return name
        return None

    def is_person(self, name: str) -> bool:
        """Whether the name has a first and last name and no word of a newsroom."""
        parts = fold(name).split()
        return bool(stated_authors(name)) or (len(parts) > 1 and self._words.desks.isdisjoint(parts))

    def _names(self, byline: str) -> Iterator[str]:
        if byline.startswith(("http://", "https://", "/", "www.")):
            return
        if uncased := stated_authors(byline):
            yield from (name for name in uncased if not self._is_of_site(name))
            return
        text = _SUFFIX.sub(r" \1", _BESIDE.sub("\n", self._site.sub("\n", byline)))
        for place, part in enumerate(_PARTS.split(text)):
            label, colon, rest = part.strip().partition(": ")
            if fold(label).split(" ", 1)[0] in self._words.others:
                continue
            for words in self._split(self._without_by(rest if colon and " " not in label else part)):
                name = self._name(words, is_first=place == 0)
                if name:
                    yield name

    def _without_by(self, text: str) -> str:
        match = self._known.bylines.opening.match(fold(text))
        words = text.split()
        return " ".join(words[len(match.group().split()) :] if match else words)

    def _split(self, text: str) -> Iterator[list[str]]:
        """The words of each name. "And" ends a name; a date ends the line. A place or outlet ends at the next "and"."""
        name: list[str] = []
        is_beside = False
        # Without a number "Jan" and "April" are names.
        has_number = any(map(str.isdigit, text))
        dates = (
            self._known.calendar.names
            if has_number
            else self._known.calendar.names - self._known.calendar.months.keys()
        )
        for word in text.split():
            folded = fold(word)
            if is_beside and folded not in self._words.joining:
                continue
            is_beside = False
            if word.islower() and folded in self._words.by:
                name = []
            elif word.islower() and folded in self._words.joining:
                yield name
                name = []
            elif word[0].isdigit() or folded in dates:
                break
            elif folded in self._words.ending:
                is_beside = True
            else:
                name.append(word)
        yield name

    def _name(self, words: list[str], *, is_first: bool) -> str | None:
        words = [word.strip(",:*–—") for word in _in_one_case(words)]
        named = len(words)
        while len(words) > 1 and fold(words[-1]).partition(" ")[0] in self._words.roles:
            # "AP Staff" is the name of a desk.
            if len(words) == _LEAST and words[0].isupper():
                break
            words.pop()
        while words and words[-1].islower():
            words.pop()
        # "Our correspondent Ann Lee".
        if len(words) > _LEAST + 1 and _is_no_name(words[0]) and fold(words[1]) in self._words.roles:
            words = words[2:]
        name = " ".join(filter(None, words)).rstrip(" -")
        if not name.endswith((" Jr.", " Sr.")):
            name = name.rstrip(".")
        # "AP National Writer" after a comma is the job of the author before it.
        is_role = not is_first and len(words) < named and any(word.isupper() and len(word) > 1 for word in words)
        if is_role or not self._is_name(name) or self._is_of_site(name):
            return None
        return name.title() if name.isupper() and " " in name else name

    def _is_name(self, name: str) -> bool:
        words = name.split()
        folded = {fold(word) for word in words}
        is_clean = 0 < len(words) <= _NAME_WORDS and bool(_CLEAN.fullmatch(name)) and words[0] not in _ARTICLES
        is_capital = any(word[0].isupper() for word in words) and not any(_is_no_name(word) for word in words)
        return is_clean and is_capital and not folded <= self._words.roles | self._words.desks

    def _is_of_site(self, name: str) -> bool:
        """Whether the name is that of the site, or one is the beginning of the other: BBC, BBC News."""
        key = name_key(name)
        sites = [site for site in self._sites if min(len(site), len(key)) > _LEAST]
        return key in self._sites or any(site.startswith(key) or key.startswith(site) for site in sites)


def _is_no_name(word: str) -> bool:
    """Whether a word in small letters is too long to be a part of a name, as "von" is."""
    return word.islower() and len(word) > _PARTICLE


def _in_one_case(words: list[str]) -> list[str]:
    """The words until capitals end: the first two of "ANN LEE Associated Press"."""
    capitals = next((place for place, word in enumerate(words) if not word.isupper()), len(words))
    return words[:capitals] if capitals > 1 else words
