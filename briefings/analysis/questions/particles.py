"""Joins German verbs with the particle at the end of their clause: "sagte ... ab" is "absagen"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from briefings.analysis.tokens import Token
from briefings.languages.names import name_words
from briefings.languages.questions import meaning, root
from briefings.languages.stems import PARTICLES

_LANGUAGE = "de"
#: The endings of finite verbs that follow the rule.
_ENDING = re.compile(r"(?:e?te[nt]?|e?s?t|e)$")
_LEAST_VERB = 3


def joined(found: Sequence[Token], folded: Sequence[str], light: frozenset[str]) -> list[str]:
    """The folded words of a German text, each separated verb as its infinitive: "absagen … ab" for "sagte … ab"."""
    words, start = list(folded), 0
    for place, token in enumerate(found):
        is_last = place + 1 == len(found) or found[place + 1].gap != " "
        if is_last and token.text in PARTICLES:
            within = [n for n in range(start, place) if not found[n].is_capitalised and not _describes(found, n)]
            _join(words, [n for n in within if words[n] not in light], place)
        if is_last:
            start = place + 1
    return words


def joined_question(content: Sequence[str], light: frozenset[str]) -> list[str]:
    """The same for the words of a question. The particle at its end is left out."""
    words = list(content)
    if words and words[-1] in PARTICLES:
        candidates = [n for n, word in enumerate(words[:-1]) if word not in light]
        if _join(words, candidates, len(words) - 1):
            words.pop()
    return words


def _describes(found: Sequence[Token], place: int) -> bool:
    """Whether a word stands between an article and a noun: "der bekannte Sänger"."""
    articles = name_words(_LANGUAGE).articles
    return place > 0 and found[place - 1].folded in articles and found[place + 1].is_capitalised


def _join(words: list[str], candidates: Iterable[int], particle: int) -> bool:
    """Replaces the likeliest verb by the infinitive with the particle. False where no word can be the verb."""
    verbs = [(n, infinitive) for n in candidates if (infinitive := _infinitive(words[n], words[particle]))]
    known = [one for one in verbs if meaning(one[1], _LANGUAGE)]
    for place, infinitive in (known or verbs)[:1]:
        words[place] = infinitive
        return True
    return False


def _infinitive(verb: str, particle: str) -> str:
    base = root(verb, _LANGUAGE)
    is_irregular = not verb.startswith(base)
    plain = base if is_irregular else _ENDING.sub("", verb)
    return f"{particle}{plain}en" if len(plain) >= _LEAST_VERB and (is_irregular or plain != verb) else ""
