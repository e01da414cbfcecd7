"""Reads feeds from bytes, and turns their items into articles."""

from briefings.sources.feeds.articles import item_article
from briefings.sources.feeds.model import Feed, FeedItem
from briefings.sources.feeds.reading import read_feed

__all__ = ["Feed", "FeedItem", "item_article", "read_feed"]
