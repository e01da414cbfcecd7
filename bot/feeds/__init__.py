"""Feeds: what is stored about each, and when it is read again; pure."""
