"""Answers free questions about an article with one to three of its sentences."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from briefings.analysis.accounts import is_blamed
from briefings.analysis.headings import classify_question
from briefings.analysis.outlook import what_next
from briefings.analysis.questions.follow_ups import following_up
from briefings.analysis.questions.index import Index, index
from briefings.analysis.questions.matching import Matcher
from briefings.analysis.questions.model import Asked, Line, Question, Reply, Term
from briefings.analysis.questions.parse import load_words, parse
from briefings.analysis.questions.rank import rank
from briefings.analysis.questions.select import nearest, select
from briefings.analysis.questions.sides import claims_by_place, said_by, with_sides
from briefings.languages.disputes import dispute_words
from briefings.model import Article, Briefing, SectionKind, Span
from briefings.phrases import fold

__all__ = ["Asked", "Line", "Question", "Reply", "Term", "answer", "has_own_subject", "names_in", "parse", "preload"]

_SECTIONS = {
    Asked.PERSON: SectionKind.WHO,
    Asked.WHO_IS: SectionKind.WHO,
    Asked.TIME: SectionKind.WHEN,
    Asked.PLACE: SectionKind.WHERE,
    Asked.REASON: SectionKind.WHY,
    Asked.MANNER: SectionKind.HOW,
    Asked.HAPPENED: SectionKind.WHAT,
    Asked.ADVICE: SectionKind.ADVICE,
    Asked.OPPOSED: SectionKind.REACTIONS,
    Asked.CONDITION: SectionKind.CONSEQUENCES,
    Asked.PRECEDENT: SectionKind.BACKGROUND,
}
#: What sections are for, as concepts: "what are the consequences?"
_KINDS = frozenset({"consequence", "next", "happen", "reply", "know", "unknown"})
#: Questions that single sentences from anywhere answer better than a section.
_OF_LINES = frozenset({Asked.ADVICE, Asked.OPPOSED, Asked.CONDITION, Asked.PRECEDENT})
_BLAME = "accuse"
_MOST_LINES = 3


def preload() -> None:
    """Loads the words of all languages now. Otherwise the first question does, and holds up everybody else."""
    load_words()
    classify_question("")


def answer(briefing: Briefing, text: str, previous: Question | None = None) -> Reply:
    """The sentences that answer a question. None if the article does not say.

    Args:
        text: The question as it was typed.
        previous: The question before it. A question without a subject, such as "and why?", continues it.
    """
    question = parse(text, briefing.article.language)
    if question.terms or previous is None or _section(question) is SectionKind.NEXT:
        return _reply(briefing, question)
    told = frozenset(line.span for line in _reply(briefing, previous).lines)
    reply = _reply(briefing, replace(question, terms=previous.terms or previous.hints), told)
    if all(line.span in told for line in reply.lines):  # nothing new: "and why?" then asks for the whole section
        whole = _reply(briefing, question)
        return whole if whole.is_general else reply
    return reply


def _reply(briefing: Briefing, question: Question, told: Collection[Span] = ()) -> Reply:
    """The reply to a parsed question.

    Args:
        told: Sentences that have just been shown. They are repeated only if they have what is asked for now.
    """
    found = index(briefing.article)
    kind = _section(question)
    is_general = kind is not None and _is_general(question, found)
    if kind and is_general and (whole := _whole(briefing, kind, question)):
        return Reply(question, whole, whole[0].score, kind, is_general=True)
    if kind is SectionKind.NEXT and is_general:  # no single sentence says it either
        return Reply(question, (), 0.0, kind, is_general=True)
    matcher = Matcher(question, found)
    sides = claims_by_place(briefing.claims or (), matcher) if question.asked is Asked.YES_NO else {}
    speakers = said_by(briefing.claims or (), matcher) if question.speaker else {}
    ranked = rank(matcher, sides, speakers)
    if told:
        ranked = following_up(ranked, found, told)
    lines = with_sides(select(question, found, ranked), sides)
    score = max((one.score for one in ranked), default=0.0)
    return Reply(question, lines, score, kind, nearest=() if lines else nearest(found, ranked))


def _whole(briefing: Briefing, kind: SectionKind, question: Question) -> tuple[Line, ...]:
    """The answer to a question about a whole section: its key sentences, or who accuses whom.

    Of sentences that were only gathered, those that hold somebody responsible answer "who did it?": not "Ann Lee is
    responsible for the roads".
    """
    section = what_next(briefing) if kind is SectionKind.NEXT else briefing.section(kind)
    accused = [claim.sentence for claim in briefing.claims or () if is_blamed(briefing.article, claim)]
    if kind is SectionKind.WHO and accused:
        return tuple(Line(span, None, 1.0) for span in dict.fromkeys(accused))[:_MOST_LINES]
    if section is None:
        return ()
    key: Sequence[Span] = section.key
    if kind is SectionKind.WHO and not section.headings and _is_sentence(question):
        accusing = dispute_words(briefing.article.language or "en").accusing
        key = [span for span in key if accusing.search(fold(span.of(briefing.article.text)))]
    return tuple(Line(span, None, section.score) for span in key[:_MOST_LINES])


def _is_sentence(question: Question) -> bool:
    """Whether a question has more than one word. "Who?" asks for everybody involved."""
    return " " in fold(question.text)


def names_in(article: Article) -> frozenset[str]:
    """The folded words that an article capitalises, except at the start of a sentence."""
    return index(article).names


def has_own_subject(text: str, language: str | None) -> bool:
    """Whether a question names anything. "Who is to blame?" and "what happens next?" do not."""
    return not all(term.concepts & (_KINDS | {_BLAME}) for term in parse(text, language).terms)


def _section(question: Question) -> SectionKind | None:
    """The kind of section that the question asks for.

    "Wie geht es weiter?" asks what happens next, though it begins with "how".
    """
    if not question.terms and classify_question(question.text) is SectionKind.NEXT:
        return SectionKind.NEXT
    if question.asked in _SECTIONS:
        return _SECTIONS[question.asked]
    kind = classify_question(question.text)
    is_telling = question.asked in {Asked.THING, Asked.WORDS} and kind not in {SectionKind.OTHER, SectionKind.WHAT}
    return kind if is_telling else None


def _asks_for_the_guilty(question: Question, found: Index) -> bool:
    """Whether the question asks who is behind the event: "who is to blame for the attack?"."""
    others = [term for term in question.terms if _BLAME not in term.concepts]
    return len(others) < len(question.terms) and all(term.stem in found.title.keys for term in others)


def _is_general(question: Question, found: Index) -> bool:
    """Whether the question asks for a whole section. It names nothing, or only the subject of the section."""
    if question.asked in _OF_LINES:
        return False
    if all(term.concepts & _KINDS for term in question.terms):
        return True
    if question.asked in {Asked.PERSON, Asked.WHO_IS}:
        return _asks_for_the_guilty(question, found)
    if question.asked not in {Asked.THING, Asked.WORDS} or len(question.terms) > 1:
        return False
    return found.vocabulary.isdisjoint((question.terms[0].word, question.terms[0].stem))
