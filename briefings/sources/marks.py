"""Removes marks that note-taking programs and site generators add to Markdown: Obsidian, Hugo, Jekyll, MDX.

https://help.obsidian.md/syntax, https://gohugo.io/content-management/shortcodes, https://jekyllrb.com/docs/liquid
"""

from __future__ import annotations

import re

# Comments of Obsidian and Liquid, which readers do not see.
_PRIVATE = re.compile(
    r"%%.*?%%|^%%.*|\{%-? ?comment ?-?%\}.*?(?:\{%-? ?endcomment ?-?%\}|\Z)", re.DOTALL | re.MULTILINE
)
# Shortcodes and Liquid tags, whose inner text is kept, and kramdown's attributes.
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{[:#][^{}\n]*\}")
_EMBEDDED = re.compile(r"!\[\[[^\[\]\n]*\]\]")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]*\|)?([^\[\]|\n]*)\]\]")
_HIGHLIGHT = re.compile(r"==([^=\n]+)==")
_BLOCK_ID = re.compile(r"[ \t]\^[\w-]+$", re.MULTILINE)
# The kind of a callout is removed. Its title becomes a paragraph.
_CALLOUT = re.compile(r"^((?:> ?)+)\[![\w|-]+\][+-]?(.*)$", re.MULTILINE)
# Lines of program text in MDX (https://mdxjs.com/docs/what-is-mdx).
_MODULE = re.compile(
    r"^(?:import [^\n]{0,200} from ['\"][^'\"\n]{1,200}['\"];?|export (?:const|default) [^\n]*)$", re.MULTILINE
)
_TAG = re.compile(r"#[^\W\d_][\w/-]*")


def without_marks(text: str) -> str:
    """Markdown without the marks of these programs. The text inside them is kept."""
    text = _EMBEDDED.sub("", _TEMPLATE.sub("", _PRIVATE.sub("", _MODULE.sub("", text))))
    text = _HIGHLIGHT.sub(r"\1", shown_links(text))
    text = _CALLOUT.sub(r"\1\2\n\1", _BLOCK_ID.sub("", text))
    return "\n".join(map(_without_tags, text.split("\n"))) if "#" in text else text


def shown_links(text: str) -> str:
    """The text with links to other notes as they are shown: "the town" for ``[[Harwell|the town]]``."""
    return _WIKI_LINK.sub(r"\1", text)


def _without_tags(line: str) -> str:
    """The line without the tags at its end."""
    words = line.split(" ")
    while words and _TAG.fullmatch(words[-1]):
        words.pop()
    return " ".join(words)
