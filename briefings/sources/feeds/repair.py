"""Repairs what is wrong in many feeds before they are parsed: unescaped XML, and odd items in JSON.

A parser that recovers from it loses text: of ``?a=1&b=2`` it keeps ``?a=1=2``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from html.entities import html5

#: A bare ``&``, an entity of HTML that XML does not know, and a ``<`` that begins no tag.
_WRONG = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,8}|#x[0-9A-Fa-f]{1,8});)(?:([A-Za-z][A-Za-z0-9]{1,31};))?|<(?![^\W\d]|[/!?:])"
)
#: The start of a text whose markup is not escaped. In Atom that is right for XHTML (RFC 4287, section 3.1.1.3), but
#: the fast parser reads nothing of it.
_WITH_MARKUP = re.compile(
    r"<((?:\w{1,20}:)?(?:title|description|summary|encoded))\b[^<>]{0,300}(?<!/)>[^<]*<[A-Za-z]", re.IGNORECASE
)
#: What no markup of a text contains: then the text does not end where it seems to.
_STRUCTURE = re.compile(
    r"<(?:\w{1,20}:)?(?:channel|item|entry|title|description|summary|link|guid|encoded)\b", re.IGNORECASE
)
#: RSS is in no namespace. The fast parser finds no title of a feed that is in one.
_NAMESPACE = re.compile(r"""(<rss\b[^<>]{0,2000}?)\sxmlns\s{0,9}=\s{0,9}["'][^"'<>]{0,300}["']""", re.IGNORECASE)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"


def repaired_xml(text: str) -> str:
    """The document with these characters, and the markup of texts, escaped, except in its CDATA sections."""
    plain = _NAMESPACE.sub(r"\1", text, count=1) if text[:4].lower() == "<rss" else text
    return "".join(part if part.startswith(_CDATA) else _repaired(part) for part in _parts(plain))


def _repaired(part: str) -> str:
    return "".join(_with_escaped_markup(_WRONG.sub(_escaped, part)))


def _with_escaped_markup(part: str) -> Iterator[str]:
    """The part, with the markup in its titles and descriptions escaped."""
    place = 0
    ends: dict[str, int] = {}
    for found in _WITH_MARKUP.finditer(part):
        name, start = found[1], part.index(">", found.start()) + 1
        if ends.get(name, 0) < start:
            ends[name] = part.find(f"</{name}", start)
        end = ends[name]
        if end < 0:
            break
        if found.start() >= place and not _STRUCTURE.search(part, start, end):
            yield part[place : found.start()]
            yield f'<{name} type="html">{escape(part[start:end])}'
            place = end
    yield part[place:]


def repaired_json(text: str) -> str:
    """The JSON feed without items that are none, or the text itself if it is no JSON object."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return text
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or all(isinstance(item, dict) for item in items):
        return text
    return json.dumps(document | {"items": [item for item in items if isinstance(item, dict)]})


def _parts(text: str) -> Iterator[str]:
    """The CDATA sections and what is between them."""
    place = 0
    while (start := text.find(_CDATA, place)) >= 0:
        yield text[place:start]
        end = text.find(_CDATA_END, start)
        place = end + len(_CDATA_END) if end >= 0 else len(text)
        yield text[start:place]
    yield text[place:]


def _escaped(found: re.Match[str]) -> str:
    if found[0] == "<":
        return "&lt;"
    name = found[1]
    if name is None:
        return "&amp;"
    return html5[name] if name in html5 and html5[name] not in "&<>" else f"&amp;{name}"
