"""Groups the claims of several reports of one story by speaker and target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from briefings.analysis.tokens import tokens
from briefings.languages.disputes import dispute_words
from briefings.model import Article, Claim, Span, Stance, Version
from briefings.phrases import fold

_ARTICLES = frozenset({"the", "a", "an", "il", "lo", "la", "i", "gli", "le", "l", "un", "una"})

#: The number of claims of one sentence that are searched for others within them.
_MOST_TOGETHER = 20


@dataclass(frozen=True, slots=True)
class Account:
    """A claim as one report words it, and the other reports with a similar claim.

    Attributes:
        version: The version of the report that contains the claim.
        others: Versions of other reports in which the same speaker makes a similar claim about the same target.
    """

    version: Version
    claim: Claim
    others: tuple[Version, ...] = ()


def is_blamed(article: Article, claim: Claim) -> bool:
    """Whether a claim says who is responsible. An accusation does, and so does criticism of somebody by name."""
    if claim.stance is not Stance.ACCUSES:
        return False
    cue = fold(claim.cue.of(article.text)) if claim.cue else ""
    if not dispute_words(article.language or "en").criticising.search(cue):
        return True
    target = tokens(article.text, claim.target) if claim.target else []
    return any(word.is_capitalised and word.start > claim.sentence.start for word in target)


def is_denial(article: Article, claim: Claim) -> bool:
    """Whether a claim denies an accusation. "Rejected the charge" does, "rejected the offer" does not."""
    if claim.stance is not Stance.DENIES:
        return False
    words = dispute_words(article.language or "en")
    if claim.cue is None or not words.refusing.search(fold(claim.cue.of(article.text))):
        return True
    return any(words.charges.search(fold(part.of(article.text))) for part in claim.content)


def within_others(claims: Iterable[Claim]) -> frozenset[Claim]:
    """The claims within somebody else's words: "Vance said that Orlov accuses the mayor" has one of Orlov."""
    by_sentence: defaultdict[Span, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_sentence[claim.sentence].append(claim)
    return frozenset(
        claim
        for together in by_sentence.values()
        for claim in together
        if any(_tells(outer, claim) for outer in together[:_MOST_TOGETHER])
    )


def _tells(outer: Claim, inner: Claim) -> bool:
    cue = inner.cue
    return cue is not None and outer.speaker != inner.speaker and any(part.covers(cue) for part in outer.content)


def joined(claims: Iterable[tuple[Version, Claim]]) -> list[Account]:
    """The accounts of ``claims``, in the same order. Claims of one report are never joined."""
    accounts: list[Account] = []
    for version, claim in claims:
        place = next((n for n, one in enumerate(accounts) if _is_same(one, version, claim)), None)
        if place is None:
            accounts.append(Account(version, claim))
        else:
            accounts[place] = replace(accounts[place], others=(*accounts[place].others, version))
    return accounts


def conflicts(accused: Sequence[Account], denied: Sequence[Account]) -> list[tuple[Account, Account]]:
    """The first denial of each speaker that answers one of the accusations, beside that accusation."""
    found: list[tuple[Account, Account]] = []
    for denial in denied:
        # An article that quotes several accusations denies the latest.
        answered = [one for one in accused if _answers(denial, one)]
        before = [one for one in answered if one.claim.sentence < denial.claim.sentence] or answered[:1]
        before = before or _just_before(denial, accused)
        if before and not any(before[-1] is one or _is_same_speaker(denial, other) for one, other in found):
            found.append((before[-1], denial))
    return found


def _just_before(denial: Account, accused: Sequence[Account]) -> list[Account]:
    """The accusation that comes last before a denial in its paragraph, unless the same speaker made it."""
    text, place = denial.version.article.text, denial.claim.sentence
    near = [
        one
        for one in accused
        if one.version.id == denial.version.id
        and one.claim.sentence < place
        and "\n" not in Span(one.claim.sentence.start, place.start).of(text)
    ]
    last = max(near, key=lambda one: one.claim.sentence, default=None)
    return [last] if last and denial.claim.target is None and not _is_same_speaker(last, denial) else []


def _is_same_speaker(one: Account, other: Account) -> bool:
    return _are_alike(_words(one.version, one.claim.speaker), _words(other.version, other.claim.speaker))


def _answers(denial: Account, accusation: Account) -> bool:
    """Whether a denial is addressed to the accuser, or is by the accused or, right behind, by their side."""
    accuser, denier = (_words(one.version, one.claim.speaker) for one in (accusation, denial))
    addressed, target = (_words(one.version, one.claim.target) for one in (denial, accusation))
    if not accuser or not denier or _are_alike(accuser, denier):
        return False
    is_of_side = not target.isdisjoint(denier) and _follows(denial, accusation)
    return (
        bool(addressed and _are_alike(addressed, accuser)) or bool(target and _are_alike(target, denier)) or is_of_side
    )


def _follows(denial: Account, accusation: Account) -> bool:
    """Whether a denial is the next sentence: "... blamed the northern army. The northern ministry denied ..."."""
    start, end = accusation.claim.sentence.end, denial.claim.sentence.start
    is_same_text = denial.version.id == accusation.version.id and start < end
    return is_same_text and Span(start, end).of(denial.version.article.text) == " "


def _is_same(account: Account, version: Version, claim: Claim) -> bool:
    if version.id == account.version.id or any(version.id == other.id for other in account.others):
        return False
    one, other = account.claim, claim
    speakers = _words(account.version, one.speaker), _words(version, other.speaker)
    targets = _words(account.version, one.target), _words(version, other.target)
    return all(speakers) and _are_alike(*speakers) and (not all(targets) or _are_alike(*targets))


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one name equals the other or is a part of it: "Zelenskyy" and "Volodymyr Zelenskyy"."""
    return one <= other or other <= one


def _words(version: Version, name: Span | None) -> frozenset[str]:
    found = fold(name.of(version.article.text)).split() if name else []
    return frozenset(found) - _ARTICLES
