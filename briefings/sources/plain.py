"""Reads plain text, as people paste it from a web page, as an `Article`.

The article is the range of lines with most prose and least furniture. Title and standfirst are above it, and the
headlines of other stories below it. Inside it, short lines are headings if prose follows them, and furniture is left
out.
"""

from __future__ import annotations

from briefings import languages
from briefings.errors import ArticleNotFound
from briefings.model import Article
from briefings.sources.asides import without_captions, without_sign_up_boxes, without_teasers
from briefings.sources.assemble import assemble
from briefings.sources.body import read_body
from briefings.sources.closings import closing_name
from briefings.sources.furniture import furniture
from briefings.sources.head import read_head
from briefings.sources.headlines import trailing_headlines
from briefings.sources.lines import Shape, read_lines
from briefings.sources.page_breaks import without_page_breaks
from briefings.sources.plain_marks import without_plain_marks
from briefings.sources.stretch import find_stretch
from briefings.sources.summaries import with_summary_below_head
from briefings.sources.text import normalise

# The largest number of lines. No article has more, and examining them takes time.
_MOST_LINES = 20_000


def parse_plain(text: str, name: str = "text") -> Article:
    """The article in ``text``.

    Raises:
        ArticleNotFound: It has no prose, or more lines than any article. ``name`` is the source's name.
    """
    text = without_page_breaks(without_plain_marks(normalise(text)))
    if sum(1 for line in text.split("\n") if line) > _MOST_LINES:
        raise ArticleNotFound(name)
    language = languages.detect(text)
    known = furniture(language).with_order_of_dates(text)
    lines = without_captions(without_teasers(without_sign_up_boxes(read_lines(text, known), known)))
    if all(line.shape is Shape.JUNK for line in lines):
        raise ArticleNotFound(name)
    lines = with_summary_below_head(lines, known)
    start, end = find_stretch(lines, known)
    head = read_head(lines, start, end, known)
    pieces, boxed = read_body([*head.facts, *lines[head.body_at : end]], head.title, head.author, known)
    return assemble(
        name,
        pieces,
        language=language,
        title=head.title,
        standfirst=head.standfirst,
        byline=head.author or closing_name(lines[end:], language, known),
        published=head.day,
        related=[*trailing_headlines(lines[end:], known), *boxed],
    )
