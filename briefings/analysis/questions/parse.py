"""Parses a question: the kind of answer, the terms and the language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from briefings import languages
from briefings.analysis.questions.model import Asked, Question, Term
from briefings.caches import text_cache
from briefings.languages.names import name_words
from briefings.languages.questions import CODES, Ask, QuestionWords, as_name, concepts, meaning, question_words, root
from briefings.phrases import compile_phrase, fold

_WEAK = 0.35
_LONGEST = 300
_LONGEST_TERM = 3
#: A sentence about an event does not say that it "took place".
_HAPPEN = frozenset({"happen"})
#: What "going to" and "have to" mean, which a sentence may put in another way.
_MODAL = frozenset({"intend", "compulsory"})
_PLEAS = frozenset({"confess", "deny"})
#: Where one part of a message ends: "hey, when did it burst?", "I saw the dam. When did it burst?".
_BREAK = re.compile(r"(?<=[,;:.!?])\s+|\s[–—-]\s")
#: The most letters of a name that could be a word as typed in chats, and the marks around a word.
_LONGEST_SIGN, _AROUND = 2, "¿¡?!,;:()\"'“”«»/…"
#: The most words before the word that asks.
_MOST_PREPOSITIONS = 2
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?")
#: How much a way to ask counts, relative to single words, when the language of a question is detected.
_ASKED = 2.0


def parse(text: str, language: str | None = None) -> Question:
    """The parsed question.

    Args:
        language: ISO 639-1 of the article. Used if the words of the question do not show its language.
    """
    return _parse(text[:_LONGEST], language)


def load_words() -> None:
    """Reads a question in every language, which loads the words and compiles the patterns."""
    for code in CODES:
        _parse("words", code)


@text_cache(1024)
def _parse(text: str, language: str | None) -> Question:
    parts = _BREAK.split(text)
    words = question_words(_language(parts, language))
    before, rest = _asking(parts, words)
    ask, content, own = _asked(rest, words)
    asked = Asked(ask.name) if ask else Asked.YES_NO if text.rstrip().endswith("?") else Asked.WORDS
    essential = [word for word in own if word in words.essential]
    return Question(
        text,
        words.code,
        asked,
        terms=tuple(_answerable(term, asked) for term in _terms([*before, *content, *essential], words)),
        hints=tuple(_terms([word for word in own if word not in essential], words)),
        speaker=_speaker([*essential, *content], words) if asked in {Asked.SAID, Asked.OPINION} else (),
    )


def _language(parts: Sequence[str], article: str | None) -> str:
    """The language whose words the question contains most. The article's language in a tie."""
    order = list(dict.fromkeys(code for code in (article, *CODES) if code in CODES))
    return max(order, key=lambda code: _familiarity(parts, code))


def _familiarity(parts: Sequence[str], code: str) -> float:
    words = question_words(code)
    found = set(_spelt(" ".join(parts), words).split())
    asks = any(_opens(_spelt(part, words), words) for part in (" ".join(parts), *parts))
    familiar = len(found & (words.light | languages.load(code).stopwords))
    return familiar + len(found & words.weak) / 2 + _ASKED * asks


def _spelt(part: str, words: QuestionWords) -> str:
    """The folded words in their usual spelling: "what s" for "whats", "people" for "ppl"."""
    typed = [word for word in part.split() if fold(word)]  # "passé ?"
    return " ".join(
        _name(before, one, words) or " ".join(_usual(one, word, words) for word in fold(one).split())
        for before, one in zip(["", *typed], typed, strict=False)
    )


def _name(before: str, typed: str, words: QuestionWords) -> str:
    """A name in capitals behind an article, or of initials: "the WHO", "U.N."."""
    bare = typed.strip(_AROUND)
    if not _INITIALS.fullmatch(bare) and (before not in name_words(words.code).articles or not bare.isupper()):
        return ""
    return as_name(bare.replace(".", ""), fold(bare.replace(".", "")), words.light)


def _usual(typed: str, word: str, words: QuestionWords) -> str:
    """The usual spelling of a folded word."""
    return word if len(word) <= _LONGEST_SIGN and _is_sign(typed) else words.spellings.get(word, word)


def _is_sign(typed: str) -> bool:
    """Whether letters are a name, in capitals or with marks between them: "U.S.", "X", "K-pop", "BC"."""
    bare = typed.strip(_AROUND)
    return bare.isupper() or not bare.isalpha()


def _opens(folded: str, words: QuestionWords) -> bool:
    """Whether a question begins where ``folded`` begins, or behind a preposition: "for how long"."""
    return any(_best(rest, words)[1] for rest in _behind_prepositions(folded, words))


def _behind_prepositions(folded: str, words: QuestionWords) -> Iterator[str]:
    """``folded``, and what follows its first words if they may be prepositions."""
    yield folded
    for _ in range(_MOST_PREPOSITIONS):
        before, _, folded = folded.partition(" ")
        if before not in words.light:
            return
        yield folded


def _asking(parts: Sequence[str], words: QuestionWords) -> tuple[list[str], str]:
    """The words before the first part of a message that opens a question, and the words from there on."""
    known = [_without_opening(_spelt(part, words), words) for part in parts]
    first = next((number for number, part in enumerate(known) if _opens(part, words)), 0)
    before = [word for part in known[:first] if not _is_opening(part, words) for word in part.split()]
    return before, " ".join(filter(None, known[first:]))


def _is_opening(folded: str, words: QuestionWords) -> bool:
    found = (compile_phrase(pattern).regex.match(folded) for pattern in words.opening)
    return any(match is not None and match.end() == len(folded) for match in found)


def _without_opening(folded: str, words: QuestionWords) -> str:
    for pattern in words.opening:
        match = compile_phrase(pattern).regex.match(folded)
        if match and match.end() < len(folded):
            folded = folded[match.end() :].lstrip()
    return folded


def _asked(folded: str, words: QuestionWords) -> tuple[Ask | None, list[str], list[str]]:
    """The way to ask that covers most of a question, the remaining words, and the covered words."""
    tries = ((rest, *_best(rest, words)) for rest in _behind_prepositions(folded, words))
    folded, ask, match = next((one for one in tries if one[2]), (folded, None, None))
    if match is None:
        return None, folded.split(), []
    gaps = " ".join(gap for gap in match.groups() if gap).split()
    content = [*folded[: match.start()].split(), *gaps, *folded[match.end() :].split()]
    return ask, content, [word for word in match.group().split() if word not in gaps]


def _best(folded: str, words: QuestionWords) -> tuple[Ask | None, re.Match[str] | None]:
    """The way to ask that covers most of a question, and where it stands."""
    weights = [compile_phrase(ask.pattern).weight(folded) for ask in words.asks]
    ask = words.asks[weights.index(max(weights))]
    match = compile_phrase(ask.pattern).regex.search(folded) if max(weights) else None
    return (ask, match) if match else (None, None)


def _answerable(term: Term, asked: Asked) -> Term:
    """The term. A denial answers whether somebody confesses, and the other way round."""
    is_plea = asked is Asked.YES_NO and not term.concepts.isdisjoint(_PLEAS)
    return replace(term, concepts=term.concepts | _PLEAS) if is_plea else term


def _speaker(content: Sequence[str], words: QuestionWords) -> tuple[Term, ...]:
    """The person who is said to speak: the words before "about"."""
    end = next((place for place, word in enumerate(content) if word in words.about and place), len(content))
    return tuple(_terms(content[:end], words))


def _terms(content: Sequence[str], words: QuestionWords) -> Iterator[Term]:
    seen: set[str] = set()
    place = 0
    while place < len(content):
        phrase = _phrase(content, place, words.code)
        word = " ".join(phrase)
        place += len(phrase)
        if word in seen or (len(phrase) == 1 and word in words.light):
            continue
        seen.add(word)
        meant = _meaning(phrase, words.code)
        is_modal = bool(meant) and meant <= _MODAL and words.light.issuperset(phrase)
        is_unit = _is_unit(content, place - len(phrase), phrase, words)
        is_weak = word in words.weak or meant == _HAPPEN or is_modal or is_unit
        yield Term(word, root(word, words.code), meant, _WEAK if is_weak else 1.0)


def _is_unit(content: Sequence[str], place: int, phrase: Sequence[str], words: QuestionWords) -> bool:
    """Whether the words are the unit of a number: "year old" in "12 year old"."""
    units = words.units["age"] | words.units["duration"]
    return place > 0 and content[place - 1].isdecimal() and units.issuperset(phrase)


def _phrase(content: Sequence[str], place: int, code: str) -> Sequence[str]:
    """The words from ``place`` on that together name a concept, or else only the first of them."""
    known = concepts(code)
    for length in range(_LONGEST_TERM, 1, -1):
        phrase = content[place : place + length]
        if len(phrase) == length and "_".join(phrase) in known:
            return phrase
    return content[place : place + 1]


def _meaning(phrase: Sequence[str], code: str) -> frozenset[str]:
    return concepts(code)["_".join(phrase)] if len(phrase) > 1 else meaning(phrase[0], code)
