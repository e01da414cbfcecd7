"""The lines of a story in a digest: the best sentence, then one with a label for each section that was chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.views.model import Labelled, Text, Verbatim
from bot.views.section_names import NAMES
from briefings.analysis.accounts import is_blamed
from briefings.analysis.interviews import answer_blocks
from briefings.analysis.selection import is_quotation_alone, repeats
from briefings.languages.leaning import leaning
from briefings.model import Section, SectionKind, Span, Version

_SUMMARY, _DETAIL = 200, 150
#: A longer heading is no label.
_LONGEST_LABEL = 50
#: A section that was gathered from sentences is shown where it is as sure as this.
_SURE = 0.6


def summary_line(version: Version) -> tuple[Verbatim, ...]:
    """Returns the sentence that tells best what the story is about, if there is one.

    It does not repeat the title, and is neither a question nor an answer in an interview.
    """
    standfirst, marks = version.article.standfirst, leaning(version.article.language)
    best, *others = version.briefing.summary or (standfirst,)
    clear = [span for span in (standfirst, *others) if span and not marks.leans(span.of(version.article.text))]
    lines = [*([best] if best else []), *clear]
    chosen = next((span for span in lines if _tells_news(version, span)), best)
    return (Verbatim(version, chosen).shortened(_SUMMARY),) if chosen else ()


def labelled_lines(version: Version, kinds: Sequence[SectionKind]) -> tuple[Labelled, ...]:
    """Returns one line for each section that answers its question for sure, each sentence once, and never the title."""
    shown = [version.article.headline(), *(line.span for line in summary_line(version))]
    lines = []
    for kind in kinds:
        best = next((one for one in _answers(version, kind) if not _is_shown(version, one[1], shown)), None)
        if best is not None:
            label, span = best
            shown.append(span)
            lines.append(Labelled(label, Verbatim(version, span).shortened(_DETAIL)))
    return tuple(lines)


def _answers(version: Version, kind: SectionKind) -> Iterator[tuple[Text, Span]]:
    """Yields the sentences that answer best: accusations first, then those of the section.

    In the article's own section they have its heading as their label, and what has happened comes before what is
    expected or feared. Gathered ones, of which the surest comes first, have to be clear without a heading.
    """
    if kind is SectionKind.WHO:
        accusing = (one.sentence for one in version.briefing.claims or () if is_blamed(version.article, one))
        yield from ((NAMES[kind], span) for span in accusing)
    section = version.briefing.section(kind)
    if section is None or (not section.headings and section.score < _SURE):
        return
    happened = [span for span in section.key if span not in section.expected]
    marks = leaning(version.article.language)
    for span in (*happened, *section.key) if section.headings else section.key:
        said = span.of(version.article.text)
        if marks.leans(said) or is_quotation_alone(said):
            continue
        if section.headings:
            yield _label(version, section, span), span
        elif kind is not SectionKind.WHO or _names_somebody(version, span):
            yield NAMES[kind], span


def _label(version: Version, section: Section, span: Span) -> Text:
    """Returns the heading above a sentence, or the name of the section if the heading is long."""
    heading = max((one for one in section.headings if one.start <= span.start), default=section.headings[0])
    return Verbatim(version, heading) if len(heading) <= _LONGEST_LABEL else NAMES[section.kind]


def _names_somebody(version: Version, span: Span) -> bool:
    mentions = (mention.span for person in version.briefing.people for mention in person.mentions)
    return any(span.covers(mention) for mention in mentions)


def _is_shown(version: Version, span: Span, shown: Sequence[Span]) -> bool:
    """Whether a line shows the sentence, or most of it."""
    return any(span.covers(other) for other in shown) or repeats(version.article.text, span, shown)


def _tells_news(version: Version, span: Span) -> bool:
    article = version.article
    is_repeated = article.title is not None and repeats(article.text, span, [article.title])
    return not is_repeated and "?" not in span.of(article.text) and not _answers_interviewer(version, span)


def _answers_interviewer(version: Version, span: Span) -> bool:
    blocks = version.article.blocks
    return any(blocks[number].span.covers(span) for number in answer_blocks(version.article))
