"""What is new in the next version of a report."""

from __future__ import annotations

from difflib import SequenceMatcher

from briefings.analysis.sentences import sentences
from briefings.model import Article, Changes, Span
from briefings.phrases import fold


def compare(old: Article, new: Article) -> Changes:
    """The sentences, titles included, that only one of the two texts has; what only moved is in neither."""
    before, after = _lines(old), _lines(new)
    known, kept = {line for _, line in before}, {line for _, line in after}
    matcher = SequenceMatcher(None, [line for _, line in before], [line for _, line in after], autojunk=False)
    added: list[Span] = []
    removed: list[Span] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        removed += [span for span, line in before[start:end] if line not in kept]
        added += [span for span, line in after[new_start:new_end] if line not in known]
    return Changes(tuple(added), tuple(removed))


def _lines(article: Article) -> list[tuple[Span, str]]:
    spans = [article.headline(), *(sentence.span for sentence in sentences(article))]
    return [(span, fold(span.of(article.text))) for span in dict.fromkeys(spans)]
