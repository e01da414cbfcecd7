"""Turns feeds and pages into stories."""
