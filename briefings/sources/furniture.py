"""Tells what a page puts around an article: share bars, advertisements, credits, sign-ups.

The words are data (`briefings.languages`); only shapes that no language changes are here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from briefings import languages
from briefings.phrases import PhraseTable, compile_any, fold

#: A line of more words than this is a paragraph, whatever it begins with.
_LONGEST = 40
#: So is one of more characters, and need not be looked at.
_LONGEST_CHARACTERS = 1_000
#: From here on a line with a full stop is a sentence of its own.
_SENTENCE = 10
_FULL_STOPS = (".", "!", "?", "”", '"', "»")
_ADDRESS = re.compile(
    r"\A(?:(?:https?://|www\.).+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|co\.uk|it|de|fr|es|ru|ua|info)"
    r"|[^@]{1,64}@[^@.]+(?:\.[^@.]+)+|[@#]\w+)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"\A(?:\d+ of \d+(?: [^\W\d_a-z].*)?|"
    r"\[/?(?:image|img|photo|caption|video|embed|button|gallery|advert\w*|ad)\b.*\]?"
    r"|(?:tags?|topics?|categories|category|filed under|keywords|schlagworte|etiquetas|temas|tag)\s?:.*"
    r"|\S+\.(?:jpe?g|png|gif|webp|svg)"
    r"|\(?(?:image|photo|foto|picture|video|credit|bild|imagen|фото)s?\s?(?:(?:credit|courtesy)\s?)?[:©].*)",
    re.IGNORECASE,
)
# "Home > World > Asia" and "News | Sport | Weather": what parts the steps, and how long one is.
_ARROW = re.compile(r"\s[>»›]\s?")
_BAR = " | "
_STEP_CHARACTERS = 30
_LAST_STEP_CHARACTERS = 80
_FEWEST_SECTIONS = 3
_SHORTCUT = re.compile(r".{0,40}\b(?:spot_img|ad_(?:slot|unit|box)\w*)\b.{0,40}", re.IGNORECASE)
# How a caption ends that says whose picture it is: "(AP Photo/Ann Lee)", "© Ann Lee/Lusitano",
# "... on Monday. Ann Lee / AFP", "... Photograph: Ann Lee/Lusitano".
_CREDIT = re.compile(
    r"\((?:[A-Z]{2,5} |[Ff]ile )?(?i:image|photo|picture|foto|bild|credit|video|reuters|getty|afp|ap|archiv|фото)"
    r"\w*\b[^()]{0,80}\)$"
    r"|© ?[A-Z][^.!?]{0,60}$"
    r"|[/|,.] ?(?:AP|AFP|EPA|ANSA|Reuters|Getty Images)(?: (?:file|photo))?(?: ?/ ?[^.!?]{0,40})?$"
    r"|\b(?i:credits?|photo(?:graph)?s?|foto|фото)\s?: ?(?:[A-Z][\w.'’-]*(?:[ /,|&]+|$)|(?:and|de|van|for) ){1,8}$",
)
_CREDIT_CHARACTERS = 110
_CAPTION_CHARACTERS = 400
_ADDRESS_WORDS = 8
_AGENCY = re.compile(r"\A[^\w©]*©.{0,120}")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?", re.IGNORECASE)
# A year alone is a heading of a chronicle.
_YEAR = re.compile(r"[12]\d{3}")
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th|er|o|a)?")
_DIGIT_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?")
_NAME_END = re.compile(r"\s[|–—•·/-]+\s|[,;|(•·]|\d")
_PLACE = re.compile(r" (?:in|at|a|à|en|em|da|из|з) (?=[^\W\d_])|[,|–—]")
_CREDIT_WORDS = 5
_ARTICLES = frozenset({"The", "A", "An"})
_LONGEST_DATELINE = 110
_WORDS_BESIDE_DATE = 6
# With dots the day comes first everywhere; with slashes it depends on the country.
_DOTTED_DATE = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?!\d)")
_DATE_WORDS = frozenset(
    [
        "at",
        "on",
        "am",
        "pm",
        "et",
        "est",
        "edt",
        "gmt",
        "utc",
        "bst",
        "cet",
        "cest",
        "ist",
        "pst",
        "pdt",
        "ct",
        "cst",
        "th",
        "st",
        "nd",
        "rd",
        "of",
        "de",
        "del",
        "a",
        "las",
        "alle",
        "ore",
        "h",
        "um",
        "uhr",
        "o",
        "kl",
        "le",
        "a",
        "om",
        "updated",
        "published",
        "posted",
    ]
)


@dataclass(frozen=True, slots=True)
class Furniture:
    """The furniture of pages in one language (and English, which is everywhere)."""

    whole: re.Pattern[str]
    start: re.Pattern[str]
    anywhere: PhraseTable[str]
    related: re.Pattern[str]
    end: re.Pattern[str]
    byline: re.Pattern[str]
    tagline: PhraseTable[str]
    months: dict[str, int]
    calendar: frozenset[str]

    def is_junk(self, line: str) -> bool:
        """Whether the line belongs to the page and not to the article."""
        if len(line) > _LONGEST_CHARACTERS:
            return not any(map(str.isalnum, line))
        folded = fold(line)
        words = folded.count(" ") + 1
        if not folded or _is_shape(line, words):
            return True
        if words > _LONGEST:
            return False
        if self.whole.fullmatch(folded) or self.is_dateline(line):
            return True
        return self.pleads(line)

    def pleads(self, line: str) -> bool:
        """Whether the line asks its reader for something: to subscribe, to click, to accept."""
        folded = fold(line)
        # "Get the latest" opens a sign-up and "Get the vote out" a sentence; a privacy policy can be
        # in the news. One such word does not condemn a full sentence, two do.
        is_sentence = folded.count(" ") >= _SENTENCE and line.endswith(_FULL_STOPS)
        return bool(self.start.match(folded)) + len(self.anywhere.matches(folded)) >= 1 + is_sentence

    def is_related_label(self, line: str) -> bool:
        """Whether the line stands above a list of other stories."""
        if len(line) > _LONGEST_CHARACTERS:
            return False
        folded = fold(line)
        return folded.count(" ") < 8 and bool(self.related.fullmatch(folded))

    def pointed_at(self, line: str) -> str | None:
        """The headline in a line such as "Read more: Another story", or None."""
        label, colon, title = line.partition(":")
        return title.strip() or None if colon and len(label) < 40 and self.is_related_label(label) else None

    def is_end(self, line: str) -> bool:
        """Whether the line opens what stands below an article, as its readers' comments."""
        if len(line) > _LONGEST_CHARACTERS:
            return False
        folded = fold(line)
        return folded.count(" ") < 12 and bool(self.end.match(folded))

    def is_tagline(self, line: str) -> bool:
        """Whether the line, the last of a page, is the site's own motto."""
        first = next((char for char in line if char.isalnum()), "")
        return first.islower() or len(self.tagline.matches(fold(line))) >= 2

    def is_dateline(self, line: str) -> bool:
        """Whether the line holds a date or a time and nothing else."""
        if len(line) > _LONGEST_DATELINE or not any(map(str.isdigit, line)):
            return False
        rest = self._beside_date(line)
        has_date = bool(self.day(line) or _DIGIT_DATE.search(line))
        # Beside a date: a time zone, a town, the author's name or the section's.
        if not rest:
            return not _YEAR.fullmatch(line)
        is_beside = len(rest) <= _WORDS_BESIDE_DATE and not any(word[0].islower() for word in rest)
        return has_date and is_beside and line[-1] not in ".!?"

    def _beside_date(self, line: str) -> list[str]:
        line = _DIGIT_DATE.sub(" ", _CLOCK.sub(" ", line))
        return [word for word in line.split() if not self._is_of_date(word)]

    def _is_of_date(self, word: str) -> bool:
        return all(
            part in self.calendar or part in _DATE_WORDS or _NUMBER.fullmatch(part) for part in fold(word).split()
        )

    def author(self, line: str) -> str | None:
        """The name in a line such as "By Ann Lee | 3 May 2023", or None."""
        if len(line) > _LONGEST_CHARACTERS or len(line.split()) > 20 or line.endswith((".", "!", "?")):
            return None
        if match := self.byline.match(fold(line)):
            kept = line.split()[match.group().count(" ") + 1 :]
            name = _PLACE.split(_NAME_END.split(" ".join(kept), maxsplit=1)[0], maxsplit=1)[0]
        elif self.day(line) and self.is_dateline(line):
            name = _NAME_END.split(line, maxsplit=1)[0]
        else:
            return None
        parts = name.strip(" .:").split()
        while parts and self._is_of_date(parts[-1]):
            parts.pop()
        if _opens_title(parts):
            return None
        fewest, most = (1, 9) if match else (2, 3)
        is_name = fewest <= len(parts) <= most and all(
            part[0].isupper() or (match and len(part) <= 3) for part in parts
        )
        return " ".join(parts) if is_name and not any(fold(part) in self.calendar for part in parts) else None

    def credited(self, line: str) -> str | None:
        """What follows a "by" in a short line above an article, though it is no name: "the desk"."""
        match = self.byline.match(fold(line))
        words = line.split()
        rest = words[match.group().count(" ") + 1 :] if match else []
        is_credit = 0 < len(rest) <= _CREDIT_WORDS and not line.endswith(_FULL_STOPS) and not _opens_title(rest)
        return " ".join(rest) if is_credit and any(word[0].isupper() for word in words) else None

    def names(self, line: str) -> str | None:
        """The names in a line that holds little else, such as "Ann Lee and Bo Ek in Oslo"."""
        words = _PLACE.split(line, maxsplit=1)[0].split()
        capitals = sum(word[0].isupper() for word in words)
        is_names = 2 <= len(words) <= 8 and capitals >= 2 and len(words) - capitals <= 2 and not _opens_title(words)
        is_clean = all(char.isalpha() or char in " .'’-" for word in words for char in word)
        return " ".join(words) if is_names and is_clean and all(w[0].isupper() or len(w) <= 3 for w in words) else None

    def day(self, line: str) -> date | None:
        """The first full date of the line: ISO, or day, month's name and year in either order."""
        if match := _ISO_DATE.search(line):
            return _date(*map(int, match.groups()))
        if match := _DOTTED_DATE.search(line):
            return _date(int(match[3]), int(match[2]), int(match[1]))
        words = [word for word in fold(line).split() if word not in _DATE_WORDS]
        for place, word in enumerate(words):
            month = self.months.get(word)
            if month is None:
                continue
            after = words[place + 1 : place + 3]
            before = words[place - 1 : place] if place else []
            numbers = [re.sub(r"(?<=\d)(?:st|nd|rd|th|er|o)$", "", near) for near in before + after]
            days = [int(near) for near in numbers if near.isdigit() and len(near) <= 2]
            years = [int(near) for near in numbers if near.isdigit() and len(near) == 4]
            if days and years and (found := _date(years[0], month, days[0])):
                return found
        return None


@cache
def furniture(code: str | None) -> Furniture:
    """The furniture of pages in the language ``code`` (None: not known)."""
    known = list(languages.spoken(code))

    def patterns(place: str) -> re.Pattern[str]:
        return compile_any(tuple(row for tongue in known for row in tongue.furniture.get(place, ())))

    months = {name: month for tongue in reversed(known) for name, month in tongue.months.items()}
    weekdays = frozenset().union(*(tongue.weekdays for tongue in known))
    return Furniture(
        whole=patterns("whole"),
        start=patterns("start"),
        anywhere=PhraseTable({tongue.code: tongue.furniture["anywhere"] for tongue in known}),
        related=patterns("related"),
        end=patterns("end"),
        byline=patterns("byline"),
        tagline=PhraseTable({tongue.code: tongue.furniture["tagline"] for tongue in known}),
        months=months,
        calendar=weekdays | months.keys(),
    )


def _opens_title(words: list[str]) -> bool:
    """Whether words are a heading in title case and no name: "By The Numbers"."""
    return not _ARTICLES.isdisjoint(words)


def _is_shape(line: str, words: int) -> bool:
    """Whether the line's shape alone tells that it is furniture; a long line's never does."""
    if len(line) > _CAPTION_CHARACTERS:
        return False
    is_ended = line.endswith(_FULL_STOPS)
    if not is_ended and _CREDIT.search(line[-_CREDIT_CHARACTERS:]):
        return True
    if words > _LONGEST:
        return False
    is_address = words <= _ADDRESS_WORDS and all(map(_is_address, line.split()))
    is_trail = not is_ended and len(line) < _CREDIT_CHARACTERS and _is_trail(line)
    is_mark = any(shape.fullmatch(line) for shape in (_PLACEHOLDER, _SHORTCUT, _AGENCY))
    return bool(is_address or is_trail or is_mark or not (any(map(str.isalpha, line)) or _YEAR.fullmatch(line)))


def _is_address(word: str) -> bool:
    """Whether a word is a web or mail address, a user's name, a hashtag, or only punctuation."""
    bare = word.strip("-|,·•*:;()")
    return not bare or bool(_ADDRESS.fullmatch(bare))


def _is_trail(line: str) -> bool:
    """Whether the line says where on its site the page stands, or lists the site's sections."""
    steps = _ARROW.split(line)
    if len(steps) > 1:
        *above, last = steps
        is_short = all(0 < len(step) <= _STEP_CHARACTERS and not {"/", "|"} & set(step) for step in above)
        return is_short and 0 < len(last) <= _LAST_STEP_CHARACTERS
    sections = line.split(_BAR)
    return len(sections) >= _FEWEST_SECTIONS and all(0 < len(section) <= _STEP_CHARACTERS for section in sections)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
