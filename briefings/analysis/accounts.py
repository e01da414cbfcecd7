"""Groups the claims of several reports of one story by speaker and target."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from briefings.model import Claim, Span, Version
from briefings.phrases import fold

_ARTICLES = frozenset({"the", "a", "an", "il", "lo", "la", "i", "gli", "le", "l", "un", "una"})


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
