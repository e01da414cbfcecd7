"""Finds speakers that layout shows: "Name: words" in transcripts and headlines, and names after a dash."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from briefings.analysis.claims.page import Page
from briefings.languages.claims import CueWords
from briefings.model import Span

_MOST_LABEL = 60
#: One to five words in front of a colon: a name in any case, or a role such as "Host".
_LABEL = re.compile(r"(?<![\w.'’-])[^\W\d_][\w.'’-]*+(?:[ ][^\W\d_][\w.'’-]*+){0,4}[ ]?(?=:[ ])")
_DASH = re.compile(r"[ \n\t]{0,4}[―—–-]{1,2}[ ]?(?=[^\W\d_])")
_NAME_END = re.compile(r"[,\n(]|$")
_FEWEST_TURNS = 2
_FEWEST_WORDS = 4


def labelled_turns(page: Page) -> list[tuple[Span, Span]]:
    """Returns speaker and words of each turn, if at least two paragraphs begin with a name and a colon."""
    turns: list[tuple[Span, Span]] = []
    for piece in page.pieces[1:]:
        match = _LABEL.match(page.text, piece.start, min(piece.end, piece.start + _MOST_LABEL))
        if match and _is_name(match.group()):
            words = Span(match.end() + 2, piece.end)
            if page.words_between(words.start, words.end) >= _FEWEST_WORDS and page.quote_at(words.start) is None:
                turns.append((Span(match.start(), match.end()), words))
    return turns if len(turns) >= _FEWEST_TURNS else []


def headline_label(page: Page, words: CueWords) -> tuple[Span, Span] | None:
    """Returns speaker and words of a headline such as "Minister: no new taxes"."""
    if not page.pieces:
        return None
    title = page.pieces[0]
    match = _LABEL.match(page.text, title.start, min(title.end, title.start + _MOST_LABEL))
    if match is None:
        return None
    last = page.tokens[page.token_at(match.end() - 1)]
    if last.dep == "pobj":
        return None
    if last.entity not in {"PERSON", "ORG"} and last.lower not in words.headline_sources:
        return None
    end = title.end - len(title.of(page.text)) + len(title.of(page.text).rstrip(". "))
    return Span(match.start(), match.end()), Span(match.end() + 2, end)


def signed_quotations(page: Page, free: Sequence[int]) -> Iterator[tuple[int, Span]]:
    """Yields each quotation that is followed by a dash and a name, with the span of the name."""
    for number in free:
        end = page.quotes[number].span.end
        match = _DASH.match(page.text, end)
        if match is None:
            continue
        stop = _NAME_END.search(page.text, match.end(), match.end() + _MOST_LABEL)
        name = Span(match.end(), stop.start()) if stop else None
        if name and _is_name(name.of(page.text)):
            yield number, name


def _is_name(label: str) -> bool:
    """Whether all words of a label are capitalised, except short ones."""
    words = label.split()
    return bool(words) and all(word[0].isupper() or len(word) <= 3 for word in words) and words[0][0].isupper()
