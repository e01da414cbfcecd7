"""Feeds and pages to stories."""
