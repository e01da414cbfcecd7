"""Shows a message as a Discord client shows it: the visible text, the links and the mentions.

It shares no code with the bot's own writer. The rules are those that Discord publishes
(https://docs.discord.com/developers/reference#message-formatting) and that clients show: a backslash escapes any
character except letters, digits and white space.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_MOMENT = re.compile(r"<t:(-?\d+)(?::[tTdDfFR])?>")
_MENTION = re.compile(r"<(?:@[!&]?\d+|#\d+|a?:\w+:\d+|/[^:>]+:\d+|id:\w+)>|@(?:everyone|here)")
_LINK = re.compile(r"\[((?:\\.|[^\[\]\\])+)\]\(<?(https?://[^\s<>()]+)>?\)")
_ADDRESS = re.compile(r"<?(https?://[^\s<]+[^<.,:;\"'\]\s])>?")
_HEADING = re.compile(r"### ")
_BLOCK = re.compile(r"(#{1,3} |-# |[-*] |\d+\. |>>> )")
#: How a draft marks a command, which becomes a link when the message is sent.
_OUR_COMMAND = re.compile("\ue011([a-z]+)\ue012")
_QUOTE = re.compile(r"> ")
_SIGNS = ("***", "**", "*", "__", "_", "~~", "||", "```", "``", "`")
_OURS = {"***", "**", "*"}


@dataclass
class Seen:
    """A message as somebody sees it.

    Attributes:
        text: The words alone.
        links: Where the words that can be pressed lead to.
        addresses: Addresses that a client makes a link of by itself.
        mentions: What looks like a mention, a channel, an emoji or a command to press.
        foreign: Markup that the bot never writes.
        headings: Its headings.
    """

    text: str = ""
    links: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    moments: list[int] = field(default_factory=list)


def seen(markdown: str) -> Seen:
    """What is seen of a text."""
    found = Seen()
    for line in _OUR_COMMAND.sub(r"/\1", markdown).split("\n"):
        rest = line
        if match := _QUOTE.match(rest):
            rest = rest[match.end() :]
        if match := _HEADING.match(rest):
            found.headings.append(rest[match.end() :])
            rest = rest[match.end() :]
        if match := _BLOCK.match(rest.lstrip()):
            found.foreign.append(match[0])
        _inline(rest, found)
        found.text += "\n"
    found.text = found.text.removesuffix("\n").replace("\u200b", "")
    return found


def _inline(rest: str, found: Seen) -> None:
    while rest:
        if match := _ESCAPE.match(rest):
            found.text += match[1]
        elif match := _MOMENT.match(rest):
            found.moments.append(int(match[1]))
            found.text += "⟨moment⟩"
        elif match := _MENTION.match(rest):
            found.mentions.append(match[0])
            found.text += match[0]
        elif match := _LINK.match(rest):
            found.links.append(match[2])
            _inline(match[1], found)
        elif match := _ADDRESS.match(rest):
            found.addresses.append(match[1])
            found.text += match[0]
        elif sign := next((one for one in _SIGNS if rest.startswith(one)), None):
            if sign not in _OURS:
                found.foreign.append(sign)
            rest = rest[len(sign) :]
            continue
        else:
            found.text += rest[0]
            rest = rest[1:]
            continue
        rest = rest[match.end() :]
