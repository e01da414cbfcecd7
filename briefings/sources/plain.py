"""Plain text, as a person pastes it from a web page, to an `Article`.

The article is the stretch of lines that holds most prose for least furniture. Above it stand title
and standfirst, below it the headlines of other stories; inside it short lines are headings if prose
follows them, and furniture goes.
"""

from __future__ import annotations

from briefings import languages
from briefings.errors import ArticleNotFound
from briefings.model import Article
from briefings.sources.asides import without_sign_up_boxes
from briefings.sources.assemble import assemble
from briefings.sources.body import read_body
from briefings.sources.furniture import furniture
from briefings.sources.head import read_head
from briefings.sources.headlines import trailing_headlines
from briefings.sources.lines import Shape, read_lines
from briefings.sources.stretch import find_stretch
from briefings.sources.text import normalise

# No article has so many, and looking at each takes a while.
_MOST_LINES = 20_000


def parse_plain(text: str, name: str = "text") -> Article:
    """The article in ``text``.

    Raises:
        ArticleNotFound: No line of it is prose, or it has more lines than any article; ``name`` is the source's.
    """
    text = normalise(text)
    if sum(1 for line in text.split("\n") if line) > _MOST_LINES:
        raise ArticleNotFound(name)
    language = languages.detect(text)
    known = furniture(language)
    lines = without_sign_up_boxes(read_lines(text, known), known)
    if all(line.shape is Shape.JUNK for line in lines):
        raise ArticleNotFound(name)
    start, end = find_stretch(lines)
    head = read_head(lines, start, end, known)
    pieces, boxed = read_body(lines[head.body_at : end], head.title, head.author, known)
    return assemble(
        name,
        pieces,
        language=language,
        title=head.title,
        standfirst=head.standfirst,
        byline=head.author,
        published=head.day,
        related=[*trailing_headlines(lines[end:], known), *boxed],
    )
