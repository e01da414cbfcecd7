"""Reading bytes as articles: detecting formats, refusing other input, keeping all text."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from briefings import errors
from briefings.model import Article, BlockKind, Headline
from briefings.sources import MAX_BYTES, SourceKind, read_article, tell_kind
from briefings.sources.text import normalise
from tests.shared import shared

SENTENCE = "The committee met on Monday and decided that the bridge will stay closed until spring."
PAGE = """<!doctype html><html lang="en"><head>
<title>Bridge stays closed | The Paper</title>
<meta property="og:site_name" content="The Paper">
<meta name="author" content="Ann Lee; Bo Ek">
<meta property="article:published_time" content="2024-05-03T10:00:00Z">
<link rel="canonical" href="https://paper.example/bridge"></head>
<body><nav><a href="/">All the news of the day</a></nav>
<article><h1>Bridge stays closed</h1><p class="standfirst">Engineers had warned of cracks for many years.</p>
<p>{sentence}</p><h2>Why is it closed?</h2>
<p>A crack of two metres was found in the main girder,
the ministry said on Friday.</p>
<blockquote><p>It sounded like a train.</p></blockquote>
<ul><li>Use the ferry instead.</li><li>Leave your car at home.</li></ul>
<p>{sentence} Nobody knows how long the repair will take, or who will pay for it in the end.</p>
<div class="related"><h3>Related stories</h3><ul>
<li><a href="/ferry">The ferry that nobody wanted to run</a></li>
<li><a href="javascript:alert(1)">A link that goes nowhere at all</a></li>
<li><a href="https://other.example/b">How bridges are checked in winter</a></li></ul></div></article>
<footer><p>© 2024 The Paper. All rights reserved.</p></footer></body></html>""".replace("{sentence}", SENTENCE)


def pieces(article: Article) -> list[tuple[str, str]]:
    return [(block.kind.value, block.span.of(article.text)) for block in article.blocks]


def test_the_article_that_started_it_all() -> None:
    path = shared("articles", "attack-on-kremlin.txt")
    article = read_article(path.read_bytes(), path.name)
    assert article.title is not None
    assert article.title.of(article.text) == "Attack on Kremlin: Who Is Behind It"
    assert article.standfirst is not None
    assert article.standfirst.of(article.text).startswith("What happened in Moscow the morning of May 3, 2023?")
    headings = [text for kind, text in pieces(article) if kind == "heading"]
    assert headings == ["What happened?", "Who is behind the attack?", "What are the consequences?"]
    paragraphs = path.read_text(encoding="utf-8").split("\n\n")
    expected = [" ".join(paragraph.split()) for paragraph in paragraphs if len(paragraph) > 120][1:]
    assert [text for kind, text in pieces(article) if kind == "paragraph"] == expected
    assert [story.title for story in article.related] == [
        "A Global Space for A Global Challenge: A Tale of Two Worlds",
        "Taiwan 2024 Presidential Elections",
        "The Climate Change Refugees of the Pacific",
        "Slovakia: 2023 Prime Minister’s Elections",
    ]
    assert "Advertisement" not in article.text
    assert "rivista di geopolitica" not in article.text


class TestKinds:
    @pytest.mark.parametrize(
        ("text", "name", "kind"),
        [
            (PAGE, "bridge.txt", SourceKind.HTML),  # by content, whatever the name
            ("<p>One.</p><p>Two.</p><p>Three</p>" * 2, "", SourceKind.HTML),
            (f"---\ntitle: Bridge\n---\n{SENTENCE}", "", SourceKind.MARKDOWN),
            (f"# Bridge\n\n## Why?\n\n{SENTENCE} **Really.**", "", SourceKind.MARKDOWN),
            (f"Bridge\n\n{SENTENCE} **Really.**", "bridge.md", SourceKind.MARKDOWN),
            (f"Bridge\n\n{SENTENCE}", "bridge.html", SourceKind.PLAIN),
            (f"Bridge\n\n{SENTENCE}\n\n## Why?\n\n{SENTENCE}", "bridge.txt", SourceKind.MARKDOWN),
            (f"\n# Bridge\n\n{SENTENCE}", "", SourceKind.MARKDOWN),
            (f"Bridge\n\n# 1 in the polls\n\n{SENTENCE} 2 < 3 and 4 > 3.", "", SourceKind.PLAIN),
        ],
    )
    def test_are_told_by_content(self, text: str, name: str, kind: SourceKind) -> None:
        assert tell_kind(text, name) is kind


class TestRefusals:
    @pytest.mark.parametrize(
        ("raw", "error"),
        [
            (b"", errors.SourceEmpty),
            (b" \n\t\n", errors.SourceEmpty),
            (b"\xef\xbb\xbf \n", errors.SourceEmpty),
            (b"%PDF-1.7 ...", errors.PdfDamaged),
            (b"\x89PNG\r\n\x1a\n\x00\x00", errors.SourceUnsupported),
            (bytes(range(256)) * 20, errors.SourceUnsupported),
            (b"\x01\x02\x03\x04 abc" * 50, errors.SourceUnsupported),
            (b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', errors.SourceUnsupported),
            (b"x" * (MAX_BYTES + 1), errors.SourceTooLarge),
            (b"\xff\xfe\x00", errors.SourceUndecodable),  # half a character of UTF-16
            (b"<html><body><p>Menu</p></body></html>", errors.ArticleNotFound),
            (b"<html><body></body></html>", errors.ArticleNotFound),
            (b"* * *\n--\n12:30\n", errors.ArticleNotFound),
            (b"---\ntitle: [a\n---\nText.", errors.SourceMalformed),
            (b"---\n- a\n- b\n---\nText.", errors.SourceMalformed),
            (b"---\na: &x [1]\nb: [*x]\n---\nText.", errors.SourceMalformed),
            (b"---\na: [[[[[[1]]]]]]\n---\nText.", errors.SourceMalformed),
            (b"---\n[a]: b\n---\nText.", errors.SourceMalformed),
            (b"---\n? {a: b}\n: c\n---\nText.", errors.SourceMalformed),
            (b"---\ntitle: Only\n---\n# A heading\n", errors.ArticleNotFound),
        ],
        ids=lambda value: value.__name__ if isinstance(value, type) else repr(value[:24]),
    )
    def test_say_what_was_wrong(self, raw: bytes, error: type[errors.SourceError]) -> None:
        with pytest.raises(error) as caught:
            read_article(raw, "the input")
        assert caught.value.name == "the input"

    def test_a_malformed_front_matter_tells_its_line(self) -> None:
        with pytest.raises(errors.SourceMalformed) as caught:
            read_article(b"---\ntitle: fine\nauthor: [open\n---\nText.", "x")
        assert caught.value.line == 3
        assert caught.value.__cause__ is not None


class TestEncodings:
    TEXT = (
        "Brücke gesperrt\n\nDie Brücke über die Elbe bleibt für längere Zeit gesperrt, "
        f"sagte der Minister früh am Morgen.\n\n{SENTENCE}"
    )

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
    )
    def test_are_detected(self, encoding: str) -> None:
        article = read_article(self.TEXT.encode(encoding), "x")
        assert "Die Brücke über die Elbe bleibt für längere Zeit gesperrt" in article.text

    def test_a_page_says_its_own(self) -> None:
        page = PAGE.replace("<head>", '<head><meta charset="windows-1251">').replace(
            "Bridge stays closed", "Мост закрыт"
        )
        assert "Мост закрыт" in read_article(page.encode("cp1251"), "x").text

    @pytest.mark.parametrize("charset", ["undefined", "unicode_escape", "utf-7", "punycode", "no-such-thing"])
    def test_a_page_cannot_choose_a_codec_that_pages_do_not_use(self, charset: str) -> None:
        page = PAGE.replace("<head>", f'<head><meta charset="{charset}">').replace("Monday", "M\u00f6nday")
        assert "M\u00f6nday" in read_article(page.encode("cp1252"), "x").text


class TestText:
    def test_controls_and_bidi_overrides_are_dropped(self) -> None:
        dirty = "safe\u202egnp.exe \u2066x\u2069 \x1b[31mred\x07 zero\u200bwidth soft\u00adhyphen\ufeff"
        assert normalise(dirty) == "safegnp.exe x [31mred zerowidth softhyphen"

    def test_emoji_sequences_and_joiners_stay(self) -> None:
        assert normalise("👩\u200d🚀 می\u200cخواهم") == "👩\u200d🚀 می\u200cخواهم"

    def test_newlines_and_blanks_are_made_plain(self) -> None:
        assert normalise("a\r\nb\rc\u2028d\x85e\x0bf  g\u00a0\th  ") == "a\nb\nc\nd\ne\nf g h"

    def test_text_is_composed(self) -> None:
        assert normalise("perche\u0301") == "perché"


class TestMarkdown:
    SOURCE = """---
title: Bridge stays closed
author: [Ann Lee, Bo Ek]
date: 3 May 2024
url: https://paper.example/bridge
site: The Paper
related:
  - Without a link
  - {title: With a link, url: https://paper.example/b}
  - {title: With a bad link, url: "javascript:alert(1)"}
---
# Bridge stays closed

*Engineers had warned of cracks for years.*

The bridge is **closed** and [nobody knows](https://a.example) for
how long.

> It sounded like a train.
> — Ann Lee, driver

## What to do

1. Use the ferry.
2. Stay at home.

![A picture](https://a.example/b.png)

## Related stories

- [The ferry that nobody wanted](https://paper.example/ferry)
"""

    def test_front_matter_and_body_become_an_article(self) -> None:
        article = read_article(self.SOURCE.encode(), "bridge.md")
        assert article.title is not None
        assert article.title.of(article.text) == "Bridge stays closed"
        assert article.standfirst is not None
        assert article.standfirst.of(article.text) == "Engineers had warned of cracks for years."
        assert article.byline == "Ann Lee, Bo Ek"
        assert article.published == date(2024, 5, 3)
        assert (article.url, article.site) == ("https://paper.example/bridge", "The Paper")
        assert pieces(article) == [
            ("paragraph", "The bridge is closed and nobody knows for how long."),
            ("quote", "It sounded like a train.\n— Ann Lee, driver"),
            ("heading", "What to do"),
            ("list_item", "Use the ferry."),
            ("list_item", "Stay at home."),
        ]
        assert article.related == (
            Headline("Without a link"),
            Headline("With a link", "https://paper.example/b"),
            Headline("With a bad link"),
            Headline("The ferry that nobody wanted", "https://paper.example/ferry"),
        )

    def test_yaml_words_are_what_they_look_like(self) -> None:
        article = read_article(f"---\ntitle: no\nsite: 12:30\n---\n{SENTENCE}".encode(), "x.md")
        assert article.title is not None
        assert (article.title.of(article.text), article.site) == ("no", "12:30")


class TestPages:
    def test_a_page_becomes_an_article(self) -> None:
        article = read_article(PAGE.encode(), "bridge")
        assert article.title is not None
        assert article.title.of(article.text) == "Bridge stays closed"
        assert article.standfirst is not None
        assert article.standfirst.of(article.text) == "Engineers had warned of cracks for many years."
        assert (article.byline, article.published) == ("Ann Lee, Bo Ek", date(2024, 5, 3))
        assert (article.url, article.site) == ("https://paper.example/bridge", "The Paper")
        kinds = [kind for kind, _ in pieces(article)]
        assert kinds == ["paragraph", "heading", "paragraph", "quote", "list_item", "list_item", "paragraph"]
        assert [(story.title, story.url) for story in article.related] == [
            ("The ferry that nobody wanted to run", "https://paper.example/ferry"),
            ("How bridges are checked in winter", "https://other.example/b"),
        ]

    def test_a_headline_is_not_taken_for_the_article(self) -> None:
        article = read_article(PAGE.encode(), "bridge")
        assert BlockKind.HEADING not in {article.blocks[0].kind, article.blocks[-1].kind}
        assert "All rights reserved" not in article.text


def _score(tmp_path: Path, answers: dict[str, str], *options: str) -> float:
    """The F1 that the shared scorer prints."""
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(answers), encoding="utf-8")
    command = [sys.executable, str(shared("bench", "pages", "score.py")), str(path), *options]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603  # our own data
    return float(printed.split()[-1])


def _below_title(text: str) -> str:
    """What stands below the title of the article in ``text``."""
    try:
        article = read_article(text.encode(), "page")
    except errors.SourceError:
        return ""
    standfirst = [article.standfirst.of(article.text)] if article.standfirst else []
    return "\n".join([*standfirst, *(piece for _, piece in pieces(article))])


def _body(page: str) -> str:
    """The blocks alone: a page's standfirst may stand in its metadata only."""
    try:
        return "\n".join(piece for _, piece in pieces(read_article(page.encode(), "page")))
    except errors.SourceError:
        return ""


class TestWhatReadersLost:
    """Inputs that once lost text, each found by somebody who pasted it."""

    def test_a_line_break_parts_words(self) -> None:
        page = PAGE.replace(SENTENCE, f"{SENTENCE}<br><br>The ferry runs every hour,<br>said the mayor.")
        text = read_article(page.encode(), "x").text
        assert "until spring. The ferry" in text.replace("\n", " ").replace("  ", " ")
        assert "every hour, said" in text

    def test_rows_of_tables_are_kept(self) -> None:
        table = "<table><tr><th>Year</th><th>Cars</th></tr><tr><td>2023</td><td>410 a day</td></tr></table>"
        text = read_article(PAGE.replace("<h2>", f"{table}<h2>", 1).encode(), "x").text
        assert "2023 | 410 a day" in text
        markdown = f"# Bridge\n\n{SENTENCE}\n\n## What happened?\n\n| Year | Cars |\n|---|---|\n| 2023 | 410 |\n"
        assert ("list_item", "2023 | 410") in pieces(read_article(markdown.encode(), "x.md"))

    def test_words_and_figures_stay_as_they_are(self) -> None:
        lines = [
            "X said on Monday that it would close two of its offices in the west of the country.",
            "-12.5 degrees were measured on the mountain in the night, less than in any March before.",
            "3 of 10 people have lost their homes, the ministry said on Monday in a short statement.",
            "(c) The third clause of the contract was never read aloud, the witness told the court.",
            "Follow the money, said the prosecutor.",
            "Advertisement spending fell sharply.",
        ]
        article = read_article(
            "\n\n".join(["Bridge stays closed", SENTENCE, *lines, SENTENCE[:-1] + "!"]).encode(), "x"
        )
        assert [text for _, text in pieces(article)][1:-1] == lines

    @pytest.mark.parametrize(
        "heading",
        [
            "By The Numbers",
            "The Strike at Reuters",
            "Who owns the AP",
            "May 3, 2023: the attack",
            "1945",
            "Sponsored terrorism",
            "Terms of the deal",
            "Updated rules come into force in May 2024",
            "Most read newspapers",
            "Recommended dose",
        ],
    )
    @pytest.mark.parametrize("mark", ["", "## "])
    def test_headings_are_no_furniture(self, heading: str, mark: str) -> None:
        title = "# Bridge" if mark else "Bridge stays closed"
        text = f"{title}\n\n{SENTENCE}\n\n{mark}{heading}\n\n{SENTENCE[:-1]}, and so on."
        article = read_article(text.encode(), "x.md" if mark else "x")
        assert ("heading", heading) in pieces(article)

    def test_lists_and_quotes_of_a_page_are_kept_once_and_apart(self) -> None:
        lists = "<ul><li>Outer item here.<ul><li>Inner item one.</li><li>Inner item two.</li></ul></li></ul>"
        quote = "<blockquote>Direct words. <p>Para words.</p> Tail words.</blockquote>"
        article = read_article(PAGE.replace("<ul>", f"{quote}{lists}<ul>", 1).encode(), "x")
        texts = [text for _, text in pieces(article)]
        assert [t for t in texts if "item" in t.lower()] == ["Outer item here.", "Inner item one.", "Inner item two."]
        assert "Direct words. Para words. Tail words." in texts

    def test_only_a_line_behind_a_dash_names_a_speaker(self) -> None:
        quote = "> It sounded like a train that went\n> through the house in the night."
        [(_, text), *_] = pieces(read_article(f"# Bridge\n\n{quote}\n\n{SENTENCE}".encode(), "x.md"))
        assert text == "It sounded like a train that went through the house in the night."

    def test_a_rule_at_the_top_is_no_front_matter(self) -> None:
        assert SENTENCE in read_article(f"---\nBridge closed\n---\n\n{SENTENCE}".encode(), "x").text

    @pytest.mark.parametrize(
        "url",
        ["http://a.b/>[x](javascript:alert(1))", 'http://a.b/"x', "http://user@a.b/", "//a.b", "ftp://a.b", "http://["],
    )
    def test_an_address_that_could_end_its_link_is_no_address(self, url: str) -> None:
        article = read_article(f"---\ntitle: Bridge\nurl: '{url}'\n---\n{SENTENCE}".encode(), "x.md")
        assert article.url is None

    def test_a_bad_byte_does_not_change_all_others(self) -> None:
        raw = f"Brücke gesperrt\n\n{SENTENCE} “Überall” – für längere Zeit, so heißt es.\n".encode()
        text = read_article(raw.replace(b"spring", b"spr\xffing"), "x").text
        assert "“Überall” – für längere Zeit" in text

    def test_a_stray_zero_byte_is_dropped(self) -> None:
        assert SENTENCE in read_article(f"Bridge\n\n{SENTENCE}\x00 {SENTENCE}".encode(), "x").text

    def test_a_page_of_links_or_for_scripts_alone_is_no_article(self) -> None:
        links = "".join(f"<li><a href='/{n}'>Headline number {n} of the day</a></li>" for n in range(60))
        for body in (f"<ul>{links}</ul>", "<h1>App</h1><p>You need to enable JavaScript to run this app.</p>"):
            with pytest.raises(errors.ArticleNotFound):
                read_article(f"<!doctype html><html><body>{body}</body></html>".encode(), "x")


class TestRealPages:
    @pytest.mark.parametrize(("part", "least"), [("column", 0.93), ("page", 0.88)])
    def test_pasted_pages_lose_their_furniture_and_keep_their_headings(
        self, part: str, least: float, tmp_path: Path
    ) -> None:
        with gzip.open(shared("bench", "pages", "pasted.json.gz"), "rt", encoding="utf-8") as file:
            pasted = json.load(file)
        answers = {key: _below_title(value[part]) for key, value in pasted.items()}
        assert _score(tmp_path, answers, "--pasted", part) >= least

    def test_html_pages_are_read_better_than_by_trafilatura_alone(self, tmp_path: Path) -> None:
        with gzip.open(shared("bench", "pages", "pages.ndjson.gz"), "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        assert _score(tmp_path, {row["id"]: _body(row["html"]) for row in rows}) >= 0.97
