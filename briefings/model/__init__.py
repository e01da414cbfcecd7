"""The frozen values of the core: articles, what is found in them, and briefings.

Offsets count Unicode code points of `Article.text`, as Python's own slices do.
"""

from briefings.model.article import Article, Block, BlockKind, Headline, Span
from briefings.model.briefing import Briefing, Changes, Version, version_id
from briefings.model.findings import (
    Answer,
    Answers,
    Claim,
    Entity,
    EntityKind,
    Event,
    Mention,
    MentionForm,
    Moment,
    Quantity,
    Section,
    SectionKind,
    Stance,
)

__all__ = [
    "Answer",
    "Answers",
    "Article",
    "Block",
    "BlockKind",
    "Briefing",
    "Changes",
    "Claim",
    "Entity",
    "EntityKind",
    "Event",
    "Headline",
    "Mention",
    "MentionForm",
    "Moment",
    "Quantity",
    "Section",
    "SectionKind",
    "Span",
    "Stance",
    "Version",
    "version_id",
]
