"""The JSON format of an answer, as ``nutgraf ask --format json`` prints it."""

from __future__ import annotations

from typing_extensions import TypedDict  # pydantic needs this one below Python 3.12

from briefings.analysis.questions import Line, Question, Reply
from briefings.document import SpanDocument
from briefings.model import Article, Span

_ABSENT = "The article does not say."
_NEARLY = "The article does not say exactly this."


class QuestionDocument(TypedDict):
    """A question as it was understood.

    ``asked`` is the expected kind of answer, such as ``person`` or ``money``. ``about`` has the words that an answer
    should share.
    """

    text: str
    language: str
    asked: str
    about: list[str]


class LineDocument(TypedDict):
    """A sentence that answers, with the answering part if it is known, and a score."""

    start: int
    end: int
    text: str
    phrase: SpanDocument | None
    score: float


class AnswerDocument(TypedDict):
    """The answer to a question. Without sentences, the article does not say, and ``note`` says so.

    ``nearest`` has the sentences that come nearest then. ``section`` is the kind of section to read instead, if the
    article has it.
    """

    question: QuestionDocument
    answered: bool
    note: str | None
    score: float
    sentences: list[LineDocument]
    nearest: list[LineDocument]
    section: str | None


def answer_document(article: Article, reply: Reply) -> AnswerDocument:
    """Returns ``reply``, ready for `json.dumps`."""
    return {
        "question": _question(reply.question),
        "answered": bool(reply.lines),
        "note": None if reply.lines else _NEARLY if reply.nearest else _ABSENT,
        "score": round(reply.score, 3),
        "sentences": [_line(article.text, line) for line in reply.lines],
        "nearest": [_line(article.text, line) for line in reply.nearest],
        "section": reply.section.value if reply.section else None,
    }


def _question(question: Question) -> QuestionDocument:
    return {
        "text": question.text,
        "language": question.language,
        "asked": question.asked.value,
        "about": [term.word for term in question.terms],
    }


def _line(text: str, line: Line) -> LineDocument:
    return {
        "start": line.span.start,
        "end": line.span.end,
        "text": line.span.of(text),
        "phrase": _span(text, line.phrase) if line.phrase else None,
        "score": round(line.score, 3),
    }


def _span(text: str, span: Span) -> SpanDocument:
    return {"start": span.start, "end": span.end, "text": span.of(text)}
