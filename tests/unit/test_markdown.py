"""Markdown as note-taking programs and site generators write it."""

from __future__ import annotations

import textwrap
from datetime import date

import pytest

from briefings.model import Article
from briefings.sources import read_article

_TEXT = "The bridge at Ostrand was shut on Monday after an inspector found cracks in two of its piers."
_MORE = "Buses take another road until the council has heard what the repair would cost, the mayor said."


def _read(text: str, name: str = "notes.md") -> Article:
    return read_article(text.encode(), name)


def _title(article: Article) -> str | None:
    return article.title.of(article.text) if article.title else None


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ("---\ntitle: Bridge: what is known\n---", "Bridge: what is known"),
        ("---\ntitle: It's shut: the bridge can't hold\n---", "It's shut: the bridge can't hold"),
        ("---\ntitle: @ostrand shuts its bridge\n---", "@ostrand shuts its bridge"),
        ("---\ntitle: %s of traffic gone\n---", "%s of traffic gone"),
        ('---\ntitle: Mayor: "We wait"\n---', 'Mayor: "We wait"'),
        ("---\n\ttitle: Bridge shut\n---", "Bridge shut"),
        ("\n\n---\ntitle: Bridge shut\n---", "Bridge shut"),
        ("---\ntitle: null\n---\n# Bridge shut", "Bridge shut"),
        ('+++\ntitle = "Bridge shut"\n[extra]\ntags = ["a"]\n+++', "Bridge shut"),
        ('{\n "title": "Bridge shut",\n "tags": ["a"]\n}', "Bridge shut"),
    ],
)
def test_a_title_is_read_as_people_write_it(front: str, title: str) -> None:
    article = _read(f"{front}\n\n{_TEXT}\n\n{_MORE}\n", "pasted text")
    assert _title(article) == title
    assert [block.span.of(article.text) for block in article.blocks] == [_TEXT, _MORE]


@pytest.mark.parametrize(
    ("authors", "byline"),
    [
        ("author: Mia Holt", "Mia Holt"),
        ("authors: [Mia Holt, Jon Dahl]", "Mia Holt, Jon Dahl"),
        ("authors:\n  - name: Mia Holt\n    email: mia@ostrand.example\n  - name: Jon Dahl", "Mia Holt, Jon Dahl"),
        ("author:\n  name: Mia Holt", "Mia Holt"),
        ('author:\n  - "[[Mia Holt]]"', "Mia Holt"),
        ('author: "[[people/holt|Mia Holt]]"', "Mia Holt"),
        ("author: ~", None),
    ],
)
def test_authors_are_read_as_people_write_them(authors: str, byline: str | None) -> None:
    assert _read(f"---\n{authors}\n---\n\n{_TEXT}\n").byline == byline


@pytest.mark.parametrize(
    "day", ["2024-02-05", "2024-02-05T10:00:00Z", "2024-02-05 10:00", "5 February 2024", "'2024-02-05'"]
)
def test_a_date_is_read_as_people_write_it(day: str) -> None:
    assert _read(f"---\ndate: {day}\n---\n\n{_TEXT}\n").published == date(2024, 2, 5)


def test_a_date_of_toml_is_read() -> None:
    assert _read(f"+++\ndate = 2024-02-05T10:00:00Z\n+++\n\n{_TEXT}\n").published == date(2024, 2, 5)


def test_a_source_that_is_an_address_is_no_site() -> None:
    article = _read(f"---\nsource: https://ostrand.example/bridge\n---\n\n{_TEXT}\n")
    assert (article.url, article.site) == ("https://ostrand.example/bridge", None)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"{_TEXT} ^b-1", _TEXT),
        (f"{_TEXT} %%call her back%%", _TEXT),
        (f"{_TEXT} #bridge #ostrand/news", _TEXT),
        (_TEXT.replace("cracks", "==cracks=="), _TEXT),
        (_TEXT.replace("Ostrand", "[[Ostrand (town)|Ostrand]]"), _TEXT),
        (_TEXT.replace("Ostrand", "[[Ostrand]]"), _TEXT),
        (f'{{{{< figure src="/a.jpg" title="{{x" >}}}}\n\n{_TEXT}'.replace("{x", "x"), _TEXT),
        (f"{{% notice %}}\n{_TEXT}\n{{% /notice %}}", _TEXT),
        (f"{{% include ad.html %}}\n\n{_TEXT}\n{{: .lead}}", _TEXT),
        (f"{{% comment %}}secret{{% endcomment %}}\n\n{_TEXT}", _TEXT),
        (f"<!--more-->\n\n{_TEXT}", _TEXT),
        (f"![[map.png]]\n\n{_TEXT}", _TEXT),
    ],
)
def test_marks_of_other_programs_are_not_shown(written: str, shown: str) -> None:
    article = _read(f"# Bridge shut\n\n{written}\n\n{_MORE}\n")
    assert [block.span.of(article.text) for block in article.blocks] == [shown, _MORE]


def test_a_private_note_over_several_lines_is_not_shown() -> None:
    article = _read(f"# Bridge shut\n\n{_TEXT}\n\n%%\nask the mayor\n\nagain\n%%\n\n{_MORE}\n")
    assert [block.span.of(article.text) for block in article.blocks] == [_TEXT, _MORE]


def test_a_private_note_that_nothing_ends_is_not_shown() -> None:
    assert "ask the mayor" not in _read(f"# Bridge shut\n\n{_TEXT}\n\n%% ask the mayor\n\nagain\n").text


def test_a_callout_keeps_its_words() -> None:
    text = _read(f"# Bridge shut\n\n> [!warning]- Detour\n> {_MORE}\n\n{_TEXT}\n").text
    assert "[!" not in text
    assert _MORE in text


@pytest.mark.parametrize("mark", ["*", "_", "**"])
def test_a_byline_in_italics_is_no_standfirst(mark: str) -> None:
    article = _read(f"# Bridge shut\n\n{mark}By Mia Holt, 5 February 2024{mark}\n\n{_TEXT}\n\n{_MORE}\n")
    assert (article.byline, article.published, article.standfirst) == ("Mia Holt", date(2024, 2, 5), None)


def test_dashes_that_part_paragraphs_are_no_front_matter() -> None:
    assert _TEXT in _read(f"---\n\n{_TEXT}\n\n---\n\n{_MORE}\n").text


@pytest.mark.parametrize("width", [60, 66, 72, 80])
def test_wrapped_text_is_joined(width: int) -> None:
    paragraphs = [
        _TEXT,
        _MORE,
        f"Nobody was hurt. {_MORE}",
        "Engineers will look at the other piers on Friday, he said.",
    ]
    wrapped = "\n\n".join("\n".join(textwrap.wrap(paragraph, width)) for paragraph in paragraphs)
    article = _read(f"Bridge shut\n\n{wrapped}\n", "mail.txt")
    assert article.text == "\n\n".join(["Bridge shut", *paragraphs])


def test_a_long_paragraph_is_kept_though_page_furniture_stands_in_it() -> None:
    glued = f"{_TEXT} Click to share on Facebook Subscribe to our newsletter {_MORE} {_TEXT}"
    assert glued in _read(f"# Bridge shut\n\n{glued}\n").text
    assert glued in _read(f"# Bridge shut\n\n- {glued}\n").text


def test_a_paragraph_with_a_plea_opens_no_box_of_other_stories() -> None:
    glued = f"{_TEXT} Click to share on Facebook Subscribe to our newsletter {_MORE} {_TEXT}"
    assert _MORE in _read(f"# Bridge shut\n\n{glued}\n\n- {_MORE}\n").text.rpartition(glued)[2]


def test_the_list_below_a_heading_that_sounds_like_an_offer_is_kept() -> None:
    article = _read(
        f"# Bridge shut\n\n{_TEXT}\n\n## Sign up for the shuttle\n\n- Names must be given by May.\n", "a.md"
    )
    assert "Names must be given by May." in article.text
