"""Draws messages as a person sees them on a phone with 40 columns.

``python -m tests.screens`` writes the golden files in tests/data/screens. A test compares them with today's messages.
In them ``↗`` ends a link, ``┃`` is before a quotation, ``┃+`` before a collapsed one, and ``[1]`` is a button.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from bot.answers import guide, settings, stories
from bot.answers.digests import Place, Reason, Told, apart, heading, part_view
from bot.answers.related import related_view
from bot.answers.who import who_view
from bot.i18n import Translator, own
from bot.platforms.discord.posts import Draft as DiscordDraft
from bot.platforms.discord.posts import drafts as discord_drafts
from bot.platforms.telegram.posts import Draft as TelegramDraft
from bot.platforms.telegram.posts import drafts as telegram_drafts
from bot.subscriptions.model import Settings, Subscription
from bot.views.layout import Key, Rows
from bot.views.model import View
from briefings.model import SectionKind
from briefings.related import Related, SharedNames, listed
from tests.discord.parser import seen
from tests.fakes import CHAT, NOON, bundled, version
from tests.telegram import parser

FOLDER = Path(__file__).parent / "data" / "screens"
WIDTH = 40
_KINDS = (SectionKind.WHO, SectionKind.CONSEQUENCES)
_DAY = date(2025, 3, 14)
_VERSIONS = [version(article) for article in bundled()]
_PICTURED = [
    version(replace(one.article, image=f"https://gazette.example/pictures/{number}.jpg"))
    for number, one in enumerate(_VERSIONS)
]


def _digest(place: Place = Place.CHAT) -> View:
    shown = _PICTURED[1:4]
    told = [
        Told(number, one, listed(one.article), outlets=("Herald", "Post")[: number - 1])
        for number, one in enumerate(shown, start=1)
    ]
    told, title = apart(told), heading(Reason.SLOT, 3, 1, 1, _DAY)
    late = (own("This post is late. It was due {moment}.", moment="08:00"),) if place is Place.CHAT else ()
    return part_view(title, told, _KINDS, late, ending=True, left=4, place=place, day=_DAY)


def _arrival() -> View:
    told = apart([Told(1, _PICTURED[1], listed(_PICTURED[1].article))])
    return part_view(heading(Reason.REPORT, 1, 1, 1), told, _KINDS, (), ending=True, day=_DAY)


def _related() -> View:
    one = _VERSIONS[1].article
    other = Related("x", one.url, SharedNames(("Norby",), ()), _VERSIONS[1])
    return related_view(_VERSIONS[2], [other, *listed(_VERSIONS[2].article)])


def _settings() -> View:
    subscription = Subscription(3, CHAT, "test:7", Settings(), NOON, next_due=NOON + timedelta(hours=20))
    return settings.panel_view(subscription)


VIEWS: dict[str, Callable[[], View]] = {
    "digest": _digest,
    "digest_in_channel": lambda: _digest(Place.CHANNEL),
    "arrival": _arrival,
    "latest": lambda: stories.list_view(own("Latest stories"), tuple(_VERSIONS[:3]), more_after=3),
    "summary": lambda: stories.summary_view(_VERSIONS[1]),
    "who": lambda: who_view(_VERSIONS[1]),
    "related": _related,
    "settings": _settings,
    "not_understood": lambda: guide.not_understood_view("tell me more"),
}


def screen(name: str, platform: str) -> str:
    """What a person sees of a view."""
    view, translator = VIEWS[name](), Translator("en")
    if platform == "telegram":
        lines = [line for draft in telegram_drafts(view, translator) for line in _on_telegram(draft)]
    else:
        lines = [
            line
            for draft in discord_drafts(view, translator)
            for line in _on_discord(draft, is_named=view.name is not None)
        ]
    return "\n".join(lines) + "\n"


def _on_telegram(draft: TelegramDraft) -> Iterator[str]:
    if draft.picture:
        yield from (f"[picture {draft.picture}]", "")
    parsed = parser.parse_html(draft.html)
    units, inserted = parsed.text.encode("utf-16-le"), dict[int, str]()
    for one in parsed.entities:
        mark = {"BlockQuote": "┃ ", "ExpandableBlockQuote": "┃+ "}.get(one.kind)
        if mark:
            quoted = parsed.of(one).split("\n")
            place = one.offset
            for line in quoted:
                inserted[place] = mark
                place += parser.utf16(line) + 1
        elif one.url:
            inserted[one.offset + one.length] = "↗"
    text = "".join(
        inserted.get(unit, "") + units[2 * unit : 2 * unit + 2].decode("utf-16-le") for unit in range(len(units) // 2)
    )
    yield from _wrapped(parser.visible(text + inserted.get(len(units) // 2, "")))
    yield from _keys(draft.keyboard, ())


def _on_discord(draft: DiscordDraft, is_named: bool) -> Iterator[str]:
    if is_named:
        yield from (f"(in a forum: {draft.name})", "")
    if draft.heading:
        yield from _wrapped(_plain(draft.heading))
    for place, part in enumerate(draft.parts):
        if place:
            yield "─" * WIDTH
        if part.picture:
            yield f"[small picture {part.picture}]"
        yield from _wrapped(_plain(part.text))
    yield from _keys(draft.buttons, draft.choices)


def _plain(markdown: str) -> str:
    lines = []
    for line in markdown.split("\n"):
        found = seen(line)
        quote = "┃ " if line.startswith("> ") else ""
        lines.append(f"{quote}{found.text}{'↗' if found.links else ''}")
    return "\n".join(lines)


def _wrapped(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        mark = next((one for one in ("┃+ ", "┃ ") if line.startswith(one)), "")
        yield from textwrap.wrap(line, WIDTH, subsequent_indent=mark, break_long_words=False) or [""]


def _keys(rows: Rows, choices: tuple[Key, ...]) -> Iterator[str]:
    yield ""
    yield from (" ".join(f"[{key.label}]" for key in row) for row in rows)
    yield from (f"  ▾ {key.label}" for key in choices)


PLATFORMS = ("telegram", "discord")


def write() -> None:
    """Writes all golden files."""
    FOLDER.mkdir(exist_ok=True)
    for name in VIEWS:
        for platform in PLATFORMS:
            (FOLDER / f"{name}.{platform}.txt").write_text(screen(name, platform), encoding="utf-8")


if __name__ == "__main__":
    write()
