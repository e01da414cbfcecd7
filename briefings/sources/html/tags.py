"""Sets of HTML elements by how they are displayed.

Source: https://html.spec.whatwg.org/multipage/rendering.html
"""

from __future__ import annotations

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])

#: Elements that begin a new line. All others, including custom elements, are inline.
BLOCKS = HEADINGS | frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form header hgroup hr html legend li listing main menu nav ol p plaintext pre search section
    summary table tbody td tfoot th thead tr ul xmp
    """.split()  # noqa: SIM905  # one name a line is hard to read
)

#: Elements whose content is not shown as text.
UNSEEN = frozenset(
    """
    amp-ad amp-analytics amp-auto-ads amp-consent amp-embed amp-lightbox amp-sidebar amp-sticky-ad
    amp-user-notification annotation annotation-xml applet area audio base
    canvas datalist frame frameset head iframe input link
    map math-annotation meta noembed noframes noscript object optgroup option param script select style
    svg template textarea title video
    """.split()  # noqa: SIM905  # one name a line is hard to read
)

#: Elements without content. The parser knows no such elements beyond HTML 4 and puts what follows into them.
VOID = frozenset(["bgsound", "command", "embed", "keygen", "source", "track"])

#: Inline elements that are furniture if a line contains nothing else: a clock, a button.
CONTROLS = frozenset(["button", "label", "meter", "output", "progress", "time"])

STRONG = frozenset(["b", "strong"])
CELLS = frozenset(["td", "th"])
TABLE_PARTS = CELLS | {"table", "tbody", "tfoot", "thead", "tr"}
