"""Titles between quotation marks, which nobody says, and lists with a dash inside their items."""

from __future__ import annotations

import pytest

from briefings.analysis.names import names
from briefings.analysis.plain_claims import plain_claims
from briefings.analysis.sentences import sentences
from briefings.model import BlockKind
from briefings.sources import read_article

MAYOR = "Norby paiera\n\nLe maire Jean Petit a dit que la ville paiera les travaux. Le livre « Le Pont du Nord » "
COSTS = """What it costs

The town told its people what the new bridge of Norby costs.

- Cost - four million euros.
- Time - the bridge is shut until the spring.
"""


@pytest.mark.parametrize("rest", ["est sorti lundi.", "raconte la guerre."])
def test_a_title_in_french_marks_is_said_by_nobody(rest: str) -> None:
    article = read_article(f"{MAYOR}{rest} Les habitants sont contents.\n".encode(), "x.txt")
    found = plain_claims(article, names(article, sentences(article)))
    said = [span.of(article.text) for claim in found for span in claim.content]
    assert any("paiera" in words for words in said)
    assert not any("Pont du Nord" in words for words in said)


def test_items_with_a_dash_inside_stay_items() -> None:
    article = read_article(COSTS.encode(), "x.txt")
    assert [block.kind for block in article.blocks].count(BlockKind.LIST_ITEM) == 2
