"""Removes marks of chat programs and archives from plain text: emphasis, stamps of messages, numbers of notes."""

from __future__ import annotations

import re

# Emphasis as chat programs and old mails mark it: "*bold*", "_italic_", "~struck~".
_EMPHASIS = re.compile(r"(?<![\w*_~])([*_~])(?=[^\s*_~])([^*_~\n]{1,300})(?<=\S)\1(?![\w*_~])")
# The day, time and sender before a message, as copied from a chat: "[05/03/2024, 10:02:11] Ann Lee: ".
_STAMP = re.compile(
    r"^\[\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}:\d{2}(?::\d{2})?(?: ?[APap]\.?[Mm]\.?)?\] [^:\n]{1,40}: (?=\S)",
    re.MULTILINE,
)
# The number of a note, directly behind a word: "in 1962[1]".
_NOTE = re.compile(r"(?<=[^\s\[(])\[(?:\d{1,3}|[a-z]|note \d{1,3})\]")
# The mark of a heading, and addresses behind words, in the plain form of newsletters.
_STARS = re.compile(r"^\*\* (?=\S)", re.MULTILINE)
_BEHIND = re.compile(r" ?(?:\(https?://[^\s()]{1,1000}\)|<https?://[^\s<>]{1,1000}>)")
# The number and times of a subtitle (https://www.w3.org/TR/webvtt1).
_CUE = re.compile(
    r"^(?:[^\n]{1,40}\n)?(?:\d{1,3}:)?\d{2}:\d{2}[.,]\d{3} --> (?:\d{1,3}:)?\d{2}:\d{2}[.,]\d{3}[^\n]*\n", re.MULTILINE
)
_FEWEST_CUES = 3
_ENDS = (".", "!", "?", "…", "”", '"', "»", "。")
# The lines with which an archive encloses a book.
_BOOK_START = re.compile(r"^\*{3} ?START OF [^\n]{0,200}\*{3}$", re.MULTILINE)
_BOOK_END = re.compile(r"^\*{3} ?END OF [^\n]{0,200}\*{3}$", re.MULTILINE)


def without_plain_marks(text: str) -> str:
    """A normalised text without these marks."""
    if start := _BOOK_START.search(text):
        text = text[start.end() :]
        end = _BOOK_END.search(text)
        text = text[: end.start()] if end else text
    return _without_cues(_BEHIND.sub("", _STARS.sub("", _NOTE.sub("", _STAMP.sub("", _EMPHASIS.sub(r"\2", text))))))


def _without_cues(text: str) -> str:
    """Subtitles as paragraphs, which end where a subtitle ends a sentence."""
    first, *cues = _CUE.split(text)
    if len(cues) < _FEWEST_CUES:
        return text
    title = "" if first.startswith("WEBVTT") else first
    lines = (" ".join(cue.split()) for cue in cues)
    return title + "\n\n" + "".join(f"{line}\n\n" if line.endswith(_ENDS) else f"{line} " for line in lines if line)
