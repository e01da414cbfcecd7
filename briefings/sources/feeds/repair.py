"""Repairs what is wrong in many feeds before they are parsed: unescaped characters in XML, and odd items in JSON.

A parser that recovers from them loses text: of ``?a=1&b=2`` it keeps ``?a=1=2``.
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
#: A title whose markup is not escaped (RFC 4287, section 3.1.1.3). The fast parser reads nothing of it.
_XHTML_TITLE = re.compile(
    r"""<((?:\w{1,20}:)?title)\b[^<>]{0,200}\btype=["']xhtml["'][^<>]{0,200}>(.{0,2000}?)</\1\s{0,9}>""",
    re.IGNORECASE | re.DOTALL,
)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"


def repaired_xml(text: str) -> str:
    """The document with these characters and titles escaped, except in its CDATA sections."""
    return "".join(part if part.startswith(_CDATA) else _repaired(part) for part in _parts(text))


def _repaired(part: str) -> str:
    return _XHTML_TITLE.sub(_as_html_title, _WRONG.sub(_escaped, part))


def _as_html_title(found: re.Match[str]) -> str:
    name, markup = found.groups()
    return f'<{name} type="html">{escape(markup)}</{name}>'


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
