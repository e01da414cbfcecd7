"""Matches a user's words with articles: the terms of a query, and the lines that contain them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

from briefings import languages
from briefings.analysis.questions import Asked, names_in, parse
from briefings.analysis.ranking import rank
from briefings.analysis.sentences import Sentence, sentences
from briefings.analysis.terms import beginning, fits, stopwords, terms
from briefings.languages.names import NameWords, name_words
from briefings.model import Article, Span, Version
from briefings.phrases import fold
from briefings.similarity import Frequencies, Profile

_DISTINCTIVE_TERMS = 25
_SHORTEST_TERM = 2
#: A word of a title that may be misspelt has so many letters, and this likeness, from 0 to 1, to what is typed.
_SHORTEST_MISSPELT, _ALIKE = 4, 0.8
_MOST_CORRECTED = 8


def has_query_terms(words: str) -> bool:
    """Returns whether ``words`` has a term to search for: "kremlin" does, "did it" does not."""
    return bool(query_terms(words))


def missing_terms(versions: Sequence[Version], wanted: Iterable[str]) -> set[str]:
    """Returns the wanted terms that occur in none of the articles."""
    found = [term for one in versions for term in terms(one.article.text, one.article.language)]
    return {one for one in wanted if not count_matching([one], found)}


def named_in_title(versions: Sequence[Version], wanted: Iterable[str]) -> list[Version]:
    """Returns the versions whose title has one of the wanted terms in a name."""
    return [one for one in versions if _has_name_in_title(one.article, wanted)]


def beginning_with(versions: Sequence[Version], wanted: Iterable[str]) -> list[Version]:
    """Returns the versions whose title, standfirst or summary has one of the wanted terms."""
    return [one for one in versions if count_matching(wanted, _beginning_terms(one))]


def having_all(versions: Sequence[Version], wanted: Collection[str]) -> list[Version]:
    """Returns the versions whose text has all wanted terms."""
    return [one for one in versions if not missing_terms([one], wanted)]


def having_names(versions: Sequence[Version], question: str) -> list[Version]:
    """Returns the versions whose text has all the names in a question. None if it has no names."""
    asked = [(one, names_asked(question, one.article.language)) for one in versions]
    return [one for one, names in asked if names and not missing_terms([one], names)]


def _beginning_terms(version: Version) -> list[str]:
    article = version.article
    spans = [article.headline(), *([article.standfirst] if article.standfirst else []), *version.briefing.summary]
    return [term for span in spans for term in terms(span.of(article.text), article.language)]


def names_asked(question: str, language: str | None) -> dict[str, str]:
    """Returns the names in a question: words with a capital inside it, and known places. The keys are their terms.

    In a language that gives every noun a capital, only words in the place of a name count.
    """
    known, asked = name_words(language), parse(question, language)
    own = name_words(asked.language)
    may_be_noun = own.capitalised_nouns and asked.asked is not Asked.WHO_IS
    words = question.replace("’", "'").replace("'", " ").split()  # "l'Anas", "Podolyak's"
    names = [
        word.strip("?!.,;:\"'“”«»()")
        for place, word in enumerate(words)
        if fold(word) in known.known_places | own.known_places
        or (place and word[:1].isupper() and not (may_be_noun and _is_noun(words, place, own)))
    ]
    kept = [name for name in names if name and fold(name) not in known.not_names]
    return {beginning(term): name for name in kept for term in query_terms(name)}


def _is_noun(words: Sequence[str], place: int, known: NameWords) -> bool:
    """Whether a word with a capital is a common noun: no part of a longer name, and not behind "in" or "said"."""
    beside = [words[other] for other in (place - 1, place + 1) if 0 < other < len(words)]
    return fold(words[place - 1]) not in known.before_place | known.speech and not any(
        one[:1].isupper() for one in beside
    )


def is_about_only(question: str, missing: Collection[str]) -> bool:
    """Returns whether all that a question is about is missing. Somebody's words "about it" are about the story."""
    asked = parse(question)
    subject = {beginning(term) for one in asked.terms for term in query_terms(one.word)}
    return not asked.speaker and subject <= set(missing)


def is_in_its_language(question: str, article: Article) -> bool:
    """Returns whether a question is asked in the language of an article. In another one, their words differ anyway."""
    return parse(question, article.language).language == article.language


def _has_name_in_title(article: Article, wanted: Iterable[str]) -> bool:
    words = set(fold(article.headline().of(article.text)).split())
    fitting = {word for word in words if count_matching(wanted, terms(word, None))}
    return bool(fitting and fitting & names_in(article))  # to find the names takes long


def query_terms(words: str) -> list[str]:
    """Returns the search terms of a user's words, in any supported language."""
    content = [word for word in fold(words).split() if not any(word in stopwords(code) for code in languages.codes())]
    return [term for term in terms(" ".join(content), None) if len(term) >= _SHORTEST_TERM]


def title_rank(article: Article, typed: str) -> int | None:
    """Returns how well a title fits what somebody has typed so far, 0 being best, or None if it does not.

    In this order: the title begins with it; it stands there as whole words; its last word begins a word there; each of
    its words begins a word of the title.
    """
    title, wanted = f" {fold(article.headline().of(article.text))} ", fold(typed)
    fits_title = (
        title.startswith(f" {wanted}"),
        f" {wanted} " in title,
        f" {wanted}" in title,
        all(f" {word}" in title for word in wanted.split()),
    )
    return next((rank for rank, fitting in enumerate(fits_title) if fitting), None)


def corrected(words: str, versions: Sequence[Version]) -> str:
    """Returns the words with the misspelt ones as the titles of the versions spell them. Empty: no word is misspelt."""
    titles = {word for one in versions for word in fold(one.article.headline().of(one.article.text)).split()}
    known = sorted(word for word in titles if len(word) >= _SHORTEST_MISSPELT)
    typed = fold(words).split()[:_MOST_CORRECTED]
    right = [next(iter(get_close_matches(word, known, 1, _ALIKE)), word) for word in typed]
    return " ".join(right) if right != typed else ""


def title_terms(article: Article) -> tuple[str, ...]:
    """Returns the search terms of the article's title."""
    return terms(article.headline().of(article.text), None)


def having_in_title(versions: Sequence[Version], words: str, share: float = 1.0) -> list[Version]:
    """Returns the versions whose title has at least this share of the search terms of ``words``."""
    wanted = {beginning(term) for term in query_terms(words)}
    return [one for one in versions if count_matching(wanted, title_terms(one.article)) >= share * len(wanted)]


def distinctive_terms(found: Profile, frequencies: Frequencies, *, is_stored: bool = False) -> list[str]:
    """Returns the terms that distinguish a text most from others of the library, the most distinctive first.

    Args:
        is_stored: Whether the library has the text. Terms that one report has, which may be this one, then take no
            place of others: so many of them come besides.
    """
    rarity = frequencies.rarity(term for term in found.body if frequencies.of_terms.get(term))
    weight = {term: (1 + math.log(found.body[term])) * rare for term, rare in rarity.items()}
    ranked = sorted(weight, key=lambda term: (-weight[term], term))
    alone = [term for term in ranked if is_stored and frequencies.of_terms[term] == 1][:_DISTINCTIVE_TERMS]
    return [term for term in ranked if term not in alone][:_DISTINCTIVE_TERMS] + alone


def count_matching(wanted: Iterable[str], found: Sequence[str]) -> int:
    """Returns how many of the wanted terms occur in ``found``."""
    return sum(any(fits(one, term) for term in found) for one in wanted)


def best_lines(versions: Sequence[Version], wanted: Sequence[str]) -> list[Span]:
    """Returns, for each version, the sentence or title with the most wanted terms."""
    return [_best_line(version, wanted) for version in versions]


def _best_line(version: Version, wanted: Sequence[str]) -> Span:
    article = version.article
    lines = [*sentences(article), Sentence(article.headline(), -1)]
    ranked = rank(article.text, lines, "", article.language) or lines
    return max(
        (line.span for line in ranked),
        key=lambda span: count_matching(wanted, terms(span.of(article.text), None)),
    )
