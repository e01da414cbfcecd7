"""Draws messages as a person sees them on a phone with 40 columns, with what is sent to the platform below.

``python -m tests.screens`` writes the golden files in tests/data/screens. A test compares them with today's messages.
In them ``↗`` ends a link, ``┃`` is before a quotation, ``┃+`` before a collapsed one, and ``[1]`` is a button. ``▾`` is
an option of a list, ``▾✓`` one that is chosen.
"""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml

from bot.chats import Destination
from bot.commands.cards import cards
from bot.delivery.model import Delivery, Op
from bot.i18n import Translator
from bot.platforms.discord.adapter import HINT
from bot.platforms.discord.layout import allowed_mentions, layout
from bot.platforms.discord.menus import Naming, payloads
from bot.platforms.discord.posts import Draft as DiscordDraft
from bot.platforms.discord.posts import drafts as discord_drafts
from bot.platforms.discord.steps import follow
from bot.platforms.telegram.inline import nothing_found, result
from bot.platforms.telegram.posts import Draft as TelegramDraft
from bot.platforms.telegram.posts import drafts as telegram_drafts
from bot.platforms.telegram.posts import markup
from bot.views.layout import Key, Rows
from tests.discord.parser import seen
from tests.edited_answers import on_discord, on_telegram
from tests.fakes import NOON, bundled, talk_over
from tests.screen_views import ROLE, SCREENS
from tests.telegram import parser

FOLDER = Path(__file__).parent / "data" / "screens"
WIDTH = 40
USERNAME = "nutgraf_bot"
_PAYLOAD = f"\n{'═' * WIDTH}\n"


class _Yaml(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Yaml.add_representer(str, _text)


def _sent(*requests: object) -> str:
    """What is sent to a platform, as YAML."""
    return yaml.dump_all(requests, Dumper=_Yaml, allow_unicode=True, sort_keys=False, width=110)


def drawn(name: str, platform: str, language: str) -> str:
    """What a person sees of a message, and what is sent."""
    view, translator = SCREENS[name].build(platform), Translator(language)
    is_private = SCREENS[name].is_private
    if platform == "telegram":
        posts = telegram_drafts(view.without_document(), translator)
        lines = [line for draft in posts for line in _on_telegram(draft)]
        sent = [_telegram_request(draft, is_private, view.picture is not None) for draft in posts]
    else:
        made = discord_drafts(view.without_document(), translator)
        is_named = view.name is not None
        lines = [line for draft in made for line in _on_discord(draft, is_named=is_named)]
        sent = [_discord_request(draft, translator) for draft in made]
    picture = ["[a picture]", ""] if view.picture else []
    return "\n".join([*picture, *lines]) + "\n" + _PAYLOAD + _sent(*sent)


def _telegram_request(draft: TelegramDraft, is_private: bool, is_picture: bool) -> dict[str, object]:
    text = {"caption": draft.html} if is_picture else {"text": draft.html}
    picture = {"picture": draft.picture} if draft.picture else {}
    keyboard = markup(draft.keyboard, USERNAME, is_private)
    return {**text, "parse_mode": "HTML", **picture, **({"reply_markup": keyboard} if keyboard else {})}


def _discord_request(draft: DiscordDraft, translator: Translator) -> dict[str, object]:
    view: Any = layout(draft, translator.say(HINT))  # discord.py has no type for its components
    return {"components": view.to_components(), "allowed_mentions": allowed_mentions(draft).to_dict()}


def inline_cards(language: str, typed: str = "kremlin") -> str:
    """What Telegram offers to somebody who types ``@nutgraf_bot kremlin``, and what is sent for it."""
    found = asyncio.run(_cards(typed))
    results = [result(card, USERNAME, language) for card in found]
    lines = [f"@{USERNAME} {typed}", ""]
    for one in results:
        lines += [*_wrapped(str(one["title"])), *_wrapped(f"  {one.get('description', '')}"), "─" * WIDTH]
    return "\n".join(lines) + "\n" + _PAYLOAD + _sent(*results)


def inline_nothing(language: str) -> str:
    """What Telegram offers where nothing is found."""
    offered: dict[str, Any] = nothing_found(language)
    return f"@{USERNAME} narnia\n\n[{offered['button']['text']}]\n" + _PAYLOAD + _sent(offered)


def edited_answer(requests: list[dict[str, Any]]) -> str:
    """What is sent when a person edits a question that was answered."""
    return f"(an answer that is edited in place)\n{_PAYLOAD}" + _sent(*requests)


async def _cards(typed: str) -> list[Any]:
    async with talk_over(*bundled()) as talk:
        return await cards(talk.bot.dispatcher.context, typed)


def steps(language: str) -> str:
    """What is sent to Discord after a post that gets a thread and is published."""
    view = SCREENS["digest_in_channel"].build("discord")
    [draft] = discord_drafts(view, Translator(language))
    asked: list[dict[str, object]] = []

    async def start_thread_with_message(channel: int, message: int, **more: object) -> None:
        asked.append({"request": f"POST /channels/{channel}/messages/{message}/threads", **more})

    async def publish_message(channel: int, message: int) -> None:
        asked.append({"request": f"POST /channels/{channel}/messages/{message}/crosspost"})

    http = SimpleNamespace(start_thread_with_message=start_thread_with_message, publish_message=publish_message)
    client: Any = SimpleNamespace(http=http)
    for op in (Op.THREAD, Op.PUBLISH):
        post = Delivery(1, "3:slot:1", 3, Destination("discord", "110"), None, NOON, NOON, op=op, target="555")
        asyncio.run(follow(client, post, draft, is_in_thread=False))
    return "\n".join(_wrapped(f"⤷ {draft.name}")) + "\n" + _PAYLOAD + _sent(*asked)


def grouped_commands(language: str) -> str:
    """The commands below ``/news`` as a client lists them, and what is registered, in this language alone."""
    found = payloads(Naming.GROUPED)
    lines = [line for one in found if one["type"] == 1 for line in _command(one, "", language)]
    return "\n".join(lines) + "\n" + _PAYLOAD + _sent(*(_only_in(one, language) for one in found))


def _only_in(payload: Any, language: str) -> Any:
    """A payload without the names and descriptions in other languages."""
    if isinstance(payload, list):
        return [_only_in(one, language) for one in payload]
    if not isinstance(payload, dict):
        return payload
    return {
        name: {language: value[language]} if name.endswith("_localizations") else _only_in(value, language)
        for name, value in payload.items()
        if not name.endswith("_localizations") or language in (value or {})
    }


def _command(one: dict[str, Any], path: str, language: str) -> Iterator[str]:
    name = f"{path} {_localized(one, 'name', language)}".strip()
    inner = [option for option in one.get("options", []) if option["type"] in {1, 2}]
    for command in inner:
        yield from _command(command, name, language)
    if not inner:
        options = [f"[{_localized(option, 'name', language)}]" for option in one.get("options", [])]
        yield from textwrap.wrap(" ".join([f"/{name}", *options]), WIDTH, subsequent_indent="    ")
        yield from textwrap.wrap(f"  {_localized(one, 'description', language)}", WIDTH, subsequent_indent="  ")


def _localized(one: dict[str, Any], part: str, language: str) -> str:
    return str(one.get(f"{part}_localizations", {}).get(language, one[part]))


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
    if draft.ping:
        yield from (f"@{ROLE}", "")
    if draft.heading:
        yield from _wrapped(_plain(draft.heading))
    for place, part in enumerate(draft.parts):
        if place:
            yield "─" * WIDTH
        if part.picture:
            yield f"[small picture {part.picture}]"
        yield from _wrapped(_plain(part.text))
    yield from _keys(draft.buttons, draft.choices)
    if draft.several:
        yield from (f"  ▾{'✓' if one.is_chosen else ' '} {one.label}" for one in draft.several.options)
    if draft.roles:
        yield "  ▾ @…"


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


_OTHERS: dict[str, tuple[Callable[[str], str], str, str]] = {
    "inline_cards": (inline_cards, "telegram", "de"),
    "inline_newest": (partial(inline_cards, typed=""), "telegram", "fr"),
    "inline_word_of_the_text": (partial(inline_cards, typed="helsinki"), "telegram", "en"),
    "inline_section": (partial(inline_cards, typed="kremlin who"), "telegram", "it"),
    "inline_section_first": (partial(inline_cards, typed="perché kremlin"), "telegram", "it"),
    "inline_section_alone": (partial(inline_cards, typed="consequences"), "telegram", "en"),
    "inline_nothing": (inline_nothing, "telegram", "es"),
    "edited_message": (lambda language: edited_answer(on_telegram(language)), "telegram", "it"),
    "edited_reply": (lambda language: edited_answer(on_discord(language)), "discord", "de"),
    "thread_and_publishing": (steps, "discord", "fr"),
    "grouped_commands": (grouped_commands, "discord", "it"),
}


@cache
def files() -> dict[str, Callable[[], str]]:
    """The golden files by their names, each with the function that draws it."""
    found: dict[str, Callable[[], str]] = {}
    for name, one in SCREENS.items():
        for platform in one.platforms:
            for language in ("en", one.language):
                found[f"{name}.{platform}.{language}.txt"] = _drawing(name, platform, language)
    for name, (draw, platform, other) in _OTHERS.items():
        for language in dict.fromkeys(("en", other)):
            found[f"{name}.{platform}.{language}.txt"] = _other(draw, language)
    return found


def _drawing(name: str, platform: str, language: str) -> Callable[[], str]:
    return lambda: drawn(name, platform, language)


def _other(draw: Callable[[str], str], language: str) -> Callable[[], str]:
    return lambda: draw(language)


def write() -> None:
    """Writes all golden files."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.iterdir():
        path.unlink()
    for name, draw in files().items():
        (FOLDER / name).write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    write()
