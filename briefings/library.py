"""The library: what can be asked of the stories that are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Concatenate
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from briefings import languages
from briefings.analysis import brief
from briefings.analysis.attribution import with_attribution
from briefings.analysis.questions import names_in
from briefings.analysis.ranking import rank
from briefings.analysis.sentences import Sentence, sentences
from briefings.analysis.terms import beginning, fits, stopwords, terms
from briefings.changes import compare
from briefings.errors import StoryChanged
from briefings.model import Article, Span, Version, version_id
from briefings.phrases import fold
from briefings.related import Frequencies, Related, compared, is_same_event, listed, merged, rank_related, similar
from briefings.scope import EVERYBODY, Scope, Viewer
from briefings.story_store import Draft, Report, StoryStore
from briefings.workers import Arguments, InProcess, Result, Workers

_MOST_RELATED = 5
_CANDIDATES = 30
_MOST_TITLED = 50
_MOST_MEANT = 5
_TELLING_TERMS = 25
_TERM_LENGTH = 2
#: Characters of an article whose claims are found: a second or two of work.
_MOST_PARSED = 30_000
_TRIES = 5
#: Characters: what takes longer to read than a way to a worker takes, goes there.
_LONG = 20_000
#: Reports of one event come within these days, or a war becomes one story.
_EVENT = timedelta(days=3)


class Outcome(StrEnum):
    """What adding an article did."""

    NEW = "new"
    UPDATED = "updated"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Added:
    """An article in the library, and whether it was there before."""

    version: Version
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Found:
    """A search result: a version and its line that fits best."""

    version: Version
    line: Span


class Library:
    """The use cases over a `StoryStore`."""

    def __init__(self, store: StoryStore, workers: Workers | None = None, finds_claims: bool = False) -> None:
        """Opens nothing.

        Args:
            workers: Where articles are analysed; None: here.
            finds_claims: Whether claims are found, too, which loads a model where the work is done.
        """
        self._store = store
        self._workers = workers or InProcess()
        self._finds_claims = finds_claims

    async def add(self, article: Article, received: datetime, scope: Scope = Scope()) -> Added:  # noqa: B008  # frozen
        """Keeps the briefing of ``article``.

        The same address again is a new version if its text has changed; the same text again changes nothing but adds
        the tags that are new.
        """
        for _ in range(_TRIES):
            known = await self._store.keyed(_key(article, scope))
            if known is not None and known.version.article.text == article.text:
                if scope.tags - known.scope.tags:
                    await self._store.tag(known.id, scope.tags)
                return Added(known.version, Outcome.KNOWN)
            draft = await self._draft(article, received, scope, known)
            try:
                await self._store.add(draft)
            except StoryChanged:
                continue  # somebody else added the same report meanwhile
            return Added(draft.version, Outcome.UPDATED if known else Outcome.NEW)
        raise StoryChanged(_key(article, scope))

    async def get(self, viewer: Viewer, version: str) -> Version | None:
        """The version of that id, or None if there is none for these eyes (any more)."""
        return await self._store.get(viewer, version)

    async def newest(self, viewer: Viewer, most: int) -> list[Version]:
        """The stories that were told last, the newest first, each by its newest report."""
        told: dict[int, Version] = {}
        seen = 0
        while len(told) < most:
            reports = await self._store.newest(viewer, 2 * most, seen)
            for report in reports:
                told.setdefault(report.story, report.version)
            seen += len(reports)
            if len(reports) < 2 * most:
                break
        return list(told.values())[:most]

    async def titled(self, viewer: Viewer, words: str) -> list[Version]:
        """The stories that ``words`` name by their titles: the best match, or all that match as well."""
        wanted = {beginning(term) for term in _terms(words)}
        if not wanted:
            return []
        candidates = await self._store.titled(viewer, sorted(wanted), _MOST_TITLED)
        shared = [_shared(wanted, _title_terms(version.article)) for version in candidates]
        best = max(shared, default=0)
        return [version for version, count in zip(candidates, shared, strict=True) if count == best]

    async def meant(self, viewer: Viewer, question: str, current: Version) -> list[Version]:
        """The stories that a question can be about; one, unless several others fit as well.

        Another story is meant where its title has a name that the current one does not have, or where the current one
        has none of the question's words.
        """
        wanted = {beginning(term) for term in _terms(question)}
        missing = await self.read_from(_missing, [current], wanted)
        if not missing:
            return [current]
        titled = await self.titled(viewer, question)
        named = await self.read_from(_named, titled, missing)
        if not named and missing == wanted:
            named = titled or [found.version for found in await self.search(viewer, question, _MOST_MEANT)]
        return [version for version in named if version.id != current.id] or [current]

    async def search(self, viewer: Viewer, words: str, most: int) -> list[Found]:
        """The stories that tell of ``words``, best first, each with its line that tells most of them."""
        wanted = list(dict.fromkeys(beginning(term) for term in _terms(words)))
        reports = await self._store.holding(viewer, wanted, most) if wanted else []
        versions = [report.version for report in reports]
        lines = await self.read_from(_best_lines, versions, wanted)
        return [Found(version, line) for version, line in zip(versions, lines, strict=True)]

    async def read_from(
        self,
        work: Callable[Concatenate[Sequence[Version], Arguments], Result],
        versions: Sequence[Version],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """What ``work`` finds in versions, which may be as long as a book: nobody else waits for that.

        Raises:
            LimitExceeded: It takes too long.
        """
        if sum(len(version.article.text) for version in versions) < _LONG:
            return work(versions, *args, **kwargs)
        return await self._workers.run(work, versions, *args, **kwargs)

    async def related(self, viewer: Viewer, version: Version) -> list[Related]:
        """What the page lists, then the library's stories that are most alike."""
        candidates = [report.version for report in await self._alike(viewer, version.article)]
        others = [other for other in candidates if other.id != version.id and not _is_one_report(other, version)]
        frequencies = await self._frequencies(version.article, *(other.article for other in others))
        alike = rank_related(version.article, others, frequencies, _MOST_RELATED)
        return merged(listed(version.article), alike)

    async def window(self, viewer: Viewer, since: datetime, until: datetime, most: int) -> list[Report]:
        """The reports whose current version came in the window ``(since, until]``, the newest first."""
        return await self._store.window(viewer, since, until, most)

    async def report_of(self, version: str) -> Report | None:
        """The report that a version is of, hidden or not."""
        return await self._store.report_of(version)

    async def outlets(self, viewer: Viewer, most: int) -> list[tuple[str | None, int]]:
        """How many reports each outlet has, the largest first; None: those that name none."""
        return await self._store.outlets(viewer, most)

    async def _draft(self, article: Article, received: datetime, scope: Scope, known: Report | None) -> Draft:
        """The version that ``article`` becomes, ready to be kept."""
        stories = (known.story,) if known else await self._stories(article, received, scope)
        before = known.version if known else None
        return await self._workers.run(_drafted, article, received, scope, stories, before, self._finds_claims)

    async def _stories(self, article: Article, received: datetime, scope: Scope) -> tuple[int, ...]:
        """The stories of the same event, of those that everybody may see; a chat's own text is a story of its own."""
        if scope.owner != EVERYBODY:
            return ()
        reports = [
            report
            for report in await self._alike(Viewer(), article)
            if abs(report.version.received - received) <= _EVENT and report.scope.tags == scope.tags
        ]
        frequencies = await self._frequencies(article, *(report.version.article for report in reports))
        scores = similar(article, [report.version.article for report in reports], frequencies)
        same = [report.story for report, score in zip(reports, scores, strict=True) if is_same_event(score)]
        return tuple(dict.fromkeys(same))

    async def _alike(self, viewer: Viewer, article: Article) -> list[Report]:
        telling = _telling_terms(article, await self._frequencies(article))
        return await self._store.holding(viewer, telling, _CANDIDATES)

    async def _frequencies(self, *articles: Article) -> Frequencies:
        found = {term for article in articles for term in compared(article)}
        return await self._store.frequencies(found)


def names_something(words: str) -> bool:
    """Whether ``words`` hold one that may stand in a title: "kremlin" does, "did it" does not."""
    return bool(_terms(words))


def _drafted(  # noqa: PLR0917  # it is called in another process, with all that it needs
    article: Article,
    received: datetime,
    scope: Scope,
    stories: tuple[int, ...],
    before: Version | None,
    finds_claims: bool,
) -> Draft:
    """The draft of an article, whose report has the version ``before``, if it is known."""
    number = before.number + 1 if before else 1
    changes = compare(before.article, article) if before else None
    briefing = brief(article)
    if finds_claims and len(article.text) <= _MOST_PARSED:
        briefing = with_attribution(briefing)
    return Draft(
        _key(article, scope),
        scope,
        Version(version_id(article, scope.owner, number), briefing, received, number, changes),
        before.id if before else None,
        stories,
        tuple(dict.fromkeys(_title_terms(article))),
        terms(article.text, article.language),
    )


def _missing(versions: Sequence[Version], wanted: Iterable[str]) -> set[str]:
    """The wanted terms that articles do not have."""
    found = [term for one in versions for term in terms(one.article.text, one.article.language)]
    return {one for one in wanted if not _shared([one], found)}


def _named(versions: Sequence[Version], wanted: Iterable[str]) -> list[Version]:
    """The versions that have one of the wanted terms as a name in their title."""
    return [
        one
        for one in versions
        if _shared(wanted, terms(" ".join(sorted(names_in(one.article) & _title_words(one.article))), None))
    ]


def _title_words(article: Article) -> set[str]:
    return set(fold(article.headline().of(article.text)).split())


def _terms(words: str) -> list[str]:
    """The terms of a person's words, in whatever language they are."""
    content = [word for word in fold(words).split() if not any(word in stopwords(code) for code in languages.codes())]
    return [term for term in terms(" ".join(content), None) if len(term) >= _TERM_LENGTH]


def _key(article: Article, scope: Scope) -> str:
    """The same address, or without one the same text, of one owner is one report."""
    return f"{scope.owner}|{_canonical(article.url) if article.url else version_id(article)}"


def _canonical(url: str) -> str:
    """An address without what does not change the page: its fragment, a campaign's marks, the case of its host."""
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].startswith("utm_")]
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"), urlencode(query), ""))


def _is_one_report(one: Version, other: Version) -> bool:
    return one.article.url is not None and one.article.url == other.article.url


def _title_terms(article: Article) -> tuple[str, ...]:
    return terms(article.headline().of(article.text), None)


def _telling_terms(article: Article, frequencies: Frequencies) -> list[str]:
    counts = Counter(compared(article))
    weight = {term: count / (1 + frequencies.of_terms.get(term, 0)) for term, count in counts.items()}
    return sorted(weight, key=lambda term: (-weight[term], term))[:_TELLING_TERMS]


def _shared(wanted: Iterable[str], found: Sequence[str]) -> int:
    """How many of the wanted terms are among those found."""
    return sum(any(fits(one, term) for term in found) for one in wanted)


def _best_lines(versions: Sequence[Version], wanted: Sequence[str]) -> list[Span]:
    return [_best_line(version, wanted) for version in versions]


def _best_line(version: Version, wanted: Sequence[str]) -> Span:
    article = version.article
    lines = [*sentences(article), Sentence(article.headline(), -1)]
    ranked = rank(article.text, lines, "", article.language) or lines
    return max(
        (line.span for line in ranked),
        key=lambda span: _shared(wanted, terms(span.of(article.text), None)),
    )
