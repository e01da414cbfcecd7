"""Who: who is said to be behind it and who denies it; where nobody is accused, who acted and who is affected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.answers.common import KEPT, section_buttons, story_buttons, title
from bot.answers.marked import is_below_title, marked_sentences
from bot.answers.sections import absence_view, find_section, section_view
from bot.i18n import Message, own
from bot.views.model import SCREEN, Block, Conflict, Heading, Quote, Side, Verbatim, View
from bot.views.section_names import NAMES
from briefings.analysis.accounts import Account, conflicts, is_blamed, is_denial, joined
from briefings.analysis.answers.affected import affected
from briefings.analysis.terms import stopwords
from briefings.caches import text_cache
from briefings.model import Answers, Claim, SectionKind, Span, Version
from briefings.phrases import fold

#: Accusations, denials and other accounts.
_MOST_CLAIMS = (4, 2, 3)
_MOST_CONFLICTS = 2
_LEAST_WORDS, _MOST_WORDS = 60, 200
_MOST_SPEAKER = 60
#: Words that are shorter say too little without the rest of their sentence.
_TELLING = 60
_MOST_SENTENCE = 180
#: The most characters between a speaker and the verb that follows it, if a line begins with the speaker.
_BESIDE = 12
#: Below this score a name only stands in the article.
_ACTS = 0.6
_MOST_ACTING = 2


@text_cache(KEPT)
def who_view(version: Version, others: tuple[Version, ...] = ()) -> View:
    """Returns who is responsible, according to the article.

    Args:
        others: Other outlets' reports of the same story, whose claims are joined with those of ``version``.
    """
    groups = _groups([version, *others])
    if groups:
        return _view(version, _disputed(*groups))
    section = find_section(version, SectionKind.WHO)
    if section and section.headings:
        return section_view(version, SectionKind.WHO)
    if told := _undisputed(version):
        return _view(version, told)
    if section:
        return section_view(version, SectionKind.WHO)
    named = _named(version)
    return _view(version, named) if named else absence_view(version, SectionKind.WHO)


def _view(version: Version, blocks: Iterable[Block]) -> View:
    return View((title(version), *blocks), (*section_buttons(version), *story_buttons(version)), (version.id,))


_Group = tuple[Message, list[Account]]


def _groups(versions: Sequence[Version]) -> tuple[list[tuple[Account, Account]], list[_Group]] | None:
    """Accusations beside their denials; then other accusations, other denials, and accusations further down.

    None where nobody is accused.
    """
    parts = [_parted(version) for version in versions]
    if not any(accused for accused, _, _ in parts):
        return None
    accused, denied, others = (
        _by_speaker(joined(claim for claims in parts for claim in claims[place])) for place in range(3)
    )
    pairs = conflicts([*accused, *others], denied)[:_MOST_CONFLICTS]
    paired = [account for pair in pairs for account in pair]
    names = (own("Who is said to be responsible"), own("Who denies it"), own("Other accounts"))
    return pairs, [
        (name, [account for account in accounts if account not in paired][:most])
        for name, accounts, most in zip(names, (accused, denied, others), _MOST_CLAIMS, strict=True)
    ]


def _parted(version: Version) -> tuple[list[tuple[Version, Claim]], ...]:
    claims = [claim for claim in version.briefing.claims or () if claim.speaker]
    accused = _below_title(version, [claim for claim in claims if is_blamed(version.article, claim)])
    denied = [claim for claim in claims if is_denial(version.article, claim)]
    answered = min((claim.sentence for claim in denied), default=None)
    first = [claim for claim in accused if answered is None or claim.sentence < answered] or accused
    others = [claim for claim in accused if claim not in first]
    return tuple([(version, claim) for claim in group] for group in (first, denied if accused else [], others))


def _below_title(version: Version, claims: Sequence[Claim]) -> list[Claim]:
    """The claims without those of the title, which stands above, whose speaker says more below it."""
    headline, text = version.article.headline(), version.article.text
    below = {claim.speaker.of(text) for claim in claims if claim.speaker and not headline.covers(claim.sentence)}
    return [
        claim
        for claim in claims
        if not headline.covers(claim.sentence) or claim.speaker is None or claim.speaker.of(text) not in below
    ]


def _disputed(pairs: Sequence[tuple[Account, Account]], groups: Sequence[_Group]) -> list[Block]:
    """The pairs and the groups, as many words of each claim as fit on a screen together."""
    accounts = [*(account for pair in pairs for account in pair), *(one for _, group in groups for one in group)]
    lengths = [len(_words(account.claim)) for account in accounts]
    characters = next(
        most for most in range(_MOST_WORDS, 0, -10) if most <= _LEAST_WORDS or _total(lengths, most) <= SCREEN
    )
    (accusing, accused), *rest = groups
    blocks: list[Block] = [Heading(accusing), *(_conflict(*pair, characters) for pair in pairs)]
    blocks += [Heading(own("Other accusations"))] if pairs and accused else []
    blocks += [_quote(account, characters) for account in accused]
    for name, group in rest:
        blocks += [Heading(name), *(_quote(account, characters) for account in group)] if group else []
    return blocks


def _conflict(accusation: Account, denial: Account, characters: int) -> Conflict:
    return Conflict(_side(own("Accusation"), accusation, characters), _side(own("Denial"), denial, characters))


def _side(name: Message, account: Account, characters: int) -> Side:
    words = Verbatim(account.version, _words(account.claim)).shortened(characters)
    return Side(name, words, _speaker(account) or words, _outlets(account))


def _speaker(account: Account) -> Verbatim | None:
    """Returns the speaker's name. A pronoun, as in an interview, names nobody."""
    speaker, article = account.claim.speaker, account.version.article
    if speaker is None or fold(speaker.of(article.text)) in stopwords(article.language):
        return None
    return Verbatim(account.version, speaker).shortened(_MOST_SPEAKER)


def _total(lengths: Iterable[int], most: int) -> int:
    return sum(min(length, most) for length in lengths)


def _by_speaker(accounts: Iterable[Account]) -> list[Account]:
    """Those of one speaker together, each sentence once."""
    groups: dict[str, list[Account]] = {}
    shown: set[tuple[str, Span]] = set()
    for account in accounts:
        claim, version = account.claim, account.version
        if claim.speaker and (version.id, claim.sentence) not in shown:
            shown.add((version.id, claim.sentence))
            groups.setdefault(claim.speaker.of(version.article.text), []).append(account)
    return [account for group in groups.values() for account in group]


def _outlets(account: Account) -> Message | None:
    """Returns who reports it, if several do."""
    found = dict.fromkeys(one.article.outlet for one in (account.version, *account.others) if one.article.outlet)
    return own("{outlets}", outlets=", ".join(found)) if account.others and found else None


def _quote(account: Account, characters: int) -> Quote:
    words = Verbatim(account.version, _words(account.claim)).shortened(characters)
    return Quote(words, _speaker(account), _outlets(account))


def _words(claim: Claim) -> Span:
    """From the speaker or the verb to the end of what is said; the whole sentence where that would say too little."""
    parts = [part for part in (claim.cue, *claim.content) if part and claim.sentence.covers(part)]
    if not parts:
        return claim.sentence
    start, end, source = min(part.start for part in parts), max(part.end for part in parts), claim.source
    if source and claim.sentence.covers(source) and source.start < start <= source.end + _BESIDE:
        start = source.start
    words = Span(start, end)
    return claim.sentence if len(words) < _TELLING and len(claim.sentence) <= _MOST_SENTENCE else words


def _undisputed(version: Version) -> list[Block]:
    """Returns who acted and who is affected."""
    answers = version.briefing.answers or Answers()
    hit = affected(version.briefing)
    text = version.article.text
    hit_words = {answer.span.of(text).casefold() for answer in hit}
    acting = [one for one in answers.who if one.score >= _ACTS and one.span.of(text).casefold() not in hit_words]
    # The title stands above already. Whom it alone names is told where nobody else acts.
    acting = [one for one in acting if is_below_title(version.article, one.span)] or acting
    blocks: list[Block] = []
    if acting:
        shown = [(answer.span, None) for answer in acting[:_MOST_ACTING]]
        blocks += [Heading(own("Who acted")), *marked_sentences(version, shown)]
    if hit:
        blocks += [
            Heading(own("Who is affected")),
            *marked_sentences(version, [(answer.span, None) for answer in hit[:_MOST_ACTING]]),
        ]
    return blocks


def _named(version: Version) -> list[Block]:
    """Returns the sentence about the person or organisation that the article names most, if it names any."""
    answers = version.briefing.answers or Answers()
    best = next((answer for answer in answers.who if answer.score < _ACTS), None)
    return [Heading(NAMES[SectionKind.WHO]), *marked_sentences(version, [(best.span, None)])] if best else []
