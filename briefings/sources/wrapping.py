"""Joins lines of text that was wrapped at a column, as in mail and old books. Each paragraph becomes one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

# The width of wrapped text, the smallest number of breaks, and the share of them in the expected place.
_LEAST_WIDTH, _MOST_WIDTH = 45, 130
_FEWEST_WRAPS = 3
_SLACK = 2
_LEAST_FULL = 0.8
_MOST_ENDED = 0.4
_LEAST_RUNNING = 0.7
#: A line shorter than this share of the width was ended by its author.
_SHORT = 0.7
#: The header lines of a mail.
_HEADER = re.compile(r"(?:>\s?)?(?:[A-Z][\w-]{1,15}|[А-ЯІЇЄ][а-яіїє]{1,15}): \S|-{5,12}\s?\w[^-]{0,60}-{5,12}$")
_NAMED_HEADER = re.compile(
    r"(?:from|to|cc|date|subject|sent|von|an|datum|gesendet|betreff|da|a|data|inviato|oggetto|de|à|envoyé|objet|para"
    r"|enviado(?: el| em)?|asunto|assunto|от|кому|дата|отправлено|тема|від|надіслано): ",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:subject|betreff|oggetto|objet|asunto|assunto|тема): (?:(?:re|fwd?|aw|wg|i|r|tr|rv|enc)\s?: )*(?=\S)",
    re.IGNORECASE,
)
_MOST_ABOVE_HEADER = 3
_SENDER = re.compile(r"\d[^\n]{0,200}:$")
_MOST_QUOTED = 9
_FEWEST_HEADERS = 3
_MOST_SIGNATURE_LINES = 8
_CLOSERS = "\"'”’»)]*"
_ENDS = (".", "!", "?", "…", "。", "！", "？")
# "inspec- tors" is one word, "well- known" two, and "two- and threefold" stays as it is.
_COMPOUND = re.compile(r"\b(well|self|non|half|mid|post|pre|semi|ex|long|short|high|low)- (?=[a-z])", re.IGNORECASE)
_DIVIDED = re.compile(r"(?<![\w-])([^\W\d_]{2,20})- (?!(?:and|or|und|oder|e|et|ou|y|o|i)\b)(?=[^\W\d_A-ZÀ-ÞА-Я])")
_STARTS_ITEM = re.compile(r"(?:[•●▪◦‣·►▶✓]\s*|[*–—+-]\s+|(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]\s+|>+\s*)(?=\S)")


def paragraphs(raw: Sequence[str]) -> Iterator[str]:
    """The lines of a text with wrapped lines joined and without mail headers. An empty line separates its parts.

    A text is wrapped if hardly any line had room for the first word of the next, and few lines end a sentence.
    """
    groups = _without_headers(list(_groups(_without_signature(_unquoted(raw)))))
    pairs = [pair for group in groups for pair in pairwise(group)]
    width = max((len(line) for pair in pairs for line in pair), default=0)
    broken = len(pairs)
    pairs = [(line, following) for line, following in pairs if len(line) >= _SHORT * width]
    full = sum(_is_full(line, following, width) for line, following in pairs)
    is_running = sum(_ends_sentence(line) for line, _ in pairs) < _MOST_ENDED * len(pairs)
    is_wrapped = (
        is_running
        and len(pairs) >= max(_FEWEST_WRAPS, _LEAST_RUNNING * broken)
        and _LEAST_WIDTH <= width <= _MOST_WIDTH
        and full > _LEAST_FULL * len(pairs)
    )
    for group in groups:
        yield ""
        yield from _joined(group, width) if is_wrapped else group


def _unquoted(raw: Sequence[str]) -> Sequence[str]:
    """The lines without their marks of quotation, if all have one, as in a forwarded mail.

    A first line that names the sender is removed: "On 5 March at 10:02, Ann Lee wrote:".
    """
    lines = [line for line in raw if line]
    if len(lines) > _FEWEST_WRAPS and _SENDER.search(lines[0]) and lines[1].startswith(">"):
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


def _without_headers(groups: list[list[str]]) -> list[list[str]]:
    """The groups below the headers of a mail, with its subject as the title. Words of who forwarded it go too."""
    place = next((place for place, group in enumerate(groups[:_MOST_ABOVE_HEADER]) if _is_header(group)), None)
    if place is None or place + 1 == len(groups):
        return groups
    below = groups[place + 1 :]
    subject = next((_SUBJECT.sub("", line) for line in groups[place] if _SUBJECT.match(line)), None)
    is_new = subject is not None and all(subject != line for group in below for line in group)
    return [[subject], *below] if subject is not None and is_new else below


def _is_header(group: Sequence[str]) -> bool:
    named = sum(bool(_NAMED_HEADER.match(line)) for line in group)
    return named >= _FEWEST_HEADERS and all(_HEADER.match(line) for line in group)


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether a line had no room for the first word of the next, or ends with a part of it."""
    return (line[-1:] == "-" and following[:1].islower()) or len(line) + 1 + len(
        following.split(" ", 1)[0]
    ) > width - _SLACK


def _joined(group: list[str], width: int) -> Iterator[str]:
    paragraph: list[str] = []
    for line, following in zip(group, [*group[1:], ""], strict=True):
        if paragraph and _STARTS_ITEM.match(line):
            yield _one_line(paragraph)
            paragraph = []
        paragraph.append(line)
        is_cut = len(line) < _SHORT * width or _ends_sentence(line)
        if following and is_cut and not _is_full(line, following, width):
            yield _one_line(paragraph)
            paragraph = []
    yield _one_line(paragraph)


def _one_line(lines: Sequence[str]) -> str:
    """Wrapped lines as one. A word that was divided is made whole."""
    return _DIVIDED.sub(r"\1", _COMPOUND.sub(r"\1-", " ".join(lines)))


def _ends_sentence(line: str) -> bool:
    return line.rstrip(_CLOSERS).endswith(_ENDS)


def _groups(raw: Sequence[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for line in [*raw, ""]:
        if line:
            group.append(line)
        elif group:
            yield group
            group = []
