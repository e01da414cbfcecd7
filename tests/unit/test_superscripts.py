"""Superscripts of web pages."""

from __future__ import annotations

import pytest
from lxml import html

from briefings.sources.html.superscripts import write_superscripts


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>10<sup>-6</sup> g</p>", "10⁻⁶ g"),
        ("<p>It fell.<sup>[3]</sup> Then</p>", "It fell. Then"),
        ('<p>It fell.<a href="#n3"><sup>3</sup></a> Then</p>', "It fell. Then"),
        ('<p>It fell.<sup><a href="#n3">b</a></sup> Then</p>', "It fell. Then"),
        ("<p>2<sup>nd</sup> floor</p>", "2nd floor"),
    ],
)
def test_numbers_are_kept_and_marks_of_footnotes_are_removed(markup: str, text: str) -> None:
    tree = html.fromstring(markup)
    write_superscripts(list(tree.iter()))
    assert "".join(map(str, tree.itertext())) == text


def test_a_superscript_without_a_parent_is_written() -> None:
    element = html.Element("sup")
    element.text = "2"
    write_superscripts([element])
    assert element.text == "²"
