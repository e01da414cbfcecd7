"""Articles are shown literally: no pings, no foreign links, and no markup except the bot's own."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answers import sections, stories
from bot.i18n import LOCALES, Translator, own
from bot.platforms.discord.layout import layout
from bot.platforms.discord.markdown import MOST_CHARACTERS, escaped, length, messages, written
from bot.platforms.discord.posts import drafts
from bot.views.buttons import Action, Verb
from bot.views.layout import Drawing, Piece, Run
from bot.views.model import Button, LinkButton, Paragraph, Title, View
from briefings.analysis import brief
from briefings.model import SectionKind, Version
from briefings.sources import read_article
from tests.discord.parser import seen
from tests.fakes import NOON, bundled, version

HOSTILE = [
    "@everyone and @here",
    "<@1> <@!2> <@&3> <#4> </who:5> <:e:6> <t:1:R> <id:guide>",
    "[https://good.example](https://evil.example)",
    "[a](https://evil.example) <https://evil.example>",
    "https://evil.example/x_y_z and http://evil.example",
    "**bold** *it* _u_ __u__ ~~s~~ ||spoiler|| `code` ```block```",
    "# Heading",
    "- a point",
    "1. a number",
    "> a quotation",
    ">>> all of it",
    "-# small",
    "a \\ backslash \\* and \\\\",
    "\u202eright to left\u202c and עברית",
    "👩‍👩‍👧 family",
    "x" * 10_000,
    "*" * 3000,
]


def _is_seen_as_written(text: str) -> None:
    found = seen(escaped(text))
    assert found.text == text
    assert not found.links
    assert not found.addresses
    assert not found.mentions
    assert not found.foreign
    assert not found.moments


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_seen_as_it_is_written(text: str) -> None:
    _is_seen_as_written(text)


_WILD = st.lists(
    st.sampled_from([*list("ab1 \n*_~|`[]()<>@#:/\\.-+>!&éא😀"), "http://", "@everyone", "<@1>", "1. "])
).map("".join)


@given(_WILD)
@example("[\\](https://evil.example)")
def test_so_is_any_text(text: str) -> None:
    _is_seen_as_written(text)


@given(st.lists(st.builds(Run, _WILD, st.booleans(), st.booleans()), min_size=1, max_size=5), st.booleans())
def test_so_are_runs_of_all_kinds(runs: list[Run], is_quote: bool) -> None:
    parted = messages([Piece(tuple(runs), is_quote)], most_components=20)
    found = [seen(part.text) for parts in parted for part in parts]
    assert "".join("".join(run.text for run in runs).split()) == "".join("".join(one.text for one in found).split())
    assert not [one for one in found if one.links or one.addresses or one.mentions or one.foreign]


@given(_WILD.map(lambda text: " ".join(text.split())).filter(bool))
@example("https://good.example")
@example("a ] b [ c")
def test_a_link_leads_to_its_own_address(text: str) -> None:
    found = seen(written(Run(text, url="https://source.example/a(b)?q=1")))
    assert found.links == ["https://source.example/a%28b%29?q=1"]
    assert not (found.addresses)
    assert not (found.mentions)
    assert not (found.foreign)


@pytest.mark.parametrize("place", range(len(bundled())))
@pytest.mark.parametrize("locale", LOCALES)
async def test_every_view_of_every_article_is_seen_as_it_is_written(place: int, locale: str) -> None:
    found = version(bundled()[place])
    views = [stories.brief_view(found), stories.summary_view(found), sections.sections_view(found)]
    views += [sections.section_view(found, kind) for kind in SectionKind]
    for view in views:
        _check(view, locale)


async def test_hostile_articles_are_too() -> None:
    for text in HOSTILE:
        body = f"Ministers met on Monday. {text} was said by the minister. They agreed.\n\n" * 3
        article = read_article(f"{text[:150]}\n\n{body}".encode(), "hostile.txt")
        hostile = Version("abcdef123456", brief(article), NOON)
        for kind in (SectionKind.WHO, SectionKind.WHAT):
            _check(sections.section_view(hostile, kind), "en")
        _check(stories.brief_view(hostile), "en")
        _check(stories.list_view(own("Latest stories"), (hostile,)), "en")


def _check(view: View, locale: str) -> None:
    translator = Translator(locale)
    pieces = list(Drawing(translator).pieces(view))
    made = drafts(view, translator)
    found = [seen(draft.whole) for draft in made]
    words = "".join("".join(piece.text for piece in pieces).split())
    said = "".join("".join(one.text for one in found).split())
    assert said.replace("↗", "") == words.replace("↗", "")
    sources = {run.url for piece in pieces for run in piece.runs if run.url}
    assert len({link for one in found for link in one.links}) == len(sources)
    for draft, one in zip(made, found, strict=True):
        assert not (one.addresses)
        assert not (one.mentions)
        assert not (one.foreign)
        assert length(draft.whole) <= 4000
        assert layout(draft, "Choose").total_children_count <= 40


@pytest.mark.parametrize("url", [f"https://a.example/{'x' * 5000}", f"https://a.example/{'é' * 700}"])
async def test_an_address_that_is_too_long_is_left_out(url: str) -> None:
    view = View((Title(own("A title"), url),), (LinkButton(own("Source"), url),))
    [draft] = drafts(view, Translator("en"))
    assert length(draft.whole) < 100
    assert draft.buttons == ()


def test_what_is_too_long_is_parted_between_words() -> None:
    long = Paragraph(own("{words}", words="word_ " * 3000))
    made = drafts(View((long, long)), Translator("en"))
    assert len(made) > 2
    assert all(length(draft.whole) <= MOST_CHARACTERS for draft in made)
    assert sum(seen(draft.whole).text.count("word_") for draft in made) == 6000


def test_more_buttons_than_a_card_holds_are_choices() -> None:
    buttons = tuple(Button(own("Open"), Action(Verb.BRIEF, f"{n:012x}")) for n in range(30))
    [draft] = drafts(View((Paragraph(own("x")),), buttons), Translator("en"))
    assert sum(map(len, draft.buttons)) + len(draft.choices) == 30
    assert layout(draft, "Choose").total_children_count <= 40
