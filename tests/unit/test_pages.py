"""HTML pages: every visible word is kept in its place, and no page takes long."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefings import errors
from briefings.model import Article, BlockKind
from briefings.sources import read_article
from tests import pages

PROSE = "The committee met on Monday and decided that the bridge will stay closed until spring."
INLINE = """
a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark meter nobr output progress q
ruby s samp small span strike strong sub sup time tt u var x-term my-very-own-element
""".split()  # noqa: SIM905  # one name a line is hard to read
UNSEEN = [
    "<script>{}</script>",
    "<style>{}</style>",
    "<span hidden>{}</span>",
    "<template>{}</template>",
    '<i style="display: none">{}</i>',
    "<noscript>{}</noscript>",
    '<b class="sr-only">{}</b>',
    "<!-- {} -->",
]
BLOCKS = [
    "<p>{}</p>",
    "<div>{}</div>",
    "<blockquote>{}</blockquote>",
    "<ul><li>{}</li></ul>",
    "<pre>{}</pre>",
    "<center>{}</center>",
    "<address>{}</address>",
    "<dl><dt>Term</dt><dd>{}</dd></dl>",
    "{}<hr>",
    "<h3>{}</h3>",
    "<table><tr><td>{}</td><td>2</td></tr></table>",
    "<section><p>{}</p></section>",
    "<ol><li><p>{}</p></ol>",
]


@st.composite
def _inline(draw: st.DrawFn, depth: int = 2) -> str:
    """Words without numbers yet, some in elements, with words that nobody sees between them."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        parts.append("WORD " * draw(st.integers(1, 5)))
        match draw(st.sampled_from(["wrap", "wrap", "unseen", "break", "plain"])):
            case "wrap" if depth:
                name = draw(st.sampled_from(INLINE))
                parts.append(f"<{name}>{draw(_inline(depth - 1)).strip()}</{name}> ")
            case "unseen":
                parts.append(draw(st.sampled_from(UNSEEN)).format("HIDDEN"))
            case "break":
                parts.append("<br>")
            case _:
                pass
    return "".join(parts) + "WORD"


@st.composite
def _pages(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """A page, and the words of each of its blocks."""
    blocks: list[str] = []
    expected: list[list[str]] = []
    count = 0
    for _ in range(draw(st.integers(1, 5))):
        text = draw(_inline()) + " and more words that make a sentence of it."
        names: list[str] = []
        while "WORD" in text:
            names.append(f"word{count}")
            text = text.replace("WORD", names[-1], 1)
            count += 1
        blocks.append(draw(st.sampled_from(BLOCKS)).format(text))
        expected.append(names)
    body = f"<p>{PROSE}</p>".join(["", *blocks, ""])
    container = draw(st.sampled_from(["article", "main", "div", "section", "td"]))
    wrapped = f"<table><tr><td>Home<td>{body}</table>" if container == "td" else f"<{container}>{body}</{container}>"
    return f"<!doctype html><html><head><title>x</title></head><body><h1>Bridge</h1>{wrapped}</body></html>", expected


class TestWordsOfBlocks:
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(_pages())
    def test_a_block_is_kept_with_all_its_words_in_place_or_not_at_all(self, made: tuple[str, list[list[str]]]) -> None:
        page, expected = made
        article = read_article(page.encode(), "x.html")
        shown = re.findall(r"word\d+", article.text)
        assert "HIDDEN" not in article.text
        for words in expected:
            assert not set(words) & set(shown) or _stands_in(words, shown), page
        assert len(shown) == len(set(shown)), "a word is shown twice"


def _stands_in(words: list[str], shown: list[str]) -> bool:
    start = shown.index(words[0]) if words[0] in shown else 0
    return shown[start : start + len(words)] == words


def _article(body: str, head: str = "") -> Article:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return read_article(page.encode(), "x.html")


def _texts(article: Article, kind: BlockKind) -> list[str]:
    return [block.span.of(article.text) for block in article.blocks if block.kind is kind]


class TestBounds:
    FILL = f"<p>{PROSE}</p>" * 3

    @pytest.mark.parametrize(
        "body",
        [
            "<p " + " ".join(f"a{n}=1" for n in range(140_000)) + ">x</p>",
            "<p x='>' " + " ".join(f"a{n}" for n in range(140_000)) + ">x</p>",
            "<table><tr><td>" * 65_000,
            ("<table><tr><td>w" * 60 + "</td></tr></table>" * 60) * 400,
            ("<div class=related>" * 100 + "<a href=/s>Six words of a headline here</a>" + "</div>" * 100) * 450,
            "<p>" + "<span>a</span>b " * 60_000,
            "<p>" + "<i hidden>a</i>b " * 60_000,
            "<ul>" + "<li>a" * 200_000,
            "<b>a " * 200_000,
        ],
        ids=["attributes", "quoted", "tables", "deep tables", "related", "spans", "hidden", "items", "bold"],
    )
    def test_a_page_that_was_built_to_be_slow_is_refused(self, body: str) -> None:
        with pytest.raises(errors.ArticleNotFound):
            _article(f"<article>{self.FILL}{body}{self.FILL}</article>")

    def test_a_long_page_is_read(self) -> None:
        assert len(_article("<article>" + f"<p>{PROSE}</p>" * 5_000 + "</article>").blocks) == 5_000

    def test_json_that_is_too_deep_says_nothing(self) -> None:
        script = f"<script type='application/ld+json'>{'[' * 100_000}</script>"
        assert _article(f"<article><h1>Bridge stays closed</h1>{self.FILL}</article>", script).title is not None


class TestGoldenPages:
    @pytest.mark.parametrize("name", pages.names())
    def test_a_page_becomes_the_article_that_stands_beside_it(self, name: str) -> None:
        expected = pages.load(name)
        article = read_article(expected.page.encode(), "x.html")
        head = {
            "TITLE": article.title and article.title.of(article.text),
            "DECK": article.standfirst and article.standfirst.of(article.text),
            "BYLINE": article.byline,
            "DATE": article.published and article.published.isoformat(),
            "SITE": article.site,
        }
        assert {tag: text for tag, text in head.items() if text} == expected.head
        assert [(block.kind.value, block.span.of(article.text)) for block in article.blocks] == expected.blocks
        assert [story.title for story in article.related] == expected.related


class TestBoldLinesOfMarkdown:
    def test_they_are_headings_by_the_same_rule(self) -> None:
        text = f"# Pier closed\n\n{PROSE}\n\n**What will it cost?**\n\n{PROSE}\n\n**How do people cross?**\n{PROSE}\n"
        article = read_article(text.encode(), "pier.md")
        assert _texts(article, BlockKind.HEADING) == ["What will it cost?", "How do people cross?"]
        assert _texts(article, BlockKind.PARAGRAPH) == [PROSE] * 3
