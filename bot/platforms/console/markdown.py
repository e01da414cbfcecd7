"""Renders a view as Markdown: the article as quotations, the bot's text in italics."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.i18n import Message, Translator
from bot.platforms.console.render import say
from bot.views.labels import with_colon
from bot.views.model import (
    REPORTED_BY,
    Block,
    Bullet,
    Conflict,
    Heading,
    Paragraph,
    Quote,
    Statement,
    Story,
    Text,
    Title,
    Usage,
    Verbatim,
    View,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_BLANKS = re.compile(r"\s+")
_LINE_START = re.compile(r"^(\d+)([.)])|^([-+=])")


class MarkdownRenderer:
    """A `bot.views.model.Renderer` of Markdown (CommonMark)."""

    def render(self, view: View, translator: Translator) -> str:
        """Renders the blocks without the buttons."""
        return "\n".join(line for block in view.blocks for line in [*_lines(block, translator), ""]).rstrip() + "\n"


def escape(text: str) -> str:
    """Escapes ``text`` for Markdown."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _LINE_START.sub(lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", escaped)


def _lines(block: Block, translator: Translator) -> Iterator[str]:
    match block:
        case Title(text, url):
            yield f"# {_linked(text, url, translator)}"
        case Heading(text):
            yield f"## {escape(say(text, translator))}"
        case Paragraph(text):
            yield _marked(text, translator)
        case Bullet(text):
            yield f"- {_marked(text, translator)}"
        case Quote():
            yield from _quote(block, translator)
        case Statement():
            yield from _statement(block, translator)
        case Conflict():
            yield _conflict(block, translator)
        case Story():
            yield from _story(block, translator)
        case Usage(command, help):
            yield f"- `/{command}` {_marked(help, translator)}"


def _quote(block: Quote, translator: Translator) -> Iterator[str]:
    yield f"> {escape(say(block.text, translator))}"
    if block.speaker:
        yield f"> — {escape(say(block.speaker, translator))}"
    if block.outlets:
        yield f"\n{_marked(block.outlets, translator)}"


def _statement(block: Statement, translator: Translator) -> Iterator[str]:
    target = f" {escape(say(block.target, translator))}" if block.target else ""
    yield f"{block.number}. {_marked(block.stance, translator)}{target}"
    yield f"   > {escape(say(block.text, translator))}"
    if block.via:
        yield f"   > {_marked(REPORTED_BY, translator)} {escape(say(block.via, translator))}"


def _conflict(block: Conflict, translator: Translator) -> str:
    return " · ".join(
        f"{_marked(side.name, translator)} – **{escape(say(side.speaker, translator))}**:"
        f" {escape(say(side.text, translator))}" + (f" ({_marked(side.outlets, translator)})" if side.outlets else "")
        for side in block.sides
    )


def _story(story: Story, translator: Translator) -> Iterator[str]:
    mark = f"{story.number}." if story.number else "-"
    yield f"{mark} {_linked(story.title, story.url, translator)}"
    indent = " " * (len(mark) + 1)
    for text in story.lines:
        yield f"{indent}{_marked(text, translator)}"
    for line in story.details:
        label = escape(with_colon(say(line.label, translator), translator))
        yield f"{indent}**{label}** {_marked(line.text, translator)}"
    for reference in story.references:
        link = _linked(reference.title, reference.url, translator)
        yield f"{indent}- {link} {_marked(reference.reason, translator)}" if reference.reason else f"{indent}- {link}"


def _linked(text: Text, url: str | None, translator: Translator) -> str:
    label = escape(say(text, translator))
    return f"[{label}](<{url}>)" if url else label


def _marked(text: Text, translator: Translator) -> str:
    """The bot's own words in italics; of the article's those that are marked in bold."""
    if isinstance(text, Verbatim) and text.marked and text.parts()[1]:
        before, marked, behind = (escape(_BLANKS.sub(" ", part)) for part in text.parts())
        return f"{before}**{marked}**{behind}" + ("…" if text.is_cut else "")
    words = escape(say(text, translator))
    return f"*{words}*" if isinstance(text, Message) and words else words
