"""Reads UTF-7 (RFC 2152), in which old mail programs wrote "caf+AOk-" for "café"."""

from __future__ import annotations

import re

from briefings.languages.letters import alphabets
from briefings.sources.encodings import likelihood

_SHIFTED = re.compile(r"\+[A-Za-z0-9/+]{3,}-?")
_FEWEST = 2
_SAMPLE = 4_000
# Below it the shifted parts are telephone numbers or program text.
_LIKELY = 1.5


def read_utf7(text: str) -> str:
    """An ASCII text as UTF-7, if that gives the letters of a language. ``text`` otherwise."""
    lines = [line for line in text.split("\n") if _SHIFTED.search(line)]
    if len(lines) == 0 or sum(len(_SHIFTED.findall(line)) for line in lines) < _FEWEST:
        return text
    try:
        sample = "\n".join(lines)[:_SAMPLE].rpartition(" ")[0].encode("ascii").decode("utf-7")
        is_likely = any(likelihood(sample, language) >= _LIKELY for language in alphabets())
        return text.encode("ascii").decode("utf-7") if is_likely else text
    except UnicodeDecodeError:
        return text
