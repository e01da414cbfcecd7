"""Shows a Telegram message. Only the tags of https://core.telegram.org/bots/api#html-style are taken over."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

from markupsafe import Markup, escape

from bot.i18n import Translator
from bot.platforms.telegram.posts import Draft, drafts
from bot.views.model import View
from bot.web.previews.parts import keys, picture
from briefings.addresses import web_address

_FORMATS = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "u": "u", "s": "s", "code": "code", "pre": "pre",
}  # fmt: skip

_UNIX = re.compile(r"[0-9]{1,11}")


def preview(payload: str) -> Markup:
    """Returns the message.

    Raises:
        ValueError: The payload is no message.
    """
    return _message(Draft.read(payload))


def preview_view(view: View, translator: Translator) -> Markup:
    """Returns the messages of a view."""
    return Markup().join(map(_message, drafts(view, translator)))


def _message(draft: Draft) -> Markup:
    shown = _Shown()
    shown.feed(draft.html)
    shown.close()
    above = picture(draft.picture) if draft.picture else Markup()
    rows = [[(key.label, key.url) for key in row] for row in draft.keyboard]
    silent = Markup('<p class="note">Sent without a sound.</p>') if draft.silent else Markup()
    message = Markup('<div class="message telegram"><div class="bubble">{}<div class="text">{}</div></div>{}</div>{}')
    return message.format(above, shown.html(), keys(rows), silent)


class _Shown(HTMLParser):
    """Rewrites the markup of a message. Everything else in it becomes text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[Markup] = []
        self._open: list[tuple[str, Markup]] = []

    def html(self) -> Markup:
        """The message as HTML, with all its tags closed."""
        return Markup().join([*self._parts, *(end for _, end in reversed(self._open))])

    def handle_data(self, data: str) -> None:
        self._parts.append(escape(data))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        begin, end = _tags(tag, dict(attrs))
        self._parts.append(begin)
        self._open.append((tag, end))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._parts.append(self._open.pop()[1])


def _tags(tag: str, attributes: dict[str, str | None]) -> tuple[Markup, Markup]:
    """Returns how an element begins and ends."""
    if tag in _FORMATS:
        return Markup("<{}>").format(_FORMATS[tag]), Markup("</{}>").format(_FORMATS[tag])
    if tag == "a" and (address := web_address(attributes.get("href") or "")):
        return Markup('<a href="{}" rel="noreferrer noopener">').format(address), Markup("</a>")
    if tag == "blockquote" and "expandable" in attributes:
        return Markup("<details><summary>Folded until somebody opens it</summary><blockquote>"), Markup(
            "</blockquote></details>"
        )
    if tag == "blockquote":
        return Markup("<blockquote>"), Markup("</blockquote>")
    if tag == "tg-time" and _UNIX.fullmatch(unix := attributes.get("unix") or ""):
        when = datetime.fromtimestamp(int(unix), UTC)
        return Markup('<time datetime="{}">').format(when.isoformat()), Markup("</time>")
    return Markup(), Markup()
