"""Shows the part of Discord's Markdown that posts use: https://docs.discord.com/developers/reference#message-formatting.

The patterns match one token each and are linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby

from markupsafe import Markup, escape

from bot.platforms.discord.markdown import COMMAND_END, COMMAND_START
from bot.web.previews.parts import link

_TOKEN = re.compile(
    r"\\(?P<literal>[^0-9A-Za-z\s])"
    r"|<t:(?P<moment>\d{1,11})(?::[tTdDfFR])?>"
    r"|\[(?P<words>(?:\\.|[^\[\]\\\n]){1,1000})\]\((?P<url>https?://[^\s<>()]{1,2000})\)"
    rf"|{COMMAND_START}(?P<command>[a-z]{{1,32}}){COMMAND_END}"
    r"|<@&(?P<role>\d{1,20})>"
    r"|(?P<mark>\*{1,3})"
    r"|\u200b"
)
_MARKS = {"*": ("em",), "**": ("strong",), "***": ("strong", "em")}
_HEADING, _QUOTE = "### ", "> "


def markdown(text: str) -> Markup:
    """Returns a text as HTML."""
    return Markup().join(_blocks(text))


def _blocks(text: str) -> Iterator[Markup]:
    for is_quote, lines in groupby(text.split("\n"), lambda line: line.startswith(_QUOTE)):
        if is_quote:
            quoted = Markup("\n").join(_inline(line.removeprefix(_QUOTE)) for line in lines)
            yield Markup("<blockquote>{}</blockquote>").format(quoted)
        else:
            yield from map(_line, lines)


def _line(line: str) -> Markup:
    if line.startswith(_HEADING):
        return Markup('<p class="heading">{}</p>').format(_inline(line.removeprefix(_HEADING)))
    return Markup('<p class="line">{}</p>').format(_inline(line))


def _inline(line: str) -> Markup:
    """Returns a line with its formats. Marks that are not closed end with the line."""
    parts: list[Markup] = []
    open_marks: list[str] = []
    place = 0
    for token in _TOKEN.finditer(line):
        parts.append(escape(line[place : token.start()]))
        place = token.end()
        if token["literal"]:
            parts.append(escape(token["literal"]))
        elif token["moment"]:
            parts.append(_moment(int(token["moment"])))
        elif token["url"]:
            parts.append(link(token["url"], _inline(token["words"])))
        elif token["command"] or token["role"]:
            said = f"/{token['command']}" if token["command"] else "@role"
            parts.append(Markup('<span class="mention">{}</span>').format(said))
        elif token["mark"]:
            parts += _marked(token["mark"], open_marks)
    parts.append(escape(line[place:]))
    parts += [Markup("</{}>").format(tag) for tag in reversed(open_marks)]
    return Markup().join(parts)


def _marked(mark: str, open_marks: list[str]) -> Iterator[Markup]:
    """Begins the formats of a mark, or ends them if they are open."""
    tags = _MARKS[mark]
    if tags == tuple(open_marks[-len(tags) :]):
        for tag in reversed(tags):
            open_marks.pop()
            yield Markup("</{}>").format(tag)
        return
    for tag in tags:
        open_marks.append(tag)
        yield Markup("<{}>").format(tag)


def _moment(unix: int) -> Markup:
    when = datetime.fromtimestamp(unix, UTC)
    return Markup('<time datetime="{}">{}</time>').format(when.isoformat(), f"{when:%Y-%m-%d %H:%M} UTC")
