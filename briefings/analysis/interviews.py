"""Recognises interviews: answers in the first person below questions."""

from __future__ import annotations

from briefings.caches import text_cache
from briefings.languages.leaning import leaning
from briefings.model import Article, BlockKind
from briefings.phrases import fold

_ARTICLES_KEPT = 64
#: The smallest number of such answers in an interview. One can be a reader's letter in an explainer.
_FEWEST = 2
_QUOTE_MARKS = frozenset('"“”«»„')


@text_cache(_ARTICLES_KEPT)
def answer_blocks(article: Article) -> frozenset[int]:
    """The numbers of the blocks that answer the question in the block above. Empty if the article is no interview."""
    speaking = leaning(article.language).speaking
    asked = [block.span.of(article.text).endswith("?") for block in article.blocks]
    answers = [
        place
        for place, block in enumerate(article.blocks)
        if place and asked[place - 1] and not asked[place] and block.kind is BlockKind.PARAGRAPH
    ]
    spoken = [place for place in answers if _is_spoken(article.blocks[place].span.of(article.text), speaking)]
    return frozenset(answers) if len(spoken) >= _FEWEST else frozenset()


def _is_spoken(text: str, speaking: frozenset[str]) -> bool:
    """Whether somebody speaks in the first person without quotation marks."""
    return _QUOTE_MARKS.isdisjoint(text) and not speaking.isdisjoint(fold(text).split())
