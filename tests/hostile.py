"""Hostile inputs: texts that are slow to read, forged buttons, and updates that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

from bot.subscriptions.edits import Setting
from bot.views.buttons import ControlVerb, Verb

_PROSE = "The port of Harwell was closed on Tuesday after a freighter lost 40 containers in a storm. "

#: Repeated until the input is full.
PLAIN = {
    "sentences": _PROSE,
    "paragraphs": f"{_PROSE}\n\n",
    "letters": "x",
    "words": "x ",
    "lines of a letter": "a\n",
    "paragraphs of a letter": "a\n\n",
    "prose and headings": f"{_PROSE}\nab cd\nef gh\n",
    "marks of mail addresses": "@" * 399 + "\n",
    "trails": "a > " * 26 + "\n",
    "credits": "foto: " + "A" * 90 + "#\n",
    "dates": "3 May 2023 x\n",
    "names": "Ann Lee " * 15 + "\n",
    "rows of parts": "3 May 2023 / " + "a / " * 20 + "\n",
    "accounts": "Ann Lee " + " @" * 40 + "@a\n",
    "quotations": '"A quotation of the day\n— Ann Lee, a nurse\n',
    "players": "By Ann Lee\nNow playing\nA caption of a player\n",
    "clauses": "a, " * 80 + "\n",
    "boxes": "Related stories\nA story of the day\n",
    "divided lines": "the harbour board said that the money for repairs inspec-\n",
    "cut lines": "the harbour board said on the day\nthat all the money for its repairs is\n",
    "rows of facts": "Where: the old harbour\nKick-off: 20:45\nPort 3 - Mill 2\n",
    "speakers": "ANN LEE: The bridge was closed on Monday - and nobody was hurt - the mayor said.\n",
    "blanks": "a" + " " * 10_000,
    "blank lines": "\n \n",
    "piled marks": "a" + "\u0301" * 10_000,
}
#: Whole mails: what follows these two headers is repeated until the input is full.
MAIL_START = "MIME-Version: 1.0\nFrom: a\n"
MAIL = {
    "headers": "To: b\n",
    "long headers": "To: " + "b" * 990 + "\n",
    "folded headers": "To: b\n" + " c\n" * 60,
    "unfinished headers": "To: " + "b" * 1_100,
    "carriage returns": "To: b" + "\r" * 900 + "\n",
    "types": "Content-Type: multipart/mixed\n",
    "parts": "Content-Type: multipart/mixed; boundary=a\n\n--a\n",
    "many marks of one part": "Content-Type: multipart/mixed; boundary=a\n\n" + "--a\n\nword\n" * 9_000,
    "encoded words": "Subject: =?utf-8?q?=41?= " + "=?utf-8?b?QQ==?= " * 50 + "\n",
    "addresses": "To: " + "(" * 900 + "\n",
}
MARKDOWN = {
    "brackets": "[",
    "images": "![a](",
    "links": "[a](",
    "stars": "*a **a ",
    "underscores": "_a _",
    "ticks": "`a``b```",
    "tags": "<a ",
    "entities": "&a ",
    "headings": "# a\n",
    "items": "- a\n",
    "nested items": "- " * 30 + "a\n",
    "quotes": "> " * 30 + "a\n",
    "definitions": "[a]: b\n",
    "footnotes": "[^",
    "table rows": "a|b\n-|-\n",
    "columns": "a|",
}
#: Front matter, which makes Markdown of whatever follows.
START = "---\ntitle: Port\n---\n"
HTML = {
    "boxes in boxes": "<div>",
    "tables in tables": "<table><tr><td>",
    "attributes": "<p a=b c='d' ",
    "comments": "<!-- <!-- ",
    "half tags": "<p<p<p",
    "related boxes": "<aside><h2>Related</h2><a href=/a>A story</a>",
}
NUMBERS = ("", "0", "1", "-1", "x", "007", "9" * 19, "9" * 40, "1.5", "１", "story")
NAMES = ("", "x", "who", "other.7", "other.99999", "what.-1", *Setting)
VALUES = ("", "x", "8:00", "-1", "99:99", "Mars/Olympus", "; DROP TABLE", "%s", "9" * 19)
REST = (
    "",
    "|",
    "v1",
    "v1||||",
    "c1||||",
    "v2|brief|x||0",
    "c1|set|1|time|8:00|x",
    "<b>",
    "\u202e",
    "x" * 64,
    "write|x|time",
)
SAMPLE = 60
#: The most characters of a message on Telegram that are read as an article.
_MESSAGE = 3_988
#: Bytes of a hostile document.
_DOCUMENT = 300_000
_ODD = (
    "\x00",
    "\ud800",
    "\u202e",
    "\U0001f600",
    "%s",
    "{0}",
    "`",
    "<b>",
    "https://a.b:/x",
    "https://a.example)https://b.example",
)
_COMMANDS = ("/search", "/related", "/subscribe", "/ask", "/brief", "/report", "/digest", "/who")


def filled(unit: str, size: int) -> bytes:
    """A shape, repeated until it has that size."""
    raw = unit.encode()
    return (raw * (size // len(raw)))[:size]


def pastes() -> list[str]:
    """Messages that are as long as they may be, of all shapes."""
    pages = [START + unit * _MESSAGE for unit in MARKDOWN.values()]
    pages += ["<!DOCTYPE html><html><body>" + unit * _MESSAGE for unit in HTML.values()]
    return [text[:_MESSAGE] for text in [*(unit * _MESSAGE for unit in PLAIN.values()), *pages]]


def commands() -> list[str]:
    """Commands and questions with arguments that make no sense."""
    odd = [f"{command} {text}" for command, text in zip(_COMMANDS * 2, _ODD * 2, strict=False)]
    return [*odd, *(f"{command} {'a ' * 1_900}?" for command in _COMMANDS), "who " * 900 + "?"]


def malformed(chat: dict[str, Any]) -> list[dict[str, Any]]:
    """Updates that Telegram never sends."""
    message: dict[str, Any] = {"message_id": 1, "date": 1, "chat": chat}
    return [
        {},
        {"message": None},
        {"message": []},
        {"message": {"message_id": "what?"}},
        {"message": message | {"text": 7}},
        {"message": message | {"text": "/help", "from": "Ann"}},
        {"message": message | {"text": "/help", "entities": [{"type": "bot_command"}]}},
        {"message": message | {"chat": {"id": "x", "type": "private"}}},
        {"message": message | {"date": "yesterday"}},
        {"callback_query": {"id": "q"}},
        {"callback_query": {"id": [], "data": "v1|latest", "from": {}, "chat_instance": 1}},
        {"my_chat_member": {"chat": chat}},
        {"channel_post": message | {"date": 2**70}},
    ]


def malformed_events(channel: int) -> list[tuple[str, dict[str, Any]]]:
    """Gateway events that Discord never sends, with their names."""
    message: dict[str, Any] = {"id": "1", "channel_id": str(channel), "author": {"id": "8", "username": "x"}}
    interaction: dict[str, Any] = {"id": "1", "application_id": "1", "token": "t", "version": 1, "type": 2}
    return [
        ("MESSAGE_CREATE", {}),
        ("MESSAGE_CREATE", {"id": "what?", "channel_id": []}),
        ("MESSAGE_CREATE", message),
        ("MESSAGE_CREATE", message | {"content": 7, "attachments": {}, "embeds": None}),
        ("MESSAGE_CREATE", message | {"attachments": [{"filename": None}]}),
        ("MESSAGE_UPDATE", message | {"edited_timestamp": "yesterday"}),
        ("INTERACTION_CREATE", {}),
        ("INTERACTION_CREATE", interaction),
        ("INTERACTION_CREATE", interaction | {"type": 99, "data": None, "channel_id": str(channel)}),
        ("INTERACTION_CREATE", interaction | {"data": {"name": [], "options": 5}, "user": {}}),
        ("GUILD_CREATE", {"id": "5"}),
        ("GUILD_ROLE_UPDATE", {"guild_id": "5", "role": None}),
        ("CHANNEL_UPDATE", {"id": str(channel), "type": "news"}),
        ("THREAD_UPDATE", {"id": None}),
        ("NO_SUCH_EVENT", {"a": [1]}),
    ]


#: Answers of a platform that are none, or of another shape than was asked for.
UNREADABLE = {
    "nothing": b"",
    "a page": b"<!doctype html><html><h1>502 Bad Gateway</h1></html>",
    "no text": b"\xff\xfe\x00\x01",
    "nested": b"[" * 100_000,
    "null": b"null",
    "a list": b"[]",
    "a number": b"7",
    "an empty object": b"{}",
    "a foreign object": b'{"error": "busy", "id": "what?", "url": 7, "commands": null}',
}


def documents() -> list[tuple[str, bytes]]:
    """Files that are no articles, with their names: Discord makes ``message.txt`` of a long message."""
    pages = [("page.html", filled("<!DOCTYPE html><body>" + unit, _DOCUMENT)) for unit in HTML.values()]
    texts = [("message.txt", filled(unit, _DOCUMENT)) for unit in (PLAIN["trails"], PLAIN["names"], PLAIN["blanks"])]
    marked = [("port.md", filled(unit, _DOCUMENT)) for unit in (MARKDOWN["brackets"], MARKDOWN["nested items"])]
    odd = [("message.txt", b""), ("message.txt", bytes(range(256)) * 40), ("../../etc/passwd", b"\xff\xfe\x00x" * 100)]
    return [*pages, *texts, *marked, *odd]


def forged(version: str) -> list[str]:
    """Every verb once, and a seeded sample of all combinations with fields that no button has."""
    every = list(_combinations(version))
    chosen = Random(2).sample(every, SAMPLE)  # noqa: S311  # no secret
    first = {payload.split("|")[1]: payload for payload in reversed(every)}
    return list(dict.fromkeys([*REST, *first.values(), *chosen, f"c1|panel|{'9' * 25}||", f"c1|resend|{'9' * 19}||"]))


def _combinations(version: str) -> Iterator[str]:
    for verb, about, name, page in product(Verb, (version, *NUMBERS), NAMES, NUMBERS):
        yield f"v1|{verb}|{about}|{name}|{page}"[:64]
    # What forgets a person's data, and what subscribes, does what it says: it is tested elsewhere.
    controls = sorted(set(ControlVerb) - {ControlVerb.FORGET})
    for control, number, name, value in product(controls, NUMBERS, NAMES, VALUES):
        yield f"c1|{control}|{number}|{name}|{value}"[:64]
