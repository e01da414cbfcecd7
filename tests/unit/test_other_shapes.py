"""Texts as people and programs write them: front matter, marks of other programs, mails, encodings, page elements.

They were written to attack the readers, after the rules stood; each must become the article that a person sees.
"""

# ruff: noqa: E501  # a line of a text is easier to compare when it is not broken

from __future__ import annotations

from dataclasses import dataclass

import pytest

from briefings.errors import SourceUndecodable
from briefings.sources import read_article

BODY = """The council closed the mill road on Monday after stones fell from the old wall.

Nobody was hurt, but two cars were hit and a bus had to turn back.

Work on the wall will take three weeks, the engineer said.
"""
PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in BODY.strip().split("\n\n"))
POLISH = """Mur runął w Łodzi

W Łodzi zamknięto ulicę po tym, jak w poniedziałek spadły kamienie ze starego muru.

Nikt nie został ranny, ale dwa samochody są uszkodzone, a autobus musiał zawrócić.
"""
HUNGARIAN = """Kő esett az útra, a tanács lezárta

A tanács hétfőn lezárta a malomhoz vezető utat, miután kövek estek le a régi falból, és két autót is értek.

Senki sem sérült meg, de a busznak vissza kellett fordulnia, és a munka három hétig tart majd.
"""
JAPANESE = """水車小屋の道が閉鎖された

市は月曜日、古い壁から石が落ちたため、水車小屋の道を閉鎖したと発表した。けが人はいなかった。

山田建設の技術者は、壁の工事には三週間かかると話した。バスは引き返した。
"""
RUSSIAN = """Дорогу у мельницы закрыли

В понедельник совет закрыл дорогу у мельницы, после того как со старой стены упали камни.

Никто не пострадал, но две машины повреждены, и автобус вернулся.
"""


@dataclass(frozen=True)
class Shape:
    """An input, and the parts of its article; ``has`` and ``lacks`` are looked for in the blocks."""

    text: str
    title: str | None = "Wall falls"
    byline: str | None = None
    day: str | None = None
    has: tuple[str, ...] = ("The council closed",)
    lacks: tuple[str, ...] = ()


FRONT_MATTER = {
    "a colon within quotes": Shape(f'---\ntitle: "Wall: a history"\n---\n{BODY}', "Wall: a history"),
    "a colon without quotes": Shape(
        f"---\ntitle: Wall: what we know - and not\n---\n{BODY}", "Wall: what we know - and not"
    ),
    "a folded title": Shape(f"---\ntitle: >\n  Wall\n  falls\n---\n{BODY}"),
    "authors as maps": Shape(
        f"---\ntitle: Wall falls\nauthors:\n  - name: Ann Lee\n    url: x\n  - name: Bo Ek\n---\n{BODY}",
        byline="Ann Lee, Bo Ek",
    ),
    "an author as a map in a line": Shape(
        f"---\ntitle: Wall falls\nauthor: {{name: Ann Lee, email: a@b.example}}\n---\n{BODY}", byline="Ann Lee"
    ),
    "null": Shape(f"---\ntitle: Wall falls\nauthor: null\nsubtitle: ~\n---\n{BODY}"),
    "tabs": Shape(f"---\ntitle:\tWall falls\ntags:\n\t- a\n---\n{BODY}"),
    "dots at the end": Shape(f"---\ntitle: Wall falls\n...\n{BODY}"),
    "a byte order mark": Shape(f"\ufeff---\ntitle: Wall falls\n---\n{BODY}"),
    "Windows line ends": Shape(
        f"---\ntitle: Wall falls\nauthor: Ann Lee\n---\n{BODY}".replace("\n", "\r\n"), byline="Ann Lee"
    ),
    "a doubled quote": Shape(f"---\ntitle: 'Miller''s wall falls'\n---\n{BODY}", "Miller's wall falls"),
    "signs that YAML reserves": Shape(f"---\ntitle: @mill falls\nx: %abc\n---\n{BODY}", "@mill falls"),
    "a day with dots": Shape(f"---\ntitle: Wall falls\ndate: 05.03.2024\n---\n{BODY}", day="2024-03-05"),
    "names in capitals": Shape(f"---\nTitle: Wall falls\npublishDate: 2024-03-05\n---\n{BODY}", day="2024-03-05"),
    "tables of TOML": Shape(
        f'+++\ntitle = "Wall falls"\ndate = 2024-03-05T10:00:00Z\nauthors = ["Ann Lee", "Bo Ek"]\n[extra]\nfoo = "bar"\n+++\n{BODY}',
        byline="Ann Lee, Bo Ek",
        day="2024-03-05",
        lacks=("foo",),
    ),
    "JSON": Shape(f'{{\n "title": "Wall falls",\n "author": {{"name": "Ann Lee"}}\n}}\n{BODY}', byline="Ann Lee"),
}
MARKS = {
    "a folded callout": Shape(
        f"# Wall falls\n\n> [!warning]- Careful\n> The road stays shut.\n\n{BODY}", has=("stays shut",), lacks=("[!",)
    ),
    "embeds and links": Shape(
        f"# Wall falls\n\n![[wall.png|300]]\n\n{BODY}\nSee [[Mill road|the road]] and [[Mill]].\n",
        has=("See the road and Mill.",),
        lacks=("[[", "png"),
    ),
    "a private note": Shape(
        f"# Wall falls\n\n{BODY}\n%%\nprivate: call Ann\n%%\n\nIt opens in May.\n", has=("in May",), lacks=("private",)
    ),
    "a block's name": Shape(
        f"# Wall falls\n\nThe council closed the road on Monday. ^abc123\n\n{BODY}", lacks=("^abc",)
    ),
    "tags": Shape(f"# Wall falls\n\n#news #mill/road\n\n{BODY}", lacks=("#news",)),
    "a highlight": Shape(
        f"# Wall falls\n\nThe ==old wall== fell on Monday, they said.\n\n{BODY}", has=("The old wall fell",)
    ),
    "shortcodes": Shape(
        f'# Wall falls\n\n{{{{< figure src="a.jpg" >}}}}\n\n{BODY}\n{{{{% notice %}}}}\nDrivers must turn.\n{{{{% /notice %}}}}\n',
        has=("Drivers must turn.",),
        lacks=("{{",),
    ),
    "Liquid": Shape(
        f"# Wall falls\n\n{{% include ad.html %}}\n\n{BODY}\n{{: .note}}\nDrivers must turn.\n", lacks=("{%", "{:")
    ),
    "a footnote": Shape(
        f"# Wall falls\n\nThe wall fell.[^1] It was old.\n\n{BODY}\n[^1]: The archive.\n", lacks=("[^1]",)
    ),
    "a byline in italics": Shape(
        f"# Wall falls\n\n*By Ann Lee · 5 March 2024*\n\n{BODY}", byline="Ann Lee", day="2024-03-05", lacks=("Ann Lee",)
    ),
    "links by number": Shape(
        f"# Wall falls\n\nThe [council][1] met on Monday about the [road].\n\n{BODY}\n[1]: https://c.example 'C'\n[road]: https://r.example\n",
        has=("The council met on Monday about the road",),
        lacks=("[1]",),
    ),
    "empty cells": Shape(
        f"# Wall falls\n\n{BODY}\n| Year | Stones | Note |\n|---|---:|---|\n| 2020 |  | none |\n",
        has=("2020 | | none",),
    ),
    "HTML": Shape(
        f"# Wall falls\n\n<details><summary>What fell</summary>\n\nA stone.\n\n</details>\n\n{BODY}\n<!-- secret -->\n",
        lacks=("<", "secret"),
    ),
}
PAGES = {
    "inline elements": Shape(
        "<p>In <time>June 1998</time> the <abbr>HCC</abbr> had <my-x>warned <b>of <i>it</i></b></my-x>, <output>twice</output>.</p>",
        has=("In June 1998 the HCC had warned of it, twice.",),
    ),
    "small letters and quotes": Shape(
        "<p>They drank H<sub>2</sub>O on the 2<sup>nd</sup> floor, at <q>noon</q>, they said.</p>",
        has=("They drank H2O on the 2nd floor, at “noon”, they said.",),
    ),
    "empty cells": Shape(
        "<table><tr><th>Year</th><th>Stones</th><th>Note</th></tr><tr><td>2020</td><td></td><td>none</td></tr></table>",
        has=("2020 | | none",),
    ),
    "a definition list": Shape(
        "<dl><dt>What fell?</dt><dd>A stone of two tons fell on the road, and then a second one.</dd></dl>",
        has=("What fell?",),
    ),
    "headings in items": Shape(
        "<ol><li><h3>What fell</h3><p>A stone of two tons fell on the road below the wall.</p></li></ol>",
        has=("What fell", "A stone of two tons"),
    ),
    "hidden elements": Shape(
        '<p style="display:none">Ghost.</p><p hidden>Ghost.</p><span class="visually-hidden">Ghost.</span>',
        lacks=("Ghost",),
    ),
    "a tweet": Shape(
        '<blockquote class="twitter-tweet"><p>It fell!</p>&mdash; Ann <a href="https://t.example/1">June 1, 2019</a></blockquote>'
        '<time datetime="2019-06-01">June 1</time>',
        day=None,
    ),
    "a pay wall": Shape(
        "<p>Subscribe to continue reading.</p><p>Already a subscriber? Log in</p>", lacks=("ubscribe",)
    ),
}
MAILS = {
    "headers and a signature": Shape(
        "Subject: Wall falls\nFrom: Ann Lee <a@b.example>\nTo: all\nDate: Tue, 5 Mar 2024 10:00:00 +0100\n\n"
        "The council closed the mill road on Monday after stones fell from the\nold wall. Nobody was hurt, but two cars were hit and "
        "a bus had to turn\nback on its way.\n\nWork on the wall will take three weeks, the engineer said. Until then\ndrivers must "
        "take the road by the lake, which is longer.\n\n--\nAnn Lee\nPress office\n",
        has=("stones fell from the old wall.", "Until then drivers"),
        lacks=("Subject", "Press office"),
        byline="Ann Lee",
        day="2024-03-05",
    ),
    "marks of quotation": Shape(
        "> The council closed the mill road on Monday after stones fell from the\n> old wall. Nobody was hurt, but two cars were hit and "
        "a bus had to turn\n> back on its way.\n>\n> Work on the wall will take three weeks, the engineer said. Until then\n> drivers "
        "must take the road by the lake, which is longer.\n",
        title=None,
        has=("stones fell from the old wall.", "Until then drivers"),
        lacks=(">",),
    ),
}


def _check(raw: str, name: str, shape: Shape) -> None:
    article = read_article(raw.encode(), name)
    texts = "\n".join(block.span.of(article.text) for block in article.blocks)
    title = article.title.of(article.text) if article.title else None
    day = article.published.isoformat() if article.published else None
    assert (title, article.byline, day) == (shape.title, shape.byline, shape.day)
    assert [text for text in shape.has if text not in texts] == []
    assert [text for text in shape.lacks if text in texts] == []


@pytest.mark.parametrize("shape", FRONT_MATTER.values(), ids=FRONT_MATTER)
def test_front_matter_is_read_as_people_write_it(shape: Shape) -> None:
    _check(shape.text, "article.md", shape)


@pytest.mark.parametrize("shape", MARKS.values(), ids=MARKS)
def test_marks_of_other_programs_are_not_shown(shape: Shape) -> None:
    _check(shape.text, "article.md", shape)


@pytest.mark.parametrize("shape", PAGES.values(), ids=PAGES)
def test_elements_of_pages_are_read_as_they_are_seen(shape: Shape) -> None:
    page = f"<html><head><title>Wall falls</title></head><body><article><h1>Wall falls</h1>{PARAGRAPHS}{shape.text}</article></body></html>"
    _check(page, "page.html", shape)


@pytest.mark.parametrize("shape", MAILS.values(), ids=MAILS)
def test_mails_are_unwrapped_without_what_stands_around_them(shape: Shape) -> None:
    _check(shape.text, "mail.txt", shape)


@pytest.mark.parametrize(
    "raw",
    [
        # Another program read the text as Western European and saved it as UTF-8: "fõ" for "fő".
        HUNGARIAN.encode("cp1250").decode("cp1252").encode(),
        HUNGARIAN.encode("iso8859_2").decode("cp1252").encode(),
        HUNGARIAN.encode("utf-7"),
    ],
    ids=["cp1250 as cp1252", "ISO 8859-2 as cp1252", "UTF-7"],
)
def test_hungarian_letters_are_never_shown_as_others(raw: bytes) -> None:
    title, *paragraphs = HUNGARIAN.strip().split("\n\n")
    article = read_article(raw, "text.txt")
    assert article.title
    assert article.title.of(article.text) == title
    assert [block.span.of(article.text) for block in article.blocks] == paragraphs


def test_names_of_languages_and_marks_of_a_page_do_not_change_its_letters() -> None:
    menu = "* Español\n* Español\n© 2019 Harwell Post. Harwell Sans ™ & © 2016 Harwell Post."
    article = read_article(f"Wall falls in Harwell\n\n{f'{BODY}' * 20}\n\n{menu}\n".encode(), "pasted")
    assert article.title
    assert article.title.of(article.text) == "Wall falls in Harwell"
    assert not any("\u0400" <= char <= "\u04ff" for char in article.text)


@pytest.mark.parametrize(
    "text",
    ["Call +123-456 or +4412-99 now. The bridge is closed.", "Use a+bcd-e and f+ghi-j in the formula of the bridge."],
    ids=["telephone numbers", "formulas"],
)
def test_ascii_text_with_plus_signs_is_not_utf7(text: str) -> None:
    assert read_article(f"{text}\n\n{BODY}".encode(), "text.txt").text.startswith(text[:20])


@pytest.mark.parametrize(
    "mail",
    [
        "MIME-Version: 1.0\nFrom: a\nTo: b\n\n",
        "MIME-Version: 1.0\nFrom: a\nTo: b\nContent-Type: text/plain; charset=none\n\nx",
    ],
)
def test_a_mail_without_a_readable_text_is_refused(mail: str) -> None:
    with pytest.raises(SourceUndecodable):
        read_article(mail.encode(), "mail.eml")


def test_a_mail_of_too_many_parts_is_refused() -> None:
    parts = "".join(f"--{n}\nContent-Type: multipart/mixed; boundary={n + 1}\n\n" for n in range(100))
    with pytest.raises(SourceUndecodable):
        read_article(
            f"MIME-Version: 1.0\nFrom: a\nTo: b\nContent-Type: multipart/mixed; boundary=0\n\n{parts}".encode(),
            "mail.eml",
        )


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((POLISH, encoding) for encoding in ("cp1250", "iso8859_2", "cp852", "utf-16-le")),
        *((JAPANESE, encoding) for encoding in ("cp932", "iso2022_jp", "euc_jp", "utf-16-be")),
        *((RUSSIAN, encoding) for encoding in ("koi8_r", "cp866", "cp1251", "utf-16-le", "utf-32")),
    ],
)
def test_texts_in_old_encodings_are_read_right(text: str, encoding: str) -> None:
    article = read_article(text.encode(encoding), "text.txt")
    title, *paragraphs = text.strip().split("\n\n")
    assert article.title is not None
    assert article.title.of(article.text) == title
    assert [block.span.of(article.text) for block in article.blocks] == paragraphs
