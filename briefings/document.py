"""The JSON format of a briefing, as ``nutgraf brief --format json`` prints it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from typing_extensions import TypedDict  # pydantic needs this one below Python 3.12

from briefings.model import Answer, Answers, Article, Briefing, Claim, Entity, Event, Section, Span, version_id
from briefings.related import ListedByPage, Reason, Related, SameEvent, SharedNames


class SpanDocument(TypedDict):
    """The code points ``[start, end)`` of the article's text, with the text itself."""

    start: int
    end: int
    text: str


class BlockDocument(TypedDict):
    """A block of the article."""

    kind: str
    start: int
    end: int


class ArticleDocument(TypedDict):
    """The article. Its text includes the title and the standfirst."""

    id: str
    title: str | None
    standfirst: str | None
    byline: str | None
    published: str | None
    url: str | None
    site: str | None
    language: str | None
    text: str


class SectionDocument(TypedDict):
    """The section that answers one question. ``score`` is 1 if it has its own heading, and lower otherwise.

    Without a heading, ``key`` has the most certain sentence first. ``expected`` is used for consequences: the sentences
    about what is expected or feared.
    """

    kind: str
    headings: list[str]
    score: float
    blocks: list[BlockDocument]
    key: list[SpanDocument]
    expected: list[SpanDocument]


class RelatedDocument(TypedDict):
    """Another story; ``reason`` is ``listed by the page``, ``same event`` or ``shared names: ...``."""

    title: str
    url: str | None
    reason: str


class ClaimDocument(TypedDict):
    """A claim. ``speaker`` is the fullest name that the article has for ``source``."""

    source: SpanDocument | None
    via: SpanDocument | None
    cue: SpanDocument | None
    target: SpanDocument | None
    content: list[SpanDocument]
    stance: str
    quote: bool
    sentence: SpanDocument
    speaker: str | None


class MentionDocument(SpanDocument):
    """A place in the text that refers to an entity. ``form`` is ``name``, ``description`` or ``pronoun``."""

    form: str


class EntityDocument(TypedDict):
    """A person, organisation, place or number, with the words that introduce it."""

    kind: str
    name: str
    introduction: SpanDocument | None
    mentions: list[MentionDocument]


class AnswerDocument(SpanDocument):
    """A phrase that answers a question. ``score`` is the confidence, in (0, 1)."""

    score: float


class AnswersDocument(TypedDict):
    """The answers to six questions, best first. Empty: the article does not say."""

    who: list[AnswerDocument]
    what: list[AnswerDocument]
    when: list[AnswerDocument]
    where: list[AnswerDocument]
    why: list[AnswerDocument]
    how: list[AnswerDocument]


class EventDocument(TypedDict):
    """An event with its first and last day, which are usually the same, and the sentence that reports it."""

    first: str
    last: str
    time: SpanDocument
    sentence: SpanDocument


class BriefingDocument(TypedDict):
    """A briefing. The summary has the best sentence first. Everything else, except gathered sections, is in text order.

    ``claims`` and ``entities`` are null if the article was not analysed.
    """

    article: ArticleDocument
    summary: list[SpanDocument]
    sections: list[SectionDocument]
    related: list[RelatedDocument]
    claims: list[ClaimDocument] | None
    entities: list[EntityDocument] | None
    answers: AnswersDocument
    timeline: list[EventDocument]
    people: list[EntityDocument]


def briefing_document(briefing: Briefing, related: Iterable[Related]) -> BriefingDocument:
    """Returns ``briefing`` and its related stories, ready for `json.dumps`."""
    text = briefing.article.text
    return {
        "article": _article(briefing.article),
        "summary": [_span(text, span) for span in briefing.summary],
        "sections": [_section(text, section) for section in briefing.sections],
        "related": [{"title": item.title, "url": item.url, "reason": _reason(item.reason)} for item in related],
        "claims": None if briefing.claims is None else [_claim(text, claim) for claim in briefing.claims],
        "entities": None if briefing.entities is None else [_entity(text, entity) for entity in briefing.entities],
        "answers": _answers(text, briefing.answers or Answers()),
        "timeline": [_event(text, event) for event in briefing.timeline],
        "people": [_entity(text, entity) for entity in briefing.people],
    }


def briefing_schema() -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of `BriefingDocument`."""
    from pydantic import TypeAdapter  # slow to import, and only this needs it

    schema = TypeAdapter(BriefingDocument).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _article(article: Article) -> ArticleDocument:
    return {
        "id": version_id(article),
        "title": article.title.of(article.text) if article.title else None,
        "standfirst": article.standfirst.of(article.text) if article.standfirst else None,
        "byline": article.byline,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "site": article.site,
        "language": article.language,
        "text": article.text,
    }


def _section(text: str, section: Section) -> SectionDocument:
    return {
        "kind": section.kind.value,
        "headings": [heading.of(text) for heading in section.headings],
        "score": section.score,
        "blocks": [
            {"kind": block.kind.value, "start": block.span.start, "end": block.span.end} for block in section.blocks
        ],
        "key": [_span(text, span) for span in section.key],
        "expected": [_span(text, span) for span in section.expected],
    }


def _claim(text: str, claim: Claim) -> ClaimDocument:
    return {
        "source": _span_or_none(text, claim.source),
        "via": _span_or_none(text, claim.via),
        "cue": _span_or_none(text, claim.cue),
        "target": _span_or_none(text, claim.target),
        "content": [_span(text, span) for span in claim.content],
        "stance": claim.stance.value,
        "quote": claim.quote,
        "sentence": _span(text, claim.sentence),
        "speaker": claim.speaker.of(text) if claim.speaker else None,
    }


def _entity(text: str, entity: Entity) -> EntityDocument:
    return {
        "kind": entity.kind.value,
        "name": entity.name.of(text),
        "introduction": _span_or_none(text, entity.introduction),
        "mentions": [{**_span(text, mention.span), "form": mention.form.value} for mention in entity.mentions],
    }


def _answers(text: str, answers: Answers) -> AnswersDocument:
    return {
        "who": [_answer(text, answer) for answer in answers.who],
        "what": [_answer(text, answer) for answer in answers.what],
        "when": [_answer(text, answer) for answer in answers.when],
        "where": [_answer(text, answer) for answer in answers.where],
        "why": [_answer(text, answer) for answer in answers.why],
        "how": [_answer(text, answer) for answer in answers.how],
    }


def _answer(text: str, answer: Answer) -> AnswerDocument:
    return {**_span(text, answer.span), "score": answer.score}


def _event(text: str, event: Event) -> EventDocument:
    first, last = event.moment.first, event.moment.last
    return {
        "first": first.isoformat() if first else "",
        "last": last.isoformat() if last else "",
        "time": _span(text, event.moment.span),
        "sentence": _span(text, event.sentence),
    }


def _span_or_none(text: str, span: Span | None) -> SpanDocument | None:
    return _span(text, span) if span else None


def _span(text: str, span: Span) -> SpanDocument:
    return {"start": span.start, "end": span.end, "text": span.of(text)}


def _reason(reason: Reason) -> str:
    match reason:
        case ListedByPage():
            return "listed by the page"
        case SameEvent():
            return "same event"
        case SharedNames(names, places):
            shared = (*names, *places)
            return f"shared names: {', '.join(shared)}" if shared else "shared subject"
