"""Removes the marks of a mail from pasted text: quotation marks, headers, the signature, words of who forwarded it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from briefings.phrases import fold
from briefings.sources.bylines import is_person, names
from briefings.sources.datelines import Calendar

# The header lines of a mail.
_HEADER = re.compile(r"(?:>\s?)?[A-ZÀА-ЯІЇЄ][\w-]{0,15}(?: [a-z]{2})?\s?: \S|-{5,12}\s?\w[^-]{0,60}-{5,12}$")
_NAMED_HEADER = re.compile(
    r"(?:from|to|cc|date|subject|sent|von|an|datum|gesendet|betreff|da|a|data|inviato|oggetto|de|à|envoyé|objet|para"
    r"|enviado(?: el| em)?|asunto|assunto|от|кому|дата|отправлено|тема|від|надіслано)\s?: ",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:subject|betreff|oggetto|objet|asunto|assunto|тема)\s?: ((?:(?:re|fwd?|aw|wg|i|r|tr|rv|enc)\s?: )*)(?=\S)",
    re.IGNORECASE,
)
_MOST_ABOVE_HEADER = 5
_SENDER = re.compile(r"\d[^\n]{0,200}:$")
_MOST_QUOTED = 9
_FEWEST_HEADERS, _MOST_HEADERS = 3, 6
_MOST_SIGNATURE_LINES = 8
# A forwarded mail has at least so many quoted lines. Above it stand at most so many by who forwards it.
_FEWEST_QUOTED, _MOST_ABOVE_QUOTED = 4, 12
_FROM = re.compile(
    r"(?:from|von|da|de|от|від)\s?: \"?(?P<name>[^\"<>\n]{3,60}?)\"? ?(?:<(?P<box>[^<>@\n]{0,64})@[^<>\n]{0,200}>)?$",
    re.IGNORECASE,
)
_NAME_PART = 3
_DATE = re.compile(
    r"(?:date|sent|datum|gesendet|data|inviato|envoyé|fecha|enviado(?: el| em)?|дата|отправлено|надіслано)\s?: ",
    re.IGNORECASE,
)


def without_mail_marks(raw: Sequence[str], calendar: Calendar) -> list[list[str]]:
    """The groups of lines between empty ones, without the marks of a mail."""
    return _without_headers(list(_groups(_without_signature(_unquoted(_forwarded(raw))))), calendar)


def _forwarded(raw: Sequence[str]) -> Sequence[str]:
    """The lines of a mail that is quoted below a few words by who forwards it."""
    start = len(raw)
    while start and (not raw[start - 1] or raw[start - 1].startswith(">")):
        start -= 1
    above, quoted = ([line for line in part if line] for part in (raw[:start], raw[start:]))
    if not 0 < len(above) <= _MOST_ABOVE_QUOTED or len(quoted) < _FEWEST_QUOTED:
        return raw
    opening = [line.lstrip("> ") for line in quoted[:_MOST_HEADERS]]
    is_headed = any(_is_header(opening[:end]) for end in range(_FEWEST_HEADERS, _MOST_HEADERS + 1))
    is_longer = sum(map(len, quoted)) > sum(map(len, above))
    return raw[start:] if is_longer and (is_headed or above[-1].endswith(":")) else raw


def _unquoted(raw: Sequence[str]) -> Sequence[str]:
    """The lines without their marks of quotation, if all have one, as in a forwarded mail.

    A first line that names the sender is removed: "On 5 March at 10:02, Ann Lee wrote:".
    """
    lines = [line for line in raw if line]
    if len(lines) > _FEWEST_HEADERS and _SENDER.search(lines[0]) and lines[1].startswith(">"):
        raw, lines = raw[raw.index(lines[0]) + 1 :], lines[1:]
    depth = min((line[: len(line) - len(line.lstrip("> "))].count(">") for line in lines), default=0)
    for _ in range(min(depth, _MOST_QUOTED) if len(lines) > 1 else 0):
        raw = [line.removeprefix(">").lstrip(" ") for line in raw]
    return raw


def _without_signature(raw: Sequence[str]) -> Sequence[str]:
    """The lines above the signature of a mail (RFC 3676, section 4.3)."""
    for place in range(max(0, len(raw) - _MOST_SIGNATURE_LINES), len(raw)):
        if raw[place] == "--" and place > len(raw) // 2:
            return raw[:place]
    return raw


def _without_headers(groups: list[list[str]], calendar: Calendar) -> list[list[str]]:
    """The groups below the headers of a mail. Words of who forwarded it go too.

    Its subject becomes the title, unless it is in the text, and its sender and date stand below the subject.
    """
    place = next((place for place, group in enumerate(groups[:_MOST_ABOVE_HEADER]) if _is_header(group)), None)
    if place is None or place + 1 == len(groups):
        return groups
    header, below = groups[place], groups[place + 1 :]
    subjects = [(match[1], line[match.end() :]) for line in header if (match := _SUBJECT.match(line))]
    author = author_of_mail(header)
    lines = [line for group in below for line in group]
    titles = [next((line for line in lines if _repeats(title, line)), title) for _, title in subjects[:1]]
    titles = [title for title in titles if title not in lines or title != subjects[0][1]]
    above = [*titles, *([author] if author else []), *_days(header, calendar)]
    return [*([line] for line in above), *below]


def _repeats(title: str, line: str) -> bool:
    """Whether a line is the subject, or the part of it behind the name of the letter: "Port letter: Why fish"."""
    _, colon, rest = title.partition(": ")
    return line == title or (bool(colon) and rest.count(" ") > 0 and fold(line) == fold(rest))


def author_of_mail(header: Sequence[str]) -> str | None:
    """The person who sent a mail, by its header. None for an outlet, an answer, and what was passed on.

    Of a person the first name is known, or the address has a part of the name.
    """
    if any(match[1] for line in header if (match := _SUBJECT.match(line))):
        return None
    found = [(match["name"].strip(), match["box"] or "") for line in header if (match := _FROM.match(line))]
    return next(
        (name for name, box in found if is_person(name) or (names(name) == name and _has_part(box, name))), None
    )


def _has_part(box: str, name: str) -> bool:
    return any(len(word) >= _NAME_PART and word in fold(box).replace(" ", "") for word in fold(name).split())


def _days(header: Sequence[str], calendar: Calendar) -> list[str]:
    """The day of a mail, as in 2025-05-03."""
    found = (calendar.day(line[match.end() :]) for line in header if (match := _DATE.match(line)))
    return [day.isoformat() for day in found if day][:1]


def _is_header(group: Sequence[str]) -> bool:
    """Whether all lines are headers of a mail. A notice has "Date:" and "From:", too, but no subject or address."""
    is_of_mail = any("@" in line or _SUBJECT.match(line) for line in group)
    named = sum(bool(_NAMED_HEADER.match(line)) for line in group)
    return is_of_mail and named >= _FEWEST_HEADERS and all(_HEADER.match(line) for line in group)


def _groups(raw: Sequence[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for line in [*raw, ""]:
        if line:
            group.append(line)
        elif group:
            yield group
            group = []
