"""Groups reports into stories: which stories a new report belongs to.

The thresholds were tuned on one half of the events of 382 articles about 69 events (Giveme5W1H's news clusters), all
received by an empty library within 60 hours. B-cubed F1, the mean of three orders: .92 on that half, .90 on the other.
Most errors are reports whose own dates are weeks from their event's: the dates are wrong, or it is another event of the
kind. It is .95 on forty short reports of twelve events of ours (``tests/data/events.yaml``). On sixty reports of 24
events that others wrote it was .87 on the first run and is .88 now (precision .90, recall .86).

Names count besides the texts, mostly for reports in different languages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from briefings.similarity import Frequencies, Profile, most_similarities, shared_names, similarities

#: How much the names that two reports share count beside the similarity of their texts.
_NAMES = 0.2
#: A report joins a story whose newest report was received within this time of it. Without a limit, a whole war would
#: become one story.
WINDOW = timedelta(hours=72)
#: A report joins a story whose first report was received within this time of it. Without this limit, an event with news
#: every day would go on for months.
LONGEST_EVENT = timedelta(days=14)
#: From this similarity on, a report is about the same event as a story.
_SAME_EVENT = 0.18
#: The same for short texts, by the number of different terms that they have at most. They share common words by chance.
_SAME_EVENT_SHORT = ((10, 0.9), (20, 0.5), (40, 0.27))
#: The same where the articles' own dates are far apart. Some dates are wrong, so they do not decide alone.
_SAME_EVENT_FAR_APART = 0.24
_FAR_APART = timedelta(days=4)
#: Two stories that are both this similar to a new report are one story. A report whose own date is too far from those
#: of a story has to be so similar, too: then its date is probably wrong.
_SAME_STORY = 0.4
#: A report is compared with this many of a story's reports, the most similar ones. One alone could be an exception.
_COMPARED_REPORTS = 2
#: So many reports are compared exactly, which is slow: those that could be the most similar ones.
_MOST_COMPARED = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report that may be about the same event.

    Attributes:
        published: The day that the article itself names.
        is_fixed: Whether a person joined or split its story. Such a story is not merged with others.
    """

    story: int
    published: date | None
    profile: Profile
    is_fixed: bool = False


def matching_stories(
    new: Profile, published: date | None, candidates: Sequence[Candidate], frequencies: Frequencies
) -> tuple[int, ...]:
    """Returns the stories that a new report belongs to, the best first. If there are several, they are one story.

    Args:
        candidates: The similar reports that were received within `WINDOW`.
        frequencies: Those of the library, which does not have the new report yet.
    """
    scores = _scores(new, candidates, frequencies, similarities)
    by_story: defaultdict[int, list[tuple[float, Candidate]]] = defaultdict(list)
    for score, candidate in zip(scores, candidates, strict=True):
        by_story[candidate.story].append((score, candidate))
    matching = {
        story: similarity
        for story, reports in by_story.items()
        if (similarity := _similarity(reports)) >= _threshold(new, published, reports)
    }
    if not matching:
        return ()
    best = max(matching, key=lambda story: (matching[story], -story))
    fixed = {one.story for one in candidates if one.is_fixed}
    if best in fixed:
        return (best,)
    others = (story for story, score in matching.items() if score >= _SAME_STORY and story not in fixed)
    return (best, *(story for story in others if story != best))


def possible(new: Profile, candidates: Sequence[Candidate], frequencies: Frequencies) -> list[Candidate]:
    """Returns the candidates of the stories that a new report could belong to: the best `_MOST_COMPARED` at most.

    Args:
        frequencies: Those of the new report's terms. `matching_stories` needs those of the candidates' terms, too.
    """
    bounds = _scores(new, candidates, frequencies, most_similarities)
    ranked = sorted(zip(bounds, candidates, strict=True), key=lambda pair: -pair[0])[:_MOST_COMPARED]
    stories = {one.story for bound, one in ranked if bound >= _SAME_EVENT}
    return [one for _, one in ranked if one.story in stories]


def _scores(
    new: Profile,
    candidates: Sequence[Candidate],
    frequencies: Frequencies,
    compared: Callable[[Profile, Sequence[Profile], Frequencies], list[float]],
) -> list[float]:
    """Returns how similar each candidate is to a new report: by its text, and by the names of the new report in it."""
    profiles, known = [one.profile for one in candidates], frequencies.including(new.body)
    texts = compared(new, profiles, known)
    if not new.names:
        return texts
    names = shared_names(new, profiles, known)
    return [(1 - _NAMES) * text + _NAMES * share for text, share in zip(texts, names, strict=True)]


def _similarity(reports: Sequence[tuple[float, Candidate]]) -> float:
    best = sorted((score for score, _ in reports), reverse=True)[:_COMPARED_REPORTS]
    return sum(best) / len(best)


def _threshold(new: Profile, published: date | None, reports: Sequence[tuple[float, Candidate]]) -> float:
    length = min(len(new.body), max(len(one.profile.body) for _, one in reports))
    least = next((threshold for most, threshold in _SAME_EVENT_SHORT if length < most), _SAME_EVENT)
    apart = min((abs(one.published - published) for _, one in reports if one.published and published), default=None)
    if apart is None or apart <= _FAR_APART:
        return least
    return max(least, _SAME_EVENT_FAR_APART if apart <= LONGEST_EVENT else _SAME_STORY)


def is_over(began: datetime, received: datetime) -> bool:
    """Whether a story is too old for a new report, given when its first report was received."""
    return abs(received - began) > LONGEST_EVENT


def window(received: datetime) -> tuple[datetime, datetime]:
    """Returns the times between which another report of the same event was received."""
    return received - WINDOW, received + WINDOW
