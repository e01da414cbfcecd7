"""Shows what shadow trees show: their own elements, with those of their host in its slots."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from briefings.sources.html.tags import BLOCKS

_MODES = ("shadowrootmode", "shadowroot")
# Hosts of advertisements, sign-ups and other stories.
_NOT_OF_ARTICLE = re.compile(
    r"(?:^|-)(?:ads?|advert\w*|promo\w*|banner|sponsor\w*|newsletter|signup|consent|cookies?|share|related|teaser)(?:-|$)"
)


def unfold_shadow_trees(tree: HtmlElement) -> None:
    """Puts the content of declarative shadow roots in the place of their hosts' content."""
    for template in list(tree.iter("template")):
        host = template.getparent()
        is_root = host is not None and any(template.get(mode) is not None for mode in _MODES)
        if not is_root or _NOT_OF_ARTICLE.search(host.tag):
            continue
        children = [child for child in host if child is not template]
        by_slot: dict[str | None, list[HtmlElement]] = {}
        for child in children:
            by_slot.setdefault(child.get("slot"), []).append(child)
        for slot in list(template.iter("slot")):
            slot.extend(by_slot.pop(slot.get("name"), ()))  # the first of several slots with a name takes all
        _take_text(host, template)
        template.tag = "span" if _is_within_text(host) and not _has_blocks(template) else "div"
        for child in children:
            if child.getparent() is host:
                child.drop_tree()


def _is_within_text(host: HtmlElement) -> bool:
    before = host.getprevious()
    return any(text and text.strip() for text in (host.tail, host.getparent().text if before is None else before.tail))


def _has_blocks(template: HtmlElement) -> bool:
    return any(each.tag in BLOCKS for each in template.iterdescendants())


def _take_text(host: HtmlElement, template: HtmlElement) -> None:
    """Moves the text directly in the host to the first slot without a name."""
    slot = next((each for each in template.iter("slot") if each.get("name") is None), None)
    if slot is not None:
        slot.text = f"{slot.text or ''} {host.text or ''} {template.tail or ''}"
    host.text = template.tail = None
