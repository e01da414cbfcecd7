"""Reads which classes and ids the style sheets inside a page hide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_SHOWING = re.compile(r"(?:^|;)\s*(?:display|visibility)\s*:", re.IGNORECASE)
# One class or id, with or without the name of an element. Selectors of several parts depend on a state of the page.
_SIMPLE = re.compile(r"([a-z][a-z0-9]{0,20})?([.#][\w-]{1,80})", re.IGNORECASE)
_LONGEST_SHEET = 200_000
# Scripts show longer texts later. Words that are hidden for good are short.
_LONGEST_HIDDEN = 600
_MOST_PARAGRAPHS = 3


class HidingRules:
    """The rules of a page's ``<style>`` elements that hide short texts."""

    def __init__(self, elements: Sequence[HtmlElement]) -> None:
        self._hidden: set[str] = set()
        for element in elements:
            if element.tag == "style" and not element.get("media", "").strip().lower().startswith("print"):
                self._read(element.text or "")
        if self._hidden:
            self._hidden -= set(_of_many_paragraphs(elements))

    def hides(self, element: HtmlElement, classes: Sequence[str]) -> bool:
        """Whether a rule hides the element, which has these classes."""
        if not self._hidden:
            return False
        keys = [f".{name}" for name in classes] + ([f"#{name}"] if (name := element.get("id")) else [])
        names = {*keys, *(f"{element.tag}{key}" for key in keys)}
        return not names.isdisjoint(self._hidden) and short_text(element, _LONGEST_HIDDEN) is not None

    def _read(self, sheet: str) -> None:
        for selectors, body in _rules(_without_comments(sheet[:_LONGEST_SHEET])):
            names = [name.strip() for name in selectors.split(",")]
            simple = [
                name[: name.find(each[2])].lower() + each[2] for name in names if (each := _SIMPLE.fullmatch(name))
            ]
            if _HIDING.search(body):
                self._hidden.update(simple)
            elif _SHOWING.search(body):
                self._hidden.difference_update(simple)


def _of_many_paragraphs(elements: Sequence[HtmlElement]) -> Iterator[str]:
    """The selectors of classes that many paragraphs have. Those are the text, which a script shows."""
    paragraphs = (element for element in elements if element.tag == "p")
    counts = Counter(name for element in paragraphs for name in element.get("class", "").split())
    for name, count in counts.items():
        if count > _MOST_PARAGRAPHS:
            yield from (f".{name}", f"p.{name}")


def short_text(element: HtmlElement, longest: int) -> str | None:
    """The text of an element. None if it has more characters than ``longest``."""
    text = ""
    for part in element.itertext():
        text += part
        if len(text) > longest:
            return None
    return text


def _without_comments(sheet: str) -> str:
    first, *others = sheet.split("/*")
    return first + "".join(other.partition("*/")[2] for other in others)


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """The selectors and declarations of the rules outside of "@media" and its like."""
    depth = 0
    opening = selectors = ""
    for part in re.split(r"([{}])", sheet):
        if part == "{":
            depth += 1
            opening = selectors.strip()
        elif part == "}":
            depth = max(0, depth - 1)
        elif depth == 1 and not opening.startswith("@"):
            yield opening.rpartition(";")[2].strip(), part
        selectors = part
