"""Draws a view for Telegram: the article's words upright, the bot's own in italics or bold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.i18n import Message, Translator
from bot.platforms.telegram.markup import Piece, Run, messages, neutral, web_link
from bot.platforms.telegram.markup import Text as MessageText
from bot.views import (
    Block,
    Bullet,
    Button,
    Heading,
    LinkButton,
    Paragraph,
    Quote,
    Story,
    Text,
    Title,
    Usage,
    Verbatim,
    View,
)

_ELLIPSIS = "…"
#: Longer quotations are folded until somebody opens them.
_LONG_QUOTE = 300
#: A phone shows about so many characters on the buttons of a row.
_ROW, _MOST_IN_ROW = 30, 3
_MOST_LABEL = 60
#: Around a moment in a message of ours; in other texts these characters mean nothing, and are dropped.
_START, _MIDDLE, _END = "\ue000\ue001\ue002"
_MOMENT = re.compile(f"{_START}([^{_END}]*){_END}")
_MARKS = re.compile(f"[{_START}{_MIDDLE}{_END}]")
_OUR_COMMAND = re.compile(r"/[a-z]{1,32}")


@dataclass(frozen=True, slots=True)
class Key:
    """A button: what stands on it, and what it sends or opens."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A view as messages; the keyboard belongs below the last of them."""

    texts: tuple[MessageText, ...]
    keyboard: tuple[tuple[Key, ...], ...]


class TelegramRenderer:
    """A `bot.views.Renderer` of messages."""

    def render(self, view: View, translator: Translator) -> Drawn:
        """The messages of the view."""
        pieces: list[Piece] = []
        previous: Block | None = None
        for block in view.blocks:
            pieces.append(_piece(block, previous, translator))
            previous = block
        return Drawn(tuple(messages(pieces)), _keyboard(view, translator))


def _piece(block: Block, previous: Block | None, translator: Translator) -> Piece:
    gap = "\n" if previous is not None and _belongs(previous, block) else "\n\n"
    if isinstance(block, Quote):
        is_long = len(block.text.text) > _LONG_QUOTE
        return Piece(tuple(_quote(block, translator)), "blockquote expandable" if is_long else "blockquote", gap)
    return Piece(tuple(_runs(block, translator)), "", gap)


def _belongs(one: Block, other: Block) -> bool:
    """Whether a block follows closely on another one."""
    if isinstance(one, Heading):
        return not isinstance(other, Heading | Story)
    return type(one) is type(other) and isinstance(one, Bullet | Usage)


def _runs(block: Block, translator: Translator) -> Iterator[Run]:
    match block:
        case Title(text, url):
            yield Run(_words(text, translator), ("b",), web_link(url))
        case Heading(text):
            yield Run(_words(text, translator), ("b",))
        case Paragraph(text):
            yield from _said(text, translator)
        case Bullet(text):
            yield Run("• ")
            yield from _said(text, translator)
        case Story():
            yield from _story(block, translator)
        case Usage(command, help):
            yield Run(f"/{command}")
            yield Run(f" – {translator.say(help)}", ("i",))
        case Quote():
            yield from _quote(block, translator)


def _quote(quote: Quote, translator: Translator) -> Iterator[Run]:
    yield from _said(quote.text, translator)
    if quote.speaker:
        yield Run("\n— ")
        yield from _said(quote.speaker, translator)


def _story(story: Story, translator: Translator) -> Iterator[Run]:
    yield Run(f"{story.number}. " if story.number else "• ", ("b",) if story.number else ())
    yield Run(_words(story.title, translator), ("b",) if story.number else (), web_link(story.url))
    for text in story.lines:
        yield Run("\n")
        yield from _said(text, translator)
    for reference in story.references:
        yield Run("\n→ ")
        yield Run(_words(reference.title, translator), (), web_link(reference.url))
        yield Run(f" ({_words(reference.reason, translator)})", ("i",))


def _said(text: Text, translator: Translator) -> Iterator[Run]:
    """A text; a moment in it is one that clients show by their own clock when they are asked to."""
    if not isinstance(text, Message):
        yield Run(_words(text, translator))
        return
    for place, words in enumerate(_MOMENT.split(translator.say(text, _value, _marked))):
        moment, _, said = words.rpartition(_MIDDLE)
        if words:
            yield Run(said, ("i", f'tg-time unix="{moment}"') if place % 2 else ("i",))


def _marked(said: str, moment: datetime) -> str:
    return f"{_START}{int(moment.timestamp())}{_MIDDLE}{said}{_END}"


def _words(text: Text, translator: Translator) -> str:
    """The words of a text; what is not ours offers nothing to press."""
    if isinstance(text, Message):
        return translator.say(text, _value)
    words = neutral(" ".join(text.text.split()))
    return words + _ELLIPSIS if isinstance(text, Verbatim) and text.is_cut else words


def _value(text: str) -> str:
    """A value of a message of ours: a command as a whole is meant to be pressed."""
    return text if _OUR_COMMAND.fullmatch(text) else neutral(_MARKS.sub("", text))


def _keyboard(view: View, translator: Translator) -> tuple[tuple[Key, ...], ...]:
    rows: list[list[Key]] = []
    for button in view.buttons:
        if isinstance(button, LinkButton) and web_link(button.url) is None:
            continue
        key = _key(button, translator)
        used = sum(len(one.label) for one in rows[-1]) if rows else 0
        if rows and len(rows[-1]) < _MOST_IN_ROW and used + len(key.label) <= _ROW:
            rows[-1].append(key)
        else:
            rows.append([key])
    return tuple(map(tuple, rows))


def _key(button: Button | LinkButton, translator: Translator) -> Key:
    said = translator.say(button.label) if isinstance(button.label, Message) else " ".join(button.label.text.split())
    is_cut = len(said) > _MOST_LABEL or (isinstance(button.label, Verbatim) and button.label.is_cut)
    label = said[:_MOST_LABEL].rstrip() + _ELLIPSIS if is_cut else said
    if isinstance(button, LinkButton):
        return Key(label, url=button.url)
    return Key(label, data=button.action.encode())
